"""Carts and shares as rows: what a batch does to them. Alike for every database, without SQL."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from segue.core.carts import Cart, Held
from segue.core.facts import StockMove
from segue.core.fences import EVERYWHERE, Fence, available, promisable, scope_of, taken_more
from segue.ports import Batch, CartChange, OutOfStock, ShopMove, StaleOrder, Stocked
from segue.store.batch import Row

CLOCK = "clock"  # who gives back what carts had that are over
EXPIRED = "cart_expired"  # why it moves
Shares = dict[str, tuple[Fence, ...]]  # by SKU


def touched(batch: Batch) -> set[str]:
    """The SKUs of which stock moves: what carts have of them that are over is given back first."""
    moves = {move.sku for step in batch.steps for move in step.moves}
    return moves | set(batch.swept) | {each.move.sku for each in (batch.stocked.moves if batch.stocked else ())}


def given_back(batch: Batch, over: Iterable[tuple[str, str, str, int, str]]) -> Batch:
    """The batch with what carts give back that are over: of each its key, SKU, location, units, channel."""
    moves = tuple(
        ShopMove(StockMove(sku, location, 0, 0, EXPIRED, reserved=-units), f"cart {cart}", channel)
        for cart, sku, location, units, channel in sorted(over)
    )
    if not moves:
        return batch
    stocked = batch.stocked or Stocked(CLOCK)
    return replace(batch, stocked=replace(stocked, moves=(*moves, *stocked.moves)))


def cart_changes(batch: Batch) -> list[CartChange]:
    """What becomes of carts, in an order that all writers keep: orders take theirs over, others change or are let go."""
    taken = [CartChange(step.taken.cart, step.taken.held) for step in batch.steps if step.taken]
    return sorted([*taken, *(batch.stocked.carts if batch.stocked else ())], key=lambda change: change.id)


def check_cart(change: CartChange, found: Iterable[tuple[str, str, int]]) -> None:
    """Raises StaleOrder if a cart has not what it was said to have."""
    if {Held(*row) for row in found} != set(change.before):
        raise StaleOrder(f"the reservation of cart {change.id} has moved on")


def cart_rows(changes: Iterable[CartChange]) -> Iterator[Row]:
    """What carts have after these changes."""
    for change in changes:
        cart = change.after
        for held in cart.held if cart else ():
            assert cart is not None
            yield (
                change.id, held.sku, held.location, held.units, cart.channel, cart.reserved_at_s, cart.expires_at_s,
            )  # fmt: skip


def carts_of(rows: Iterable[tuple[str, str, str, int, str, int, int]]) -> dict[str, Cart]:
    """The carts that these rows are, in the order of cart, SKU and location."""
    found: dict[str, Cart] = {}
    for key, sku, location, units, channel, reserved_at_s, expires_at_s in rows:
        cart = found.get(key) or Cart(key, channel, reserved_at_s, expires_at_s)
        found[key] = replace(cart, held=(*cart.held, Held(sku, location, units)))
    return found


class Drawing:
    """The moves of one batch against the shares: what each step takes may be no more than its channel may promise."""

    def __init__(self, shares: Shares, free: Mapping[str, Mapping[str, int]]) -> None:
        self.shares = shares
        self.free = {sku: dict(free.get(sku, {})) for sku in shares}
        self.rows: list[Row] = []

    def run(self, batch: Batch) -> None:
        """Go through the batch; what carts of any channel give back that are over comes first.

        Raises OutOfStock naming the first SKU of which a channel takes too much.
        """
        if batch.stocked:
            groups: dict[tuple[bool, str], list[StockMove]] = {}
            for each in batch.stocked.moves:
                groups.setdefault((each.move.reason != EXPIRED, each.channel), []).append(each.move)
            for (_, channel), moves in sorted(groups.items(), key=lambda group: group[0]):
                self._take(moves, channel, ("", batch.stocked.by, batch.now_s))
        for step in batch.steps:
            self._take(step.moves, step.order.channel, (step.order.id, step.by, step.at_s))

    def _take(self, moves: Sequence[StockMove], channel: str, who: tuple[str, str, int]) -> None:
        mine = [move for move in moves if move.sku in self.shares]
        drawn: dict[tuple[str, str], int] = {}
        for move in mine:
            scope = scope_of(self.shares[move.sku], move.location)
            if scope is not None:
                drawn[move.sku, scope] = drawn.get((move.sku, scope), 0) + move.drawn
        for (sku, scope), units in sorted(drawn.items()):
            if units > 0 and units > self._promisable(sku, scope, channel):
                raise OutOfStock(f"{sku}{f' at {scope}' if scope else ''} for {channel or 'nobody'}")
        for move in mine:
            there = self.free[move.sku]
            there[move.location] = there.get(move.location, 0) + move.freed
        for (sku, scope), units in sorted(drawn.items()):
            before = self.shares[sku]
            self.shares[sku] = taken_more(before, scope, channel, units)
            if self.shares[sku] != before:
                self.rows.append((sku, scope, channel, 0, units, *who))

    def _promisable(self, sku: str, scope: str, channel: str) -> int:
        fences = [each for each in self.shares[sku] if each.location == scope]
        there = self.free[sku]
        if scope == EVERYWHERE:
            return sum(units for units in promisable(there, fences, channel).values() if units > 0)
        return available(there.get(scope, 0), fences, channel)


def shares_of(rows: Iterable[tuple[str, str, str, int, int, str, int]]) -> Shares:
    """The shares that these rows are, by SKU."""
    found: Shares = {}
    for sku, location, channel, units, taken, parent, safety in rows:
        found[sku] = (*found.get(sku, ()), Fence(location, channel, units, taken, parent, safety))
    return found


def share_moves(known: Shares, batch: Batch) -> list[Row]:
    """The moves of shares that become larger or smaller, as rows. Raises StaleOrder if one is not as it was said to be."""
    rows: list[Row] = []
    assert batch.stocked is not None
    for change in batch.stocked.fences:
        fence = change.fence
        before = sum(
            each.units
            for each in known.get(change.sku, ())
            if (each.location, each.channel) == (fence.location, fence.channel)
        )
        if change.units_before not in (None, before):
            raise StaleOrder(f"the share of {fence.channel} in {change.sku} has moved on")
        rows.append(
            (change.sku, fence.location, fence.channel, fence.units - before, 0, "", batch.stocked.by, batch.now_s)
        )
    return rows
