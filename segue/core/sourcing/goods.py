"""Goods: what is wanted, what is free of it, and what each location could give: the values that sourcing works on.

Demand is summed per SKU: two lines of the same SKU never count the same stock twice.
"""

from msgspec.structs import replace

from segue.core.base import Because, Value
from segue.core.facts import Location, Stock
from segue.core.order import Line, Order

Demand = dict[int, int]  # line number -> units wanted

UNLIMITED = 2**53
SHARED = "property:"  # before the name of a property whose lines come together


class Offer(Value):
    """What one location could give of what is still wanted."""

    location: Location
    units: Demand
    complete: bool  # it could give all of it
    strained: int = 0  # how many soft filters it fails


class Parcel(Value):
    """What one location is asked to give."""

    location: Location
    units: Demand
    because: Because | None = None  # none: as the plan says
    to: str = ""  # the store at which the customer collects it
    packed: dict[str, int] = {}  # bundle -> how many of them lie there ready packed; their parts are among the units


class Plan(Value):
    """How a demand is met: parcels, what is missing, and why so."""

    parcels: tuple[Parcel, ...]
    missing: Demand
    because: Because
    given_up: Demand = {}  # what of the missing shall not wait: it is canceled


class Room(Value):
    """What a location may still take on today."""

    orders: int = UNLIMITED
    lines: int = UNLIMITED
    units: int = UNLIMITED


class Goods(Value):
    """What is wanted, by line, and what is free of it, by SKU and location."""

    wanted: Demand
    skus: dict[int, str]
    free: dict[str, Stock]
    rooms: dict[str, Room] = {}  # of the locations whose days are limited
    barred: dict[tuple[int, str], str] = {}  # (line, location) that a filter of lines keeps apart, and why
    whole: str = ""  # what only comes whole: `order`, `line`, or lines that share a property, `property:NAME`
    strained: dict[str, int] = {}  # location -> how many soft filters it fails
    kits: tuple[Demand, ...] = ()  # of bundles that come from one location the units of each line in one
    in_one: tuple[Demand, ...] = ()  # of those whose parts travel in one parcel


def offers_of(order: Order, locations: list[Location], goods: Goods) -> list[Offer]:
    """What each location could give, in the order of their ids; those that have nothing are left out."""
    wanted = goods.wanted
    lines = [(order.lines[number - 1], goods.free[goods.skus[number]], count) for number, count in wanted.items()]
    known = _at_once(lines, wanted) if not goods.kits and _is_plain(lines, goods) else None
    if known is not None and not goods.rooms and not goods.whole and not goods.strained:
        units_of = known.get
        return [Offer(each, units, units is wanted) for each in locations if (units := units_of(each.id))]
    offers = []
    for location in locations:
        if goods.kits:
            units = part_with_kits(order, location.id, goods)
        else:
            units = known.get(location.id, {}) if known is not None else _part(lines, location.id, goods.barred)
        if units := _limited(order, units, location.id, goods):
            offers.append(Offer(location, units, units == wanted, goods.strained.get(location.id, 0)))
    return offers


def part_with_kits(order: Order, location: str, goods: Goods) -> Demand:
    """The units of each line that a location has: whole kits first, then lines that need nothing else."""
    there = {sku: held.get(location, 0) for sku, held in goods.free.items()}
    left, units = dict(goods.wanted), dict[int, int]()
    for needs in goods.kits:
        if wanted := kits_in(needs, left):
            given = _kits_there(order, needs, wanted, there, location, goods)
            for number, count in needs.items():
                left[number] -= wanted * count
                if given:
                    units[number] = given * count
                    there[goods.skus[number]] -= given * count
    for number, count in left.items():
        sku = goods.skus[number]
        if count and there[sku] > 0 and _gives(order, number, location, goods):
            some = min(count, there[sku])
            units[number] = units.get(number, 0) + some
            there[sku] -= some
    return dict(sorted(units.items()))


