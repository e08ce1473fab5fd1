"""Waking: what time and new facts do to an order by themselves: timers that are due, holds that lift, checks that pass.

An order carries its timers. The store keeps one instant an order at which it is to be woken next.
"""

from msgspec.structs import replace

from segue.core.allocate import stock_found
from segue.core.base import Because, Command, Event
from segue.core.context import Context, name_of
from segue.core.grace import grace_ended
from segue.core.hold import HoldLifted, ReactionBlocked
from segue.core.intake import Validate, validate
from segue.core.lapse import ending, expired, instants
from segue.core.order import Order, Timer, units_in
from segue.core.patience import answers_missing
from segue.core.redating import quiet_ends_s, street_dates_said
from segue.core.repromise import dates_changed
from segue.core.schedule import fulfillments_due
from segue.core.sourcing import next_chance
from segue.core.street import next_opening, street_dates_seen
from segue.core.street_dates import waiting_lines
from segue.core.tally import AWAITING
from segue.core.vocabulary import View
from segue.core.workflow import Workflow

NOTHING_WATCHED: frozenset[str] = frozenset()


class Wake(Command):
    """Look at the order again: its time has come, or something that it waits for has changed."""


class TimerSet(Event):
    """Something will be done later."""

    timer: str
    due_at_s: int
    reaction: str
    does: str = ""  # the command, in the workflow's words


class TimerFired(Event):
    """Its time has come."""

    timer: str
    reaction: str
    does: str = ""


class TimersDropped(Event):
    """There is nothing left that these would be for."""

    timers: tuple[str, ...]


class ReactionsResumed(Event):
    """A hold is gone; what it blocked is tried again."""

    reactions: tuple[str, ...]


class PlacesChanged(Event):
    """The order has another status, or is in other folders."""

    entered: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def wake(order: Order, command: Wake, context: Context) -> list[Event]:
    """Due timers fire in the order of their time; what is over is lifted; authorizations end; stock is seen."""
    due = [(name, timer) for name, timer in order.timers.items() if timer.due_at_s <= context.now_s]
    due.sort(key=lambda each: each[1].due_at_s)  # of those due at the same time, the one that was set first
    events = grace_ended(order, context) if order.grace_ends_s is not None else []
    events += [_fired(name, timer, context) for name, timer in due]
    if order.failures:
        events += validate(order, Validate(), context)
    mended = {event.hold for event in events if isinstance(event, HoldLifted)}
    events += [event for event in over(order, context) if event.hold not in mended]
    events += [*expired(order, context), *ending(order, context)]
    if order.dated:
        events += fulfillments_due(order, context)
    days = street_dates_seen(order, context)
    if order.redated and not days:
        days = street_dates_said(order, context)
    return [
        *events,
        *days,
        *stock_found(order, context),
        *dates_changed(order, context),
        *(answers_missing(order, order.asked, context) if order.asked is not None else ()),
    ]


def _fired(name: str, timer: Timer, context: Context) -> TimerFired:
    return TimerFired(name, timer.reaction, name_of(context.workflow.by_id[timer.reaction].command))


def over(order: Order, context: Context) -> list[HoldLifted]:
    """The holds whose time has passed, or whose condition to be lifted holds."""
    events = []
    for name, hold in order.holds.items():
        kind = context.workflow.holds[hold.type]
        if hold.until_s is not None and hold.until_s <= context.now_s:
            events.append(HoldLifted(name, "its time is over", because=Because("expires")))
        elif kind.lift_when and kind.lift_when.test(View(order, context.now_s, context.facts)):
            events.append(HoldLifted(name, "its condition holds", because=Because(kind.lift_when.text)))
    return events


def next_wake(order: Order, view: View, context: Context) -> int | None:
    """The next instant at which time alone could change something: a timer, the end of a hold, a condition."""
    workflow = context.workflow
    found = [timer.due_at_s for timer in order.timers.values()] + instants(order, context)
    if (flip := workflow.next_flip(view)) is not None:
        found.append(flip)
    if order.grace_ends_s is not None and not order.grace_over:
        found.append(order.grace_ends_s)
    if order.dated:
        found += [made.release_at_s for made in order.fulfillments.values() if made.release_at_s is not None]
    if view.backordered and (chance := next_chance(order, view, context)) is not None:
        found.append(chance)
    if (view.preordered or view.reserved or view.backordered) and (opens_s := next_opening(order, context)) is not None:
        found.append(opens_s)
    if order.asked is not None:
        found.append(order.asked.answer_by_s)
    if order.redated and (ends_s := quiet_ends_s(order, context)) is not None:
        found.append(ends_s)
    for hold in order.holds.values():
        lift_when = workflow.holds[hold.type].lift_when
        if hold.until_s is not None:
            found.append(hold.until_s)
        if lift_when is not None and (flip := lift_when.flips(view)) is not None:
            found.append(flip)
    return min(found, default=None)


def watches_of(order: Order, view: View, workflow: Workflow) -> frozenset[str]:
    """The outside facts whose change could move this order: what a failed check lacks, the stock it waits for.

    Its supply too: when that changes, what it is to have is worked out anew.
    """
    watches: set[str] = set()
    for failure in order.failures:
        watches.update(failure.facts)
    if view.backordered or view.preordered:
        skus = {order.lines[number - 1].sku for number in units_in(order, *AWAITING)}
        watches |= {f"{kind}:{sku}" for sku in skus for kind in ("stock", "inbound")}
        watches |= {f"stock:{bundle.sku}" for bundle in order.bundles.values() if bundle.rules.prepacked}
    if view.preordered or view.reserved:
        watches |= {f"item:{line.sku}" for line in waiting_lines(order)}
    if "item" in workflow.fact_kinds:
        watches |= {f"item:{line.sku}" for line in order.lines}
    return frozenset(watches) if watches else NOTHING_WATCHED


def evolve_timer_set(order: Order, event: TimerSet, at_s: int) -> Order:
    """The order carries the timer."""
    return replace(order, timers=order.timers | {event.timer: Timer(event.due_at_s, event.reaction, event.does)})


def evolve_timer_fired(order: Order, event: TimerFired, at_s: int) -> Order:
    """The timer is gone."""
    return _without(order, (event.timer,))


def evolve_timers_dropped(order: Order, event: TimersDropped, at_s: int) -> Order:
    """The timers are gone."""
    return _without(order, event.timers)


def _without(order: Order, timers: tuple[str, ...]) -> Order:
    return replace(order, timers={name: timer for name, timer in order.timers.items() if name not in timers})


def evolve_blocked(order: Order, event: ReactionBlocked, at_s: int) -> Order:
    """The reaction waits, once."""
    if event.reaction in order.waiting:
        return order
    return replace(order, waiting=(*order.waiting, event.reaction))


def evolve_resumed(order: Order, event: ReactionsResumed, at_s: int) -> Order:
    """They do not wait any more; what is still blocked will wait again."""
    return replace(order, waiting=())


def evolve_places(order: Order, event: PlacesChanged, at_s: int) -> Order:
    """Where the order is, and since when."""
    places = order.places.copy()
    for name in event.left:
        del places[name]
    for name in event.entered:
        places[name] = at_s
    return replace(order, places=places)


DECISIONS = {Wake: wake}
EVOLUTIONS = {
    TimerSet: evolve_timer_set,
    TimerFired: evolve_timer_fired,
    TimersDropped: evolve_timers_dropped,
    ReactionBlocked: evolve_blocked,
    ReactionsResumed: evolve_resumed,
    PlacesChanged: evolve_places,
}
