"""Facts: all that a step may look at beyond the order itself. A fact that is missing is asked for with NeedFacts."""

from collections.abc import Mapping

from msgspec import json

from segue.core.base import NeedFacts, Value
from segue.core.means import Means
from segue.core.promotion import Promotions
from segue.core.taxes import TaxAnswer, TaxRequest


class Item(Value):
    """A catalog entry."""

    sku: str
    title: str = ""
    price_minor: int | None = None
    weight_g: int = 0
    tags: tuple[str, ...] = ()
    tax_class: str = ""  # none: standard


class Shipping(Value):
    """What shipping by one method costs, where Segue prices orders itself."""

    price_minor: int = 0
    free_from_minor: int | None = None  # the goods' list prices from which it costs nothing
    tax_class: str = ""  # none: as it is usual where it goes


class Location(Value):
    """A warehouse or a store."""

    id: str
    kind: str = "warehouse"  # or store
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    ships_to: tuple[str, ...] = ()  # countries; none named: all
    active: bool = True
    name: str = ""


class Past(Value):
    """An earlier order of the same person."""

    order: str
    placed_at_s: int
    basket: str  # digest of SKUs and quantities
    ship_to_digest: str = ""
    total_minor: int = 0


class CouponUse(Value):
    """One more use of a coupon, or one fewer. The counters are the sum over the orders that hold them."""

    key: str  # the code, or the code and the person: `SPRING`, `SPRING|p-17`
    change: int
    most: int  # how many uses there may be


class PriceList(Value):
    """What the shop's files say of prices beside the catalog."""

    promotions: Promotions = Promotions()
    shipping: dict[str, Shipping] = {}  # by method; of one that is not here the price is not known
    currency: str = ""  # that all prices are in, those of the catalog too; nothing: that of whatever is priced


PAST_MAX = 50  # how many earlier orders of a person a step sees, the latest

Stock = dict[str, int]  # location -> units that are free to promise
Inbound = tuple[
    tuple[int, str, int, str], ...
]  # what is expected of a SKU: when, where, how many units, of which supply


class StockMove(Value):
    """A change of what a location has of a SKU. Kept for ever; the counters are the sum of their moves."""

    sku: str
    location: str
    on_hand: int  # units added, or taken away
    allocated: int
    reason: str
    reserved: int = 0  # for carts
    damaged: int = 0  # of those on hand
    quarantined: int = 0  # of those on hand
    in_transit: int = 0  # on their way to the location

    @property
    def freed(self) -> int:
        """How many units more are free to promise after it, as long as more is there than the safety stock."""
        return self.on_hand - self.allocated - self.reserved - self.damaged - self.quarantined


class Facts:
    """What was loaded. Stock and history advance from step to step, so that a wave equals its orders one by one."""

    __slots__ = (
        "arriving", "counted", "items", "locations", "means", "methods", "moved", "past", "price_list", "stock", "taxes",
        "uses",
    )  # fmt: skip

    def __init__(
        self,
        locations: dict[str, Location] | None = None,
        methods: frozenset[str] = frozenset(),
        means: Mapping[str, Means] | None = None,
        price_list: PriceList | None = None,
    ) -> None:
        self.locations = locations or {}
        self.methods = methods  # known shipping methods
        self.means = means or {}  # payment method -> how it behaves
        self.price_list = price_list or PriceList()
        self.items: dict[str, Item | None] = {}
        self.stock: dict[str, Stock] = {}
        self.moved: dict[str, Stock] = {}  # what earlier steps of this wave changed, also of stock not loaded yet
        self.arriving: dict[str, Inbound] = {}
        self.past: dict[str, tuple[Past, ...]] = {}
        self.uses: dict[str, int] = {}  # of coupons
        self.counted: dict[str, int] = {}  # uses by earlier steps of this wave, also of coupons not loaded yet
        self.taxes: dict[str, TaxAnswer] = {}  # by request, encoded

    def item(self, sku: str) -> Item | None:
        """The catalog's entry, or None if the catalog has none."""
        if sku not in self.items:
            raise NeedFacts("item", frozenset((sku,)))
        return self.items[sku]

    def listed(self, skus: frozenset[str]) -> dict[str, Item | None]:
        """The catalog's entries of several SKUs."""
        if missing := skus - self.items.keys():
            raise NeedFacts("item", missing)
        return {sku: self.items[sku] for sku in skus}

    def free(self, skus: frozenset[str]) -> dict[str, Stock]:
        """For each SKU, the units that are free to promise by location."""
        if missing := skus - self.stock.keys():
            raise NeedFacts("stock", missing)
        return {sku: self.stock[sku] for sku in skus}

    def inbound(self, skus: frozenset[str]) -> dict[str, Inbound]:
        """For each SKU, what is on order or on its way: (at_s, location, units, reference), the earliest first."""
        if missing := skus - self.arriving.keys():
            raise NeedFacts("inbound", missing)
        return {sku: self.arriving[sku] for sku in skus}

    def earlier(self, person: str) -> tuple[Past, ...]:
        """The person's latest orders, newest first, at most PAST_MAX."""
        if person not in self.past:
            raise NeedFacts("past", frozenset((person,)))
        return self.past[person]

    def used(self, keys: frozenset[str]) -> dict[str, int]:
        """How often each of these coupons was used."""
        if missing := keys - self.uses.keys():
            raise NeedFacts("uses", missing)
        return {key: self.uses[key] for key in keys}

    def tax(self, request: TaxRequest) -> TaxAnswer:
        """The taxes on this."""
        key = json.encode(request).decode()
        if key not in self.taxes:
            raise NeedFacts("tax", frozenset((key,)))
        return self.taxes[key]

    def learn_uses(self, uses: Mapping[str, int]) -> None:
        """Uses as the store has them, to which those of this wave are added."""
        self.uses.update({key: used + self.counted.get(key, 0) for key, used in uses.items()})

    def use(self, coupon: CouponUse) -> None:
        """A step used a coupon, or gave it back: the next step sees it."""
        self.counted[coupon.key] = self.counted.get(coupon.key, 0) + coupon.change
        if coupon.key in self.uses:
            self.uses[coupon.key] += coupon.change

    def learn_stock(self, sku: str, stock: Stock) -> None:
        """Stock as the store has it, to which what this wave has moved is added."""
        known = dict(stock)
        for location, change in self.moved.get(sku, {}).items():
            known[location] = known.get(location, 0) + change
        self.stock[sku] = known

    def advance(self, move: StockMove) -> None:
        """A step moved stock: the next step sees it."""
        self.shift(move.sku, move.location, move.freed)

    def undo(self, move: StockMove) -> None:
        """The step came to nothing: its move is taken back."""
        self.shift(move.sku, move.location, -move.freed)

    def placed(self, person: str, past: Past) -> None:
        """A person has one more order: the next step sees it."""
        if person in self.past:
            latest_first = sorted((past, *self.past[person]), key=lambda known: -known.placed_at_s)
            self.past[person] = tuple(latest_first[:PAST_MAX])

    def shift(self, sku: str, location: str, change: int) -> None:
        """So many units more are free to promise: the next step sees it."""
        moved, known = self.moved.setdefault(sku, {}), self.stock.get(sku)
        moved[location] = moved.get(location, 0) + change
        if known is not None:
            known[location] = known.get(location, 0) + change
