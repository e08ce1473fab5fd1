"""Ports: everything the engine asks of the world, at most six methods each. Connectors and stores implement them."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from segue.core.base import Value
from segue.core.facts import Item, Past, Stock, StockMove
from segue.core.ledger import LedgerEntry
from segue.core.order import Order
from segue.core.tasks import Task

PERSON = "person:"  # before a person's id, where a message waits for any order of that person


class PortFailed(Exception):
    """The world did not answer, or not in time. What became of the request is unknown."""


class Person(Value):
    """A customer's personal data: the only place where it is. Erased as one."""

    id: str
    name: str = ""
    email: str = ""
    phone: str = ""
    ship_to: dict[str, str] = {}  # name, company, street, street2, city, postcode, region, country
    bill_to: dict[str, str] = {}


class Answer(Value):
    """What a provider answered. `outcome` is `done` or `declined`; for screenings accepted, review, rejected, pending."""

    outcome: str
    reference: str = ""  # the provider's own id
    amount_minor: int = 0
    currency: str = ""
    detail: str = ""


class Inbound(Value):
    """A message from outside: kept once per (source, id), then handled once."""

    source: str
    id: str
    kind: str  # order, cancellation, or the name of the command that it asks for
    body: dict[str, Any]
    order: str = ""
    due_at_s: int = 0


class Clock(Protocol):
    """What time it is. The only clock in Segue."""

    def now_s(self) -> int:
        """Seconds since 1970, UTC."""
        ...

    def sleep_until(self, instant_s: int) -> None:
        """Wait, or for a virtual clock: jump."""
        ...


class Gateway(Protocol):
    """A payment gateway. `key` is the idempotency key: the same key never acts twice. Amounts are minor units."""

    def authorize(self, key: str, reference: str, amount_minor: int, currency: str) -> Answer:
        """Hold an amount on the customer's means of payment. `reference` is ours: order and tender."""
        ...

    def capture(self, key: str, authorization: str, amount_minor: int, currency: str) -> Answer:
        """Take an amount of an authorization, named by the provider's id."""
        ...

    def void(self, key: str, authorization: str, amount_minor: int, currency: str) -> Answer:
        """Let go of what an authorization still holds."""
        ...

    def refund(self, key: str, capture: str, amount_minor: int, currency: str) -> Answer:
        """Give back an amount of a capture, named by the provider's id."""
        ...

    def look_up(self, key: str) -> Answer | None:
        """What became of a request, or None if the provider never saw it."""
        ...


class Fraud(Protocol):
    """A fraud vendor."""

    def screen(self, key: str, order: dict[str, Any]) -> Answer:
        """Judge an order: accepted, review, rejected; or pending, and the verdict comes later as a message."""
        ...


class Warehouse(Protocol):
    """A warehouse or store system. It ships, short-picks and rejects by messages."""

    def release(self, key: str, fulfillment: dict[str, Any], person: Person | None) -> Answer:
        """Ask it to pick, pack and ship a fulfillment."""
        ...


class Carrier(Protocol):
    """A carrier. Delivery comes as a message."""

    def track(self, key: str, shipment: dict[str, Any]) -> Answer:
        """Ask to be told when a shipment is delivered."""
        ...


class Mailer(Protocol):
    """Sends messages to customers."""

    def send(self, key: str, message: dict[str, Any], person: Person | None) -> Answer:
        """Send one message. The same key is never sent twice."""
        ...


class Channel(Protocol):
    """A sales channel, as the place that is told what became of its orders."""

    def tell(self, key: str, update: dict[str, Any]) -> Answer:
        """Tell the channel of a shipment, a cancellation or a refund."""
        ...


class Source(Protocol):
    """Whatever has messages for us: a warehouse, a carrier, a fraud vendor."""

    def collect(self, now_s: int, limit: int) -> Sequence[Inbound]:
        """The messages that are due and not yet settled, oldest first. Asked again, it gives the same ones."""
        ...

    def settle(self, messages: Iterable[Inbound]) -> None:
        """These are safely stored here: do not send them again."""
        ...

    def next_at_s(self) -> int | None:
        """When the next message is due, if that can be known: a virtual clock jumps there."""
        ...


class Needs(Value):
    """What a wave wants loaded: ids by kind."""

    orders: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    stock: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()


class Loaded(Value):
    """What a store found for some needs. Each key that was asked for is there, with None, {} or () if there is nothing."""

    orders: dict[str, Order | None]
    items: dict[str, Item | None]
    stock: dict[str, Stock]
    past: dict[str, tuple[Past, ...]]


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


class Stepped(Value):
    """What one step of one order writes."""

    order: Order
    version_before: int  # 0: the order is new
    at_s: int
    by: str
    record: bytes  # JSON: the decisions of this step
    basket: str
    status: str
    folders: tuple[str, ...]
    open: bool
    wake_at_s: int | None
    watches: frozenset[str]
    woken: bool = False  # by a wake; after any other step an order that is due to be woken still is
    moves: tuple[StockMove, ...] = ()
    entries: tuple[LedgerEntry, ...] = ()
    tasks: tuple[Task, ...] = ()


class Handled(Value):
    """What became of an inbound message."""

    source: str
    id: str
    outcome: str  # done, refused, parked
    reason: str = ""
    order: str = ""


class Settled(Value):
    """What became of a task. Counts only if the attempt is still ours."""

    order: str
    id: str
    attempt: int
    outcome: str  # done, declined, retry, unknown
    detail: str = ""
    due_at_s: int = 0  # retry: when
    failed: bool = False  # retry: because the provider did not answer


class Batch(Value):
    """One transaction: all of it is written, or nothing."""

    now_s: int
    steps: tuple[Stepped, ...] = ()
    handled: tuple[Handled, ...] = ()
    settled: tuple[Settled, ...] = ()
    received: tuple[Inbound, ...] = ()
    people: tuple[Person, ...] = ()
    put_off: dict[str, int] = {}  # order -> when it is to be woken again, because it could not be woken now
    claim: dict[str, int] = {}  # provider -> how many of its due tasks to claim in this transaction
    lease_s: int = 120


class Due(Value):
    """What waits to be done now, and when the next thing will."""

    wakes: tuple[str, ...]
    messages: tuple[Inbound, ...]
    next_at_s: int | None


class StaleOrder(Exception):
    """An order has moved on since it was loaded: the wave is run again."""


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


class Unwritable(Exception):
    """The store does not take something in this batch, and never will: a mistake of ours, or a value beyond all bounds."""


class Store(Protocol):
    """Where everything lives. One batch is one transaction, on disk when `commit` returns."""

    def load(self, needs: Needs) -> Loaded:
        """What the next steps may look at."""
        ...

    def commit(self, batch: Batch) -> Sequence[Task]:
        """Write a batch; returns the tasks that it claimed.

        Raises StaleOrder, StaleTask, StaleMessage, OutOfStock or Unwritable, and then nothing is written.
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
