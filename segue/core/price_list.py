"""The price list: promotions, what shipping costs, and what parcels cost the shop."""

from segue.core.base import Value
from segue.core.promotion import Promotions
from segue.core.rates import Rates


class Shipping(Value):
    """What shipping by one method costs, where Segue prices orders itself."""

    price_minor: int = 0
    free_from_minor: int | None = None  # the goods' list prices from which it costs nothing
    tax_class: str = ""  # none: as it is usual where it goes


class PriceList(Value):
    """What the shop's files say of prices beside the catalog."""

    promotions: Promotions = Promotions()
    shipping: dict[str, Shipping] = {}  # by method; of one that is not here the price is not known
    currency: str = ""  # that all prices are in, those of the catalog too; nothing: that of whatever is priced
    rates: Rates | None = None  # what parcels cost the shop, in its currency
