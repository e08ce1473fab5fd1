"""Holds: while an order or a line has one, what its type blocks is not done. A condition, a time or a person lifts it."""

from collections.abc import Sequence

from msgspec.structs import replace

from segue.core.base import Command, Event, Refusal, Refused
from segue.core.bundle_units import with_bundles
from segue.core.context import Context
from segue.core.mistakes import MISTAKEN, counts_as_nothing
from segue.core.order import Hold, Order, line_of
from segue.core.pricing.pricing import WITHOUT_PRICES
from segue.core.tally import Units


class PlaceHold(Command):
    """Put something in the way, until it is lifted."""

    hold: str  # a type that the workflow declares
    reason: str = ""
    line: int = 0
    until_s: int | None = None


class LiftHold(Command):
    """Take a hold away."""

    hold: str  # its name: the type, with `:line` if it is on a line
    reason: str = ""


class HoldPlaced(Event):
    """Something stands in the way."""

    hold: str
    type: str
    line: int = 0
    reason: str = ""
    by: str = ""
    until_s: int | None = None


class HoldLifted(Event):
    """It no longer does."""

    hold: str
    reason: str = ""


class ReactionBlocked(Event):
    """A hold keeps the workflow from this; lifting the hold goes on from here."""

    hold: str
    reaction: str = ""  # filled in by the step, which knows whose command this was


def held_lines(order: Order, units: dict[int, Units], action: str, context: Context) -> tuple[list[Event], set[int]]:
    """The lines among these that a hold of their own keeps from an action, and the event that says so."""
    events: list[Event] = []
    lines: set[int] = set()
    for name, hold in order.holds.items():
        if hold.line in units and action in context.workflow.holds[hold.type].blocks:
            events.append(ReactionBlocked(name))
            lines.add(hold.line)
    return events, with_bundles(order, lines) if lines and order.bundles else lines


def all_blocked(events: Sequence[Event]) -> str:
    """The holds that keep a command from everything it would do; empty if it does something, or is not kept."""
    holds = [event.hold for event in events if isinstance(event, ReactionBlocked)]
    return ", ".join(holds) if len(holds) == len(events) else ""


def place_hold(order: Order, command: PlaceHold, context: Context) -> list[Event]:
    """Refused if the workflow has no such type, the order no such line, or the hold is there already."""
    kind = context.workflow.holds.get(command.hold)
    if kind is None:
        declared = ", ".join(context.workflow.holds) or "none"
        raise Refused(Refusal.HOLD_UNKNOWN, f"{command.hold}; declared: {declared}")
    if command.line and line_of(order, command.line) is None:
        raise Refused(Refusal.LINE_NOT_FOUND, str(command.line))
    name = f"{command.hold}:{command.line}" if command.line else command.hold
    if name in order.holds:
        raise Refused(Refusal.HOLD_EXISTS, name)
    until_s = command.until_s
    if until_s is None and kind.expires_s is not None:
        until_s = context.now_s + kind.expires_s
    return [HoldPlaced(name, kind.name, command.line, command.reason, context.actor, until_s)]


def lift_hold(order: Order, command: LiftHold, context: Context) -> list[Event]:
    """Refused if there is no such hold, or if it is all that keeps goods from being sent for nothing.

    They would be as long as the order has no prices, or some of its amounts could not be read.
    """
    if command.hold not in order.holds:
        there = ", ".join(order.holds) or "none"
        raise Refused(Refusal.HOLD_NOT_FOUND, f"{command.hold}; there: {there}")
    if order.unpriced is not None and order.holds[command.hold].type in WITHOUT_PRICES:
        raise Refused(Refusal.PRICE_UNKNOWN, f"{command.hold} is lifted when the order is priced")
    if order.holds[command.hold].type == MISTAKEN and counts_as_nothing(order.mistakes):
        raise Refused(Refusal.AMOUNTS_UNREADABLE, f"{command.hold} is lifted when the order's document is corrected")
    return [HoldLifted(command.hold, command.reason)]


def evolve_placed(order: Order, event: HoldPlaced, at_s: int) -> Order:
    """The order with the hold."""
    hold = Hold(event.type, event.line, event.reason, event.by, at_s, event.until_s)
    return replace(order, holds=order.holds | {event.hold: hold})


def evolve_lifted(order: Order, event: HoldLifted, at_s: int) -> Order:
    """The order without the hold."""
    return replace(order, holds={name: hold for name, hold in order.holds.items() if name != event.hold})


def lifted_by_people(order: Order) -> list[Command]:
    """Somebody lifts one of the holds."""
    return [LiftHold(name) for name in order.holds]


DECISIONS = {PlaceHold: place_hold, LiftHold: lift_hold}
EVOLUTIONS = {HoldPlaced: evolve_placed, HoldLifted: evolve_lifted}
UNPROMPTED = {"person": lifted_by_people}
