"""How the audit reads a stored order: with its own eyes, and only what the invariants are about.

It does not use the core's `Order`: a value that the core could not read is what it should find.
"""

from typing import Any, dataclass_transform

from msgspec import Struct, json

Ranges = tuple[tuple[int, int], ...]
Units = dict[int, Ranges]


@dataclass_transform(frozen_default=True)
class Read(Struct, frozen=True, gc=False):
    """Something of which only a part is of interest."""


class Line(Read):
    """What was ordered of one SKU."""

    number: int
    sku: str
    quantity: int
    price_minor: int
    discount_minor: int
    tax_minor: int
    paid_minor: int
    tally: dict[str, Ranges]
    taxes: tuple["Tax", ...] = ()
    was: str = ""
    bundle: str = ""
    kind: str = ""


class Tax(Read):
    """One tax of several."""

    amount_minor: int


class Tender(Read):
    """One way of payment."""

    kind: str
    amount_minor: int
    tally: dict[str, int]
    reference: str = ""


class Transaction(Read):
    """One operation at a payment provider."""

    kind: str
    tender: str
    amount_minor: int
    outcome: str = "asked"
    units: Units = {}
    reference: str = ""
    reference_of: str = ""
    at_s: int = 0
    expires_at_s: int | None = None
    lapsed_minor: int = 0
    spare: bool = False


class Fulfillment(Read):
    """Units that one location gives."""

    location: str
    units: Units
    day: int | None = None
    origin: str = ""
    packed: dict[str, Ranges] = {}
    released_at_s: int | None = None
    release_at_s: int | None = None


class Shipment(Read):
    """A parcel that has left."""

    fulfillment: str
    units: Units


class Issue(Read):
    """Codes that were asked for."""

    units: Units
    outcome: str = "asked"


class Settlement(Read):
    """How a transaction was settled."""

    line: str
    amount_minor: int


class Issued(Read):
    """An invoice or a credit memo."""

    of: str
    total_minor: int


class Charge(Read):
    """Something charged beside the goods."""

    amount_minor: int


class Grant(Read):
    """What a promotion gave."""

    given: dict[int, int] = {}
    on_return: str = "prorate"
    units: Units = {}


class BundleRules(Read):
    """By which rules lines belong together."""

    returns: str = "any"
    on_short: str = "cancel"
    ship: str = "whole"


class Bundle(Read):
    """Lines that were sold as one article."""

    quantity: int
    parts: dict[int, int]
    rules: BundleRules = BundleRules()
    inside: str = ""
    sku: str = ""


class Adjustment(Read):
    """A price that was lowered after the sale."""

    line: int
    units: Ranges
    amount_minor: int


class Chargeback(Read):
    """What a bank has taken back."""

    beyond_minor: int = 0


class Failure(Read):
    """A check that it did not pass."""

    check: str


class Timer(Read):
    """Something that is done later."""

    due_at_s: int


class Order(Read):
    """An order, as far as the invariants are about it."""

    version: int
    workflow: str
    currency: str
    lines: tuple[Line, ...]
    total_minor: int
    shipping_minor: int
    charges: tuple[Charge, ...] = ()
    tenders: dict[str, Tender] = {}
    transactions: dict[str, Transaction] = {}
    holds: dict[str, Any] = {}
    failures: tuple[Failure, ...] = ()
    fulfillments: dict[str, Fulfillment] = {}
    shipments: dict[str, Shipment] = {}
    timers: dict[str, Timer] = {}
    places: dict[str, int] = {}
    grants: tuple[Grant, ...] = ()
    shipping_back_minor: int = 0
    withheld_minor: int = 0
    fees_minor: int = 0
    goodwill_minor: int = 0
    adjustments: tuple[Adjustment, ...] = ()
    chargebacks: dict[str, Chargeback] = {}
    capped: dict[str, int] = {}
    taxes_included: bool = False
    corrections: int = 0
    documents: dict[str, Issued] = {}
    uncredited: tuple[str, ...] = ()
    settlements: dict[str, Settlement] = {}
    coupons: dict[str, int] = {}
    counted: dict[str, int] = {}
    grace_ends_s: int | None = None
    grace_over: bool = False
    digital: bool = False
    issues: dict[str, Issue] = {}
    bundles: dict[str, Bundle] = {}
    lost: dict[int, Ranges] = {}


class DraftLine(Read):
    """A line as its channel sent it."""

    quantity: int
    price_minor: int
    discount_minor: int = 0
    tax_minor: int = 0
    sku: str = ""


class Draft(Read):
    """An order as its channel sent it."""

    lines: tuple[DraftLine, ...] = ()
    discount_minor: int = 0
    tax_minor: int = 0
    taxes: tuple[Tax, ...] = ()
    priced: bool = True


class Event(Read):
    """A recorded event, with what is of interest of placing, of returns, and of what takes another's place."""

    event: str = ""
    draft: Draft = Draft()
    units: Any = {}
    location: str = ""
    sellable: bool = True
    line: Any = 0
    sku: str = ""
    was: Any = ""


class Decision(Read):
    """A recorded decision."""

    events: tuple[Event, ...] = ()


read_order = json.Decoder(Order).decode
read_record = json.Decoder(tuple[Decision, ...]).decode
