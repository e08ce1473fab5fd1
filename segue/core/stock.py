"""Stock: which moves of stock an event makes. What a location has is the sum of its moves."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from segue.core.allocate import ReservationDropped, UnitsAllocated, UnitsReserved
from segue.core.base import Event
from segue.core.bringing import SentToStore, UnitsReady
from segue.core.bundle_units import in_stock
from segue.core.cancel import CANCELABLE, UnitsCanceled
from segue.core.collect import UnitsCollected
from segue.core.converting import CartTaken
from segue.core.deallocate import UnitsDeallocated
from segue.core.facts import StockMove
from segue.core.fences import BROUGHT, NOT_COLLECTED, SENT, SHIPPED
from segue.core.fulfill import FulfillmentRejected, FulfillmentShipped, UnitsShortPicked
from segue.core.order import Order
from segue.core.returns import UnitsReturned
from segue.core.stock_effect import DAMAGED, GONE, NONE_LEFT, QUARANTINED
from segue.core.tally import HOLDING, Units, common, in_state, size

OfFulfillment = (
    UnitsDeallocated
    | FulfillmentShipped
    | UnitsCollected
    | SentToStore
    | UnitsReady
    | UnitsShortPicked
    | FulfillmentRejected
)


def stock_moves(order: Order, event: Event) -> list[StockMove]:
    """The moves that an event makes; `order` is the order before it."""
    moves = MOVES.get(type(event))
    return moves(order, event) if moves else []


def _moves(
    order: Order,
    units: dict[int, Units],
    location: str,
    reason: str,
    on_hand: int = 0,
    allocated: int = 0,
    packed: dict[str, Units] | None = None,
) -> list[StockMove]:
    """Moves of what these units are in stock. `packed`: which bundles lie there ready packed, by bundle."""
    if packed:
        found = in_stock(order, units, packed)
        return [StockMove(sku, location, on_hand * count, allocated * count, reason) for sku, count in found]
    moves = []
    for line in order.lines:
        if line.number in units:
            count = size(units[line.number])
            moves.append(StockMove(line.sku, location, on_hand * count, allocated * count, reason))
    return moves


def _packed(order: Order, event: OfFulfillment) -> dict[str, Units]:
    """What of its fulfillment lies there ready packed."""
    return order.fulfillments[event.fulfillment].packed


def _set_aside(order: Order, event: UnitsReserved | UnitsAllocated) -> list[StockMove]:
    reason = "reserved" if isinstance(event, UnitsReserved) else "allocated"
    return _moves(order, event.units, event.location, reason, allocated=1, packed=event.packed)


def _dropped(order: Order, event: ReservationDropped) -> list[StockMove]:
    known = order.fulfillments[event.fulfillment]
    return _moves(order, event.units, known.location, "reservation_dropped", allocated=-1, packed=known.packed)


def _deallocated(order: Order, event: UnitsDeallocated) -> list[StockMove]:
    return _moves(order, event.units, event.location, "deallocated", allocated=-1, packed=_packed(order, event))


def _shipped(order: Order, event: FulfillmentShipped | UnitsCollected) -> list[StockMove]:
    return _moves(order, event.units, event.location, SHIPPED, -1, -1, _packed(order, event))


def _sent(order: Order, event: SentToStore) -> list[StockMove]:
    """On its way it is no location's."""
    return _moves(order, event.units, event.location, SENT, -1, -1, _packed(order, event))


def _ready(order: Order, event: UnitsReady) -> list[StockMove]:
    return _moves(order, event.units, event.location, BROUGHT, 1, 1, _packed(order, event)) if event.brought else []


def _failed(order: Order, event: UnitsShortPicked | FulfillmentRejected) -> list[StockMove]:
    """What becomes of the stock is what the event says."""
    reason = "rejected" if isinstance(event, FulfillmentRejected) else f"short_pick_{event.reason}"
    on_hand = -1 if event.effect in (GONE, NONE_LEFT) else 0
    packed = _packed(order, event)
    moves = _moves(order, event.units, event.location, reason, on_hand, allocated=-1, packed=packed)
    if event.effect == DAMAGED:
        moves = [replace(move, damaged=-move.allocated) for move in moves]
    if event.effect == QUARANTINED:
        moves = [replace(move, quarantined=-move.allocated) for move in moves]
    rest = [(order.lines[number - 1].sku, units) for number, units in event.cleared.items()]
    moves += [StockMove(sku, event.location, -units, 0, "none_left") for sku, units in rest]
    return moves + (_moves(order, event.beside, event.location, "deallocated", 0, -1) if event.beside else [])


def _canceled(order: Order, event: UnitsCanceled) -> list[StockMove]:
    """Units that held stock give it back, wherever each of them had it."""
    moves = []
    for fulfillment in order.fulfillments.values():
        held = {}
        for line in order.lines:
            there = common(event.units.get(line.number, ()), fulfillment.units.get(line.number, ()))
            ranges: Units = ()
            for state in HOLDING:
                if state in CANCELABLE:
                    ranges += common(there, in_state(line.tally, state))
            if ranges:
                held[line.number] = ranges
        reason = NOT_COLLECTED if fulfillment.origin else "canceled"
        moves += _moves(order, held, fulfillment.location, reason, allocated=-1, packed=fulfillment.packed)
    return moves


def _returned(order: Order, event: UnitsReturned) -> list[StockMove]:
    if not event.sellable or not event.location:
        return []
    return _moves(order, event.units, event.location, "returned", on_hand=1)


def _taken_over(order: Order, event: CartTaken) -> list[StockMove]:
    return [StockMove(held.sku, held.location, 0, 0, "cart_converted", reserved=-held.units) for held in event.held]


MOVES: dict[type[Event], Callable[[Order, Any], list[StockMove]]] = {
    CartTaken: _taken_over,
    UnitsReserved: _set_aside,
    UnitsAllocated: _set_aside,
    ReservationDropped: _dropped,
    UnitsDeallocated: _deallocated,
    FulfillmentShipped: _shipped,
    UnitsCollected: _shipped,
    SentToStore: _sent,
    UnitsReady: _ready,
    UnitsShortPicked: _failed,
    FulfillmentRejected: _failed,
    UnitsCanceled: _canceled,
    UnitsReturned: _returned,
}
