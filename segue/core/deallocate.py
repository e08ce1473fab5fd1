"""Deallocate: stock that was set aside for units and not released is given back."""

from segue.core.base import Because, Command, Event
from segue.core.context import Context
from segue.core.moving import moved_from, without_units
from segue.core.order import Fulfillment, Order, units_in
from segue.core.tally import Units, common, lowest, size

UNITS_MAX = 2**62
ASIDE = ("reserved", "allocated")  # stock is set aside for these, and no location was asked to ship


class Deallocate(Command):
    """Give back the stock that is set aside and not released: all of it, or some units of a SKU at a location.

    Because the order keeps others from it and is not paid; or because less is there than was thought.
    """

    sku: str = ""  # none: all
    location: str = ""
    units: int = 0  # at most so many; 0: all
    reason: str = ""


class UnitsDeallocated(Event):
    """Stock that a location was to give is free again; the units are new."""

    fulfillment: str
    location: str
    units: dict[int, Units]


def deallocate(order: Order, command: Deallocate, context: Context) -> list[Event]:
    """What is reserved or allocated, at each location; or some of it. Nothing is set aside: nothing happens."""
    because = Because(command.reason) if command.reason else None
    left = command.units or UNITS_MAX
    events: list[Event] = []
    for name, fulfillment in reversed(order.fulfillments.items()):
        if command.location in ("", fulfillment.location):
            units = _some(_set_aside(order, fulfillment, command.sku), left)
            left -= sum(map(size, units.values()))
            if units:
                events.append(UnitsDeallocated(name, fulfillment.location, units, because=because))
    return events[::-1]


def set_aside(order: Order, sku: str, location: str) -> int:
    """How many units of a SKU the order has reserved or allocated at a location, and not asked it to ship."""
    return sum(
        size(units)
        for fulfillment in order.fulfillments.values()
        if fulfillment.location == location
        for units in _set_aside(order, fulfillment, sku).values()
    )


def _set_aside(order: Order, fulfillment: Fulfillment, sku: str) -> dict[int, Units]:
    aside = units_in(order, *ASIDE)
    return {
        number: here
        for number, held in fulfillment.units.items()
        if sku in ("", order.lines[number - 1].sku) and (here := common(held, aside.get(number, ())))
    }


def _some(units: dict[int, Units], most: int) -> dict[int, Units]:
    """So many of these units: the last lines go first."""
    found: dict[int, Units] = {}
    for number in reversed(units):
        if some := lowest(units[number], min(most, size(units[number]))):
            found[number] = some
            most -= size(some)
    return found


def evolve_deallocated(order: Order, event: UnitsDeallocated, at_s: int) -> Order:
    """The units are new again, and no longer the fulfillment's."""
    return without_units(moved_from(order, ASIDE, "new", event.units), event.units)


DECISIONS = {Deallocate: deallocate}
EVOLUTIONS = {UnitsDeallocated: evolve_deallocated}
EFFECTS = {UnitsDeallocated: {"new": ASIDE}}
