"""Dated supply: what is on order or on its way, and when it is expected; moved, shrunk, canceled, received.

Facts for promises. What is expected is in no counter of stock until it is received, but for transfers: what has left one
location is in transit to the other.
"""

from collections.abc import Callable, Iterable, Sequence

from segue.core.base import Value
from segue.core.facts import StockMove
from segue.engine.cascading import Cascade, Cascading
from segue.engine.fresh import until_fresh
from segue.engine.taking import Desk, Taken, Taking
from segue.ports import NotThere, SupplyMove
from segue.ports.stockroom import Key


class Change(Value):
    """What is said of supply, as moves: of stock, and of what is expected."""

    moves: tuple[StockMove, ...] = ()
    supplies: tuple[SupplyMove, ...] = ()


def expect(desk: Desk, reference: str, key: Key, units: int, expected_at_s: int) -> Taken:
    """More units are on order. Raises NotThere if it is not said when they are expected, or how many."""
    _refuse_unsaid(reference, units, expected_at_s)
    change = Change((), (SupplyMove(reference, *key, expected_at_s, units, "ordered"),))
    return apply(desk, lambda: change)


def transfer(desk: Desk, sku: str, between: tuple[str, str], units: int, reference: str, expected_at_s: int) -> Taken:
    """Units leave one location for another. Raises NotThere if they are not free to go."""
    _refuse_unsaid(reference, units, expected_at_s)
    origin, location = between
    moves = (
        StockMove(sku, origin, -units, 0, f"transfer {reference}"),
        StockMove(sku, location, 0, 0, f"transfer {reference}", in_transit=units),
    )
    sent = SupplyMove(reference, sku, location, expected_at_s, units, "sent", origin)
    return apply(desk, lambda: Change(moves, (sent,)))


def put_off(desk: Desk, reference: str, sku: str, units: int, expected_at_s: int) -> Taken:
    """Units are expected at another instant, those that were expected first; 0: all. Raises NotThere."""
    return apply(desk, lambda: putting_off(desk, reference, sku, units, expected_at_s))


def putting_off(desk: Desk, reference: str, sku: str, units: int, expected_at_s: int) -> Change:
    """The moves that put units off. Raises NotThere."""
    _refuse_unsaid(reference, 1, expected_at_s)
    chosen = _chosen(_expected(desk, reference, sku), units)
    return Change(
        (),
        tuple(
            move
            for each in chosen
            for move in (_changed(each, -each.units, "moved"), _at(_changed(each, each.units, "moved"), expected_at_s))
        ),
    )


def cancel(desk: Desk, reference: str, sku: str, units: int, reason: str) -> Taken:
    """Units will not come, those that were expected last; 0: all. Raises NotThere."""
    return apply(desk, lambda: canceling(desk, reference, sku, units, reason))


def canceling(desk: Desk, reference: str, sku: str, units: int, reason: str) -> Change:
    """The moves that cancel units. Raises NotThere."""
    chosen = _chosen(_expected(desk, reference, sku)[::-1], units)
    moves = tuple(_changed(each, -each.units, reason) for each in chosen)
    return Change(tuple(_arrived(chosen, 0, reason)), moves)


def apply(desk: Desk, making: Callable[[], Change]) -> Taken:
    """Write what is said of supply; all who wait for it are promised anew in the same transaction. Raises NotThere."""

    def attempt() -> Taken:
        change = making()
        return Taking(desk).moves(change.moves, change.supplies, cascades=True)

    return until_fresh(attempt)


def foreseen(desk: Desk, change: Change) -> list[Cascade]:
    """What a change would come to for who waits, by SKU. Nothing is written."""
    cascading = Cascading(desk.store, desk.rules, desk.now_s)
    return cascading.of(change.moves, change.supplies, foresees=True)


def receive(desk: Desk, reference: str, sku: str, units: int, is_all: bool) -> Taken:
    """Units have come, those that were expected first; more than were expected may come. With `is_all` no more will.

    Raises NotThere if none were expected.
    """
    return until_fresh(lambda: _received(desk, reference, sku, units, is_all))


def _received(desk: Desk, reference: str, sku: str, units: int, is_all: bool) -> Taken:
    expected = [each for each in _expected(desk, reference, sku) if each.sku == sku]
    chosen = _chosen(expected, min(units, sum(each.units for each in expected))) if units else []
    rest = _less(expected, chosen) if is_all else []
    reason = f"received {reference}"
    more = units - sum(each.units for each in chosen)
    moves = [*_arrived(chosen, 1, reason), *_arrived(rest, 0, f"missing {reference}")]
    if more:
        moves.append(StockMove(sku, expected[-1].location, more, 0, f"{reason}, more than expected"))
    came = [_changed(each, -each.units, "received") for each in chosen]
    return Taking(desk).moves(moves, [*came, *(_changed(each, -each.units, "short") for each in rest)])


def _refuse_unsaid(reference: str, units: int, expected_at_s: int) -> None:
    if expected_at_s <= 0:
        raise NotThere(f"nobody says when {reference} is expected")
    if units <= 0:
        raise NotThere(f"{units} units of {reference} cannot be expected")


def _expected(desk: Desk, reference: str, sku: str) -> list[SupplyMove]:
    found = list(desk.room.supplies(reference, sku))
    if not found:
        raise NotThere(f"nothing{f' of {sku}' if sku else ''} is expected by {reference}")
    return found


def _chosen(expected: Iterable[SupplyMove], units: int) -> list[SupplyMove]:
    """The first of these that make up so many units; 0: all."""
    known = list(expected)
    most = sum(each.units for each in known)
    if units > most:
        raise NotThere(f"{most} are expected, {units} were named")
    left = units or most
    found = []
    for each in known:
        if some := min(left, each.units):
            found.append(_changed(each, some, each.reason))
            left -= some
    return found


def _less(expected: Sequence[SupplyMove], chosen: Iterable[SupplyMove]) -> list[SupplyMove]:
    taken = {(each.location, each.expected_at_s): each.units for each in chosen}
    rest = [(each, each.units - taken.get((each.location, each.expected_at_s), 0)) for each in expected]
    return [_changed(each, units, each.reason) for each, units in rest if units]


def _arrived(chosen: Iterable[SupplyMove], on_hand: int, reason: str) -> list[StockMove]:
    """What becomes of stock: of an order it comes, of a transfer it is no longer in transit too."""
    return [
        StockMove(
            each.sku, each.location, on_hand * each.units, 0, reason, in_transit=-each.units if each.origin else 0
        )
        for each in chosen
        if on_hand or each.origin
    ]


def _changed(each: SupplyMove, units: int, reason: str) -> SupplyMove:
    return SupplyMove(each.reference, each.sku, each.location, each.expected_at_s, units, reason, each.origin)


def _at(each: SupplyMove, expected_at_s: int) -> SupplyMove:
    return SupplyMove(
        each.reference, each.sku, each.location, expected_at_s, each.units, each.reason, each.origin
    )  # fmt: skip
