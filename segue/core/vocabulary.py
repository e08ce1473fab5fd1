"""The words that conditions may use, and the view of an order that gives their values."""

from collections.abc import Callable
from typing import Any

from segue.core.bundling import awaited, sold_of
from segue.core.conditions import ABSENT, Name, Vocabulary
from segue.core.facts import Facts
from segue.core.lateness import expected_at, late_units, promised_at, ship_by, supply_at
from segue.core.order import Line, Order, Tender, units_in
from segue.core.purchase import supplier_statuses
from segue.core.street_dates import dated, street_at, untold_lines
from segue.core.tally import STATES, WAITING, Units, common, core_state, size
from segue.core.time_words import TIMES, instant

STOCKLESS = tuple(state for state in WAITING if state != "reserved")  # these wait and have no stock yet
MONEY_STATES = (
    "due", "authorizing", "authorized", "agreed", "capturing", "captured", "refunding", "refunded", "voiding", "voided",
    "dropped", "charged_back",
)  # fmt: skip
OUTCOMES = ("declined", "unknown")  # of payment operations, that have a word


class View:
    """An order as conditions see it. Each word is worked out when it is first asked for."""

    order: Order
    now: int
    facts: Facts
    backordered: int
    preordered: int
    reserved: int

    def __init__(self, order: Order, now: int, facts: Facts) -> None:
        self.__dict__ = words = NOTHING.copy()  # the counts go straight to where attributes are looked up first
        words["order"], words["now"], words["facts"] = order, now, facts
        for line in order.lines:
            if line.quantity > 0:  # a mistake of the channel is no units less
                words["units"] += line.quantity
            _count(line, words)
        for tender in order.tenders.values():
            for state, amount in tender.tally.items():
                words[state] += amount
        for done in order.transactions.values():
            if done.outcome in OUTCOMES:
                words[done.outcome] += 1
        if order.differences:
            words["settlement_differences"] = len(order.differences)
        if order.holds:
            words["holds"] = len(order.holds)
            words["hold_types"] = {hold.type for hold in order.holds.values()}


class Computed:
    """A word of a view that is worked out when it is first asked for, and then is an attribute like any other.

    Not `__getattr__`: a class that has it is slower to read from, whichever attribute is asked for.
    """

    def __init__(self, name: str, getter: Callable[[Any], Any]) -> None:
        self.name = name
        self.getter = getter

    def __get__(self, view: Any, kind: type) -> Any:
        value = view.__dict__[self.name] = self.getter(view)
        return value


class LineView:
    """A line as conditions see it."""

    line: Line

    def __init__(self, line: Line) -> None:
        self.__dict__ = words = NO_UNITS.copy()
        words["line"] = line
        _count(line, words)


def _count(line: Line, counts: dict[str, Any]) -> None:
    """Count the units of a line by state; those in an item state under both names, the core state's and its own."""
    for state, units in line.tally.items():
        count = 0
        for first, last in units:  # as `size`, without a call: this is done at each rest
            count += last - first + 1
        if "." not in state:
            counts[state] += count
        else:
            core, _, own = state.partition(".")
            counts[core] += count
            counts[own] = counts.get(own, 0) + count


def _earliest(instants: list[int]) -> int:
    return min(instants, default=ABSENT)


def _released_at(view: View) -> int:
    made = view.order.fulfillments.values()
    return _oldest(view, "released", [(f.released_at_s, f.units) for f in made if f.released_at_s is not None])


def _shipped_at(view: View) -> int:
    return _oldest(view, "shipped", [(parcel.shipped_at_s, parcel.units) for parcel in view.order.shipments.values()])


def _sent_at(view: View) -> int:
    made = view.order.fulfillments.values()
    return _oldest(view, "in_transit", [(f.sent_at_s, f.units) for f in made if f.sent_at_s is not None])


def _ready_at(view: View) -> int:
    there = units_in(view.order, "ready")
    made = view.order.fulfillments.values()
    return max((f.ready_at_s for f in made if f.ready_at_s is not None and _any_of(f.units, there)), default=ABSENT)


def _oldest(view: View, state: str, parcels: list[tuple[int, dict[int, Units]]]) -> int:
    """The earliest instant of those parcels that have units in this state."""
    if not getattr(view, state):
        return ABSENT
    if len(parcels) == 1:  # as it mostly is: then they are all in there
        return parcels[0][0]
    there = units_in(view.order, state)
    return _earliest([at_s for at_s, units in parcels if _any_of(units, there)])


