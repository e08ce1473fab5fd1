"""The order as a value: what was sold, and how far each unit and each cent has come.

No person's name, street, e-mail or telephone number is in here: those live in one erasable place, the store's `people`.
"""

from segue.core.aftersale import Adjustment, Chargeback
from segue.core.amounts import MoneyTally, of_units
from segue.core.base import Value
from segue.core.bundles import Bundles
from segue.core.calendar import Promised
from segue.core.draft import Charge, Destination, Draft, Grant, Mistake, Tax
from segue.core.expected import Asked, Expected
from segue.core.issued import Issue, Takeback
from segue.core.papers import Difference, Issued, Settlement
from segue.core.tally import AT_REST, Tally, Units, core_state, size, union


class Line(Value):
    """What was ordered of one SKU: its amounts, and which of its units are in which state."""

    number: int
    sku: str
    quantity: int
    price_minor: int  # list price of one unit
    discount_minor: int  # its own and its share of the order's
    tax_minor: int
    paid_minor: int  # gross - discount + tax: what the customer pays for all units
    tally: Tally
    title: str = ""
    properties: dict[str, str] = {}
    location: str = ""
    excluded: tuple[str, ...] = ()  # locations that could not deliver it; asked again once nobody else has it
    attempts: int = 0  # how often a location could not deliver units of it
    taxes: tuple[Tax, ...] = ()  # what the tax is made up of, where that is known
    by_hand: bool = False  # a person has said where it comes from: no rule is asked
    deliver_by_s: int | None = None  # when all of it was to arrive, as it was promised first
    named: str = ""  # the location that its channel has named, where a person has named another since
    was: str = ""  # the SKU that was ordered, where another article has taken its place
    was_title: str = ""
    bundle: str = ""  # the key of the innermost bundle that it is a part of
    street_date: str = ""  # the day before which none may leave: 2026-12-04
    is_out: bool = False  # it was said that this day has come
    deliver_on: str = ""  # the date on which it shall arrive, where that is not the order's
    kind: str = ""  # digital, gift_card: it is delivered by a message; none: it is goods of a location


class Hold(Value):
    """Something that stands in the way, until a condition, a time or a person lifts it."""

    type: str
    line: int = 0  # 0: the whole order
    reason: str = ""
    by: str = ""
    since_s: int = 0
    until_s: int | None = None


class Fulfillment(Value):
    """Units that one location gives. Their states are in the lines' tallies."""

    location: str
    units: dict[int, Units]
    released_at_s: int | None = None
    day: int | None = None  # of the location's days the one whose capacity it takes, if that is limited
    promised: Promised | None = None  # when it leaves and arrives, as it was told when it was allocated
    to: str = ""  # the store at which the customer collects it; none: it is sent to the customer
    origin: str = ""  # the location that gave it, once it is with the store that it was brought to
    sent_at_s: int | None = None  # when it left for that store
    ready_at_s: int | None = None  # since when the customer may collect it
    store: str = ""  # what customers call the place where it is ready
    purchase_order: str = ""  # the number of the one by which a supplier was asked for it
    supplier_status: str = ""  # how that stands, as the supplier says
    supplier_reference: str = ""  # the supplier's own number
    expected_at_s: int | None = None  # when it will leave, as the supplier says
    packed: dict[str, Units] = {}  # bundle -> which of them lie there ready packed, so that all their units are here
    release_at_s: int | None = None  # when its location is to be asked, so that it arrives on its date; none: at once


class Shipment(Value):
    """A parcel that has left."""

    fulfillment: str
    units: dict[int, Units]
    shipped_at_s: int
    carrier: str = ""
    tracking: str = ""
    delivered_at_s: int | None = None


class Tender(Value):
    """One way of payment; its amount is tallied by state: due, authorizing, authorized, capturing, captured ..."""

    kind: str
    method: str
    amount_minor: int
    tally: MoneyTally
    reference: str = ""


