"""Converting: an order that comes from a cart takes over what the cart has set aside, and what it does not need is free."""

from collections.abc import Callable

from segue.core.allocate import UnitsReserved
from segue.core.base import Command, Event
from segue.core.bundle_parcels import numbered
from segue.core.carts import Cart, Held
from segue.core.context import Context
from segue.core.order import Line, Order
from segue.core.sourcing.kept import as_kept
from segue.core.tally import Units, size, whole


class CartTaken(Event):
    """What a cart had set aside is no longer the cart's."""

    cart: str
    held: tuple[Held, ...]


class CartMissed(Event):
    """The order names a cart of which nothing is taken over; it looks for stock as others do."""

    cart: str
    why: str  # nothing_reserved, over or another_channel


def taken_over(order: Order, cart: str, context: Context) -> list[Event]:
    """The reservation of a cart, as the order's own. One that is over, or was let go, gives nothing."""
    if not cart:
        return []
    found = context.facts.cart(cart)
    if found is None:
        return [CartMissed(cart, "nothing_reserved")]
    if not found.is_live(context.now_s):
        return [CartMissed(cart, "over")]
    if found.channel != order.channel:
        return [CartMissed(cart, "another_channel")]
    return [CartTaken(cart=cart, held=found.held), *_reserved(order, found)]


def _reserved(order: Order, cart: Cart) -> list[Event]:
    """For each location of the cart the units that the order reserves there, the first units first."""
    if order.bundles:
        return _with_bundles(order, cart)
    left = {(held.sku, held.location): held.units for held in cart.held}
    next_unit = dict.fromkeys((line.number for line in order.lines), 1)
    events: list[Event] = []
    for location in sorted({held.location for held in cart.held}):
        units: dict[int, Units] = {}
        for line in order.lines:
            first = next_unit[line.number]
            if some := _share(line, location, left.get((line.sku, location), 0), first):
                units[line.number] = some
                left[line.sku, location] -= size(some)
                next_unit[line.number] = first + size(some)
        if units:
            name = f"F{len(order.fulfillments) + len(events) + 1}"
            events.append(UnitsReserved(fulfillment=name, location=location, units=units))
    return events


def _with_bundles(order: Order, cart: Cart) -> list[Event]:
    """The same where there are bundles: nothing of one that is held whole is reserved alone."""
    found = as_kept(order, {(held.sku, held.location): held.units for held in cart.held})
    waiting = {line.number: whole(line.quantity) for line in order.lines}
    events: list[Event] = []
    for parcel, (units, packed) in zip(found, numbered(order, found, waiting), strict=True):
        name = f"F{len(order.fulfillments) + len(events) + 1}"
        reserved = UnitsReserved(fulfillment=name, location=parcel.location.id, units=units, packed=packed)
        events.append(reserved)
    return events


def _share(line: Line, location: str, there: int, first: int) -> Units:
    """The units of a line that find something at a location; none if it may not serve the line."""
    last = min(line.quantity, first - 1 + there)
    return ((first, last),) if last >= first and line.location in ("", location) else ()


def evolve_taken(order: Order, event: CartTaken | CartMissed, at_s: int) -> Order:
    """What the order reserves, it reserves by events of their own."""
    return order


DECISIONS: dict[type[Command], Callable[..., list[Event]]] = {}  # an order that is placed leads to these events
EVOLUTIONS = {CartTaken: evolve_taken, CartMissed: evolve_taken}
