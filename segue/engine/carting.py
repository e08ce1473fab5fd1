"""Reserving at checkout: a cart sets units aside for a while, where its order would be given them.

Nobody has to clean up: what is over counts for nothing from that second on. A cart that is reserved again, because it has
changed, gives back what it had in the same transaction.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from segue.core.base import Value
from segue.core.calendar import DAY_S
from segue.core.carts import CART_UNITS_MAX, Cart, Held
from segue.core.context import Context
from segue.core.draft import Draft
from segue.core.exploding import in_parts
from segue.core.facts import StockMove
from segue.core.intake import OrderPlaced, born
from segue.core.order import Order
from segue.core.sourcing import Plan, articles, plan
from segue.engine.fresh import until_fresh
from segue.engine.needs import load
from segue.engine.taking import Desk
from segue.engine.wave import Working
from segue.ports import Batch, CartChange, Needs, NotThere, OutOfStock, ShopMove, StaleOrder, Stocked

FOR_S_MAX = 7 * DAY_S


class NotReserved(NotThere):
    """A cart cannot be reserved like this, or has nothing reserved. Nothing is written."""


class Reserved(Value):
    """What a cart has set aside now, and how many units of each SKU found nothing."""

    cart: Cart
    missing: dict[str, int] = {}


def reserve(desk: Desk, draft: Draft, for_s: int) -> Reserved:
    """Set aside what a cart holds, as far as there is any; what the same cart had before is given back first."""
    _check_time(for_s)
    if not draft.cart:
        raise NotReserved("the cart has no key (`cart`) by which its order could name it")
    if sum(line.quantity for line in draft.lines) > CART_UNITS_MAX:
        raise NotReserved(f"a cart reserves at most {CART_UNITS_MAX:,} units")
    try:
        return until_fresh(lambda: _reserve(desk, draft, for_s))
    except (OutOfStock, StaleOrder) as error:
        raise NotReserved(
            f"others were quicker each time that cart {draft.cart} tried, at last with {error}"
        ) from error


def extend(desk: Desk, key: str, for_s: int) -> Cart:
    """The reservation ends so many seconds from now."""
    _check_time(for_s)

    def attempt() -> Cart:
        known = _live(desk, key)
        cart = replace(known, expires_at_s=desk.now_s + for_s)
        _commit(desk, CartChange(key, known.held, cart), ())
        return cart

    return until_fresh(attempt)


def release(desk: Desk, key: str) -> Cart:
    """What the cart has set aside is free again."""

    def attempt() -> Cart:
        known = _live(desk, key)
        _commit(desk, CartChange(key, known.held), _moves(known.held, (), known.channel, key))
        return known

    return until_fresh(attempt)


def _check_time(for_s: int) -> None:
    if not 0 < for_s <= FOR_S_MAX:
        raise NotReserved(f"a reservation lasts between 1s and {FOR_S_MAX // DAY_S}d, not {for_s}s")


def _live(desk: Desk, key: str) -> Cart:
    found = desk.store.load(Needs(carts=frozenset((key,)))).carts[key]
    if found is None or not found.is_live(desk.now_s):
        raise NotReserved(f"cart {key} has nothing reserved{'; its time is over' if found else ''}")
    return found


def _reserve(desk: Desk, draft: Draft, for_s: int) -> Reserved:
    working = Working(desk.store, desk.rules, desk.now_s)
    facts, key = working.facts, draft.cart
    load(desk.store, Needs(carts=frozenset((key,)), stock=frozenset(line.sku for line in draft.lines)), facts)
    draft = working.supplied(lambda: in_parts(draft, facts))
    known = facts.cart(key)
    if known and known.channel != draft.channel:
        raise NotReserved(f"cart {key} is one of {known.channel}")
    is_live = known is not None and known.is_live(desk.now_s)
    before = known.held if known and is_live else ()
    order, made = _planned(desk, working, draft, before)
    held, missing = _held(order, made), _missing(order, made)
    start_s = known.reserved_at_s if known and is_live else desk.now_s
    cart = Cart(key, draft.channel, start_s, desk.now_s + for_s, held)
    over = frozenset(each.sku for each in known.held) if known and not is_live else frozenset()
    _commit(desk, CartChange(key, before, cart), _moves(before, held, draft.channel, key), over)
    return Reserved(cart, missing)


def _planned(desk: Desk, working: Working, draft: Draft, before: tuple[Held, ...]) -> tuple[Order, Plan]:
    """Where an order of this cart would be given its units, by the rules of its channel."""
    workflow = desk.rules.for_channel(draft.channel)
    context = Context(desk.now_s, workflow, working.facts, desk.by, desk.rules.shop)
    order = born(None, OrderPlaced(id=draft.cart, workflow=workflow.version, draft=draft), desk.now_s)
    demand = {line.number: line.quantity for line in order.lines}
    known = {line.sku for line in order.lines} | {bundle.sku for bundle in order.bundles.values()}
    freed = {(held.sku, held.location): held.units for held in before if held.sku in known}
    return order, working.supplied(lambda: plan(order, demand, context, freed))


def _held(order: Order, made: Plan) -> tuple[Held, ...]:
    sums: dict[tuple[str, str], int] = {}
    for parcel in made.parcels:
        for sku, units in articles(order, parcel):
            key = (sku, parcel.location.id)
            sums[key] = sums.get(key, 0) + units
    return tuple(Held(*key, units) for key, units in sorted(sums.items()))


def _missing(order: Order, made: Plan) -> dict[str, int]:
    sums: dict[str, int] = {}
    for number, units in made.missing.items():
        sku = order.lines[number - 1].sku
        sums[sku] = sums.get(sku, 0) + units
    return sums


def _moves(before: Iterable[Held], after: Iterable[Held], channel: str, key: str) -> tuple[ShopMove, ...]:
    """What moves when a cart has other units set aside than before."""
    sums: dict[tuple[str, str], int] = {}
    for sign, side in ((-1, before), (1, after)):
        for held in side:
            place = (held.sku, held.location)
            sums[place] = sums.get(place, 0) + sign * held.units
    return tuple(
        ShopMove(
            StockMove(*place, 0, 0, "cart_reserved" if units > 0 else "cart_released", reserved=units),
            f"cart {key}",
            channel,
        )
        for place, units in sorted(sums.items())
        if units
    )


def _commit(desk: Desk, change: CartChange, moves: tuple[ShopMove, ...], swept: frozenset[str] = frozenset()) -> None:
    kept = change if change.after and change.after.held else replace(change, after=None)
    desk.store.commit(Batch(desk.now_s, stocked=Stocked(desk.by, moves=moves, carts=(kept,)), swept=swept))
