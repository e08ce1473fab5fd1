"""Item states of the shop's own: units wait in one, inside a core state, until they leave it again."""

from segue.core.base import Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.moving import moved
from segue.core.order import Order, line_of
from segue.core.tally import Units
from segue.core.workflow import ItemState


class EnterState(Command):
    """Put the units of a core state into an item state that refines it; those of one line, or of all."""

    state: str
    line: int = 0
    property: str = ""  # only of lines of which the customer chose this: engraving


class LeaveState(Command):
    """Take units out of an item state, back to the core state that it refines."""

    state: str
    line: int = 0


class StateEntered(Event):
    """Units are in an item state."""

    state: str  # as tallies have it: allocated.engraving
    units: dict[int, Units]


class StateLeft(Event):
    """Units are back in the core state."""

    state: str
    units: dict[int, Units]


def enter_state(order: Order, command: EnterState, context: Context) -> list[Event]:
    """Refused if the state is not declared, or no unit is in the core state that it refines."""
    state = _declared(context, command.state)
    units = _units(order, state.refines, command.line)
    if command.property:
        units = {n: here for n, here in units.items() if command.property in order.lines[n - 1].properties}
    if not units:
        raise Refused(Refusal.UNITS_NOT_THERE, f"none with {command.property} is {state.refines}")
    return [StateEntered(state.state, units)]


def leave_state(order: Order, command: LeaveState, context: Context) -> list[Event]:
    """Refused if the state is not declared, or no unit is in it."""
    state = _declared(context, command.state)
    return [StateLeft(state.state, _units(order, state.state, command.line))]


def _declared(context: Context, name: str) -> ItemState:
    state = context.workflow.item_states.get(name)
    if state is None:
        raise Refused(Refusal.ITEM_STATE_UNKNOWN, name)
    return state


def _units(order: Order, state: str, number: int) -> dict[int, Units]:
    if number and line_of(order, number) is None:
        raise Refused(Refusal.LINE_NOT_FOUND, str(number))
    units = {
        line.number: line.tally[state] for line in order.lines if number in (0, line.number) and state in line.tally
    }
    if not units:
        raise Refused(Refusal.UNITS_NOT_THERE, f"none is {state}")
    return units


def evolve_entered(order: Order, event: StateEntered, at_s: int) -> Order:
    """The units are in the item state."""
    return moved(order, event.state.partition(".")[0], event.state, event.units)


def evolve_left(order: Order, event: StateLeft, at_s: int) -> Order:
    """The units are in the core state again."""
    return moved(order, event.state, event.state.partition(".")[0], event.units)


def finished_by_people(order: Order) -> list[Command]:
    """Somebody is done with what an item state stands for: the engraving, the wrapping."""
    states = {state for line in order.lines for state in line.tally if "." in state}
    return [LeaveState(state.partition(".")[2]) for state in sorted(states)]


DECISIONS = {EnterState: enter_state, LeaveState: leave_state}
EVOLUTIONS = {StateEntered: evolve_entered, StateLeft: evolve_left}
UNPROMPTED = {"person": finished_by_people}
