"""Countries: their currency, and a place in each from which distances are counted. Elsewhere both have to be said."""

from typing import NamedTuple


class Country(NamedTuple):
    """A country's currency and time zone, and where its largest city is, to a tenth of a degree."""

    currency: str
    time_zone: str
    city: str
    latitude: float
    longitude: float


COUNTRIES = {
    "AT": Country("EUR", "Europe/Vienna", "Vienna", 48.2, 16.4),
    "AU": Country("AUD", "Australia/Sydney", "Sydney", -33.9, 151.2),
    "BE": Country("EUR", "Europe/Brussels", "Brussels", 50.8, 4.4),
    "BR": Country("BRL", "America/Sao_Paulo", "São Paulo", -23.6, -46.6),
    "CA": Country("CAD", "America/Toronto", "Toronto", 43.7, -79.4),
    "CH": Country("CHF", "Europe/Zurich", "Zurich", 47.4, 8.5),
    "DE": Country("EUR", "Europe/Berlin", "Berlin", 52.5, 13.4),
    "DK": Country("DKK", "Europe/Copenhagen", "Copenhagen", 55.7, 12.6),
    "ES": Country("EUR", "Europe/Madrid", "Madrid", 40.4, -3.7),
    "FR": Country("EUR", "Europe/Paris", "Paris", 48.9, 2.4),
    "GB": Country("GBP", "Europe/London", "London", 51.5, -0.1),
    "IE": Country("EUR", "Europe/Dublin", "Dublin", 53.3, -6.3),
    "IN": Country("INR", "Asia/Kolkata", "Mumbai", 19.1, 72.9),
    "IT": Country("EUR", "Europe/Rome", "Rome", 41.9, 12.5),
    "JP": Country("JPY", "Asia/Tokyo", "Tokyo", 35.7, 139.7),
    "NL": Country("EUR", "Europe/Amsterdam", "Amsterdam", 52.4, 4.9),
    "NO": Country("NOK", "Europe/Oslo", "Oslo", 59.9, 10.8),
    "PL": Country("PLN", "Europe/Warsaw", "Warsaw", 52.2, 21.0),
    "PT": Country("EUR", "Europe/Lisbon", "Lisbon", 38.7, -9.1),
    "SE": Country("SEK", "Europe/Stockholm", "Stockholm", 59.3, 18.1),
    "US": Country("USD", "America/New_York", "New York", 40.7, -74.0),
}
