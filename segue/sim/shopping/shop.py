"""The shop: what it sells, where it has it, and what will be mended while its orders come in."""

from functools import cached_property
from itertools import chain

from segue.core.base import Value
from segue.core.facts import Item, Location
from segue.sim.shopping.cities import CURRENCY, REGIONS, WAREHOUSE_CITIES, City
from segue.sim.shopping.dice import Dice, Weighted
from segue.sim.shopping.goods import catalog, listed_later
from segue.sim.shopping.people import People, plain

DAY_S = 86_400
STORES = 20
UNITS_PER_ORDER = 2.1  # as the orders are made: lines times quantity
ZIPF = 0.8  # the n-th best-selling SKU sells as 1 / n ** ZIPF
WAREHOUSE_SHARE = 0.8  # of the stock; the rest is in stores
SCARCE_RATE = 0.14  # of SKUs: less than will be ordered
GONE_RATE = 0.02  # of SKUs: none at all


class Plan(Value):
    """What is to be made up. The same plan gives the same shop and the same orders, byte for byte."""

    seed: int = 1
    orders: int = 1000
    region: str = "US"  # or EU
    start_s: int = 1_772_323_200  # 2026-03-01T00:00:00Z
    days: int = 30
    trouble: float = 1.0  # 0: no order with trouble; 2: twice as many


class Mend(Value):
    """Something that the shop does while orders come in, so that some of those that wait can go on."""

    at_s: int
    what: str  # list_item: the item is added to the catalog; receive_stock: units arrive at a location
    item: Item | None = None
    sku: str = ""
    location: str = ""
    quantity: int = 0


class Shop:
    """A shop as it stands on its first day."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.currency = CURRENCY[plan.region]
        self.cities = REGIONS[plan.region]
        self.items = catalog(plan.seed)
        self.later = listed_later(plan.seed)
        self.people = People(plan.seed, plan.region, self.cities)
        ranks = Dice(f"{plan.seed}/ranks").shuffled(range(1, len(self.items) + 1))
        self.demand = Weighted([rank**-ZIPF for rank in ranks])

    @cached_property
    def locations(self) -> tuple[Location, ...]:
        """Five warehouses, which ship everywhere, and twenty stores, which ship within their country."""
        by_name = {city.name: city for city in self.cities}
        houses = [by_name[name] for name in WAREHOUSE_CITIES[self.plan.region]]
        stores = sorted(self.cities, key=lambda city: -city.weight)[:STORES]
        return (
            *(_location("W", "warehouse", city, ()) for city in houses),
            *(_location("S", "store", city, (city.country,)) for city in stores),
        )

    @cached_property
    def stock(self) -> dict[tuple[str, str], int]:
        """Units on hand by (SKU, location). Most SKUs suffice for all orders; some are scarce, a few are gone."""
        dice = Dice(f"{self.plan.seed}/stock")
        found: dict[tuple[str, str], int] = {}
        for position, item in enumerate(self.items):
            for location, units in self._placed(self._supply(position, dice), dice):
                found[item.sku, location] = units
        return found

    @cached_property
    def mends(self) -> tuple[Mend, ...]:
        """What the shop mends, in the order of time: items listed later, and deliveries of what was scarce."""
        dice = Dice(f"{self.plan.seed}/mends")
        return tuple(sorted(chain(self._listings(dice), self._deliveries(dice)), key=lambda mend: mend.at_s))

    def expected_units(self, position: int) -> float:
        """How many units of the item at this position will be ordered, about."""
        return self.plan.orders * UNITS_PER_ORDER * self.demand.part(position)

    def _supply(self, position: int, dice: Dice) -> int:
        drawn = dice.share()
        if drawn < GONE_RATE:
            return 0
        expected = self.expected_units(position)
        if drawn < GONE_RATE + SCARCE_RATE:
            return int(expected * (0.3 + 0.5 * dice.share()))
        return int(expected * 1.6) + 12

    def _placed(self, units: int, dice: Dice) -> list[tuple[str, int]]:
        """Units spread over two to four warehouses and about a third of the stores; no location gets 0."""
        houses = dice.shuffled([place.id for place in self.locations if place.kind == "warehouse"])[: dice.whole(2, 4)]
        stores = [place.id for place in self.locations if place.kind == "store" and dice.happens(0.35)]
        weights = [WAREHOUSE_SHARE / len(houses) * (0.5 + dice.share()) for _ in houses]
        weights += [(1 - WAREHOUSE_SHARE) / max(1, len(stores)) * (0.5 + dice.share()) for _ in stores]
        shares = [int(units * weight / sum(weights)) for weight in weights]
        shares[0] += units - sum(shares)
        return [(place, share) for place, share in zip((*houses, *stores), shares, strict=True) if share]

    def _listings(self, dice: Dice) -> list[Mend]:
        found = []
        for item in self.later:
            at_s = self._day(dice, 2, 20)
            found.append(Mend(at_s, "list_item", item=item))
            found.append(self._arrival(item.sku, 5 + self.plan.orders // 100, at_s + 3600, dice))
        return found

    def _deliveries(self, dice: Dice) -> list[Mend]:
        """What is missing of the scarce SKUs arrives within three weeks; one in ten never does."""
        held: dict[str, int] = {}
        for (sku, _), units in self.stock.items():
            held[sku] = held.get(sku, 0) + units
        return [
            self._arrival(item.sku, int(missing * 1.3) + 3, self._day(dice, 3, 21), dice)
            for position, item in enumerate(self.items)
            if (missing := self.expected_units(position) - held.get(item.sku, 0)) > 0 and not dice.happens(0.1)
        ]

    def _arrival(self, sku: str, units: int, at_s: int, dice: Dice) -> Mend:
        houses = [place.id for place in self.locations if place.kind == "warehouse"]
        return Mend(at_s, "receive_stock", sku=sku, location=dice.pick(houses), quantity=units)

    def _day(self, dice: Dice, least: int, most: int) -> int:
        """Some time of a working day."""
        return self.plan.start_s + dice.whole(least, most) * DAY_S + dice.whole(8 * 3600, 17 * 3600)


def open_shop(plan: Plan) -> Shop:
    """The shop of a plan."""
    return Shop(plan)


def _location(letter: str, kind: str, city: City, ships_to: tuple[str, ...]) -> Location:
    id = f"{letter}-{plain(city.name).replace('.', '-').replace('--', '-').upper()}"
    return Location(id, kind, city.country, city.latitude, city.longitude, ships_to, name=f"{city.name} {kind}")
