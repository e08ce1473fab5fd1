"""Bundled: how bundles get stock. Ready packed ones go first, then parts; what comes whole gets all of its parts, or none.

A ready packed bundle is asked for as one article, by a line that only this search sees. What is not to be had so is asked
for in parts. Where a bundle that comes whole lacks a part the search is done again without it, so that others get the rest.
"""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from segue.core.base import Because
from segue.core.bundle_units import HELD_WHOLE, held_whole, is_inside
from segue.core.bundles import Bundle
from segue.core.context import Context
from segue.core.order import Line, Order
from segue.core.sourcing.goods import Demand, Parcel, Plan
from segue.core.sourcing.reasons import PASSED_OVER_MAX
from segue.core.sourcing.strategies import plan as plan_lines

TRIES_MAX = 12  # searches; if bundles still come in part by then, none that comes whole does

Freed = dict[tuple[str, str], int]


def plan(
    order: Order,
    demand: Demand,
    context: Context,
    freed: Freed,
    named_max: int = PASSED_OVER_MAX,
    ahead: bool = False,
) -> Plan:
    """Meet a demand from free stock. `freed` is stock that the order itself gives back first, by (SKU, location).

    Before its street date nothing is given, but `ahead` of it, to be set aside.
    The reason names at most `named_max` of the locations that are not chosen.
    """
    if not order.bundles:
        return plan_lines(order, demand, context, freed, named_max, ahead)
    return _Search(order, demand, context, freed, named_max, ahead).plan()


def articles(order: Order, parcel: Parcel) -> Iterator[tuple[str, int]]:
    """What a parcel takes of stock: SKU and how many. A ready packed bundle is one article."""
    loose = dict(parcel.units)
    for key, count in parcel.packed.items():
        bundle = order.bundles[key]
        yield bundle.sku, count
        for number, each in bundle.parts.items():
            loose[number] -= each * count
    for number, count in loose.items():
        if count:
            yield order.lines[number - 1].sku, count


