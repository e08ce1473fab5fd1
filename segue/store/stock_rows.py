"""Stock as rows: what a batch moves, and what it files of reports and supplies. Alike for every database, without SQL."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import json

from segue.core.facts import StockMove
from segue.core.stocktaking import Counter
from segue.ports import Stepped, Stocked
from segue.ports.stockroom import Key
from segue.store.batch import Row

Change = tuple[int, int, str, str]  # of a counter of stock: on hand, allocated, SKU, location
# of a counter of which more changes: on hand, allocated, reserved, damaged, quarantined, in transit, SKU, location
Deep = tuple[int, int, int, int, int, int, str, str]


def moves(steps: Iterable[Stepped]) -> Iterator[Row]:
    """The moves of stock of which no more is to be said than what is on hand and allocated."""
    for step in steps:
        for position, move in enumerate(step.moves):
            if not _is_deep(move):
                yield (
                    step.order.id, step.order.version, position, move.sku, move.location, move.on_hand, move.allocated,
                    move.reason, step.at_s,
                )  # fmt: skip


def deep_moves(steps: Iterable[Stepped], stocked: Stocked | None, receipt: int, now_s: int) -> Iterator[Row]:
    """All other moves, and those of the shop under the number of its receipt."""
    for step in steps:
        for position, move in enumerate(step.moves):
            if _is_deep(move):
                yield row_of(move, (step.order.id, step.order.version, position), step.at_s, "", "")
    if stocked:
        for position, each in enumerate(stocked.moves):
            yield row_of(each.move, ("", receipt, position), now_s, stocked.by, each.report)


def _is_deep(move: StockMove) -> bool:
    return bool(move.damaged or move.quarantined or move.reserved or move.in_transit)


def row_of(move: StockMove, key: tuple[str, int, int], at_s: int, by: str, report: str) -> Row:
    """A move as a row, under its order, version and position."""
    return (
        *key, move.sku, move.location, move.on_hand, move.allocated, move.reason, at_s, move.reserved, move.damaged,
        move.quarantined, move.in_transit, by, report,
    )  # fmt: skip


def counter_changes(steps: Iterable[Stepped], stocked: Stocked | None = None) -> tuple[list[Change], list[Deep]]:
    """The moves summed by counter, in (SKU, location) order: two writers never wait for each other in a ring.

    First those of which only what is on hand and allocated changes: most of them.
    """
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    deep: dict[tuple[str, str], list[StockMove]] = {}
    for step in steps:
        for move in step.moves:
            key = (move.sku, move.location)
            on_hand, allocated = sums.get(key, (0, 0))
            sums[key] = (on_hand + move.on_hand, allocated + move.allocated)
            if _is_deep(move):
                deep.setdefault(key, []).append(move)
    for each in stocked.moves if stocked else ():
        key = (each.move.sku, each.move.location)
        on_hand, allocated = sums.pop(key, (0, 0))
        deep.setdefault(key, []).append(each.move)
        sums[key] = (on_hand + each.move.on_hand, allocated + each.move.allocated)
    return [(*sums[key], *key) for key in sorted(sums.keys() - deep.keys())], [
        (
            *sums[key], sum(move.reserved for move in deep[key]), sum(move.damaged for move in deep[key]),
            sum(move.quarantined for move in deep[key]), sum(move.in_transit for move in deep[key]), *key,
        )
        for key in sorted(deep)
    ]  # fmt: skip


def seen_otherwise(stocked: Stocked, found: Mapping[Key, Counter]) -> str:
    """The first counter that is not as it was when this was decided, by name; nothing if all are."""
    changed = (key for key, counter in stocked.seen.items() if found.get(key, Counter()) != counter)
    return " at ".join(next(changed, ()))


def filed_rows(stocked: Stocked, now_s: int) -> Iterator[Row]:
    """The reports and what became of them."""
    for each in stocked.filed:
        report = each.report
        yield (
            report.source, report.id, report.sku, report.location, each.state, each.detail, now_s,
            json.encode(report).decode(),
        )  # fmt: skip


def supply_rows(stocked: Stocked, now_s: int) -> Iterator[Row]:
    """The moves of supply."""
    for each in stocked.supplies:
        yield (
            each.reference, each.sku, each.location, each.expected_at_s, each.origin, each.units, each.reason,
            stocked.by, now_s,
        )  # fmt: skip


def supply_changes(stocked: Stocked) -> list[Row]:
    """The moves of supply summed by what they are of, in an order that all writers keep: change; key, origin."""
    sums: dict[tuple[str, str, str, int, str], int] = {}
    for each in stocked.supplies:
        key = (each.reference, each.sku, each.location, each.expected_at_s, each.origin)
        sums[key] = sums.get(key, 0) + each.units
    return [(units, *key) for key, units in sorted(sums.items())]


def freed(changes: Iterable[Change], deep: Iterable[Deep] = (), stocked: Stocked | None = None) -> set[str]:
    """The facts of SKUs of which more is free after these changes, perhaps to one channel only, or other units expected.

    Who waits for units of a supply is looked at with all others that do; who does not yet is woken by `supply`.
    """
    facts = {f"stock:{sku}" for on_hand, allocated, sku, _ in changes if on_hand > allocated}
    for on_hand, allocated, reserved, damaged, quarantined, _, sku, _ in deep:
        if on_hand > allocated + reserved + damaged + quarantined:
            facts.add(f"stock:{sku}")
    if stocked:
        facts |= {f"stock:{sku}" for sku, _ in stocked.safety}
        facts |= {f"inbound:{each.sku}" for each in stocked.supplies if each.sku not in stocked.queued}
        facts |= {f"supply:{each.sku}" for each in stocked.supplies}
        facts |= {f"stock:{each.sku}" for each in stocked.fences}
        facts |= {f"selling:{each.sku}" for each in stocked.supplies}  # orders on hold until they may be sold watch it
        facts |= {f"selling:{each.sku}" for each in stocked.presales}
    return facts
