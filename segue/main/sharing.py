"""Carts and shares as they are wanted, done in an opened shop: reserved, extended, let go; fenced and reallocated."""

from typing import Any

import msgspec
from msgspec.structs import replace

from segue.app import App
from segue.core.draft import Draft
from segue.core.fences import UNITS_MAX, Fence
from segue.engine.carting import extend, fence, fences_of, reallocate, release, reserve
from segue.loader.problems import did_you_mean
from segue.main.failing import WRONG_USE, Failed
from segue.main.output import plain
from segue.main.wanted import ChangeCart, PutFence, Reallocate, ReserveCart


def reserve_cart(app: App, wanted: ReserveCart) -> dict[str, Any]:
    """Set aside what a cart holds. Raises NotReserved."""
    found = reserve(app.stock_desk(wanted.by), msgspec.convert(wanted.cart, Draft, str_keys=True), wanted.for_s)
    return {"cart": plain(found.cart), "missing": found.missing}


def change_cart(app: App, wanted: ChangeCart) -> dict[str, Any]:
    """Extend a reservation, or let it go. Raises NotReserved."""
    desk = app.stock_desk(wanted.by)
    return {"cart": plain(extend(desk, wanted.key, wanted.for_s) if wanted.for_s else release(desk, wanted.key))}


def put_fence(app: App, wanted: PutFence) -> dict[str, Any]:
    """Say what a channel's share is. Raises Unwritable."""
    _check(app, wanted.location, wanted.units or 0, wanted.safety or 0)
    desk = app.stock_desk(wanted.by)
    known = _share(fences_of(desk, wanted.sku), wanted.location, wanted.channel) or Fence(
        wanted.location, wanted.channel
    )
    said = {"units": wanted.units, "parent": wanted.parent, "safety": wanted.safety}
    changed = replace(known, **{name: value for name, value in said.items() if value is not None})
    return {"sku": wanted.sku, "shares": plain(fence(desk, wanted.sku, [changed]))}


def reallocate_share(app: App, wanted: Reallocate) -> dict[str, Any]:
    """Make units of one share another's. Raises Failed if the share has not so many left."""
    _check(app, wanted.location, wanted.units, 0)
    desk = app.stock_desk(wanted.by)
    known = fences_of(desk, wanted.sku)
    giving, getting = (_share(known, wanted.location, name) for name in (wanted.giving, wanted.getting))
    if giving is None or getting is None:
        lacking = wanted.giving if giving is None else wanted.getting
        raise Failed(f"{lacking} has no share of {wanted.sku}; `segue stock fence` gives it one.", WRONG_USE)
    left = giving.units - giving.taken
    if wanted.units > left:
        raise Failed(f"Of the share of {wanted.giving} {max(left, 0)} units are left.")
    return {"sku": wanted.sku, "shares": plain(reallocate(desk, wanted.sku, wanted.units, (giving, getting)))}


def _share(known: tuple[Fence, ...], location: str, channel: str) -> Fence | None:
    return next((each for each in known if (each.location, each.channel) == (location, channel)), None)


def _check(app: App, location: str, *units: int) -> None:
    if location and location not in app.shop.locations:
        advice = did_you_mean(location, app.shop.locations)
        raise Failed(f"There is no location `{location}` in locations.yaml; {advice}", WRONG_USE)
    if min(units) < 0 or max(units) > UNITS_MAX:
        raise Failed(f"Units are between 0 and {UNITS_MAX:,}.", WRONG_USE)
