"""Pieces: the rows that the exact search sees of a demand: units of a line that may go apart, or what only comes whole.

Where there would be more ways than it can search through, units of a line stay together as far as a location has them, then
lines that the same locations have. What is still too much is left to the rules.
"""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from segue.core.exact import PAIRS_MAX, pairs_of
from segue.core.facts import Location
from segue.core.order import Order
from segue.core.sourcing.goods import SHARED, Demand, Goods, kits_in, may_serve

PIECES_MAX = 120  # of one order
CHUNKS_MAX = 4  # pieces that a line is cut into if it cannot be searched unit by unit

Held = dict[str, int]  # location -> units of a line that it may give


class Row(NamedTuple):
    """Equal pieces: what one of them is made of, and how many there are."""

    needs: Demand  # line -> units of one piece
    pieces: int


class Cut(NamedTuple):
    """A demand, cut into rows."""

    rows: tuple[Row, ...]
    note: str = ""  # why the optimum may not be the true one


def held_of(order: Order, goods: Goods) -> dict[int, Held]:
    """What each line could have of each location, whether it is a candidate or not."""
    found: dict[int, Held] = {}
    for number in goods.wanted:
        line, free = order.lines[number - 1], goods.free[goods.skus[number]]
        if line.excluded or line.location or goods.barred:
            found[number] = {
                name: count
                for name, count in free.items()
                if may_serve(line, name) and (number, name) not in goods.barred
            }
        else:
            found[number] = free
    return found


def cut(order: Order, goods: Goods, everywhere: dict[int, Held], among: Sequence[Location]) -> Cut | None:
    """The rows of a demand, as these candidates could have it; None if there are too many to search through."""
    rows = _rows(order, goods)
    if _fits(rows):
        return Cut(rows)
    names = {location.id for location in among}
    held = {
        number: {name: count for name, count in each.items() if count > 0 and name in names}
        for number, each in everywhere.items()
    }
    chunks = tuple(chunk for row in rows for chunk in _chunks(row, held))
    if _fits(chunks):
        return Cut(chunks, "units of a line stay together")
    together = _alike(chunks, held)
    return Cut(together, "lines that the same locations have stay together") if _fits(together) else None


def _fits(rows: Sequence[Row]) -> bool:
    counts = tuple(row.pieces for row in rows)
    return sum(counts) <= PIECES_MAX and pairs_of(counts) <= PAIRS_MAX


def _rows(order: Order, goods: Goods) -> tuple[Row, ...]:
    """A row for each line, or for what comes whole: the order, a line, lines that share a property or are a bundle."""
    if goods.whole == "order":
        return (Row(dict(goods.wanted), 1),)
    if goods.kits:
        return _with_kits(order, goods)
    groups: dict[tuple[str, int], Demand] = {}
    plain: list[Row] = []
    for number, count in goods.wanted.items():
        shared = order.lines[number - 1].properties.get(goods.whole.removeprefix(SHARED), "")
        if goods.whole == "line":
            groups[("", number)] = {number: count}
        elif goods.whole and shared:
            groups.setdefault((shared, 0), {})[number] = count
        else:
            plain.append(Row({number: 1}, count))
    return (*(Row(needs, 1) for needs in groups.values()), *plain)


def _with_kits(order: Order, goods: Goods) -> tuple[Row, ...]:
    """The rows where there are bundles; one of which a part has to come whole with other lines is one with all of those."""
    rows: list[Row] = []
    plain = dict(goods.wanted)
    for needs in goods.kits:
        if pieces := kits_in(needs, goods.wanted):
            rows.append(Row(needs, pieces))
            plain |= {number: plain[number] - pieces * count for number, count in needs.items()}
    plain = {number: count for number, count in plain.items() if count}
    if not goods.whole:
        return (*rows, *(Row({number: 1}, count) for number, count in plain.items()))
    for row in _rows(order, replace(goods, kits=())):  # each of lines that come whole, or of a line that needs not
        together = [each for each in rows if not each.needs.keys().isdisjoint(row.needs)]
        if row.pieces == 1 and together:
            lines = sorted({number for each in (row, *together) for number in each.needs})
            rows = [each for each in rows if each not in together]
            rows.append(Row({number: goods.wanted[number] for number in lines}, 1))
            plain = {number: count for number, count in plain.items() if number not in lines}
        elif row.pieces == 1:
            rows.append(row)
        else:
            rows += [Row({number: 1}, plain[number]) for number in row.needs if number in plain]
    return tuple(rows)


def _chunks(row: Row, held: dict[int, Held]) -> list[Row]:
    """The pieces of a row, together where one location has them all; else as the locations with the most have them."""
    if row.pieces == 1:
        return [row]
    have = [
        min([held[number].get(name, 0) // units for number, units in row.needs.items()])
        for name in set.union(*[set(held[number]) for number in row.needs])
    ]
    left, found = row.pieces, []
    for count in [each for each in sorted(have, reverse=True) if each][: CHUNKS_MAX - 1]:
        if left:
            found.append(_times(row.needs, min(count, left)))
            left -= min(count, left)
    return [*found, _times(row.needs, left)] if left else found


def _times(needs: Demand, pieces: int) -> Row:
    return Row({number: units * pieces for number, units in needs.items()}, 1)


def _alike(rows: Sequence[Row], held: dict[int, Held]) -> tuple[Row, ...]:
    """Rows that exactly the same locations could send become one."""
    groups: dict[frozenset[str], Demand] = {}
    for row in rows:
        having = [
            frozenset(name for name, count in held[number].items() if count >= units)
            for number, units in row.needs.items()
        ]
        needs = groups.setdefault(frozenset.intersection(*having), {})
        for number, units in row.needs.items():
            needs[number] = needs.get(number, 0) + units
    return tuple(Row(needs, 1) for needs in groups.values())
