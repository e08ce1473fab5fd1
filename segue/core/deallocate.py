"""Deallocate: stock that was set aside for units and not released is given back."""

from collections.abc import Mapping

from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.bundle_units import (
    Found,
    complete,
    joined,
    left_alone,
    packed_units,
    parts_of,
    rest_of,
    with_packed,
    without,
)
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
    found: dict[str, Found] = {}
    for name, fulfillment in reversed(order.fulfillments.items()):
        if command.location in ("", fulfillment.location):
            units, count = _some(order, fulfillment, command.sku, left)
            left -= count
            if units:
                found[name] = units
    return [*given_back(order, dict(reversed(found.items())), because)]


def given_back(order: Order, found: Mapping[str, Found], because: Because | None = None) -> list[UnitsDeallocated]:
    """These units of fulfillments are given back, and with them what is set aside for the same bundles."""
    if order.bundles:
        found = _with_bundles(order, found)
    places = order.fulfillments
    return [UnitsDeallocated(name, places[name].location, units, because=because) for name, units in found.items()]


def given_back_with(order: Order, units: Found) -> list[UnitsDeallocated]:
    """What is set aside elsewhere for bundles of which these units, which a location could not give, are missing now."""
    rest = left_alone(order, units, units_in(order, *ASIDE))
    found = {name: here for name, each in order.fulfillments.items() if (here := _shared(each.units, rest))}
    return given_back(order, found, Because("bundle_incomplete")) if found else []


def _with_bundles(order: Order, found: Mapping[str, Found]) -> dict[str, Found]:
    """Nothing of a bundle that is held whole, or lies ready packed, is given back alone."""
    aside = units_in(order, *ASIDE)
    units = joined(*(with_packed(order, order.fulfillments[name], some) for name, some in found.items()))
    while more := rest_of(order, units, aside):
        units = joined(units, more, *(with_packed(order, each, more) for each in order.fulfillments.values()))
    every = {name: _shared(each.units, units) for name, each in order.fulfillments.items()}
    return {name: some for name, some in every.items() if some}


def torn(order: Order, units: Mapping[int, Units]) -> dict[str, Found]:
    """The ready packed bundles of which only a part is among these units, by fulfillment: they are opened first.

    Refused where one of them waits for its customer already.
    """
    ready = units_in(order, "ready")
    found: dict[str, Found] = {}
    for name, fulfillment in order.fulfillments.items():
        here = _shared(fulfillment.units, units)
        if whole := without(with_packed(order, fulfillment, here), here):
            opened = with_packed(order, fulfillment, whole)
            if _shared(opened, ready):
                raise Refused(Refusal.BUNDLE_BROKEN, f"ready packed bundles of {name} wait for the customer")
            found[name] = opened
    return found


def _shared(held: Mapping[int, Units], units: Mapping[int, Units]) -> Found:
    return {number: here for number, some in held.items() if (here := common(some, units.get(number, ())))}


def set_aside(order: Order, sku: str, location: str) -> int:
    """How many units of a SKU the order has reserved or allocated at a location, and not asked it to ship."""
    places = [each for each in order.fulfillments.values() if each.location == location]
    return sum(_some(order, each, sku, UNITS_MAX)[1] for each in places)


def _some(order: Order, fulfillment: Fulfillment, sku: str, most: int) -> tuple[Found, int]:
    """What is set aside of a SKU, at most so many of it, and how many: the last lines go first."""
    units = _shared(fulfillment.units, units_in(order, *ASIDE))
    found: Found = {}
    left = most
    if fulfillment.packed and sku:
        for key, numbers in fulfillment.packed.items():
            bundle = order.bundles[key]
            ready = lowest(common(complete(bundle, units), numbers), left)
            if bundle.sku == sku and ready:
                found = joined(found, parts_of(bundle, ready))
                left -= size(ready)
        units = without(units, packed_units(order, fulfillment))
    for number in reversed(units):
        if sku in ("", order.lines[number - 1].sku) and (some := lowest(units[number], left)):
            found[number] = some
            left -= size(some)
    return found, most - left


def evolve_deallocated(order: Order, event: UnitsDeallocated, at_s: int) -> Order:
    """The units are new again, and no longer the fulfillment's."""
    return without_units(moved_from(order, ASIDE, "new", event.units), event.units)


DECISIONS = {Deallocate: deallocate}
EVOLUTIONS = {UnitsDeallocated: evolve_deallocated}
EFFECTS = {UnitsDeallocated: {"new": ASIDE}}
