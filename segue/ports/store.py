"""The port to the store, and what is read from it and written to it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from segue.core.base import Value
from segue.core.carts import Cart
from segue.core.converting import CartTaken
from segue.core.days import Closure, Load, LoadChange
from segue.core.documents import Document
from segue.core.facts import Apart, Item, Stock, StockMove
from segue.core.fences import Fence
from segue.core.ledger import LedgerEntry
from segue.core.opportunity import Prices
from segue.core.order import Order
from segue.core.past import Past
from segue.core.promotion import CouponUse
from segue.core.queue import Queue
from segue.core.selling import Sale
from segue.core.subscription.standing import Subscription
from segue.core.supply import Inbound, Presale
from segue.core.tasks import Task
from segue.core.waiting import NO_WAIT, Wait, Waiting
from segue.ports.passing import Inbound as Message
from segue.ports.passing import Person
from segue.ports.stockroom import Stocked
from segue.ports.subscribing import Renewed


class Needs(Value):
    """What a wave wants loaded: ids by kind."""

    orders: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    stock: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()  # of coupons
    inbound: frozenset[str] = frozenset()  # SKUs, as the next
    apart: frozenset[str] = frozenset()
    loads: frozenset[str] = frozenset()  # of locations' days, `W1|20780`
    counted: bool = False  # when the locations' stock was last counted
    queued: frozenset[str] = frozenset()  # SKUs that orders wait for
    carts: frozenset[str] = frozenset()
    now_s: int = 0  # what carts have set aside counts as long as it is not over by then
    prices: frozenset[str] = frozenset()  # SKUs: what their units are worth where they lie
    subscriptions: frozenset[str] = frozenset()
    selling: frozenset[str] = frozenset()  # SKUs: how many units without stock are sold
    bought: frozenset[str] = frozenset()  # what people bought of SKUs: `p-17|BOOK`
    moved: frozenset[str] = frozenset()  # orders that wait: since when supply was moved that they were told of
    waiting: frozenset[str] = frozenset()  # SKUs: the lines that wait for them
    presales: frozenset[str] = frozenset()  # SKUs: what may be sold of single supplies


class Loaded(Value):
    """What a store found for some needs. Each key that was asked for is there, with None, {} or () if there is nothing."""

    orders: dict[str, Order | None]
    items: dict[str, Item | None]
    stock: dict[str, Stock]
    past: dict[str, tuple[Past, ...]]
    uses: dict[str, int] = {}
    inbound: dict[str, Inbound] = {}
    apart: dict[str, Apart] = {}
    closed: dict[str, Closure] = {}  # whatever was asked for
    loads: dict[str, Load] = {}
    counted: dict[str, int] | None = None
    queued: dict[str, Queue] = {}
    carts: dict[str, Cart | None] = {}
    fences: dict[str, tuple[Fence, ...]] = {}  # of the SKUs of `stock` of which channels have shares
    prices: dict[str, Prices | None] = {}
    subscriptions: dict[str, Subscription | None] = {}
    selling: dict[str, int] = {}
    bought: dict[str, list[tuple[str, int, int]]] = {}
    moved: dict[str, int | None] = {}
    waiting: dict[str, tuple[Waiting, ...]] = {}
    presales: dict[str, Mapping[str, Presale]] = {}


class Recorded(Value):
    """One recorded step."""

    version: int  # after it
    at_s: int
    record: bytes


class Story(Value):
    """An order as it is stored, and all that is on record of it."""

    order: str
    value: bytes
    steps: tuple[Recorded, ...]
    documents: tuple[bytes, ...] = ()  # its invoices and credit memos, as they were issued


class Stepped(Value):
    """What one step of one order writes."""

    order: Order
    version_before: int  # 0: the order is new
    at_s: int
    by: str
    record: bytes  # JSON: the decisions of this step
    value: bytes  # JSON: the order
    basket: str  # "": the same as before
    status: str
    folders: tuple[str, ...]
    open: bool
    wake_at_s: int | None
    watches: frozenset[str]
    woken: bool = False  # by a wake; after any other step an order that is due to be woken still is
    moves: tuple[StockMove, ...] = ()
    entries: tuple[LedgerEntry, ...] = ()
    tasks: tuple[Task, ...] = ()
    documents: tuple[Document, ...] = ()
    series: str = ""  # in which documents are numbered: the year
    uses: tuple[CouponUse, ...] = ()
    loads: tuple[LoadChange, ...] = ()
    rank: str = ""  # among those that wait for stock: the least is served first
    taken: CartTaken | None = None  # the cart whose reservation is the order's now
    sales: tuple[Sale, ...] = ()  # what it counts with against what may be sold
    wait: Wait = NO_WAIT  # what is kept of it while it waits for stock
    passed: tuple[str, ...] = ()  # the SKUs in whose strict queues others may be served now


class Handled(Value):
    """What became of an inbound message."""

    source: str
    id: str
    outcome: str  # done, refused, parked; or new: to be handled again
    reason: str = ""
    order: str = ""
    by_hand: bool = False  # a person's word: counts for what was refused too
    due_at_s: int = 0  # new: not before then


class Settled(Value):
    """What became of a task. Counts only if the attempt is still ours."""

    order: str
    id: str
    attempt: int
    outcome: str  # done, declined, retry, unknown
    detail: str = ""
    due_at_s: int = 0  # retry: when
    failed: bool = False  # retry: because the provider did not answer
    by_hand: bool = False  # a person's word on what was tried and is not done; attempts are counted anew


class Batch(Value):
    """One transaction: all of it is written, or nothing."""

    now_s: int
    steps: tuple[Stepped, ...] = ()
    handled: tuple[Handled, ...] = ()
    settled: tuple[Settled, ...] = ()
    received: tuple[Message, ...] = ()
    people: tuple[Person, ...] = ()
    put_off: dict[str, int] = {}  # order -> when it is to be woken again, because it could not be woken now
    claim: dict[str, int] = {}  # provider -> how many of its due tasks to claim in this transaction
    lease_s: int = 120
    stocked: Stocked | None = None  # what happens to stock beside the orders
    swept: frozenset[str] = frozenset()  # SKUs of which carts that are over are to give back what they had
    renewed: tuple[Renewed, ...] = ()  # steps of subscriptions
    renew_later: dict[str, int] = {}  # subscription -> when it is tried again, because it could not be renewed now


class Due(Value):
    """What waits to be done now, and when the next thing will."""

    wakes: tuple[str, ...]
    messages: tuple[Message, ...]
    next_at_s: int | None
    over: frozenset[str] = frozenset()  # SKUs of which carts have something that are over
    renewals: tuple[str, ...] = ()  # subscriptions


class StaleOrder(Exception):
    """An order or a subscription has moved on since it was loaded: the wave is run again."""


class StaleTask(Exception):
    """Tasks that this batch answers are no longer ours: their lease ended and they were claimed again, or settled."""

    def __init__(self, ids: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(ids)))
        self.ids = ids


class StaleMessage(Exception):
    """Messages of this batch were handled by somebody else meanwhile."""

    def __init__(self, keys: frozenset[tuple[str, str]]) -> None:
        super().__init__(", ".join(sorted(f"{source} {id}" for source, id in keys)))
        self.keys = keys  # (source, id)


class OutOfStock(Exception):
    """A stock counter refused a move. The database is the last guard; the facts were older than the stock."""


class UsedUp(Exception):
    """A coupon has no use left. The database is the last guard; the facts were older than its counter."""


class DayFull(UsedUp):
    """A location's day has no room left. The database is the last guard; the facts were older than its counter."""


class Unwritable(Exception):
    """The store does not take something in this batch, and never will: a mistake of ours, or a value beyond all bounds."""


class Store(Protocol):
    """Where everything lives. One batch is one transaction, on disk when `commit` returns."""

    def load(self, needs: Needs) -> Loaded:
        """What the next steps may look at."""
        ...

    def commit(self, batch: Batch) -> Sequence[Task]:
        """Write a batch; returns the tasks that it claimed.

        Raises StaleOrder, StaleTask, StaleMessage, OutOfStock, UsedUp or Unwritable, and then nothing is written.
        """
        ...

    def due(self, now_s: int, limit: int) -> Due:
        """The orders to wake and the messages to handle."""
        ...

    def person(self, id: str) -> Person | None:
        """A customer's personal data, or None if it was erased."""
        ...

    def matching(self, person: str, sku: str) -> Sequence[Order]:
        """The person's orders that have a line of this SKU, the latest first: to find what a cancellation is about."""
        ...

    def workflow_text(self, version: str) -> str | None:
        """The text of a workflow version that orders are pinned to."""
        ...
