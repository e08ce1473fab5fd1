"""Bundle units: which units of an order make one bundle, and so are held, given back and sent together.

A bundle that ships together, from one location or as a whole has stock for all of its parts, or for none. What is left of
one of which a part was canceled or has left is no bundle any more: its units stand for themselves.
"""

from collections.abc import Iterable, Iterator, Mapping

from segue.core.base import Refusal, Refused
from segue.core.bundles import Bundle
from segue.core.order import Fulfillment, Order, units_in
from segue.core.tally import LEFT, WAITING, Units, common, in_state, minus, size, union

ONE_PLACE = ("together", "one_location")  # all parts come from one location
HELD_WHOLE = (*ONE_PLACE, "whole")  # all parts, or none
ON_SHELVES = ("reserved", "allocated", "released")  # still with the location that gives them

Found = dict[int, Units]  # units by line


def touched(units: Units, count: int) -> Units:
    """The bundles that these units of a line are of, where each has so many of it."""
    if count == 1:
        return units
    found: Units = ()
    for first, last in units:
        found = union(found, (((first - 1) // count + 1, (last - 1) // count + 1),))
    return found


def all_of(bundles: Units, count: int) -> Units:
    """All units of a line that are of these bundles, where each has so many of it."""
    return bundles if count == 1 else tuple(((first - 1) * count + 1, last * count) for first, last in bundles)


def complete(bundle: Bundle, units: Mapping[int, Units]) -> Units:
    """The bundles of which all units are among these."""
    found: Units | None = None
    for number, count in bundle.parts.items():
        held = units.get(number, ())
        some = touched(held, count)
        here = minus(some, touched(minus(all_of(some, count), held), count))
        found = here if found is None else common(found, here)
    return found or ()


def parts_of(bundle: Bundle, bundles: Units) -> Found:
    """All units of these bundles."""
    return {number: all_of(bundles, count) for number, count in bundle.parts.items()}


def held_whole(order: Order, ships: tuple[str, ...] = HELD_WHOLE) -> Iterator[tuple[str, Bundle]]:
    """The bundles that ship by one of these rules, but for those inside another one that does."""
    for key, bundle in order.bundles.items():
        if bundle.rules.ship in ships and not is_inside(order, bundle, ships):
            yield key, bundle


def is_inside(order: Order, bundle: Bundle, ships: tuple[str, ...], or_prepacked: bool = False) -> bool:
    """Whether a bundle is part of one that ships by one of these rules, or that may lie ready packed."""
    while bundle.inside:
        bundle = order.bundles[bundle.inside]
        if bundle.rules.ship in ships or (or_prepacked and bundle.rules.prepacked):
            return True
    return False


def rest_of(order: Order, units: Mapping[int, Units], among: Mapping[int, Units]) -> Found:
    """The other units among some that are of the same bundles as these, where a bundle is held whole."""
    found: Found = {}
    for _, bundle in held_whole(order):
        of = _of(bundle, units)
        if of:
            _add(found, _others(bundle, of, units, among))
    return found


def _of(bundle: Bundle, units: Mapping[int, Units]) -> Units:
    """The bundles that some of these units are of."""
    found: Units = ()
    for number, count in bundle.parts.items():
        if number in units:
            found = union(found, touched(units[number], count))
    return found


def _others(bundle: Bundle, of: Units, units: Mapping[int, Units], among: Mapping[int, Units]) -> Found:
    return {
        number: more
        for number, all_units in parts_of(bundle, of).items()
        if (more := minus(common(all_units, among.get(number, ())), units.get(number, ())))
    }


def _add(units: Found, more: Mapping[int, Units]) -> None:
    for number, some in more.items():
        units[number] = union(units.get(number, ()), some)


def joined(*several: Mapping[int, Units]) -> Found:
    """All of these units together, by line."""
    found: Found = {}
    for units in several:
        _add(found, units)
    return dict(sorted(found.items()))


def without(units: Mapping[int, Units], others: Mapping[int, Units]) -> Found:
    """These units but for the others; lines of which none are left are left out."""
    return {number: rest for number, here in units.items() if (rest := minus(here, others.get(number, ())))}


def beside(order: Order, fulfillment: Fulfillment, units: Mapping[int, Units]) -> Found:
    """What goes back with units that a location cannot give: the rest of their bundles in the same fulfillment.

    What others were asked to ship is on its way, and stays so.
    """
    if not order.bundles:
        return {}
    shelves = units_in(order, *ON_SHELVES)
    there = {n: here for n, held in fulfillment.units.items() if (here := common(held, shelves.get(n, ())))}
    return rest_of(order, units, there)


def releasable(order: Order, fulfillment: Fulfillment) -> Found:
    """The units that its location may be asked for: those that are allocated, with all of what is a bundle still."""
    held = fulfillment.units.items()
    units = {n: here for n, some in held if (here := common(some, order.lines[n - 1].tally.get("allocated", ())))}
    if not order.bundles:
        return units
    refined = {
        line.number: found
        for line in order.lines
        if (found := minus(in_state(line.tally, "allocated"), line.tally.get("allocated", ())))
    }
    waiting = joined(units_in(order, *WAITING), refined)
    if not waiting:
        return units
    alone = rest_of(order, units_in(order, "canceled", *LEFT), units)
    return without(units, without(rest_of(order, waiting, units), alone))


def left_alone(order: Order, units: Mapping[int, Units], among: Mapping[int, Units]) -> Found:
    """The units among some that are set aside for bundles of which these units are missing now."""
    return without(rest_of(order, units, among), rest_of(order, units_in(order, "canceled", *LEFT), among))


def handled_as_one(order: Order, fulfillment: Fulfillment, units: Mapping[int, Units]) -> list[tuple[Bundle, Found]]:
    """The bundles that a location handles as one among these units: ready packed ones, and those held whole."""
    found: list[tuple[Bundle, Found]] = []
    for key, bundle in order.bundles.items():
        numbers = complete(bundle, units)
        if bundle.rules.ship not in HELD_WHOLE:
            numbers = common(numbers, fulfillment.packed.get(key, ()))
        if numbers:
            found.append((bundle, parts_of(bundle, numbers)))
    return found


def packed_units(order: Order, fulfillment: Fulfillment) -> Found:
    """The units of a fulfillment that lie there ready packed."""
    return joined(*(parts_of(order.bundles[key], numbers) for key, numbers in fulfillment.packed.items()))


def with_packed(order: Order, fulfillment: Fulfillment, units: Found) -> Found:
    """These units of a fulfillment, and the others that are in the same ready packed bundles."""
    found = units
    for key, packed in fulfillment.packed.items():
        bundle = order.bundles[key]
        if of := common(_of(bundle, units), packed):
            found = joined(found, parts_of(bundle, of))
    return found


def refuse_if_broken(order: Order, fulfillment: Fulfillment, units: Mapping[int, Units]) -> None:
    """Refused where these units of a fulfillment are a part only of what travels in one parcel."""
    for key, bundle in order.bundles.items():
        of = _of(bundle, units)
        of = of if bundle.rules.ship == "together" else common(of, fulfillment.packed.get(key, ()))
        if of and _others(bundle, of, units, fulfillment.units):
            raise Refused(Refusal.BUNDLE_BROKEN, f"{bundle.sku} travels in one parcel")


def with_bundles(order: Order, lines: Iterable[int]) -> set[int]:
    """These lines, and those that are held with them."""
    found = set(lines)
    for _, bundle in held_whole(order):
        if not found.isdisjoint(bundle.parts):
            found |= bundle.parts.keys()
    return found


def in_stock(order: Order, units: Mapping[int, Units], packed: Mapping[str, Units]) -> list[tuple[str, int]]:
    """What these units are in stock: by line its SKU and how many; what is ready packed by the SKU of its bundle."""
    made: list[tuple[str, int]] = []
    for key, numbers in packed.items():
        bundle = order.bundles[key]
        if ready := common(complete(bundle, units), numbers):
            made.append((bundle.sku, size(ready)))
            units = without(units, parts_of(bundle, ready))
    return [*made, *((order.lines[number - 1].sku, size(some)) for number, some in sorted(units.items()))]


def packed_of(order: Order, units: Mapping[int, Units], packed: Mapping[str, Units]) -> dict[str, Units]:
    """Which of these ready packed bundles are whole among some units."""
    found = {key: common(complete(order.bundles[key], units), numbers) for key, numbers in packed.items()}
    return {key: numbers for key, numbers in found.items() if numbers}