class Transaction(Value):
    """One operation at a payment provider: asked for, then done, declined or unknown."""

    kind: str  # authorize, capture, void, refund
    tender: str
    amount_minor: int
    outcome: str = "asked"  # asked, done, declined, unknown
    units: dict[int, Units] = {}  # what a capture or refund was for
    shipping_minor: int = 0
    reference: str = ""  # the provider's own id
    reference_of: str = ""  # of a capture or void the authorization it uses, of a refund the capture it gives back
    at_s: int = 0  # when it was asked for
    expires_at_s: int | None = None  # an authorization: from when on it is no cover
    lapsed_minor: int = 0  # of an authorization: what is gone, by its expiry or with its only capture
    replaces: str = ""  # the authorization that this one shall take the place of
    spare: bool = False  # an authorization that another one stands for: it covers nothing, and is let go of
    ends_soon: bool = False  # it was said of this authorization that it ends soon
    due_again: bool = False  # of a void: what it lets go of is asked for later


class Failure(Value):
    """A validation check that an order did not pass."""

    check: str
    detail: str
    line: int = 0  # 0: the whole order
    blocks: bool = True  # or only informs
    facts: tuple[str, ...] = ()  # what could mend it: ("item:A-1",)
    path: str = ""  # where in the order it is: lines[2].taxes[0].rate
    code: str = ""  # what exactly is wrong, where the check has several answers: discount_above_price


class Timer(Value):
    """Something the workflow does later."""

    due_at_s: int
    reaction: str  # the id of the workflow's reaction
    does: str = ""  # its command, for people


class Order(Value):
    """An order: what was sold, and how far each unit and each cent has come."""

    id: str
    version: int  # how many events made it
    channel: str
    channel_order_id: str
    workflow: str  # name@digest: the version it is pinned to
    placed_at_s: int
    currency: str
    lines: tuple[Line, ...]
    total_minor: int
    shipping_minor: int  # with its tax
    charges: tuple[Charge, ...] = ()
    shipping_tax_minor: int = 0  # of the shipping's amount
    taxes_included: bool = False
    grants: tuple[Grant, ...] = ()  # what its discounts are made up of, as far as it is known
    tier: str = ""  # the customer's
    person: str = ""
    ship_to: Destination = Destination()
    ship_to_digest: str = ""
    bill_country: str = ""
    ship_method: str = ""
    promised_at_s: int | None = None
    tags: tuple[str, ...] = ()
    locale: str = ""
    covered: bool = False  # its payment was once secured in full
    tenders: dict[str, Tender] = {}
    transactions: dict[str, Transaction] = {}
    holds: dict[str, Hold] = {}
    failures: tuple[Failure, ...] = ()
    score: int | None = None
    band: str = ""
    screening: str = ""  # asked, pending, accepted, review, rejected, timed_out
    fulfillments: dict[str, Fulfillment] = {}
    shipments: dict[str, Shipment] = {}
    timers: dict[str, Timer] = {}
    waiting: tuple[str, ...] = ()  # reactions that a hold blocks; they go on when it is lifted
    places: dict[str, int] = {}  # the status and the folders it is in, each with since when
    shipping_back_minor: int = 0  # of the shipping, since goods were canceled or came back
    withheld_minor: int = 0  # of refunds, since a promotion's condition does not hold any more
    fees_minor: int = 0  # for returns
    goodwill_minor: int = 0  # given as an apology
    adjustments: tuple[Adjustment, ...] = ()  # of prices, after the sale
    chargebacks: dict[str, Chargeback] = {}  # by the bank's own id of the case
    capped: dict[str, int] = {}  # since what -> what could not be given back: goodwill that was given before
    shipping_taxes: tuple[Tax, ...] = ()  # what the shipping's tax is made up of, where that is known
    mistakes: tuple[Mistake, ...] = ()  # amounts of its document that could not be used
    corrections: int = 0  # how often its document was corrected
    documents: dict[str, Issued] = {}  # invoices I1, I2; credit memos M1
    uncredited: tuple[str, ...] = ()  # refunds of what no invoice had asked for
    settlements: dict[str, Settlement] = {}  # transaction -> how it was settled
    differences: dict[str, Difference] = {}  # line of a settlement report -> what differs
    unpriced: Draft | None = None  # what it came as, as long as it waits for its prices
    coupons: dict[str, int] = {}  # the coupons that its price took a use of, each with its limit
    fees_tax_minor: int = 0  # of the fees for returns
    expected: dict[int, Expected] = {}  # by line: what its waiting units are to have, as it was said last
    bundles: Bundles = {}  # B1, B2: which lines are sold as one article, and by which rules
    grace_ends_s: int | None = None  # when its grace period ends, or has ended; none: it had none
    grace_over: bool = False
    agreed: dict[int, int] = {}  # by line: the date that the customer knows, or has agreed to wait for
    asked: Asked | None = None  # whether they wait for what is late
    counted: dict[str, int] = {}  # SKU -> units that count against what may be sold of it, as long as they wait
    deliver_on: str = ""  # the date on which it shall arrive, where the customer lives: 2026-12-24
    dated: bool = False  # whether it, or any line of it, was ever to arrive on a date, or to be collected at a time
    pickup_from_s: int | None = None  # when the customer will come for what is collected
    pickup_until_s: int | None = None
    lost: dict[int, Units] = {}  # what never reached the customer: back, whatever becomes of the rest of its bundle
    digital: bool = False  # whether any of its lines is delivered by a message
    issues: dict[str, Issue] = {}  # D1, D2: the codes that were asked for
    takebacks: dict[str, Takeback] = {}  # B1: what is being made worthless, so that it can be refunded
    redated: dict[int, tuple[str, int]] = {}  # by line: the street date that was said last, and when it was moved

    @property
    def in_grace(self) -> bool:
        """Whether nothing that cannot be undone may happen yet."""
        return self.grace_ends_s is not None and not self.grace_over


