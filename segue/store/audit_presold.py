"""What orders count with against what may be sold, and what they wait for, worked out by the auditor in its own way."""

from collections.abc import Iterator

from segue.store.audit_orders import Order, Ranges

WITHOUT_STOCK = ("new", "preordered", "backordered")
AWAITING = ("preordered", "backordered")


def presold_of(order: Order) -> Iterator[tuple[str, int, int]]:
    """By SKU: the units that it counts with, but for those that were canceled, and those of them that wait for stock."""
    for sku, counted in order.counted.items():
        waiting = canceled = 0
        for line in order.lines:
            for state, units in line.tally.items() if line.sku == sku else ():
                core = state.partition(".")[0]
                waiting += _size(units) if core in WITHOUT_STOCK else 0
                canceled += _size(units) if core == "canceled" else 0
        waits = min(counted, waiting)
        yield sku, max(waits, counted - canceled), waits


def waits_of(order: Order) -> Iterator[tuple[int, str, int]]:
    """The lines of which units wait for stock, or for their day: number, SKU, units."""
    for line in order.lines:
        units = sum([_size(held) for state, held in line.tally.items() if state.partition(".")[0] in AWAITING])
        if units:
            yield line.number, line.sku, units


def _size(units: Ranges) -> int:
    return sum(last - first + 1 for first, last in units)
