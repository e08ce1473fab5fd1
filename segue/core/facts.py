"""Facts: all that a step may look at beyond the order itself. A fact that is missing is asked for with NeedFacts."""

from collections.abc import Mapping

from segue.core.base import NeedFacts, Value
from segue.core.means import Means
from segue.core.promotion import Promotions


class Item(Value):
    """A catalog entry."""

    sku: str
    title: str = ""
    price_minor: int | None = None
    weight_g: int = 0
    tags: tuple[str, ...] = ()


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


PAST_MAX = 50  # how many earlier orders of a person a step sees, the latest

NO_PROMOTIONS = Promotions()
Stock = dict[str, int]  # location -> units that are free to promise


class StockMove(Value):
    """A change of what a location has of a SKU. Kept for ever; the counters are the sum of their moves."""

    sku: str
    location: str
    on_hand: int  # units added, or taken away
    allocated: int
    reason: str


class Facts:
    """What was loaded. Stock and history advance from step to step, so that a wave equals its orders one by one."""

    __slots__ = ("items", "locations", "means", "methods", "moved", "past", "promotions", "stock")

    def __init__(
        self,
        locations: dict[str, Location] | None = None,
        methods: frozenset[str] = frozenset(),
        means: Mapping[str, Means] | None = None,
        promotions: Promotions = NO_PROMOTIONS,
    ) -> None:
        self.locations = locations or {}
        self.methods = methods  # known shipping methods
        self.means = means or {}  # payment method -> how it behaves
        self.promotions = promotions
        self.items: dict[str, Item | None] = {}
        self.stock: dict[str, Stock] = {}
        self.moved: dict[str, Stock] = {}  # what earlier steps of this wave changed, also of stock not loaded yet
        self.past: dict[str, tuple[Past, ...]] = {}

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

    def earlier(self, person: str) -> tuple[Past, ...]:
        """The person's latest orders, newest first, at most PAST_MAX."""
        if person not in self.past:
            raise NeedFacts("past", frozenset((person,)))
        return self.past[person]

    def learn_stock(self, sku: str, stock: Stock) -> None:
        """Stock as the store has it, to which what this wave has moved is added."""
        known = dict(stock)
        for location, change in self.moved.get(sku, {}).items():
            known[location] = known.get(location, 0) + change
        self.stock[sku] = known

    def advance(self, move: StockMove) -> None:
        """A step moved stock: the next step sees it."""
        self._change(move.sku, move.location, move.on_hand - move.allocated)

    def undo(self, move: StockMove) -> None:
        """The step came to nothing: its move is taken back."""
        self._change(move.sku, move.location, move.allocated - move.on_hand)

    def placed(self, person: str, past: Past) -> None:
        """A person has one more order: the next step sees it."""
        if person in self.past:
            latest_first = sorted((past, *self.past[person]), key=lambda known: -known.placed_at_s)
            self.past[person] = tuple(latest_first[:PAST_MAX])

    def _change(self, sku: str, location: str, change: int) -> None:
        moved, known = self.moved.setdefault(sku, {}), self.stock.get(sku)
        moved[location] = moved.get(location, 0) + change
        if known is not None:
            known[location] = known.get(location, 0) + change
