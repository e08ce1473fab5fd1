"""What stored orders say of their bundles: those of which only a part is held, and what is ready packed in stock.

Of each line the units belong to one bundle after the other; here they are counted in bundles, as ranges.
"""

from collections.abc import Iterator, Mapping

from segue.store.audit_orders import Bundle, Order, Ranges

WAITS = ("new", "preordered", "backordered")
ASIDE = ("reserved", "allocated")
HOLDING = (*ASIDE, "released", "ready")
ONE_PLACE = ("together", "one_location")
HELD_WHOLE = (*ONE_PLACE, "whole")

Half = tuple[str, int, str]  # the key of a bundle, the first of which this holds, what is wrong
Packed = tuple[str, str, int, int]  # SKU, location, held, shipped: of a bundle, and, taken away, of its parts


def halves(order: Order) -> Iterator[Half]:
    """The bundles that are held in part only, or not where they should be."""
    for key, bundle in order.bundles.items():
        if bundle.rules.ship in HELD_WHOLE and not _is_within(order, bundle):
            yield from _half_of(order, key, bundle)
    for name, given in order.fulfillments.items():
        for key, numbers in given.packed.items():
            if left := _counted(numbers) - _complete(order.bundles.get(key), given.units):
                yield key, min(left), f"ready packed in {name}, and not all of it is there"


def _is_within(order: Order, bundle: Bundle) -> bool:
    """Whether it is part of one that is held whole: what is left of that, once a part has left, stands for itself."""
    while bundle.inside in order.bundles:
        bundle = order.bundles[bundle.inside]
        if bundle.rules.ship in HELD_WHOLE:
            return True
    return False


def _half_of(order: Order, key: str, bundle: Bundle) -> Iterator[Half]:
    states: dict[str, set[int]] = {}
    for number, per in bundle.parts.items():
        for state, ranges in order.lines[number - 1].tally.items():
            states.setdefault(state.partition(".")[0], set()).update(_bundles(ranges, per))
    firm = {*ASIDE, "released"} if bundle.rules.ship == "together" else {*ASIDE}
    others = set().union(*(some for state, some in states.items() if state not in firm and state not in WAITS))
    held = set().union(*(states.get(state, set()) for state in firm))
    waits = set().union(*(states.get(state, set()) for state in WAITS))
    if half := (held & waits) - others:
        yield key, min(half), "a part of it is held, another waits"
    if bundle.rules.ship in ONE_PLACE:
        yield from _apart(order, key, bundle, held - others)


def _apart(order: Order, key: str, bundle: Bundle, whole: set[int]) -> Iterator[Half]:
    """Those of these whose parts are in several places, or parcels."""
    by_place: dict[str, set[int]] = {}
    for name, given in order.fulfillments.items():
        place = name if bundle.rules.ship == "together" else given.location
        for number, per in bundle.parts.items():
            by_place.setdefault(place, set()).update(_bundles(given.units.get(number, ()), per) & whole)
    seen: set[int] = set()
    for place, here in by_place.items():
        if twice := seen & here:
            yield key, min(twice), f"a part of it is in {place}, another elsewhere"
        seen |= here


def packed_in(order: Order) -> Iterator[Packed]:
    """What is ready packed: so many of the bundle's SKU, and so many fewer of its parts' than units say."""
    for name, given in order.fulfillments.items():
        for key, numbers in given.packed.items():
            if bundle := order.bundles.get(key):
                ready = _counted(numbers)
                held = len(ready & _held(order, bundle, given.units))
                left = [each.units for each in order.shipments.values() if each.fulfillment == name]
                shipped = sum([len(ready & _complete(bundle, units)) for units in left])
                yield bundle.sku, given.location, held, shipped
                for number, per in bundle.parts.items():
                    yield order.lines[number - 1].sku, given.location, -held * per, -shipped * per


def _held(order: Order, bundle: Bundle, units: Mapping[int, Ranges]) -> set[int]:
    """The bundles of which any unit of these holds stock."""
    found: set[int] = set()
    for number, per in bundle.parts.items():
        here = _counted(units.get(number, ()))
        for state, ranges in order.lines[number - 1].tally.items():
            if state.partition(".")[0] in HOLDING:
                found |= {(unit - 1) // per + 1 for unit in here & _counted(ranges)}
    return found


def _complete(bundle: Bundle | None, units: Mapping[int, Ranges]) -> set[int]:
    """The bundles of which all units are among these."""
    if bundle is None:
        return set()
    found: set[int] | None = None
    for number, per in bundle.parts.items():
        there = _counted(units.get(number, ()))
        here = {one for one in {(unit - 1) // per + 1 for unit in there} if _all_of(one, per) <= there}
        found = here if found is None else found & here
    return found or set()


def _all_of(one: int, per: int) -> set[int]:
    return set(range((one - 1) * per + 1, one * per + 1))


def _counted(ranges: Ranges) -> set[int]:
    return {unit for first, last in ranges for unit in range(first, last + 1)}


def _bundles(ranges: Ranges, per: int) -> set[int]:
    return {one for first, last in ranges for one in range((first - 1) // per + 1, (last - 1) // per + 2)}
