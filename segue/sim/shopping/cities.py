"""Cities: where the shop's warehouses, stores and customers are. Positions and taxes are written from general knowledge.

Positions are good to a tenth of a degree. Weights are inhabitants of the region in units of 100,000. A postcode is a
pattern: # stands for a digit, @ for a letter. Taxes are in thousandths of a percent, as of 2025: the state's own rate in the
United States, without counties and cities; the standard VAT rate in Europe.
"""

from typing import NamedTuple


class City(NamedTuple):
    """A city."""

    name: str
    region: str  # ISO 3166-2 subdivision without the country, or nothing
    country: str
    latitude: float
    longitude: float
    weight: int
    postcode: str


US = (
    City("New York", "NY", "US", 40.7, -74.0, 190, "100##"),
    City("Los Angeles", "CA", "US", 34.1, -118.2, 130, "900##"),
    City("Chicago", "IL", "US", 41.9, -87.6, 94, "606##"),
    City("Dallas", "TX", "US", 32.8, -96.8, 79, "752##"),
    City("Houston", "TX", "US", 29.8, -95.4, 73, "770##"),
    City("Washington", "DC", "US", 38.9, -77.0, 63, "200##"),
    City("Philadelphia", "PA", "US", 40.0, -75.2, 62, "191##"),
    City("Atlanta", "GA", "US", 33.7, -84.4, 62, "303##"),
    City("Miami", "FL", "US", 25.8, -80.2, 61, "331##"),
    City("Phoenix", "AZ", "US", 33.4, -112.1, 50, "850##"),
    City("Boston", "MA", "US", 42.4, -71.1, 49, "021##"),
    City("San Francisco", "CA", "US", 37.8, -122.4, 46, "941##"),
    City("Detroit", "MI", "US", 42.3, -83.0, 43, "482##"),
    City("Seattle", "WA", "US", 47.6, -122.3, 40, "981##"),
    City("Minneapolis", "MN", "US", 45.0, -93.3, 37, "554##"),
    City("Tampa", "FL", "US", 27.9, -82.5, 33, "336##"),
    City("San Diego", "CA", "US", 32.7, -117.2, 33, "921##"),
    City("Denver", "CO", "US", 39.7, -105.0, 30, "802##"),
    City("Baltimore", "MD", "US", 39.3, -76.6, 28, "212##"),
    City("St. Louis", "MO", "US", 38.6, -90.2, 28, "631##"),
    City("Charlotte", "NC", "US", 35.2, -80.8, 28, "282##"),
    City("San Antonio", "TX", "US", 29.4, -98.5, 27, "782##"),
    City("Portland", "OR", "US", 45.5, -122.7, 25, "972##"),
    City("Austin", "TX", "US", 30.3, -97.7, 24, "787##"),
    City("Pittsburgh", "PA", "US", 40.4, -80.0, 24, "152##"),
    City("Las Vegas", "NV", "US", 36.2, -115.1, 23, "891##"),
    City("Cincinnati", "OH", "US", 39.1, -84.5, 23, "452##"),
    City("Kansas City", "MO", "US", 39.1, -94.6, 22, "641##"),
    City("Columbus", "OH", "US", 40.0, -83.0, 22, "432##"),
    City("Nashville", "TN", "US", 36.2, -86.8, 21, "372##"),
    City("Salt Lake City", "UT", "US", 40.8, -111.9, 13, "841##"),
    City("Memphis", "TN", "US", 35.1, -90.0, 13, "381##"),
    City("New Orleans", "LA", "US", 30.0, -90.1, 10, "701##"),
    City("Reno", "NV", "US", 39.5, -119.8, 5, "895##"),
)
EU = (
    City("Paris", "", "FR", 48.9, 2.4, 120, "750##"),
    City("Madrid", "", "ES", 40.4, -3.7, 67, "280##"),
    City("Barcelona", "", "ES", 41.4, 2.2, 56, "080##"),
    City("Berlin", "", "DE", 52.5, 13.4, 47, "101##"),
    City("Milan", "", "IT", 45.5, 9.2, 43, "201##"),
    City("Rome", "", "IT", 41.9, 12.5, 43, "001##"),
    City("Hamburg", "", "DE", 53.6, 10.0, 33, "200##"),
    City("Warsaw", "", "PL", 52.2, 21.0, 31, "00-###"),
    City("Naples", "", "IT", 40.9, 14.3, 31, "801##"),
    City("Budapest", "", "HU", 47.5, 19.0, 30, "10##"),
    City("Munich", "", "DE", 48.1, 11.6, 29, "803##"),
    City("Lisbon", "", "PT", 38.7, -9.1, 29, "1###-###"),
    City("Vienna", "", "AT", 48.2, 16.4, 28, "1##0"),
    City("Frankfurt am Main", "", "DE", 50.1, 8.7, 27, "603##"),
    City("Stuttgart", "", "DE", 48.8, 9.2, 27, "701##"),
    City("Prague", "", "CZ", 50.1, 14.4, 27, "1## ##"),
    City("Amsterdam", "", "NL", 52.4, 4.9, 25, "10## @@"),
    City("Stockholm", "", "SE", 59.3, 18.1, 24, "11# ##"),
    City("Lyon", "", "FR", 45.8, 4.8, 23, "690##"),
    City("Brussels", "", "BE", 50.8, 4.4, 21, "10#0"),
    City("Köln", "", "DE", 50.9, 7.0, 21, "506##"),
    City("Copenhagen", "", "DK", 55.7, 12.6, 20, "1###"),
    City("Marseille", "", "FR", 43.3, 5.4, 19, "130##"),
    City("Rotterdam", "", "NL", 51.9, 4.5, 18, "30## @@"),
    City("Porto", "", "PT", 41.2, -8.6, 17, "4###-###"),
    City("Turin", "", "IT", 45.1, 7.7, 17, "101##"),
    City("Valencia", "", "ES", 39.5, -0.4, 16, "460##"),
    City("Helsinki", "", "FI", 60.2, 24.9, 15, "001##"),
    City("Dublin", "", "IE", 53.3, -6.3, 14, "D0# @#@#"),
    City("Leipzig", "", "DE", 51.3, 12.4, 10, "041##"),
    City("Kraków", "", "PL", 50.1, 19.9, 10, "30-###"),
    City("Antwerp", "", "BE", 51.2, 4.4, 10, "20#0"),
)
REGIONS = {"US": US, "EU": EU}
WAREHOUSE_CITIES = {
    "US": ("Columbus", "Reno", "Dallas", "Atlanta", "Philadelphia"),
    "EU": ("Leipzig", "Rotterdam", "Lyon", "Madrid", "Warsaw"),
}
UTC_OFFSET_HOURS = {"US": -6, "EU": 1}  # of most customers, in winter
CURRENCY = {"US": "USD", "EU": "EUR"}
CALLING_CODES = {
    "US": "1", "FR": "33", "ES": "34", "DE": "49", "IT": "39", "PL": "48", "HU": "36", "PT": "351", "AT": "43",
    "CZ": "420", "NL": "31", "SE": "46", "BE": "32", "DK": "45", "FI": "358", "IE": "353",
}  # fmt: skip
SALES_TAX = {
    "NY": 4000, "CA": 7250, "IL": 6250, "TX": 6250, "DC": 6000, "PA": 6000, "GA": 4000, "FL": 6000, "AZ": 5600,
    "MA": 6250, "MI": 6000, "WA": 6500, "MN": 6875, "CO": 2900, "MD": 6000, "MO": 4225, "NC": 4750, "OR": 0,
    "NV": 6850, "OH": 5750, "TN": 7000, "UT": 4850, "LA": 5000,
}  # fmt: skip
VAT = {
    "FR": 20_000, "ES": 21_000, "DE": 19_000, "IT": 22_000, "PL": 23_000, "HU": 27_000, "PT": 23_000, "AT": 20_000,
    "CZ": 21_000, "NL": 21_000, "SE": 25_000, "BE": 21_000, "DK": 25_000, "FI": 25_500, "IE": 23_000,
}  # fmt: skip


def tax_rate(city: City) -> int:
    """The tax on goods that are sent there, in thousandths of a percent."""
    return SALES_TAX[city.region] if city.country == "US" else VAT[city.country]
