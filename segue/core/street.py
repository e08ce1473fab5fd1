"""Street dates: an article may not leave before a day. Until then its units are preordered, whether there is stock or not.

The day begins at midnight by the clock of the location that sends, or, if the workflow says so, as much earlier as a parcel
is under way. Which day it is is on the line since it was ordered, and follows the catalog until the day has come.
"""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from segue.core.base import Because, Command, Event
from segue.core.calendar import DAY_S
from segue.core.context import Context
from segue.core.delivery import promised
from segue.core.draft import Draft
from segue.core.facts import Facts, Location
from segue.core.moving import moved_from
from segue.core.order import Line, Order
from segue.core.street_dates import HELD_BACK, NOWHERE, begins_s, waiting_lines
from segue.core.tally import Units, in_state
from segue.core.workflow import SHIP_SO_THAT_IT_ARRIVES

AHEAD_S = 60 * DAY_S  # so long before a street date a parcel leaves at most
ALIKE = ("new", "backordered")  # these become preordered


class UnitsPreordered(Event):
    """These units wait for the street date of their article."""

    units: dict[int, Units]


class StreetDateMoved(Event):
    """The catalog says another street date of these lines: the day, or nothing if there is none any more."""

    lines: dict[int, str]


class StreetDateCome(Event):
    """Units of these lines may leave now. The workflow says what follows."""

    lines: tuple[int, ...]


def with_street_dates(draft: Draft, context: Context) -> Draft:
    """A draft whose lines say the street dates that are still to come, as far as the catalog's entries are known."""
    items = context.facts.items
    dates: dict[int, str] = {}
    for position, line in enumerate(draft.lines):
        item = items.get(line.sku)
        if item is not None and item.street_date and not item.kind:
            dates[position] = item.street_date
    if not dates:
        return draft
    coming = {position: day for position, day in dates.items() if last_opens_s(day, context.facts) > context.now_s}
    if not coming:
        return draft
    lines = [
        replace(line, street_date=coming[position]) if position in coming else line
        for position, line in enumerate(draft.lines)
    ]
    return replace(draft, lines=tuple(lines))


def last_opens_s(day: str, facts: Facts) -> int:
    """When a day has begun at every location."""
    return max(begins_s(day, place, facts) for place in (NOWHERE, *facts.locations.values()))


def opens_s(day: str, location: Location, order: Order, context: Context) -> int:
    """From when on a location may be asked for what has this street date: so that it leaves, or arrives, no earlier."""
    day_s = begins_s(day, location, context.facts)
    if context.workflow.street_date != SHIP_SO_THAT_IT_ARRIVES or _arrives_s(location, order, context, day_s) is None:
        return day_s
    early_s, late_s = day_s - AHEAD_S, day_s
    while late_s - early_s > 1:  # what is asked for later does not arrive sooner
        middle_s = (early_s + late_s) // 2
        arrives_s = _arrives_s(location, order, context, middle_s)
        early_s, late_s = (middle_s, late_s) if arrives_s is not None and arrives_s < day_s else (early_s, middle_s)
    return late_s


def _arrives_s(location: Location, order: Order, context: Context, at_s: int) -> int | None:
    made = promised(location, order, context.facts, at_s)
    return made.deliver_from_s if made else None


def openings(line: Line, order: Order, context: Context) -> dict[str, int]:
    """By location, from when on it may be asked for units of a line that has a street date."""
    places = [place for place in context.facts.locations.values() if place.active]
    return {place.id: opens_s(line.street_date, place, order, context) for place in places}


def is_early(line: Line, order: Order, context: Context) -> bool:
    """Whether no location may be asked for units of this line yet."""
    if not line.street_date or line.is_out:
        return False
    first_s = min(openings(line, order, context).values(), default=begins_s(line.street_date, NOWHERE, context.facts))
    return context.now_s < first_s


def early_of(order: Order, units: dict[int, Units], context: Context) -> dict[int, Units]:
    """Those of these units whose street date has not come, with the parts of bundles that go with them."""
    lines = order.lines
    found = {n for n in units if lines[n - 1].street_date and is_early(lines[n - 1], order, context)}
    if not found:
        return {}
    for bundle in order.bundles.values():
        if bundle.rules.ship != "independently" and not found.isdisjoint(bundle.parts):
            found.update(bundle.parts)
    return {number: held for number, held in units.items() if number in found}


