"""Kept: what an order with bundles makes of the units that its cart has set aside, location by location."""

from collections.abc import Mapping

from msgspec.structs import replace

from segue.core.bundle_units import HELD_WHOLE, held_whole
from segue.core.facts import Location
from segue.core.order import Order
from segue.core.sourcing.bundled import counted, packable
from segue.core.sourcing.goods import Demand, Goods, Parcel, after, may_serve, part_with_kits
from segue.core.sourcing.kits import with_kits


def as_kept(order: Order, held: Mapping[tuple[str, str], int]) -> list[Parcel]:
    """Parcels of what is held, by SKU and location: ready packed bundles first, then whole ones, then other lines."""
    free: dict[str, dict[str, int]] = {line.sku: {} for line in order.lines}
    for (sku, place), there in held.items():
        free.setdefault(sku, {})[place] = there
    wanted = {line.number: line.quantity for line in order.lines}
    goods = with_kits(order, Goods(wanted, {line.number: line.sku for line in order.lines}, free), ())
    parcels: list[Parcel] = []
    for place in sorted({at for _, at in held}):
        packed, units = _packed(order, place, goods)
        goods = replace(goods, wanted=_less(goods.wanted, units))
        loose = part_with_kits(order, place, goods)
        goods = after(goods, place, loose)
        units = {n: units.get(n, 0) + loose.get(n, 0) for n in sorted(units.keys() | loose.keys())}
        if units:
            parcels.append(Parcel(Location(place), units, packed=packed))
    return _whole(order, parcels)


def _less(wanted: Demand, units: Demand) -> Demand:
    return {number: rest for number, count in wanted.items() if (rest := count - units.get(number, 0))}


def _packed(order: Order, place: str, goods: Goods) -> tuple[dict[str, int], Demand]:
    """The ready packed bundles that are held there, and the units of lines that they are."""
    packed: dict[str, int] = {}
    units: Demand = {}
    for key, bundle in packable(order):
        there = goods.free.get(bundle.sku, {}).get(place, 0)
        there -= sum(count for other, count in packed.items() if order.bundles[other].sku == bundle.sku)
        count = min(there, counted(bundle, goods.wanted))
        if count > 0 and all(may_serve(order.lines[number - 1], place) for number in bundle.parts):
            packed[key] = count
            units |= {number: each * count for number, each in bundle.parts.items()}
    return packed, units


def _whole(order: Order, parcels: list[Parcel]) -> list[Parcel]:
    """The parcels without what is only a part of a bundle that comes whole; the last ones give it back."""
    for key, bundle in held_whole(order, HELD_WHOLE):
        total = {number: sum(parcel.units.get(number, 0) for parcel in parcels) for number in bundle.parts}
        bundles = counted(bundle, total)
        for number, each in bundle.parts.items():
            excess = total[number] - bundles * each
            for at in reversed(range(len(parcels))):
                loose = parcels[at].units.get(number, 0) - parcels[at].packed.get(key, 0) * each
                given = min(excess, loose)
                excess -= given
                parcels[at] = replace(parcels[at], units=_less(parcels[at].units, {number: given}))
    return [parcel for parcel in parcels if parcel.units]
