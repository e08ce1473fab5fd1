"""People: customers with names, addresses and habits. All e-mail addresses are at example.com."""

from functools import lru_cache
from unicodedata import combining, normalize

from segue.core.base import Value
from segue.sim.shopping.cities import CALLING_CODES, City
from segue.sim.shopping.dice import Dice, Weighted

GIVEN = {
    "US": (
        "Ada Alan Alice Amara Andre Angela Anthony Ava Benjamin Carlos Chloe Daniel Diana Elena Emily Ethan Grace Hannah "
        "Isaac Jamal Jasmine Jorge José Julia Keisha Kevin Laura Liam Linda Lucas Maria Mateo Maya Mei Michael Mohamed "
        "Natalie Noah Olivia Omar Patricia Priya Rachel Renée Robert Rosa Samuel Sarah Sofia Thomas Tyler Victoria Wei Zoë"
    ).split(),
    "EU": (
        "Agnieszka Amélie Anders André Anna Astrid Bartosz Beatriz Björn Camille Carla Chiara Clara Dorota Eetu Elif Elsa "
        "Emma Eszter Francesca François Freja Giulia Hanna Henrik Hugo Ignacio Inês Jana Jan João Jürgen Katarzyna Lars "
        "László Léa Lena Lotte Lucía Łukasz Luca Maeve Marek Matteo Mikkel Niamh Nuria Olga Paweł Pieter Sanne Sebastián "
        "Søren Tomáš Ülkü Zdeněk"
    ).split(),
}
FAMILY = {
    "US": (
        "Adams Allen Anderson Baker Brown Carter Chen Clark Cohen Davis Díaz Edwards Evans Flores Foster García Gonzalez "
        "Green Hall Harris Hernández Hill Jackson Johnson Kim King Lee Lewis Lopez Martin Miller Mitchell Moore Morgan "
        "Nguyen O'Brien Ortiz Park Patel Perez Phillips Ramirez Reed Rivera Robinson Scott Singh Smith Taylor Thomas "
        "Torres Turner Walker Washington White Williams Wilson Wright Young"
    ).split(),
    "EU": (
        "Andersson Bakker Bauer Bianchi Bonnet Costa Da_Silva De_Vries Dubois Dvořák Fernández Ferrari Fischer "
        "Fournier García Gruber Hansen Horváth Huber Jansen Janssens Jensen Johansson Kowalski Kovács Lambert Larsen "
        "Lefèvre Lindqvist López Martin Mertens Meyer Moreau Müller Murphy Nagy Nielsen Novák Nowak O'Sullivan Peeters "
        "Pereira Petit Ricci Romano Rossi Ruiz Sánchez Santos Schäfer Schmidt Schneider Svoboda Virtanen Wagner Weiß "
        "Wiśniewski Wójcik Zieliński"
    ).split(),
}
STREETS = {
    "US": ("Main St", "Oak Ave", "Maple Dr", "Washington Blvd", "2nd St", "Park Ave", "Lake Rd", "Cedar Ln", "Hill St"),
    "FR": ("rue de la Gare", "avenue Victor-Hugo", "rue du Moulin"),
    "ES": ("Calle Mayor", "Avenida de la Constitución", "Calle del Sol"),
    "DE": ("Hauptstraße", "Bahnhofstraße", "Gartenweg", "Schillerstraße"),
    "IT": ("Via Roma", "Via Garibaldi", "Corso Italia"),
    "PL": ("ul. Polna", "ul. Leśna", "ul. Słoneczna"),
    "HU": ("Kossuth utca", "Petőfi utca"),
    "PT": ("Rua Direita", "Avenida da Liberdade"),
    "AT": ("Hauptplatz", "Wiener Straße"),
    "CZ": ("Nádražní", "Dlouhá"),
    "NL": ("Kerkstraat", "Dorpsstraat"),
    "SE": ("Storgatan", "Kungsgatan"),
    "BE": ("Rue de l'Église", "Kerkstraat"),
    "DK": ("Nørregade", "Vestergade"),
    "FI": ("Mannerheimintie", "Kirkkokatu"),
    "IE": ("Main Street", "Church Road"),
}
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
VIP_RATE = 0.03
FLAT_RATE = 0.3  # of addresses that have a second line
JITTER_DEGREES = 0.3  # how far around a city's middle its people live


class Customer(Value):
    """A customer of the shop."""

    id: str
    name: str
    email: str
    phone: str
    street: str
    street2: str
    postcode: str
    city: City
    latitude: float
    longitude: float
    vip: bool


class People:
    """The customers, each made when first asked for. The same number is always the same person."""

    def __init__(self, seed: int, region: str, cities: tuple[City, ...]) -> None:
        self._seed = seed
        self._region = region
        self._cities = cities
        self._sizes = Weighted([city.weight for city in cities])
        self.customer = lru_cache(maxsize=20_000)(self._made)

    def _made(self, number: int) -> Customer:
        dice = Dice(f"{self._seed}/customer/{number}")
        city = self._cities[self._sizes.position(dice.share())]
        name = f"{dice.pick(GIVEN[self._region])} {dice.pick(FAMILY[self._region])}".replace("_", " ")
        house = dice.whole(1, 9000 if city.country == "US" else 180)
        street = dice.pick(STREETS[city.country])
        return Customer(
            id=f"C{number + 1:06}",
            name=name,
            email=f"{plain(name)}{number + 1}@example.com",
            phone=f"+{CALLING_CODES[city.country]} 555 01{dice.whole(0, 99):02} {dice.whole(0, 999):03}",
            street=f"{house} {street}" if city.country in ("US", "FR", "IE") else f"{street} {house}",
            street2=f"Apt {dice.whole(1, 60)}" if dice.happens(FLAT_RATE) else "",
            postcode="".join(_digit(sign, dice) for sign in city.postcode),
            city=city,
            latitude=round(city.latitude + (2 * dice.share() - 1) * JITTER_DEGREES, 1),
            longitude=round(city.longitude + (2 * dice.share() - 1) * JITTER_DEGREES, 1),
            vip=dice.happens(VIP_RATE),
        )


SPECIAL = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ß": "ss", "'": "", " ": "."})


def plain(name: str) -> str:
    """A name as it stands in an e-mail address: `joao.da.silva`."""
    letters = normalize("NFKD", name.translate(SPECIAL))
    return "".join(letter for letter in letters if not combining(letter)).lower()


def _digit(sign: str, dice: Dice) -> str:
    if sign == "#":
        return str(dice.whole(0, 9))
    return dice.pick(LETTERS) if sign == "@" else sign