def barred(order: Order, numbers: Iterable[int], context: Context) -> dict[tuple[int, str], str]:
    """Which locations may not give units of these lines yet, and why: where they are, the day has not come."""
    found: dict[tuple[int, str], str] = {}
    for number in numbers:
        line = order.lines[number - 1]
        if line.street_date:
            for place, at_s in openings(line, order, context).items():
                if context.now_s < at_s:
                    found[number, place] = f"street_date: not before {line.street_date}"
    return found


def preordered_at_once(order: Order, context: Context) -> list[Event]:
    """The units of a new order whose street date is still to come."""
    units: dict[int, Units] = {}
    for line in order.lines:
        if line.street_date and is_early(line, order, context) and (new := in_state(line.tally, "new")):
            units[line.number] = new
    return preordered(order, units) if units else []


def preordered(order: Order, units: dict[int, Units]) -> list[Event]:
    """These units wait for their street date."""
    dates = {str(number): order.lines[number - 1].street_date for number in units}
    return [UnitsPreordered(units, because=Because("street_date", dates))]


def street_dates_seen(order: Order, context: Context) -> list[Event]:
    """What of street dates is another than was known, and which have come: for units that wait for them."""
    waiting = waiting_lines(order)
    if not waiting:
        return []
    items = context.facts.listed(frozenset(line.sku for line in waiting))
    moved: dict[int, str] = {}
    for line in waiting:
        item = items[line.sku]
        if item is not None and item.street_date != line.street_date:
            moved[line.number] = item.street_date
    events: list[Event] = [StreetDateMoved(moved)] if moved else []
    known = [replace(line, street_date=moved.get(line.number, line.street_date)) for line in waiting]
    if come := tuple(line.number for line in known if not is_early(line, order, context)):
        events.append(StreetDateCome(come))
    return events


def next_opening(order: Order, context: Context) -> int | None:
    """The next instant at which a location may be asked for units that it could not be asked for before."""
    return min(openings_of(order, context), default=None)


def openings_of(order: Order, context: Context) -> list[int]:
    """The instants still to come from which on a location may be asked for units that it may not be asked for yet."""
    found: set[int] = set()
    for line in order.lines:
        if line.street_date and any(in_state(line.tally, state) for state in (*HELD_BACK, "backordered")):
            found.update(openings(line, order, context).values())
            found.add(begins_s(line.street_date, NOWHERE, context.facts))
    return sorted(at_s for at_s in found if at_s > context.now_s)


def evolve_preordered(order: Order, event: UnitsPreordered, at_s: int) -> Order:
    """The units wait for a day, not for stock."""
    return moved_from(order, ALIKE, "preordered", event.units)


def evolve_moved(order: Order, event: StreetDateMoved, at_s: int) -> Order:
    """The lines have the other date. What was expected was for the one before, which the customer may know still."""
    untold = order.redated.copy()
    for number, day in event.lines.items():
        told, _ = untold.pop(number, (order.lines[number - 1].street_date, 0))
        if told != day:
            untold[number] = (told, at_s)
    expected = {number: known for number, known in order.expected.items() if number not in event.lines}
    lines: dict[int, dict[str, str | bool]] = {
        number: {"street_date": day, "is_out": False} for number, day in event.lines.items()
    }
    return replace(_changed(order, lines), redated=untold, expected=expected)


def evolve_come(order: Order, event: StreetDateCome, at_s: int) -> Order:
    """It was said. Nobody has to hear any more that it was another day once."""
    untold = {number: told for number, told in order.redated.items() if number not in event.lines}
    return replace(_changed(order, {number: {"is_out": True} for number in event.lines}), redated=untold)


def _changed(order: Order, lines: dict[int, dict[str, str | bool]]) -> Order:
    return replace(order, lines=tuple(replace(line, **lines.get(line.number, {})) for line in order.lines))


DECISIONS: dict[type[Command], Callable[..., list[Event]]] = {}  # others' commands lead to these events
EVOLUTIONS = {
    UnitsPreordered: evolve_preordered,
    StreetDateMoved: evolve_moved,
    StreetDateCome: evolve_come,
}
EFFECTS = {UnitsPreordered: {"preordered": ALIKE}}
