"""Bundle parcels: which units a plan's parcels are, so that those of one bundle are chosen together."""

from collections.abc import Mapping, Sequence

from segue.core.bundle_units import ONE_PLACE, Found, complete, held_whole, joined, parts_of, without
from segue.core.order import Order
from segue.core.sourcing import Parcel
from segue.core.tally import Units, common, lowest, minus, size, union

Numbered = tuple[Found, dict[str, Units]]  # the units of a parcel, and which of its bundles are ready packed


def numbered(order: Order, parcels: Sequence[Parcel], waiting: Mapping[int, Units]) -> list[Numbered]:
    """The units of each parcel, the lowest of those that wait first."""
    left = dict(waiting)
    found: list[Numbered] = []
    whole = _whole(order, parcels, left)
    for parcel in parcels:
        counts = dict(parcel.units)
        units, packed = _bundles(order, parcel, counts, left)
        left = without(left, units)
        apart = _in_bundles(order, left)
        for number, count in counts.items():
            some = _first(
                count, (whole.get(number, ()), minus(left.get(number, ()), apart.get(number, ()))), left.get(number, ())
            )
            units[number] = union(units.get(number, ()), some)
        units = {number: some for number, some in sorted(units.items()) if some}
        left, whole = without(left, units), without(whole, units)
        found.append((units, packed))
    return found


def _first(count: int, preferred: Sequence[Units], left: Units) -> Units:
    """So many units: those that are preferred, one after the other, and then any."""
    found: Units = ()
    for some in (*preferred, left):
        found = union(found, lowest(minus(common(some, left), found), count - size(found)))
    return found


def _whole(order: Order, parcels: Sequence[Parcel], left: Mapping[int, Units]) -> Found:
    """The units of the bundles that come whole, from wherever, as far as the parcels have all of their parts."""
    total: dict[int, int] = {}
    for parcel in parcels:
        for number, count in parcel.units.items():
            total[number] = total.get(number, 0) + count
    found: Found = {}
    for key, bundle in held_whole(order):
        if bundle.rules.ship not in ONE_PLACE:
            packed = sum(parcel.packed.get(key, 0) for parcel in parcels)
            count = min(total.get(number, 0) // each for number, each in bundle.parts.items()) - packed
            found = joined(found, parts_of(bundle, _after(complete(bundle, left), packed, count)))
    return found


def _after(numbers: Units, skipped: int, count: int) -> Units:
    """So many of these, but for the first ones, which are taken otherwise."""
    return lowest(minus(numbers, lowest(numbers, skipped)), count)


def _bundles(order: Order, parcel: Parcel, counts: dict[int, int], left: Mapping[int, Units]) -> Numbered:
    """The units of the bundles of a parcel that are ready packed, or come from one location; the counts are less by them."""
    units: Found = {}
    packed: dict[str, Units] = {}
    for key, bundle in order.bundles.items():
        if key in parcel.packed:
            packed[key] = lowest(complete(bundle, without(left, units)), parcel.packed[key])
            units = joined(units, _taken(parts_of(bundle, packed[key]), counts))
    for _, bundle in held_whole(order, ONE_PLACE):
        most = min(counts.get(number, 0) // each for number, each in bundle.parts.items())
        some = lowest(complete(bundle, without(left, units)), most)
        units = joined(units, _taken(parts_of(bundle, some), counts))
    return units, {key: numbers for key, numbers in packed.items() if numbers}


def _taken(units: Found, counts: dict[int, int]) -> Found:
    found = {number: some for number, some in units.items() if some}
    for number, some in found.items():
        counts[number] -= size(some)
    return found


def _in_bundles(order: Order, left: Mapping[int, Units]) -> Found:
    """The units that make whole bundles, which others are taken before."""
    return joined(*(parts_of(bundle, complete(bundle, left)) for _, bundle in held_whole(order)))