def kits_in(needs: Demand, units: Demand) -> int:
    """How many kits these units are enough for."""
    return min(units.get(number, 0) // count for number, count in needs.items())


def _kits_there(order: Order, needs: Demand, wanted: int, there: dict[str, int], location: str, goods: Goods) -> int:
    """How many of so many kits a location has. Lines of one SKU share what is there."""
    if not all(_gives(order, number, location, goods) for number in needs):
        return 0
    by_sku: dict[str, int] = {}
    for number, count in needs.items():
        by_sku[goods.skus[number]] = by_sku.get(goods.skus[number], 0) + count
    return max(0, min(wanted, *(there[sku] // count for sku, count in by_sku.items())))


def _gives(order: Order, number: int, location: str, goods: Goods) -> bool:
    return may_serve(order.lines[number - 1], location) and (number, location) not in goods.barred


def kits_only(units: Demand, goods: Goods) -> Demand:
    """Of these units those that make whole kits, and those that need nothing else."""
    kept = dict(units)
    for needs in goods.kits:
        wanted = kits_in(needs, goods.wanted)
        there = min(wanted, kits_in(needs, kept))
        for number, count in needs.items():
            if number in kept:
                kept[number] = min(kept[number], there * count + goods.wanted[number] - wanted * count)
    return {number: count for number, count in kept.items() if count}


def after(goods: Goods, location: str, units: Demand) -> Goods:
    """What is wanted and free once a location has given these units."""
    wanted = {number: rest for number, count in goods.wanted.items() if (rest := count - units.get(number, 0))}
    free = dict(goods.free)
    for number, count in units.items():
        sku = goods.skus[number]
        free[sku] = free[sku] | {location: free[sku].get(location, 0) - count}
    rooms = goods.rooms
    if location in rooms:
        room = rooms[location]
        left = Room(room.orders, room.lines - len(units), room.units - sum(units.values()))
        rooms = rooms | {location: left}
    return replace(goods, wanted=wanted, free=free, rooms=rooms)


def _is_plain(lines: list[tuple[Line, Stock, int]], goods: Goods) -> bool:
    """Whether each line is of a SKU of its own, and may come from anywhere."""
    return (
        not goods.barred
        and not any(line.excluded or line.location for line, _, _ in lines)
        and len(set(goods.skus.values())) == len(goods.skus)
    )


def _at_once(lines: list[tuple[Line, Stock, int]], wanted: Demand) -> dict[str, Demand]:
    """The same as `_part` for all locations that have anything, where lines are plain: those that have the same share it."""
    groups: list[tuple[set[str], Demand]] = [({name for _, free, _ in lines for name in free}, {})]
    for line, free, count in lines:
        full = {name for name, there in free.items() if there >= count}
        some = {name: there for name, there in free.items() if 0 < there < count} if count > 1 else {}
        divided: list[tuple[set[str], Demand]] = []
        for names, units in groups:
            partly: dict[int, set[str]] = {count: here} if (here := names & full) else {}
            for name in names & some.keys():
                partly.setdefault(some[name], set()).add(name)
            divided += [(few, units | {line.number: there}) for there, few in partly.items()]
            if rest := names - full - some.keys():
                divided.append((rest, units))
        groups = divided
    found: dict[str, Demand] = {}
    for names, units in groups:
        if units:
            found |= dict.fromkeys(names, wanted if units == wanted else units)
    return found


def _part(lines: list[tuple[Line, Stock, int]], location: str, barred: dict[tuple[int, str], str]) -> Demand:
    """The units of each line that a location has. Two lines of one SKU share what is there."""
    units: Demand = {}
    taken: Stock = {}
    for line, free, count in lines:
        there = free.get(location, 0) - taken.get(line.sku, 0)
        if there > 0 and may_serve(line, location) and (line.number, location) not in barred:
            units[line.number] = min(count, there)
            taken[line.sku] = taken.get(line.sku, 0) + units[line.number]
    return units


def may_serve(line: Line, location: str) -> bool:
    """Whether the line may come from there: it has not failed for it, and no other location is named."""
    return location not in line.excluded and line.location in ("", location)


def _limited(order: Order, units: Demand, location: str, goods: Goods) -> Demand:
    """Of these units what the location's day has room for, and what comes whole where it has to."""
    if location in goods.rooms:
        units = _within(units, goods.rooms[location])
    if not (goods.whole or goods.kits) or units == goods.wanted:
        return units
    if goods.whole == "order":
        return {}
    if not goods.kits:
        return _whole(order, units, goods)
    kept = kits_only(units, goods)
    while goods.whole and (whole := kits_only(_whole(order, kept, goods), goods)) != kept:
        kept = whole
    return kept


def _within(units: Demand, room: Room) -> Demand:
    """The first lines that there is room for, and of the last of them as many units."""
    if room.orders <= 0:
        return {}
    left, taken = room.units, {}
    for number, count in list(units.items())[: max(0, room.lines)]:
        if left > 0:
            taken[number] = min(count, left)
            left -= taken[number]
    return taken


def _whole(order: Order, units: Demand, goods: Goods) -> Demand:
    """Without the lines, or the groups of lines, of which something is missing."""
    groups = {number: _group(order.lines[number - 1], goods.whole) for number in goods.wanted}
    broken = {group for number, group in groups.items() if group and units.get(number, 0) < goods.wanted[number]}
    return {number: count for number, count in units.items() if groups[number] not in broken}


def _group(line: Line, whole: str) -> str:
    """What a line has to come together with: itself, or the lines with the same value of a property; "": nothing."""
    return str(line.number) if whole == "line" else line.properties.get(whole.removeprefix(SHARED), "")
