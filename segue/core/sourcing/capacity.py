"""Capacity: how much a location takes on in one of its days. Counted by allocations, kept by the store."""

from collections.abc import Mapping, Sequence

from segue.core.days import Load, LoadChange
from segue.core.facts import Facts, Location
from segue.core.order import Order
from segue.core.sourcing.goods import UNLIMITED, Room
from segue.core.tally import size

Day = tuple[str, int]  # location, number of its day


def rooms(order: Order, locations: list[Location], facts: Facts) -> dict[str, Room]:
    """What these locations still have room for today. An order that a location has already is not counted again."""
    taken = facts.loads(locations)
    own = loads_of(order)
    return {each.id: room_of(each, taken[each.id], (each.id, each.day_of(facts.now_s)) in own) for each in locations}


def room_of(location: Location, taken: Load, is_known: bool = False) -> Room:
    """What a location has room for on a day of which so much is taken. `is_known`: the order is one of those counted."""
    most = location.capacity
    assert most is not None, "only locations with a capacity are asked"
    orders = UNLIMITED if most.orders is None else most.orders - taken.orders + is_known
    lines = UNLIMITED if most.lines is None else most.lines - taken.lines
    units = UNLIMITED if most.units is None else most.units - taken.units
    return Room(orders, lines, units)


def full(location: Location, facts: Facts) -> str:
    """What of a location's capacity is used up, in words."""
    taken, most = facts.loads([location])[location.id], location.capacity
    counts = [(name, getattr(taken, name), getattr(most, name)) for name in ("orders", "lines", "units")]
    return ", ".join(f"{used} of {limit} {name} today" for name, used, limit in counts if limit is not None)


def loads_of(order: Order) -> dict[Day, Load]:
    """What an order takes of the days of locations: of each one order, and the lines and units that come from there."""
    lines: dict[Day, set[int]] = {}
    units: dict[Day, int] = {}
    for fulfillment in order.fulfillments.values():
        if fulfillment.day is not None and fulfillment.units:
            key = (fulfillment.origin or fulfillment.location, fulfillment.day)
            lines.setdefault(key, set()).update(fulfillment.units)
            units[key] = units.get(key, 0) + sum(map(size, fulfillment.units.values()))
    return {key: Load(1, len(lines[key]), count) for key, count in units.items()}


def load_changes(before: Order, after: Order, locations: Mapping[str, Location]) -> Sequence[LoadChange]:
    """How the days of locations change with an event: what it allocates, and what it gives back."""
    if not [1 for each in (*before.fulfillments.values(), *after.fulfillments.values()) if each.day is not None]:
        return ()
    had, has = loads_of(before), loads_of(after)
    none = Load()
    changes = []
    for key in sorted({*had, *has}):
        old, new = had.get(key, none), has.get(key, none)
        if old != new:
            difference = Load(new.orders - old.orders, new.lines - old.lines, new.units - old.units)
            place = locations.get(key[0])
            changes.append(LoadChange(*key, difference, place.capacity if place else None))
    return changes
