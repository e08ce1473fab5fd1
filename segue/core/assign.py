"""Assign: a person says where goods come from. No rule and no other location is asked; stock and capacity count."""

from msgspec.structs import replace

from segue.core.allocate import allocated_now
from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.bundle_units import with_bundles
from segue.core.context import Context, refuse_if_held
from segue.core.deallocate import UnitsDeallocated, evolve_deallocated, given_back
from segue.core.order import Line, Order, line_of, units_in
from segue.core.tally import WAITING, Units, common


class AssignLocation(Command):
    """Say where a line comes from, or all lines; without a location the rules decide again."""

    location: str = ""
    line: int = 0  # 0: all lines
    reason: str = ""


class LocationAssigned(Event):
    """These lines are to come from this location and no other; or, without one, from wherever the rules say."""

    lines: tuple[int, ...]
    location: str = ""
    reason: str = ""


def assign_location(order: Order, command: AssignLocation, context: Context) -> list[Event]:
    """What is allocated elsewhere is given back, and it and what waits for stock is allocated anew.

    Refused if no unit can be placed any more, the location is not known, or a hold keeps units from being allocated.
    """
    if command.line and line_of(order, command.line) is None:
        raise Refused(Refusal.LINE_NOT_FOUND, str(command.line))
    if command.location and command.location not in context.facts.locations:
        raise Refused(Refusal.LOCATION_UNKNOWN, command.location)
    together = with_bundles(order, (command.line,))
    lines = tuple(n for n in units_in(order, *WAITING, "allocated") if command.line == 0 or n in together)
    if not lines:
        raise Refused(Refusal.UNITS_NOT_THERE, "nothing of it can come from elsewhere any more")
    elsewhere = _elsewhere(order, lines, command.location)
    assigned = LocationAssigned(lines, command.location, command.reason, because=Because("by_hand"))
    after = order
    for event in elsewhere:
        after = evolve_deallocated(after, event, context.now_s)
    after = evolve_assigned(after, assigned, context.now_s)
    anew = {event_line for event in elsewhere for event_line in event.units} | {*units_in(order, "backordered")}
    waiting = {
        number: units for number, units in units_in(after, *WAITING).items() if number in anew and number in lines
    }
    if waiting:
        refuse_if_held(order, context, "allocate")
    return [*elsewhere, assigned, *(allocated_now(after, waiting, context, elsewhere) if waiting else ())]


def _elsewhere(order: Order, lines: tuple[int, ...], location: str) -> list[UnitsDeallocated]:
    """What other locations, or by the rules any, have to give back of these lines."""
    allocated = units_in(order, "allocated")
    found: dict[str, dict[int, Units]] = {}
    for name, fulfillment in order.fulfillments.items():
        if fulfillment.location != location:
            units: dict[int, Units] = {
                number: here
                for number, held in fulfillment.units.items()
                if number in lines and (here := common(held, allocated.get(number, ())))
            }
            if units:
                found[name] = units
    return given_back(order, found)


def _named(line: Line) -> str:
    """The location that its channel has named for a line, whoever has named another since."""
    return line.named if line.by_hand else line.location


def evolve_assigned(order: Order, event: LocationAssigned, at_s: int) -> Order:
    """The lines say where they come from; that it could not deliver them before does not count any more."""
    lines = [
        replace(
            line,
            location=event.location or _named(line),
            named=_named(line),
            by_hand=bool(event.location),
            excluded=tuple(name for name in line.excluded if name != event.location),
        )
        if line.number in event.lines
        else line
        for line in order.lines
    ]
    return replace(order, lines=tuple(lines))


DECISIONS = {AssignLocation: assign_location}
EVOLUTIONS = {LocationAssigned: evolve_assigned}
