"""The command `segue supply`: what is on order or on its way, and when it is expected."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter
from msgspec.structs import replace

from segue.main.asking import ask
from segue.main.cascading import show as show_foreseen
from segue.main.failing import WRONG_USE, Failed
from segue.main.formats import count, instant, iso
from segue.main.known import need_stock
from segue.main.output import plain, print_json, say, table
from segue.main.parameters import HERE, UNITS_MAX, By, Json, Limit, Shop, person, up_to
from segue.main.wanted import Supply
from segue.main.when import instant_of

app = App(name="supply", help_format="plaintext")

Reference = Annotated[str, Parameter(name="REFERENCE", help="What it is called: PO-77.")]
Sku = Annotated[str, Parameter(name="SKU")]
Some = Annotated[int | None, Parameter(help="So many units of it; all.", validator=up_to(UNITS_MAX))]
When = Annotated[str, Parameter(help="When: 2026-03-05, or an instant.")]
To = Annotated[str, Parameter(name=("--to", "--expected"), help="When: 2026-03-05, or an instant.")]
Preview = Annotated[
    bool, Parameter(name="--preview", negative=(), help="Only say what would come of it for who waits.")
]
OneSku = Annotated[str, Parameter(name="--sku", help="Of one SKU only.")]


@app.command(name="list")
def show(
    reference: Annotated[str, Parameter(name="REFERENCE", help="One supply; without it, all.")] = "",
    /,
    *,
    sku: OneSku = "",
    location: Annotated[str, Parameter(help="One location.")] = "",
    limit: Limit = 100,
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """List what is expected, the earliest first."""
    from segue.main.shops import stock_of
    from segue.store.stock_list import StockList

    connection = stock_of(shop)
    found = StockList(connection).expected(reference, sku, location, limit)
    if not found:
        need_stock(connection, sku, location, reference)
    if json:
        print_json([plain(each) | {"expected_at": iso(each.expected_at_s)} for each in found])
        return
    rows = [(e.reference, e.sku, e.location, f"{e.units:,}", instant(e.expected_at_s), e.origin) for e in found]
    table(("supply", "sku", "to", ">units", "expected", "from"), rows)
    say(f"{count(sum(each.units for each in found), 'unit')} of {count(len({e.sku for e in found}), 'SKU')} expected.")


@app.command
def pegs(sku: Sku, /, *, limit: Limit = 100, shop: Shop = HERE, json: Json = False) -> None:
    """Show which waiting order is to have what of a SKU, and when: in their turn, mostly who ordered first.

    For people the first so many, with their place in the queue; --json has all.
    """
    from segue.core.pegging import pegged
    from segue.main.shops import present_s, stock_of
    from segue.store.loading import load_apart, load_inbound, load_stock
    from segue.store.stock_list import StockList

    connection = stock_of(shop)
    cursor, wanted, now_s = connection.cursor(), frozenset((sku,)), present_s(connection)
    free, inbound = load_stock(cursor, wanted, now_s)[sku], load_inbound(cursor, wanted)[sku]
    kept = load_apart(cursor, wanted)[sku]
    found = pegged(StockList(connection).demands(sku), free, inbound, now_s, kept)
    if not found:
        need_stock(connection, sku)
    demanded = dict.fromkeys((each.order, each.line) for each in found)
    places = {key: place for place, key in enumerate(demanded, 1)}
    if json:
        print_json([plain(each) | {"at": iso(each.at_s), "position": places[each.order, each.line]} for each in found])
        return
    rows = [
        (
            f"{places[e.order, e.line]:,}",
            e.order,
            e.line,
            f"{e.units:,}",
            instant(e.at_s) or ("overdue" if e.location else "unknown"),
            e.location,
            e.reference or ("stock" if e.location else ""),
        )
        for e in found[:limit]
    ]
    table((">place", "order", ">line", ">units", "when", "at", "of"), rows)
    more = f" {len(found) - limit:,} more rows; --limit shows more." if len(found) > limit else ""
    say(f"{count(sum(each.units for each in found), 'unit')} of {sku} wait for stock.{more}")


@app.command
def add(
    reference: Reference,
    sku: Sku,
    location: Annotated[str, Parameter(name="LOCATION", help="Where it is to come to.")],
    units: Annotated[int, Parameter(name="UNITS", help="How many are on order.", validator=up_to(UNITS_MAX))],
    /,
    *,
    expected: When,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Say that units are on order."""
    at_s = expected_s(shop, expected)
    wanted = Supply("add", reference, person(by), sku, location, "", units, at_s)
    _change(shop, wanted, json, f"{count(units, 'unit')} of {sku} are expected at {location}.")


