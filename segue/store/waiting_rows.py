"""Lines that wait as rows: what steps change of them. Alike for every database, without SQL."""

from collections.abc import Iterable, Sequence

from msgspec.structs import astuple

from segue.core.queue import Entry, Queue
from segue.core.waiting import Waiting, followed, lines_waiting
from segue.ports import Stepped
from segue.store.batch import Row, Watch

COLUMNS = """sku, order_id, line, units, rank, placed_at_s, kind, quiet_s, told_s, due_s, since_s, look_at_s,
    secured_until_s, secured_minor"""
Key = tuple[str, str, int]  # SKU, order, line


def who_waited(stored: Iterable[Watch]) -> list[str]:
    """The orders that waited for stock before, by what they watched."""
    return sorted({order for order, fact in stored if fact.startswith("stock:")})


def waiting_changes(steps: Iterable[Stepped], known: Iterable[Row], now_s: int) -> tuple[list[Key], list[Row]]:
    """What is not waited for any more, and the rows that are new or changed, in an order that all writers keep."""
    before = {(each.sku, each.order, each.line): each for each in map(waiting_of, known)}
    gone, wanted = set(before), {}
    for step in steps:
        if any(fact.startswith("stock:") for fact in step.watches):
            for line in lines_waiting(step.order, step.rank, step.wait):
                key = (line.sku, line.order, line.line)
                gone.discard(key)
                wanted[key] = followed(line, before.get(key), now_s, step.woken)
    changed = [astuple(line) for key, line in sorted(wanted.items()) if line != before.get(key)]
    return sorted(gone), changed


def requeued(gone: Iterable[Key], changed: Iterable[Row], known: Iterable[Row]) -> list[str]:
    """The SKUs whose queues are others by these changes: who is in them, in which turn, or for how many units."""
    before = {(each.sku, each.order, each.line): _place(each) for each in map(waiting_of, known)}
    found = {sku for sku, *_ in gone}
    for each in map(waiting_of, changed):
        if before.get((each.sku, each.order, each.line)) != _place(each):
            found.add(each.sku)
    return sorted(found)


def _place(each: Waiting) -> tuple[int, str, int]:
    return (each.units, each.rank, each.placed_at_s)


def waiting_of(row: Row) -> Waiting:
    """A line that waits, from its columns."""
    return Waiting(*row)


def queues_of(skus: Iterable[str], rows: Iterable[Row]) -> dict[str, Queue]:
    """Of each SKU, who waits for it, from rows: SKU, rank, placed at, order, units of one line."""
    found: dict[str, dict[str, Entry]] = {sku: {} for sku in skus}
    for sku, rank, placed_at_s, order, units in rows:
        queue = found[sku]
        more = queue[order][2] if order in queue else 0
        queue[order] = ((rank, placed_at_s), order, units + more)
    return {sku: Queue(entries.values()) for sku, entries in found.items()}


def woken(first: Sequence[str], then: Sequence[str], limit: int) -> tuple[str, ...]:
    """The orders to wake, each once, at most so many."""
    return tuple(dict.fromkeys((*first, *then)))[:limit]
