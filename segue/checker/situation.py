"""Situations: an order at rest and what is around it: the stock, the clock. Two that go on alike have the same key."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from segue.core.authorization import held
from segue.core.base import Command
from segue.core.context import Context
from segue.core.facts import Facts, Item, Location, Stock
from segue.core.means import Means
from segue.core.order import Line, Order, Transaction, units_in
from segue.core.past import Past
from segue.core.step import Outcome, step
from segue.core.tally import LEFT, Units, common, core_state
from segue.core.transactions import OPEN
from segue.core.vocabulary import View
from segue.core.workflow import Workflow

Step = Callable[[Order | None, Command, Context], Outcome]
STEP: Step = step
ATTEMPTS = 2  # how often the same is counted
LIVING = ("reserved", "allocated", "released", "in_transit", "ready")  # states whose units are still a fulfillment's
GONE = (*LEFT, "canceled")  # states whose units never need stock again
COUNTED = ("declined", "unknown", "fulfillments", "shipments", "sourcing_attempts")  # words for how often something was


class Around(NamedTuple):
    """What does not change while an order is explored: the workflow, the shop, the customer's past."""

    workflow: Workflow
    locations: dict[str, Location]
    methods: frozenset[str]
    items: dict[str, Item | None]
    past: dict[str, tuple[Past, ...]]
    counted: frozenset[str]  # the words of COUNTED that the workflow's conditions use
    placeable: tuple[str, ...] = ()  # the holds that only people place
    means: Mapping[str, Means] = {}  # by payment method, how it behaves
    step: Step = STEP


class Situation(NamedTuple):
    """An order at rest, the units that are free to promise, the time, and what would come next by itself."""

    order: Order  # none only before it is placed
    free: dict[str, Stock]
    held: dict[str, int]  # units of each SKU that the moves of stock have set aside for it
    arrivals: int  # how often stock may still arrive
    now_s: int
    wake_at_s: int | None
    status: str
    folders: tuple[str, ...]
    open: bool
    watches: frozenset[str]


def nothing_yet(free: dict[str, Stock], arrivals: int, now_s: int) -> Situation:
    """Before the order is placed."""
    return Situation(cast(Order, None), free, {}, arrivals, now_s, None, "", (), True, frozenset())


def key_of(here: Situation, around: Around) -> tuple[Any, ...]:
    """What decides how it goes on. Ids, versions and how long ago things were are left out; of instants the order stays."""
    order = here.order
    view = View(order, here.now_s, Facts())
    open_lines = [line for line in order.lines if not all(core_state(state) in GONE for state in line.tally)]
    skus = {line.sku for line in open_lines}
    return (
        tuple([tuple(sorted(line.tally.items())) for line in order.lines]),
        tuple([_tried(line, around.workflow.sourcing_attempts_max) for line in open_lines]),
        tuple(tuple(sorted(tender.tally.items())) for tender in order.tenders.values()),
        tuple(_transactions(order)),
        tuple(sorted(_fulfillments(order))),
        tuple(sorted(_parcels(order))),
        tuple([(each.outcome, *each.units.items()) for each in order.issues.values() if each.outcome == "asked"]),
        tuple(sorted((name, hold.until_s is not None) for name, hold in order.holds.items())),
        tuple(failure.check for failure in order.failures),
        tuple(sorted(order.counted.items())),
        (order.band, order.screening, order.covered, order.waiting, here.open),
        tuple(sorted(order.places)),
        tuple(_to_come(here)),
        tuple([tuple(sorted(held.items())) for sku, held in here.free.items() if sku in skus]),
        tuple(sorted(here.held.items())),
        here.arrivals if skus else 0,
        tuple(min(getattr(view, word), ATTEMPTS + 1) for word in sorted(around.counted)),
    )


def _tried(line: Line, most: int) -> tuple[Any, ...]:
    """What decides where the units of a line that have not left may come from."""
    return tuple(sorted({*line.excluded})), min(line.attempts, most)