def _any_of(units: dict[int, Units], others: dict[int, Units]) -> bool:
    return any(common(ranges, others.get(number, ())) for number, ranges in units.items())


def _available(view: View) -> int:
    """How many of the units that wait for stock could be given stock now."""
    wanted: dict[str, int] = {}
    for line in view.order.lines:
        waiting = sum(size(units) for state, units in line.tally.items() if core_state(state) in STOCKLESS)
        if waiting:
            wanted[line.sku] = wanted.get(line.sku, 0) + waiting
    free = view.facts.free(frozenset(wanted), view.order.channel)
    return sum(min(count, sum(free[sku].values())) for sku, count in wanted.items())


def _tenders(order: Order) -> list[Tender]:
    return list(order.tenders.values())


WORDS: dict[str, tuple[Name, Callable[[View], Any]]] = {
    "line_count": (Name("int", "how many lines the order has"), lambda v: len(v.order.lines)),
    "total": (Name("int", "what the order costs, in minor units"), lambda v: v.order.total_minor),
    "shipping": (Name("int", "what shipping costs, in minor units"), lambda v: v.order.shipping_minor),
    "failures": (Name("int", "how many validation checks failed"), lambda v: len(v.order.failures)),
    "failed_checks": (Name("texts", "the checks that failed"), lambda v: {f.check for f in v.order.failures}),
    "grade": (Name("int", "the points of the grading rules that fired"), lambda v: v.order.score or 0),
    "band": (Name("text", "the band that the grade falls into"), lambda v: v.order.band),
    "screening": (Name("text", "what the fraud vendor says"), lambda v: v.order.screening),
    "channel": (Name("text", "the sales channel"), lambda v: v.order.channel),
    "currency": (Name("text", "ISO 4217"), lambda v: v.order.currency),
    "country": (Name("text", "where the order goes, ISO 3166-1"), lambda v: v.order.ship_to.country),
    "region": (Name("text", "state or province that the order goes to"), lambda v: v.order.ship_to.region),
    "bill_country": (Name("text", "country of the billing address"), lambda v: v.order.bill_country),
    "ship_method": (Name("text", "the shipping method"), lambda v: v.order.ship_method),
    "locale": (Name("text", "the customer's language"), lambda v: v.order.locale),
    "tags": (Name("texts", "the order's tags"), lambda v: v.order.tags),
    "tender_kinds": (Name("texts", "how it is paid"), lambda v: {t.kind for t in _tenders(v.order)}),
    "fulfillments": (Name("int", "how many fulfillments were made"), lambda v: len(v.order.fulfillments)),
    "shipments": (Name("int", "how many parcels have left"), lambda v: len(v.order.shipments)),
    "bundles": (
        Name("int", "how many kits, sets and bundles were ordered"),
        lambda v: sum([bundle.quantity for _, bundle in sold_of(v.order)]),
    ),
    "awaited": (
        Name("int", "how many units are back, and are refunded once the rest of their bundle is"),
        lambda v: sum(map(size, awaited(v.order).values())),
    ),
    "sourcing_attempts": (
        Name("int", "how often the worst line was short-picked or rejected"),
        lambda v: max(line.attempts for line in v.order.lines),
    ),
    "earlier_orders": (
        Name("int", "how many orders this customer had before", fact="past"),
        lambda v: len([p for p in v.facts.earlier(v.order.person) if p.order != v.order.id]),
    ),
    "unlisted": (
        Name("int", "how many lines have a SKU that the catalog does not list", fact="item"),
        lambda v: sum(item is None for item in v.facts.listed(frozenset(x.sku for x in v.order.lines)).values()),
    ),
    "available": (
        Name("int", "how many of the units that wait for stock could have it now", fact="stock"),
        _available,
    ),
    "now": (Name("instant", "this moment"), lambda v: v.now),
    "placed_at": (Name("instant", "when the customer ordered"), lambda v: v.order.placed_at_s),
    **TIMES,
    "promised_at": (
        Name("instant", "when it was promised to be delivered"),
        lambda v: instant(promised_at(v.order)),
    ),
    "expected_at": (
        Name("instant", "when the last of the units that wait for stock is to be had, as far as it is known"),
        lambda v: instant(expected_at(v.order)),
    ),
    "supply_at": (
        Name("instant", "when the first supply that units wait for is expected"),
        lambda v: instant(supply_at(v.order)),
    ),
    "street_at": (
        Name("instant", "when the first street date begins that units wait for, by the shop's clock"),
        lambda v: instant(street_at(v.order, v.facts)),
    ),
    "dated": (Name("int", "units that wait for a street date, with stock or without"), lambda v: dated(v.order)),
    "redated": (
        Name("int", "lines that wait for a street date of which their customer was not told yet"),
        lambda v: len(untold_lines(v.order)),
    ),
    "asked": (
        Name("int", "lines of which the customer is to say whether they wait for them"),
        lambda v: 0 if v.order.asked is None else len(v.order.asked.lines),
    ),
    "answer_by": (
        Name("instant", "by when the customer is to say whether they wait for what is late"),
        lambda v: ABSENT if v.order.asked is None else v.order.asked.answer_by_s,
    ),
    "ship_by": (
        Name("instant", "by when the first parcel that has not left yet was to leave its location"),
        lambda v: instant(ship_by(v.order)),
    ),
    "late": (
        Name("int", "units still to arrive that left later than promised, or will arrive later"),
        lambda v: late_units(v.order),
    ),
    "released_at": (Name("instant", "since when the oldest fulfillment is with its location"), _released_at),
    "supplier_statuses": (
        Name("texts", "how the purchase orders stand that suppliers have not shipped: ordered, confirmed, delayed ..."),
        lambda v: supplier_statuses(v.order),
    ),
    "sent_at": (Name("instant", "since when what is brought to a store is on its way, the oldest of it"), _sent_at),
    "ready_at": (Name("instant", "since when all that is ready can be collected: the latest of it"), _ready_at),
    "shipped_at": (Name("instant", "since when the oldest parcel is under way"), _shipped_at),
    "held_since": (
        Name("instant", "since when the oldest hold stands"),
        lambda v: _earliest([hold.since_s for hold in v.order.holds.values()]),
    ),
}
LINE_WORDS: dict[str, tuple[Name, Callable[[LineView], Any]]] = {
    "sku": (Name("text", "its SKU"), lambda v: v.line.sku),
    "title": (Name("text", "its title"), lambda v: v.line.title),
    "quantity": (Name("int", "units ordered"), lambda v: v.line.quantity),
    "price": (Name("int", "list price of one unit, in minor units"), lambda v: v.line.price_minor),
    "paid": (Name("int", "what the customer pays for it, in minor units"), lambda v: v.line.paid_minor),
    "properties": (Name("texts", "what the customer chose, by name"), lambda v: tuple(v.line.properties)),
    "location": (Name("text", "the only location that may serve it"), lambda v: v.line.location),
}
STATE_NAMES = {state: Name("int", f"units that are {state}") for state in STATES}
MONEY_NAMES = {state: Name("int", f"minor units that are {state}") for state in MONEY_STATES}
COUNTED_NAMES = {
    "units": Name("int", "all units ordered"),
    "declined": Name("int", "how many payment operations were declined"),
    "unknown": Name("int", "how many payment operations have an unknown outcome"),
    "settlement_differences": Name("int", "in how many lines a gateway's settlement report differs"),
    "holds": Name("int", "how many holds the order has"),
    "hold_types": Name("texts", "the types of its holds"),
}
# What most orders have none of, so that asking for it costs nothing.
NO_UNITS: dict[str, Any] = dict.fromkeys(STATES, 0)
NOTHING: dict[str, Any] = NO_UNITS | dict.fromkeys((*MONEY_STATES, *COUNTED_NAMES), 0) | {"hold_types": frozenset()}
GETTERS: dict[str, Callable[[Any], Any]] = {name: getter for name, (_, getter) in WORDS.items() if name != "now"}
LINE_GETTERS: dict[str, Callable[[Any], Any]] = {name: getter for name, (_, getter) in LINE_WORDS.items()}


def _lines(view: View) -> list[LineView]:
    return [LineView(line) for line in view.order.lines]


GETTERS["lines"] = _lines
for _owner, _getters in ((View, GETTERS), (LineView, LINE_GETTERS)):
    for _name, _getter in _getters.items():
        setattr(_owner, _name, Computed(_name, _getter))


def vocabulary(item_states: tuple[str, ...] = (), bands: tuple[str, ...] = ()) -> Vocabulary:
    """The words for a workflow: the built-in ones and its own item states; its bands are what `band` can be."""
    own = {state: Name("int", f"units in the item state {state}", default=0) for state in item_states}
    words = {name: word for name, (word, _) in WORDS.items()} | MONEY_NAMES | COUNTED_NAMES
    line_words = {name: word for name, (word, _) in LINE_WORDS.items()}
    return Vocabulary(
        names=words | STATE_NAMES | own,
        line_names=line_words | STATE_NAMES | own,
        choices={"band": bands} if bands else {},
    )