def line_of(order: Order, number: int) -> Line | None:
    """The line with this number, or None."""
    return order.lines[number - 1] if 0 < number <= len(order.lines) else None


def units_in(order: Order, *states: str) -> dict[int, Units]:
    """The units of each line that are in one of these states, refinements included; lines without any are left out."""
    found: dict[int, Units] = {}
    for line in order.lines:
        here: Units = ()
        for state, units in line.tally.items():
            if state in states or ("." in state and core_state(state) in states):
                here = union(here, units) if here else units
        if here:
            found[line.number] = here
    return found


def any_in(order: Order, *states: str) -> bool:
    """Whether any unit is in one of these states, refinements included."""
    for line in order.lines:
        for state in line.tally:
            if state in states or ("." in state and core_state(state) in states):
                return True
    return False


def count_in(order: Order, *states: str) -> int:
    """How many units are in one of these states, refinements included."""
    return sum(
        size(units) for line in order.lines for state, units in line.tally.items() if core_state(state) in states
    )


def value_of(order: Order, units: dict[int, Units]) -> int:
    """What the customer pays for these units, tax included, without shipping. Minor units."""
    value_minor = 0
    for line in order.lines:
        if line.number in units:
            value_minor += of_units(line.paid_minor, line.quantity, units[line.number])
    return value_minor


def money_in(order: Order, *states: str) -> int:
    """The amount of all tenders that is in one of these states. Minor units."""
    amount = 0
    for tender in order.tenders.values():
        for state, held in tender.tally.items():
            if state in states:
                amount += held
    return amount


def left_of(order: Order, name: str) -> int:
    """What the gateway still holds under an authorization: its amount, less what was or is being taken or let go of."""
    done = order.transactions[name]
    left = done.amount_minor - done.lapsed_minor
    for use in order.transactions.values():
        if use.reference_of == name and use.outcome != "declined" and use.kind != "refund":
            left -= use.amount_minor
    return left


UNSETTLED = frozenset(("due", "authorizing", "authorized", "agreed", "capturing", "voiding", "refunding"))


def is_open(order: Order) -> bool:
    """Whether something can still happen by itself: units on their way, money in flight or still held."""
    for line in order.lines:
        for state in line.tally:
            if state not in AT_REST and core_state(state) not in AT_REST:
                return True
    for tender in order.tenders.values():
        if not UNSETTLED.isdisjoint(tender.tally):
            return True
    for name, done in order.transactions.items():  # what another authorization stands for is no money of a tender
        if done.outcome in ("asked", "unknown") or (done.spare and left_of(order, name) > 0):
            return True
    return bool(order.holds)
