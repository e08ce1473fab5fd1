"""Carts and shares as they are wanted, done in an opened shop: reserved, extended, let go; fenced and reallocated."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from segue.app import App
from segue.core.draft import Draft
from segue.core.fences import UNITS_MAX, Fence, beyond
from segue.engine.carting import extend, release, reserve
from segue.engine.fencing import fences_of, reallocate, refence
from segue.engine.taking import Desk
from segue.loader.problems import advice
from segue.main.failing import WRONG_USE, Failed
from segue.main.output import plain
from segue.main.stocking import known_goods, known_location
from segue.main.wanted import ChangeCart, PutFence, Reallocate, ReserveCart
from segue.ports import Needs


def reserve_cart(app: App, wanted: ReserveCart) -> dict[str, Any]:
    """Set aside what a cart holds. Raises NotReserved, or Failed if the catalog does not have it."""
    cart = msgspec.convert(wanted.cart, Draft, str_keys=True)
    for number, line in enumerate(cart.lines):
        known_goods(app, line.sku, f"lines[{number}].sku: ")
    found = reserve(app.stock_desk(wanted.by), cart, wanted.for_s)
    return {"cart": plain(found.cart), "missing": found.missing}


def change_cart(app: App, wanted: ChangeCart) -> dict[str, Any]:
    """Extend a reservation, or let it go. Raises NotReserved."""
    desk = app.stock_desk(wanted.by)
    return {"cart": plain(extend(desk, wanted.key, wanted.for_s) if wanted.for_s else release(desk, wanted.key))}


def put_fence(app: App, wanted: PutFence) -> dict[str, Any]:
    """Say what a channel's share is. Raises Unwritable."""
    known_goods(app, wanted.sku)
    _check(app, wanted.location, wanted.units or 0, wanted.safety or 0)
    desk, key = app.stock_desk(wanted.by), (wanted.location, wanted.channel)
    is_known = any((each.location, each.channel) == key for each in fences_of(desk, wanted.sku))
    if not (is_known or wanted.is_pool or wanted.channel in app.shop.channels):
        there_is = advice(wanted.channel, app.shop.channels)
        raise Failed(f"There is no channel `{wanted.channel}` (a pool is said by --pool); {there_is}", WRONG_USE)
    said = {"units": wanted.units, "parent": wanted.parent, "safety": wanted.safety}
    refence(desk, wanted.sku, key, {name: value for name, value in said.items() if value is not None})
    return _shares(desk, wanted.sku)


def reallocate_share(app: App, wanted: Reallocate) -> dict[str, Any]:
    """Make units of one share another's. Raises NotThere if the share has not so many left."""
    known_goods(app, wanted.sku)
    _check(app, wanted.location, wanted.units - 1)
    if wanted.giving == wanted.getting:
        raise Failed(f"--from and --to are both {wanted.giving}: two shares are needed.", WRONG_USE)
    desk = app.stock_desk(wanted.by)
    reallocate(desk, wanted.sku, wanted.units, (wanted.giving, wanted.getting), wanted.location)
    return _shares(desk, wanted.sku)


def _shares(desk: Desk, sku: str) -> dict[str, Any]:
    loaded = desk.store.load(Needs(stock=frozenset((sku,)), now_s=desk.now_s))
    return shares_of(sku, loaded.stock[sku], loaded.fences.get(sku, ()))


def shares_of(sku: str, free: Mapping[str, int], fences: Sequence[Fence]) -> dict[str, Any]:
    """The shares of a SKU, and where more is kept for channels than is free."""
    over = [{"location": name, "kept": kept, "free": there} for name, (kept, there) in beyond(free, fences).items()]
    return {"sku": sku, "shares": plain(fences), "beyond": over}


def _check(app: App, location: str, *units: int) -> None:
    if location:
        known_location(app, location)
    if min(units) < 0 or max(units) > UNITS_MAX:
        raise Failed(f"Units are between 0 and {UNITS_MAX:,}, and at least 1 changes hands.", WRONG_USE)