@app.command
def move(
    reference: Reference,
    /,
    *,
    to: To,
    sku: OneSku = "",
    units: Some = None,
    preview: Preview = False,
    limit: Limit = 20,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Say that it comes earlier or later; with --units only some of it, those that were expected first."""
    at_s = expected_s(shop, to)
    wanted = Supply(
        "move",
        reference,
        person(by),
        sku,
        units=_some(sku, units),
        expected_at_s=at_s,
        previews=preview,
    )
    _cascade(shop, wanted, json, limit, f"{reference} is expected at another time.")


@app.command
def cancel(
    reference: Reference,
    /,
    *,
    sku: OneSku = "",
    units: Some = None,
    reason: Annotated[str, Parameter(help="Why.")] = "",
    preview: Preview = False,
    limit: Limit = 20,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Say that it does not come; with --units it shrinks by so many, those that were expected last."""
    wanted = Supply(
        "cancel",
        reference,
        person(by),
        sku,
        units=_some(sku, units),
        reason=reason,
        previews=preview,
    )
    _cascade(shop, wanted, json, limit, f"What was canceled of {reference} is not expected any more.")


@app.command
def sell(
    reference: Reference,
    /,
    *,
    sku: OneSku = "",
    percent: Annotated[
        int | None, Parameter(help="This share of what is still to come with it.", validator=up_to(100, 0))
    ] = None,
    most: Annotated[int | None, Parameter(help="So many units of it at most.", validator=up_to(UNITS_MAX, 0))] = None,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Say how much of it may be sold before it is there; with neither, as much as the workflow says of all."""
    wanted = Supply("sell", reference, person(by), sku, percent=percent, most=most)
    result: dict[str, Any] = ask(shop, wanted)
    if json:
        print_json(result)
        return
    share = "the share that the workflow says" if percent is None else f"{percent} %"
    bound = "" if most is None else f", {count(most, 'unit')} at most"
    say(f"Of {', '.join(result['skus'])} by {reference} {share} may be sold before it is there{bound}.")


@app.command
def receive(
    reference: Reference,
    sku: Sku,
    units: Annotated[int, Parameter(name="UNITS", help="How many have come.", validator=up_to(UNITS_MAX, 0))],
    /,
    *,
    last: Annotated[bool, Parameter(name="--last", negative=(), help="No more of it will come.")] = False,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Say that units of it have come: they are stock now. Orders that wait for them go on by themselves."""
    wanted = Supply("receive", reference, person(by), sku, units=units, is_all=last)
    _change(shop, wanted, json, f"{count(units, 'unit')} of {sku} are on hand. Orders that waited are next.")


def expected_s(shop: Path, text: str) -> int:
    """A day in the shop's time, or an instant. Raises Failed."""
    from segue.main.shops import stock_of

    stock_of(shop).close()  # it has the shop's time zone known
    return instant_of(text)


def _some(sku: str, units: int | None) -> int:
    if units is not None and not sku:
        raise Failed("--units needs a --sku.", WRONG_USE)
    return units or 0  # 0: all


def _cascade(shop: Path, wanted: Supply, json: bool, limit: int, done: str) -> None:
    result: dict[str, Any] = ask(shop, replace(wanted, listed=0 if json else limit))
    if json:
        print_json(result)
    elif wanted.previews:
        show_foreseen(result)
    else:
        say(f"{done} Waiting lines that have another date now: {result['redated']:,}.")


def _change(shop: Path, wanted: Supply, json: bool, done: str) -> None:
    result: dict[str, Any] = ask(shop, wanted)
    if json:
        print_json(result)
        return
    say(done)
    tell_overdue(result, wanted.expected_at_s)


def tell_overdue(result: dict[str, Any], at_s: int) -> None:
    """That the day that was given is over, which may be a slip."""
    if result["is_overdue"]:
        say(f"{instant(at_s)} is over already: it is overdue, and no date is promised with it.")