def counted(bundle: Bundle, units: Mapping[int, int]) -> int:
    """How many bundles these units are enough for."""
    return min(units.get(number, 0) // count for number, count in bundle.parts.items())


def packable(order: Order) -> Iterator[tuple[str, Bundle]]:
    """The bundles that may lie ready packed, but for those inside another one that does, or that comes whole."""
    for key, bundle in order.bundles.items():
        if bundle.rules.prepacked and not is_inside(order, bundle, HELD_WHOLE, or_prepacked=True):
            yield key, bundle


class _Search:
    """A demand with bundles on its way to a plan in which none of them is broken."""

    def __init__(
        self, order: Order, demand: Demand, context: Context, freed: Freed, named_max: int, ahead: bool
    ) -> None:
        self.order = order
        self.demand = demand
        self.context = context
        self.freed = freed
        self.named_max = named_max
        self.ahead = ahead
        self.packed = dict(self._ready())  # bundle -> how many are asked for as they lie there
        self.left_out: dict[str, int] = {}  # bundle that comes whole -> how many lack a part
        self.given_up: set[int] = set()

    def _ready(self) -> Iterator[tuple[str, int]]:
        """How many of each bundle may be had ready packed; two of one SKU share them."""
        taken: dict[str, int] = {}
        for key, bundle in packable(self.order):
            free = self.context.facts.free(frozenset((bundle.sku,)), self.order.channel)[bundle.sku]
            there = sum([max(0, units) for units in free.values()])
            there += sum([units for (sku, _), units in self.freed.items() if sku == bundle.sku])
            most = min(counted(bundle, self.demand), there - taken.get(bundle.sku, 0))
            if most > 0:
                taken[bundle.sku] = taken.get(bundle.sku, 0) + most
                yield key, most

    def plan(self) -> Plan:
        """Search, and again with what was not to be had asked for otherwise or not at all."""
        for _ in range(TRIES_MAX):
            asked, lines, made = self._searched()
            if not self._falls_short(made, asked, lines):
                return self._as_parts(made, lines)
        self._leave_out_bundles()
        _, lines, made = self._searched()
        return self._as_parts(made, lines)

    def _searched(self) -> tuple[Demand, dict[int, str], Plan]:
        """What is asked for now, the lines of ready packed bundles in it, and what is found."""
        asked, lines = self._asked()
        made = plan_lines(self._order(lines), asked, self.context, self.freed, self.named_max)
        self.given_up |= {number for number in made.given_up if number not in lines}
        return asked, lines, made

    def _leave_out_bundles(self) -> None:
        """No bundle that comes whole is looked for any more, nor what is ready packed."""
        self.packed = {}
        asked, _ = self._asked()
        for key, bundle in held_whole(self.order):
            self.left_out[key] = self.left_out.get(key, 0) + counted(bundle, asked)

    def _asked(self) -> tuple[Demand, dict[int, str]]:
        """The demand of this search; and its lines of ready packed bundles, by number."""
        asked, bundles = dict(self.demand), self.order.bundles
        for bundle, count in [(bundles[key], n) for some in (self.packed, self.left_out) for key, n in some.items()]:
            for number, units in bundle.parts.items():
                asked[number] -= units * count
        lines: dict[int, str] = {}
        for key, count in self.packed.items():
            number = len(self.order.lines) + 1 + len(lines)
            lines[number], asked[number] = key, count
        return {number: count for number, count in asked.items() if count > 0}, lines

    def _order(self, lines: Mapping[int, str]) -> Order:
        """The order with lines of ready packed bundles."""
        made = [_line(self.order, number, self.order.bundles[key], self.packed[key]) for number, key in lines.items()]
        return replace(self.order, lines=(*self.order.lines, *made)) if made else self.order

    def _falls_short(self, made: Plan, asked: Demand, lines: Mapping[int, str]) -> bool:
        """Whether something has to be asked for otherwise: ready packed bundles that are not there, or whole ones."""
        falls = False
        for number, key in lines.items():
            if lacks := made.missing.get(number, 0):
                falls, self.packed[key] = True, self.packed[key] - lacks
        self.packed = {key: count for key, count in self.packed.items() if count}
        if falls:
            return True
        given = {number: count - made.missing.get(number, 0) for number, count in asked.items()}
        for key, bundle in held_whole(self.order):
            wanted, found = counted(bundle, asked), counted(bundle, given)
            if found < wanted and _has_part(bundle, asked, given, wanted, found):
                falls = True
                self.left_out[key] = self.left_out.get(key, 0) + wanted - found
        return falls

    def _as_parts(self, made: Plan, lines: Mapping[int, str]) -> Plan:
        """The plan in lines of the order: a ready packed bundle is all of its parts."""
        parcels = [self._parcel(parcel, lines) for parcel in made.parcels]
        left = dict(self.demand)
        for parcel in parcels:
            for number, count in parcel.units.items():
                left[number] -= count
        missing = {number: count for number, count in left.items() if count}
        said = [self._said(each.because, missing) if each.because else None for each in parcels]
        parcels = [replace(each, because=because) for each, because in zip(parcels, said, strict=True)]
        given_up = {number: count for number, count in missing.items() if number in self.given_up}
        return Plan(tuple(parcels), missing, self._said(made.because, missing), given_up)

    def _parcel(self, parcel: Parcel, lines: Mapping[int, str]) -> Parcel:
        units = {number: count for number, count in parcel.units.items() if number not in lines}
        packed = {lines[number]: count for number, count in parcel.units.items() if number in lines}
        for key, count in packed.items():
            for number, each in self.order.bundles[key].parts.items():
                units[number] = units.get(number, 0) + each * count
        return replace(parcel, units=dict(sorted(units.items())), packed=packed)

    def _said(self, because: Because, missing: Demand) -> Because:
        """The reason, with what is ready packed and which bundles wait as a whole."""
        told = {
            "ready_packed": self._by_sku(self.packed),
            "bundles_waiting": self._by_sku({key: counted(bundle, missing) for key, bundle in held_whole(self.order)}),
        }
        told = {name: bundles for name, bundles in told.items() if bundles}
        return replace(because, figures=because.figures | told) if told else because

    def _by_sku(self, bundles: Mapping[str, int]) -> dict[str, int]:
        found: dict[str, int] = {}
        for key, count in bundles.items():
            if count:
                sku = self.order.bundles[key].sku
                found[sku] = found.get(sku, 0) + count
        return found


def _has_part(bundle: Bundle, asked: Demand, given: Demand, wanted: int, found: int) -> bool:
    """Whether more of a bundle's parts are given than whole bundles need, and units that stand for themselves take."""
    return any(
        given.get(number, 0) - found * count > asked.get(number, 0) - wanted * count
        for number, count in bundle.parts.items()
    )


def _line(order: Order, number: int, bundle: Bundle, count: int) -> Line:
    """A bundle as one article: what is said of any of its parts is said of it."""
    parts = [order.lines[each - 1] for each in bundle.parts]
    first = next((part for part in parts if part.by_hand or part.location), parts[0])
    excluded = tuple(dict.fromkeys(name for part in parts for name in part.excluded))
    return Line(
        number, bundle.sku, count, bundle.price_minor, 0, 0, bundle.price_minor * count, {}, bundle.title,
        location=first.location, excluded=excluded, by_hand=first.by_hand, named=first.named,
    )  # fmt: skip
