"""Units of an order move from one state to another, and out of fulfillments."""

from msgspec.structs import replace

from segue.core.bundle_units import packed_of
from segue.core.order import Fulfillment, Order
from segue.core.tally import Units, common, core_state, minus, move


def moved(order: Order, source: str, target: str, units: dict[int, Units]) -> Order:
    """The order with these units moved from one state to another."""
    lines = [
        replace(line, tally=move(line.tally, source, target, units[line.number])) if line.number in units else line
        for line in order.lines
    ]
    return replace(order, lines=tuple(lines))


def moved_from(order: Order, states: tuple[str, ...], target: str, units: dict[int, Units]) -> Order:
    """The order with these units moved to a state, each from whichever of these states it is in."""
    lines = []
    for line in order.lines:
        left = units.get(line.number, ())
        tally = line.tally
        for state, there in line.tally.items():
            if left and state != target and core_state(state) in states and (here := common(left, there)):
                tally = move(tally, state, target, here)
                left = minus(left, here)
        lines.append(replace(line, tally=tally) if tally is not line.tally else line)
    return replace(order, lines=tuple(lines))


def without_units(order: Order, units: dict[int, Units]) -> Order:
    """The order with these units taken out of whichever fulfillments have them."""
    fulfillments = {
        name: replace(
            known, units={n: rest for n, held in known.units.items() if (rest := minus(held, units.get(n, ())))}
        )
        for name, known in order.fulfillments.items()
    }
    if order.bundles:
        fulfillments = {name: _with_packed(order, known) for name, known in fulfillments.items()}
    return replace(order, fulfillments=fulfillments)


def _with_packed(order: Order, known: Fulfillment) -> Fulfillment:
    """The fulfillment with those of its ready packed bundles whose units it still has."""
    return replace(known, packed=packed_of(order, known.units, known.packed)) if known.packed else known