def _transactions(order: Order) -> Iterator[tuple[Any, ...]]:
    """The transactions that are not over, the captures that may be given back, and the authorizations that may be used.

    A tender's authorizations and captures are used in their order; in which order all others were asked for never matters.
    Letting go of one spare authorization is as good as of another: however many voids of them are under way count as one.
    """
    captures, returned = _captures(order)
    in_turn: list[tuple[Any, ...]] = []
    others: list[tuple[Any, ...]] = []
    spare: set[str] = set()
    for name, done in order.transactions.items():
        if name in captures:
            in_turn.append((done.tender, done.kind, done.amount_minor, done.outcome, returned.get(name, 0)))
        elif done.kind == "authorize" and (amount := held(order, name)) > 0:
            in_turn.append((done.tender, done.kind, amount, "done", done.ends_soon, done.expires_at_s is None))
        elif done.outcome in OPEN and done.kind == "void" and _of_spare(order, done):
            spare.add(done.outcome)
        elif done.outcome in OPEN:
            of = captures.get(done.reference_of, -1)
            others.append(
                (done.tender, done.kind, done.amount_minor, done.outcome, of, bool(done.replaces), done.due_again)
            )
    yield from sorted(in_turn, key=lambda each: each[:2])  # a stable sort
    yield from sorted(others)
    yield tuple(sorted(spare))


def _captures(order: Order) -> tuple[dict[str, int], dict[str, int]]:
    """The captures that were not declined, numbered within their tenders, and how much of each has been given back."""
    numbers: dict[str, int] = {}
    returned: dict[str, int] = {}
    counts: dict[str, int] = {}
    for name, done in order.transactions.items():
        if done.kind == "capture" and done.outcome != "declined":
            numbers[name] = counts[done.tender] = counts.get(done.tender, -1) + 1
        elif done.kind == "refund" and done.outcome == "done":
            returned[done.reference_of] = returned.get(done.reference_of, 0) + done.amount_minor
    return numbers, returned


def _of_spare(order: Order, void: Transaction) -> bool:
    return bool(void.reference_of) and order.transactions[void.reference_of].spare


def _fulfillments(order: Order) -> Iterator[tuple[Any, ...]]:
    """The fulfillments that still have units, with their states."""
    for made in order.fulfillments.values():
        held = tuple(
            (number, state, here)
            for number, units in made.units.items()
            for state, there in order.lines[number - 1].tally.items()
            if state.partition(".")[0] in LIVING and (here := common(units, there))
        )
        if held:
            yield (
                made.location,
                made.to,
                made.supplier_status,
                made.released_at_s is not None,
                made.release_at_s is not None,
                held,
            )


def _parcels(order: Order) -> Iterator[tuple[tuple[int, Units], ...]]:
    """The parcels that are under way."""
    shipped = units_in(order, "shipped")
    for parcel in order.shipments.values():
        held = tuple((n, here) for n, units in parcel.units.items() if (here := common(units, shipped.get(n, ()))))
        if held:
            yield held


def _to_come(here: Situation) -> Iterator[tuple[str, ...]]:
    """What time will bring, in its order: timers, the ends of holds, and other flips; what comes together in one.

    A third timer for the same thing changes nothing that two of them would not.
    """
    coming: dict[int, list[str]] = {}
    seen: dict[str, int] = {}
    for timer in sorted(here.order.timers.values(), key=lambda timer: timer.due_at_s):
        seen[timer.reaction] = seen.get(timer.reaction, 0) + 1
        if seen[timer.reaction] <= ATTEMPTS:
            coming.setdefault(max(timer.due_at_s, here.now_s), []).append(timer.reaction)
    for name, hold in here.order.holds.items():
        if hold.until_s is not None:
            coming.setdefault(max(hold.until_s, here.now_s), []).append(f"hold {name}")
    for name, done in here.order.transactions.items():
        if done.expires_at_s is not None and held(here.order, name) > 0:
            coming.setdefault(max(done.expires_at_s, here.now_s), []).append(f"end {done.tender}")
    if here.order.in_grace:
        coming.setdefault(max(here.order.grace_ends_s or 0, here.now_s), []).append("grace")
    if here.wake_at_s is not None:
        coming.setdefault(max(here.wake_at_s, here.now_s), []).append("wake")
    for _, names in sorted(coming.items()):
        yield tuple(sorted(names))
