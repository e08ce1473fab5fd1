"""The port to the stockroom: stock beside the orders, as it stands and as it is to be written."""

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple, Protocol

from segue.core.base import Value
from segue.core.carts import Cart, Held
from segue.core.facts import StockMove
from segue.core.fences import Fence
from segue.core.stocktaking import Counter, Moved, Report
from segue.core.supply import Presale

Key = tuple[str, str]  # SKU, location


class Filed(Value):
    """A report and what became of it."""

    report: Report
    state: Literal["applied", "waiting", "refused"]
    detail: str = ""
    number: int = 0  # how people name it, once it is filed


class Standing(Value):
    """What is known of a SKU at a location."""

    counter: Counter = Counter()
    reports: tuple[Report, ...] = ()  # that were applied: the last snapshot, and the deltas after it
    own: tuple[Moved, ...] = ()  # what Segue moved by itself since then
    carts: tuple[str, ...] = ()  # the keys of those that have units set aside there, the youngest first


class ShopMove(Value):
    """A move of stock that belongs to no order, and the report that it comes from."""

    move: StockMove
    report: str = ""
    channel: str = ""  # of the cart that it is for: it takes of the channel's share


class CartChange(Value):
    """What becomes of a cart's reservation. It is as it was said to be before, or StaleOrder is raised."""

    id: str
    before: tuple[Held, ...] = ()  # none: it had nothing
    after: Cart | None = None  # none: it is let go


class FenceChange(Value):
    """A channel's share of a SKU becomes another, if it is as large as it was said to be. What was taken of it stays."""

    sku: str
    fence: Fence
    units_before: int | None = None  # how large it was, or StaleOrder is raised; none: whatever it was


class SupplyMove(Value):
    """More or fewer units are expected by a supply on a day."""

    reference: str
    sku: str
    location: str
    expected_at_s: int
    units: int
    reason: str
    origin: str = ""  # the location that it comes from; none: from outside


class PresaleChange(Value):
    """So much of one supply may be sold before it is there."""

    reference: str
    sku: str
    presale: Presale


Mark = tuple[int, int, int]  # of those who wait for a SKU: how many lines and units, and the sum of when they ordered


class Redated(NamedTuple):
    """A line that waits is to have its units at another instant than its history says, or at that one again."""

    sku: str
    order: str
    line: int
    due_s: int | None
    since_s: int | None  # None: as its history says
    look_at_s: int | None


class Stocked(Value):
    """What happens to stock beside the orders. Written in one transaction with the steps that follow from it."""

    by: str
    moves: tuple[ShopMove, ...] = ()
    safety: dict[Key, int] = {}
    filed: tuple[Filed, ...] = ()
    forgotten: tuple[tuple[str, str], ...] = ()  # reports that need not be kept, by source and id
    supplies: tuple[SupplyMove, ...] = ()
    seen: dict[Key, Counter] = {}  # as the counters were when this was decided: if they are not, StaleOrder is raised
    carts: tuple[CartChange, ...] = ()
    fences: tuple[FenceChange, ...] = ()
    redated: tuple[Redated, ...] = ()  # lines that wait for what is supplied: when they are to have it now
    presales: tuple[PresaleChange, ...] = ()
    queued: dict[str, Mark] = {}  # who waited for a SKU when that was worked out; if others do, StaleOrder is raised


class NotThere(Exception):
    """Less is there, or expected, than would be taken away. Nothing is written."""


class Stockroom(Protocol):
    """Where stock beside the orders is looked up. It is written by `Store.commit`."""

    def standing(self, keys: Collection[Key], since_s: int) -> dict[Key, Standing]:
        """What is known of each of these, with Segue's own moves after an instant."""
        ...

    def holders(self, key: Key) -> Sequence[str]:
        """The orders under way that may hold stock there, the youngest first."""
        ...

    def filed(self, source: str, ids: Collection[str]) -> dict[str, Filed]:
        """Those of these reports of a source that are here already, by id."""
        ...

    def unapplied(self) -> Sequence[Filed]:
        """The reports that wait for something, or were refused, the oldest first."""
        ...

    def has_catalog(self) -> bool:
        """Whether the shop has a catalog here. One without has it elsewhere, and any SKU may be real."""
        ...

    def supplies(self, reference: str, sku: str) -> Sequence[SupplyMove]:
        """What is still expected by a supply: of one SKU, or of all."""
        ...
