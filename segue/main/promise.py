"""The command `segue promise`: from where and when a cart could be had, by the code that allocates orders."""

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from segue.main.failing import FOUND, WRONG_USE, Failed, failing
from segue.main.formats import count, iso, show_in
from segue.main.output import plain, print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.quote import cart_in, channel_of, digest_of, mapping_of, mistakes_of_method, now_of
from segue.main.shops import folder_of

if TYPE_CHECKING:
    from segue.core.arriving import Source
    from segue.core.calendar import Promised
    from segue.core.draft import Draft
    from segue.core.sooner import Sooner
    from segue.engine.promising import Option
    from segue.loader.shop import Shop as ShopFiles

PLACE = re.compile(r"([A-Z]{2})(?:-([A-Za-z]{1,3})|-([A-Za-z0-9 -]{2,10}))?")


def promise(
    file: Annotated[Path, Parameter(name="CART", help="The cart: JSON, as Segue's own order document.")],
    /,
    *,
    to: Annotated[
        str, Parameter(help="Where it goes, instead of where the cart says: `DE`, `US-NY`, `DE-10115`.")
    ] = "",
    channel: Annotated[str, Parameter(help="The channel that it would come from; the shop's first.")] = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Say from where and when a cart could be had, by each shipping method, and why not sooner. Nothing is kept."""
    folder = folder_of(shop)
    from segue.settings import read_shop

    with failing():
        known = read_shop(folder)
        name = channel_of(known, channel)
        now_s = now_of(folder)
        cart = cart_in(file, mapping_of(name), known.currency, now_s, digest_of(folder), _address(to))
        found = _options(folder, known, cart, now_s)
    show_in(known.time_zone)
    if json:
        print_json([as_json(option) for option in found])
        return
    show(known, found)


def _address(to: str) -> dict[str, str]:
    """Where a cart goes: a country, with its region or a postcode."""
    if not to:
        return {}
    found = PLACE.fullmatch(to)
    if found is None:
        raise Failed(f"--to {to}: write it like DE, US-NY or DE-10115.", WRONG_USE)
    place = {"country": found[1], "region": found[2], "postcode": found[3]}
    return {name: value for name, value in place.items() if value}


def _options(folder: Path, known: "ShopFiles", cart: "Draft", now_s: int) -> "list[Option]":
    """What is promised by the cart's own method if it has one, else by each of the shop's."""
    from segue.app import rules_of
    from segue.core.base import Refused
    from segue.engine.promising import options
    from segue.store.looking import Looking

    for mistake in mistakes_of_method(cart.ship_method, known.shipping_methods):
        raise Failed(mistake, WRONG_USE)
    methods = (cart.ship_method,) if cart.ship_method else known.shipping_methods or ("",)
    shelves = Looking(folder, known.items, known.stock)
    try:
        return options(shelves, rules_of(known), cart, now_s, methods)
    except Refused as refused:
        raise Failed(f"Nothing can be promised: {refused}.", FOUND) from refused


def as_json(option: "Option") -> dict[str, Any]:
    """What one method promises, for programs."""
    made = option.promise
    return {
        "method": made.method,
        "sources": [
            {
                "location": source.location,
                "units": _units(option, source.units),
                "allocated_at": iso(source.at_s),
                **_dates(source.promised),
                "supplies": source.supplies,
            }
            for source in made.sources
        ],
        "missing": _units(option, made.missing),
        "because": plain(made.because),
        "sooner": [
            {
                "change": each.change,
                "location": each.location,
                "at": iso(each.at_s),
                "sku": each.sku,
                "units": each.units,
                "supplies": each.supplies,
                **_dates(each.promised),
            }
            for each in option.sooner
        ],
    }


def _dates(made: "Promised | None") -> dict[str, Any]:
    return {
        "leaves_at": iso(made.ship_by_s if made else None),
        "arrives_from": iso(made.deliver_from_s if made else None),
        "arrives_by": iso(made.deliver_by_s if made else None),
    }


def _units(option: "Option", units: dict[int, int]) -> dict[str, int]:
    """Units by SKU."""
    found: dict[str, int] = {}
    for number, many in units.items():
        sku = option.skus[number - 1]
        found[sku] = found.get(sku, 0) + many
    return found


def show(known: "ShopFiles", found: "list[Option]") -> None:
    """A table of methods, places and dates; below it what keeps them from being better."""
    rows = []
    for option in found:
        for source in option.promise.sources:
            rows.append((option.promise.method, *_row(known, option, source)))
        if option.promise.missing:
            rows.append((option.promise.method, "nowhere", _listed(_units(option, option.promise.missing)), "", "", ""))
    table(("method", "from", "units", "can be asked", "leaves", "arrives"), rows)
    for option in found:
        for each in option.sooner:
            say(f"{option.promise.method}: {_why_not_sooner(known, each)}.")


def _row(known: "ShopFiles", option: "Option", source: "Source") -> tuple[str, ...]:
    made = source.promised
    asked = f"with {', '.join(source.supplies)}" if source.supplies else _at(known, source.location, source.at_s)
    leaves = _at(known, source.location, made.ship_by_s) if made else "not known"
    return source.location, _listed(_units(option, source.units)), asked, leaves, _arrives(known, source.location, made)


def _listed(units: dict[str, int]) -> str:
    return ", ".join(f"{many} {sku}" for sku, many in units.items())


def _arrives(known: "ShopFiles", location: str, made: "Promised | None") -> str:
    """The days between which it arrives, where it comes from."""
    if made is None or made.deliver_from_s is None or made.deliver_by_s is None:
        return "not known"
    first, last = _local(known, location, made.deliver_from_s), _local(known, location, made.deliver_by_s)
    last -= timedelta(seconds=1)  # until midnight is that day
    return f"{first:%a %Y-%m-%d}" if first.date() >= last.date() else f"{first:%a %Y-%m-%d} to {last:%a %Y-%m-%d}"


def _local(known: "ShopFiles", location: str, at_s: int) -> Any:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.fromtimestamp(at_s, ZoneInfo(known.locations[location].time_zone or known.time_zone))


def _at(known: "ShopFiles", location: str, at_s: int) -> str:
    return f"{_local(known, location, at_s):%a %Y-%m-%d %H:%M %Z}"


def _why_not_sooner(known: "ShopFiles", each: "Sooner") -> str:
    place = each.location
    if each.change == "supply":
        return f"{place} gets it with {', '.join(each.supplies)}, on {_at(known, place, each.at_s or 0)}"
    if each.change == "safety_stock":
        what = f"with {count(each.units, 'unit')} of {each.sku} that {place} keeps as safety stock"
    else:
        what = f"ordered before {_at(known, place, each.at_s or 0)}"
    return f"{what}, it would leave {_left(known, place, each.promised)}"


def _left(known: "ShopFiles", place: str, made: "Promised | None") -> str:
    if made is None:
        return f"{place} at once"
    return f"{place} on {_at(known, place, made.ship_by_s)}, and arrive {_arrives(known, place, made)}"
