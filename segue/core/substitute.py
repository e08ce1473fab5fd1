"""Substitute: another article takes the place of one that is not there, in the order of a list, if the customer agrees.

What was agreed on stays: units, price and taxes of the line are those that it was sold with, to the cent. Only a line of
which nothing is allocated or has left changes as a whole, so that its units and its money never say two things.
"""

from msgspec.structs import replace

from segue.core.allocate import allocated_now
from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.context import Context, refuse_if_held
from segue.core.facts import Item
from segue.core.hold import held_lines
from segue.core.order import Line, Order, line_of, units_in
from segue.core.sourcing import plan
from segue.core.tally import Units, core_state, size

CONSENT = "substitution"  # the property of a line that says whether the customer agrees
AGREED = ("yes", "true")
REPLACEABLE = ("backordered", "canceled")  # the states of a line that may become another article


class Substitute(Command):
    """Give lines that wait for stock the first article of their list that could be allocated, if the customer agrees."""

    line: int = 0  # 0: every line that waits
    agreed: bool = False  # the customer has agreed, where the line does not say


class LineSubstituted(Event):
    """Another article takes the place of the one that was to be sent. What is paid for the line stays."""

    line: int
    sku: str
    was: str  # the one that it takes the place of
    units: Units
    title: str = ""


def substitute(order: Order, command: Substitute, context: Context) -> list[Event]:
    """The lines that may be something else become it, and all that is backordered is allocated. None may: nothing happens.

    Refused while a hold keeps units from being allocated; and for a line that is named, if it cannot be replaced.
    """
    refuse_if_held(order, context, "allocate")
    if command.line:
        _refuse_if_whole(line_of(order, command.line), command)
    backordered = units_in(order, "backordered")
    blocked, held = held_lines(order, backordered, "allocate", context)
    waiting = {number: units for number, units in backordered.items() if number not in held}
    made: list[LineSubstituted] = []
    after = order
    for number in waiting:
        line = order.lines[number - 1]
        if command.line in (0, number) and _agrees(line, command) and _is_whole(line):
            found = _found(after, line, waiting, [event.line for event in made], context)
            if isinstance(found, LineSubstituted):
                made.append(found)
                after = evolve_substituted(after, found, context.now_s)
            elif command.line:
                why = ", ".join(f"{sku}: {why}" for sku, why in found.items())
                raise Refused(Refusal.NO_SUBSTITUTE, why or "the catalog names none")
    return [*blocked, *made, *(allocated_now(after, waiting, context) if made else ())]


def _refuse_if_whole(line: Line | None, command: Substitute) -> None:
    """Refused with what keeps this very line from becoming another article."""
    if line is None:
        raise Refused(Refusal.LINE_NOT_FOUND, str(command.line))
    if not _is_whole(line):
        states = ", ".join(state for state in line.tally if core_state(state) not in REPLACEABLE)
        raise Refused(Refusal.UNITS_NOT_THERE, f"units of line {line.number} are {states or 'all canceled'}")
    if not _agrees(line, command):
        raise Refused(Refusal.NOT_AGREED, f"line {line.number}")


def _is_whole(line: Line) -> bool:
    """Whether all that is left of the line waits for stock."""
    states = {core_state(state) for state in line.tally}
    return "backordered" in states and states.issubset(REPLACEABLE)


def _agrees(line: Line, command: Substitute) -> bool:
    """What the customer has said counts first; where nothing is said, what whoever asks says of it."""
    said = line.properties.get(CONSENT, "")
    return said.lower() in AGREED if said else command.agreed


def _found(
    order: Order, line: Line, waiting: dict[int, Units], made: list[int], context: Context
) -> LineSubstituted | dict[str, str]:
    """The line as the first article of its list that locations can give in full, beside those before; or why as none."""
    first = line.was or line.sku
    sold = context.facts.listed(frozenset((first,)))[first] or Item(first)
    names = [sku for sku in sold.substitutes if sku != line.sku]
    if names and _is_met(order, waiting, [*made, line.number], context):
        return {line.sku: "it is there itself"}
    items = context.facts.listed(frozenset(names))
    units = waiting[line.number]
    agreed = "by the order" if CONSENT in line.properties else f"by {context.actor}"
    passed_over: dict[str, str] = {}
    for sku in names:
        item = items[sku]
        held = context.facts.free(frozenset((sku,)), order.channel)[sku]
        free = sum([max(0, count) for count in held.values()])
        if item is None or item.tax_class != sold.tax_class:
            passed_over[sku] = "taxed otherwise" if item else "not in the catalog"
        elif free < size(units):
            passed_over[sku] = f"{free} free of {size(units)}"
        else:
            because = Because("substitute", {"wanted": size(units), "free": free, "agreed": agreed}, dict(passed_over))
            event = LineSubstituted(
                line=line.number, sku=sku, was=line.sku, units=units, title=item.title, because=because
            )
            if _is_met(evolve_substituted(order, event, context.now_s), waiting, [*made, line.number], context):
                return event
            passed_over[sku] = f"{free} free, and no location can give {size(units)}"
    return passed_over


def _is_met(order: Order, waiting: dict[int, Units], lines: list[int], context: Context) -> bool:
    """Whether all that waits of these lines would be allocated now, by the plan that is made right after."""
    found = dict.fromkeys(lines, 0)
    for parcel in plan(order, {number: size(units) for number, units in waiting.items()}, context, {}).parcels:
        for number in found.keys() & parcel.units:
            found[number] += parcel.units[number]
    return all(count == size(waiting[number]) for number, count in found.items())


def evolve_substituted(order: Order, event: LineSubstituted, at_s: int) -> Order:
    """The line is the other article, and remembers what was ordered. What was expected for it was for the one before."""
    before = order.lines[event.line - 1]
    ordered = (before.was, before.was_title) if before.was else (before.sku, before.title)
    after = replace(before, sku=event.sku, title=event.title, was=ordered[0], was_title=ordered[1], street_date="")
    lines = (*order.lines[: event.line - 1], after, *order.lines[event.line :])
    expected = {number: known for number, known in order.expected.items() if number != event.line}
    return replace(order, lines=lines, expected=expected)


DECISIONS = {Substitute: substitute}
EVOLUTIONS = {LineSubstituted: evolve_substituted}
