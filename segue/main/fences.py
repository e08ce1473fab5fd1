"""Shares of stock under `segue stock`: what is kept for channels, how much of it is left, whose it becomes."""

from typing import Annotated, Any

from cyclopts import Parameter

from segue.core.fences import Fence, left_of
from segue.main.asking import ask
from segue.main.failing import WRONG_USE, Failed
from segue.main.formats import count
from segue.main.known import need_stock
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, By, Json, Shop, person
from segue.main.wanted import PutFence, Reallocate

Sku = Annotated[str, Parameter(name="SKU")]
At = Annotated[str, Parameter(name="--location", help="At this location; without it, over all locations.")]


def fence(
    sku: Sku,
    /,
    *,
    channel: Annotated[str, Parameter(help="The channel whose share it is.")] = "",
    pool: Annotated[
        str, Parameter(help="Or a pool, under a name of your own, that channels' shares are parts of.")
    ] = "",
    units: Annotated[int | None, Parameter(help="Its share, in all; as before.")] = None,
    within: Annotated[str | None, Parameter(help="The pool that it is a part of; as before.")] = None,
    safety: Annotated[int | None, Parameter(help="So many of the last units it never promises; as before.")] = None,
    location: At = "",
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Keep a share of a SKU's stock for a channel; others promise only what is in nobody's share."""
    if bool(channel) == bool(pool):
        raise Failed("Say whose share it is: --channel web, or --pool europe.", WRONG_USE)
    if units is None and within is None and safety is None:
        raise Failed("Say how much it is: --units 20; or --within POOL, --safety 2.", WRONG_USE)
    wanted = PutFence(sku, channel or pool, location, person(by), units, within, safety, bool(pool))
    _show(ask(shop, wanted), json)


def reallocate(
    sku: Sku,
    /,
    *,
    giving: Annotated[str, Parameter(name="--from", help="The channel whose share gets smaller.")],
    getting: Annotated[str, Parameter(name="--to", help="The channel whose share gets larger.")],
    units: Annotated[int, Parameter(help="How many units.")],
    location: At = "",
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Make units of one channel's share another's, as far as they are not taken."""
    _show(ask(shop, Reallocate(sku, giving, getting, units, location, person(by))), json)


def fences(sku: Sku, /, *, shop: Shop = HERE, json: Json = False) -> None:
    """Show the shares that channels have of a SKU, and what is left of each."""
    from segue.main.sharing import shares_of
    from segue.main.shops import present_s, stock_of
    from segue.store.fencing import load_fences
    from segue.store.loading import load_stock

    connection, skus = stock_of(shop), frozenset((sku,))
    cursor, now_s = connection.cursor(), present_s(connection)
    found = load_fences(cursor, skus, now_s).get(sku, ())
    if not found:
        need_stock(connection, sku)
    _show(shares_of(sku, load_stock(cursor, skus, now_s)[sku], found), json)


def _show(result: dict[str, Any], json: bool) -> None:
    shares = [Fence(**fields) for fields in result["shares"]]
    left = {
        (each.location, name): units
        for each in shares
        for name, units in left_of(other for other in shares if other.location == each.location).items()
    }
    if json:
        rest = [
            fields | {"left": left[each.location, each.channel]}
            for fields, each in zip(result["shares"], shares, strict=True)
        ]
        print_json(result | {"shares": rest})
        return
    table(
        ("location", "channel", "within", ">units", ">taken", ">left", ">safety"),
        [
            (
                each.location or "all", each.channel, each.parent, f"{each.units:,}", f"{each.taken:,}",
                f"{left[each.location, each.channel]:,}", f"{each.safety:,}",
            )
            for each in shares
        ],
    )  # fmt: skip
    say(f"{count(len(shares), 'share')} of {result['sku']}.")
    for over in result["beyond"]:
        where = f"at {over['location']}" if over["location"] else "over all locations"
        say(
            f"{count(over['kept'], 'unit')} are kept for channels, and {over['free']:,} are free {where}: who comes first"
        )
        say("of those who have a share is served, and others are promised nothing.")
