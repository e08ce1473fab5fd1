"""Redating: the catalog says another street date of what was ordered, and open orders follow it.

What was not released yet is held at once: stock that a location was to give before the new day is given back, and the
units wait for that day. The customer hears of it once, when the date has been quiet for a while, however often it is moved.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from segue.core.base import Because, Command, Event
from segue.core.bundle_units import Found
from segue.core.context import Context
from segue.core.deallocate import evolve_deallocated, given_back
from segue.core.order import Line, Order, units_in
from segue.core.street import (
    StreetDateCome,
    StreetDateMoved,
    early_of,
    evolve_moved,
    is_early,
    last_opens_s,
    opens_s,
    preordered,
)
from segue.core.street_dates import NOWHERE, untold_lines, waiting_lines
from segue.core.tally import WAITING, Units, common, in_state
from segue.core.workflow import HOLD_ALL

UNRELEASED = (*WAITING, "allocated")  # no location was asked for these


class FollowStreetDate(Command):
    """The catalog may say another street date: what was not released follows it. Of one SKU, or of all."""

    sku: str = ""


class StreetDateSaid(Event):
    """The street dates of these lines are not those that the customer knows, and no date was moved for a while."""

    lines: dict[int, str]


def follow_street_date(order: Order, command: FollowStreetDate, context: Context) -> list[Event]:
    """Nothing happens if the catalog says of nothing that was not released another day than the order."""
    lines = [line for line in order.lines if command.sku in ("", line.sku) and not line.kind and _is_here(line)]
    moved = _moved(lines, context)
    if not moved:
        return []
    event = StreetDateMoved(moved)
    order = evolve_moved(order, event, context.now_s)
    early = early_of(order, units_in(order, *UNRELEASED), context)
    back = given_back(order, _too_early(order, moved, early, context), Because("street_date", _told(moved)))
    for each in back:
        order = evolve_deallocated(order, each, context.now_s)
    bare = {number: units for number, units in units_in(order, "new", "backordered").items() if number in early}
    come = tuple(
        line.number for line in waiting_lines(order) if line.number in moved and not is_early(line, order, context)
    )
    return [event, *back, *(preordered(order, bare) if bare else ()), *([StreetDateCome(come)] if come else ())]


def _is_here(line: Line) -> bool:
    return any(in_state(line.tally, state) for state in UNRELEASED)


def _told(moved: dict[int, str]) -> dict[str, str]:
    return {str(number): day for number, day in moved.items()}


def _moved(lines: Iterable[Line], context: Context) -> dict[int, str]:
    """By line, its other day. One that has begun everywhere is news only for a line that waits for one."""
    known = list(lines)
    items = context.facts.listed(frozenset(line.sku for line in known)) if known else {}
    found: dict[int, str] = {}
    for line in known:
        item = items[line.sku]
        if item is None or item.street_date == line.street_date:
            continue
        day, is_waiting = item.street_date, line.street_date and not line.is_out
        if is_waiting or (day and last_opens_s(day, context.facts) > context.now_s):
            found[line.number] = day
    return found


def _too_early(order: Order, moved: dict[int, str], early: dict[int, Units], context: Context) -> dict[str, Found]:
    """What locations were to give before the day begins there; all of it, if nothing leaves before all is there."""
    waits_for_all = bool(early) and context.workflow.mixed_cart == HOLD_ALL
    allocated, found = units_in(order, "allocated"), dict[str, Found]()
    for name, made in order.fulfillments.items():
        place = context.facts.locations.get(made.location, NOWHERE)
        units: Found = {}
        for number, some in made.units.items():
            here, day = common(some, allocated.get(number, ())), order.lines[number - 1].street_date
            is_barred = number in moved and day and context.now_s < opens_s(day, place, order, context)
            if here and (waits_for_all or number in early or is_barred):
                units[number] = here
        if units:
            found[name] = units
    return found


def quiet_ends_s(order: Order, context: Context) -> int | None:
    """When the customer is to hear of the street dates that were moved; None: there are none that units wait for."""
    moved = [order.redated[line.number][1] for line in untold_lines(order)]
    return max(moved) + context.workflow.quiet_s if moved else None


def street_dates_said(order: Order, context: Context) -> list[Event]:
    """The street dates that the customer does not know, as soon as it was quiet for a while."""
    ends_s = quiet_ends_s(order, context)
    if ends_s is None or context.now_s < ends_s:
        return []
    return [StreetDateSaid({line.number: line.street_date for line in untold_lines(order)})]


def evolve_said(order: Order, event: StreetDateSaid, at_s: int) -> Order:
    """The customer knows them."""
    return replace(order, redated={})


DECISIONS = {FollowStreetDate: follow_street_date}
EVOLUTIONS = {StreetDateSaid: evolve_said}
