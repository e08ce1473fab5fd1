"""The command `segue promise`: from where and when a cart could be had, by the code that allocates orders."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from segue.core.lanes import MILLS
from segue.loader.countries import COUNTRIES
from segue.main.failing import FOUND, WRONG_USE, Failed, failing
from segue.main.formats import count, iso, money, show_in
from segue.main.output import plain, print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.quote import cart_in, channel_of, digest_of, mapping_of, mistakes_of_method, now_of
from segue.main.shops import folder_of

if TYPE_CHECKING:
    from segue.core.arriving import Source
    from segue.core.calendar import Promised
    from segue.core.draft import Draft
    from segue.core.sooner import Sooner
    from segue.engine.needs import Shelves
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
    from segue.store.looking import Looking

    with failing():
        known = read_shop(folder)
        name = channel_of(known, channel)
        now_s = now_of(folder)
        cart = cart_in(file, mapping_of(name), known.currency, now_s, digest_of(folder), _address(to))
        shelves = Looking(folder, known.items, known.stock)
        if mistakes := list(_mistakes(cart, known, shelves)):
            raise Failed("\n".join(f"{file}: {mistake}" for mistake in mistakes), WRONG_USE)
        found = _options(shelves, known, cart, now_s)
    show_in(known.time_zone)
    if json:
        print_json([as_json(option, cart.currency) for option in found])
        return
    show(known, found, cart.currency)


def _address(to: str) -> dict[str, str]:
    """Where a cart goes: a country, with its region or a postcode."""
    if not to:
        return {}
    found = PLACE.fullmatch(to)
    if found is None:
        raise Failed(f"--to {to}: write it like DE, US-NY or DE-10115.", WRONG_USE)
    if found[1] not in COUNTRIES:
        raise Failed(f"--to {to}: `{found[1]}` is no country of ISO 3166.", WRONG_USE)
    place = {"country": found[1], "region": found[2], "postcode": found[3]}
    return {name: value for name, value in place.items() if value}


def _mistakes(cart: "Draft", known: "ShopFiles", shelves: "Shelves") -> Iterator[str]:
    """What an order of this cart would be held for, so that nothing could be promised for it."""
    from segue.loader.problems import advice, shortened
    from segue.ports import Needs

    yield from mistakes_of_method(cart.ship_method, known.shipping_methods)
    items = shelves.load(Needs(items=frozenset(line.sku for line in cart.lines))).items
    for number, line in enumerate(cart.lines):
        if items[line.sku] is None and line.sku not in known.recipes:
            suggestion = advice(line.sku, [*known.items, *known.recipes])
            yield f"lines[{number}].sku: the catalog has no `{shortened(line.sku)}`; {suggestion}"
    country = cart.ship_to.country
    if country and country not in COUNTRIES:
        yield f"customer.ship_to.country: `{country}` is no country of ISO 3166."


def _options(shelves: "Shelves", known: "ShopFiles", cart: "Draft", now_s: int) -> "list[Option]":
    """What is promised by the cart's own method if it has one, else by each of the shop's."""
    from segue.app import rules_of
    from segue.core.base import Refused
    from segue.engine.promising import options

    methods = (cart.ship_method,) if cart.ship_method else known.shipping_methods or ("",)
    try:
        return options(shelves, rules_of(known), cart, now_s, methods, explains=True)
    except Refused as refused:
        raise Failed(f"Nothing can be promised: {refused}.", FOUND) from refused


def as_json(option: "Option", currency: str) -> dict[str, Any]:
    """What one method promises, for programs. Costs are in thousandths of a minor unit."""
    made = option.promise
    return {
        "method": made.method,
        "currency": currency,
        "shipping_minor": option.shipping_minor,
        "cost_mills": made.cost_mills,
        "sources": [
            {
                "location": source.location,
                "units": _units(option, source.units),
                "allocated_at": iso(source.at_s),
                **_dates(source.promised),
                "supplies": source.supplies,
                "cost_mills": source.cost_mills,
                "collected_at": source.to,
                "packed": dict(source.packed),
            }
            for source in made.sources
        ],
        "missing": _units(option, made.missing),
        "unsellable": option.unsellable,
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


def show(known: "ShopFiles", found: "list[Option]", currency: str) -> None:
    """A table of methods, places, dates and costs; below it what keeps them from being better."""
    rows = []
    for option in found:
        for source in option.promise.sources:
            cost = cost_of(source.cost_mills, currency)
            rows.append((option.promise.method, *_row(known, option, source), cost))
        if option.promise.missing:
            missing = _listed(_units(option, option.promise.missing))
            rows.append((option.promise.method, "nowhere", missing, "", "", "", ""))
    table(("method", "from", "units", "can be asked", "leaves", "arrives", ">costs us"), rows)
    for option in found:
        for lack in _lacks(option):
            say(f"{option.promise.method}: {lack}.")
        if option.shipping_minor is not None or option.promise.cost_mills is not None:
            say(f"{option.promise.method}: {_costs(option, currency)}.")
        for each in option.sooner:
            say(f"{option.promise.method}: {_why_not_sooner(known, each)}.")


def _lacks(option: "Option") -> Iterator[str]:
    """Why units come from nowhere, and for each location that sends nothing why it does not."""
    for objection in option.unsellable:
        yield f"it cannot be sold now: {objection}"
    if option.promise.missing:
        missing = _listed(_units(option, option.promise.missing))
        yield f"no location that may send it has {missing}, and no supply that is expected brings it"
        because = option.promise.because
        for name, why in because.passed_over.items() if because is not None else ():
            yield f"not from {name}: {why}"


def _costs(option: "Option", currency: str) -> str:
    """What the customer pays for the shipping, and what it costs the shop, as far as that is known."""
    told = []
    if option.shipping_minor is not None:
        told.append(f"the customer pays {money(option.shipping_minor, currency)}")
    if option.promise.cost_mills is not None:
        told.append(f"sending it costs {cost_of(option.promise.cost_mills, currency)}")
    return ", ".join(told)


def cost_of(mills: int | None, currency: str) -> str:
    """A cost, rounded up to a minor unit; nothing where it is not known."""
    return "" if mills is None else money(-(-mills // MILLS), currency)


def _row(known: "ShopFiles", option: "Option", source: "Source") -> tuple[str, ...]:
    made = source.promised
    asked = f"with {', '.join(source.supplies)}" if source.supplies else _at(known, source.location, source.at_s)
    leaves = _at(known, source.location, made.ship_by_s) if made else "not known"
    packed = f" ({_listed(dict(source.packed))} ready packed)" if source.packed else ""
    return (
        source.location,
        f"{_listed(_units(option, source.units))}{packed}",
        asked,
        leaves,
        _arrives(known, source.location, made),
    )


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
