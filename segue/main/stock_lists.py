"""The lists of `segue stock`: what is where, what has moved, what a channel may sell, which reports wait."""

from collections import defaultdict
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from segue.main.failing import DONE, FOUND, WRONG_USE, Failed
from segue.main.formats import count, iso, received
from segue.main.known import need_channel, need_stock
from segue.main.output import plain, print_csv, print_json, say, table
from segue.main.parameters import HERE, Json, Limit, Shop

if TYPE_CHECKING:
    from segue.store.database import Connection
    from segue.store.feeding import Reached
    from segue.store.overview import StockFound

Csv = Annotated[bool, Parameter(name="--csv", negative=(), help="Print a table that programs read.")]
CHANNEL = "Free to promise for this channel: its own shares, and what is nobody's."
UNITS = ("on_hand", "allocated", "reserved", "safety", "damaged", "quarantined", "in_transit", "free")
COLUMNS = ("sku", "location", *UNITS)


def stock(
    sku: Annotated[str, Parameter(name="SKU", help="One SKU; without it, all.")] = "",
    /,
    *,
    location: Annotated[str, Parameter(help="One location.")] = "",
    channel: Annotated[str, Parameter(help=CHANNEL)] = "",
    totals: Annotated[
        bool, Parameter(name="--totals", negative=(), help="Each SKU once, all locations together.")
    ] = False,
    limit: Limit = 100,
    shop: Shop = HERE,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Show stock: what is there, who has it, what is free to promise, and what comes next."""
    from segue.main.shops import stock_of
    from segue.main.stock_bundles import show_bundle
    from segue.store.overview import Overview
    from segue.store.stock_list import StockList

    connection = stock_of(shop)
    if show_bundle(connection, sku, location, channel, json):
        return
    found = Overview(connection).stock(sku, location, limit + 1)
    if not found:
        need_stock(connection, sku, location)
    shown = found[:limit]
    coming = StockList(connection).next_inbound({each.sku for each in shown} | ({sku} if sku else set()))
    rows = [_row(each, coming.get((each.sku, each.location))) for each in shown]
    if channel:
        _for_channel(connection, channel, rows)
    if totals:
        rows = _summed(rows)
    if _print_for_programs(rows, json, csv):
        return
    columns = ("sku", "location", *(f">{name.replace('_', ' ')}" for name in UNITS[:-1]), ">free to promise", "next")
    table(columns, [_shown(row) for row in rows])
    more = "; there is more, --limit shows it" if len(found) > limit else ""
    say(f"{count(len(shown), 'place')} of {count(len({s.sku for s in shown}), 'SKU')}{more}.")


def _print_for_programs(rows: list[dict[str, Any]], json: bool, csv: bool) -> bool:
    """Print the rows as JSON or CSV, if that is wanted."""
    if json:
        print_json(rows)
    elif csv:
        print_csv((*COLUMNS, "next_at", "next_units", "inbound"), [list(row.values()) for row in rows])
    return json or csv


def _row(found: "StockFound", coming: tuple[int, int, int] | None) -> dict[str, Any]:
    parts = {name: getattr(found, name) for name in COLUMNS}
    at_s, units, inbound = coming or (None, 0, 0)
    return parts | {"next_at": iso(at_s), "next_units": units, "inbound": inbound}


def _for_channel(connection: "Connection", channel: str, rows: list[dict[str, Any]]) -> None:
    """Put what a channel may promise in the place of what is free."""
    from segue.main.shops import present_s
    from segue.store.feeding import promised

    need_channel(connection, channel)
    free = dict(promised(connection, channel, {row["sku"] for row in rows}, present_s(connection)))
    for row in rows:
        row["free"] = free[row["sku"]].get(row["location"], 0)


def _summed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    sums: dict[str, dict[str, Any]] = {}
    for row in rows:
        known = sums.get(row["sku"])
        if known is None:
            sums[row["sku"]] = row | {"location": ""}
            continue
        for name in (*UNITS, "inbound"):
            known[name] += row[name]
        if row["next_at"] and (not known["next_at"] or row["next_at"] < known["next_at"]):
            known["next_at"], known["next_units"] = row["next_at"], row["next_units"]
    return list(sums.values())


def _shown(row: dict[str, Any]) -> tuple[str, ...]:
    more = f" of {row['inbound']:,}" if row["inbound"] > row["next_units"] else ""
    coming = f"{row['next_units']:,}{more} on {row['next_at'][:10]}" if row["next_at"] else ""
    return (row["sku"], row["location"], *(f"{row[name]:,}" for name in UNITS), coming)


def movements(
    sku: Annotated[str, Parameter(name="SKU")],
    /,
    *,
    location: Annotated[str, Parameter(help="One location.")] = "",
    limit: Limit = 100,
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Show how a SKU moved, the latest first: what changed, why, and whose it was."""
    from segue.main.shops import stock_of
    from segue.store.stock_list import StockList

    connection = stock_of(shop)
    found = StockList(connection).movements(sku, location, limit)
    if not found:
        need_stock(connection, sku, location)
    if json:
        print_json([plain(each) | {"at": iso(each.at_s)} for each in found])
        return
    parts = ("on_hand", "allocated", "reserved", "damaged", "quarantined", "in_transit")
    rows = [
        (
            received(each.at_s), each.location, each.reason.replace("_", " "),
            *(f"{units:+,}" if (units := getattr(each, part)) else "" for part in parts), each.order, each.by, each.report,
        )
        for each in found
    ]  # fmt: skip
    table(("at", "location", "why", *(f">{part.replace('_', ' ')}" for part in parts), "order", "by", "report"), rows)
    say(f"{count(len(found), 'movement')} of {sku}.")


def feed(
    *,
    channel: Annotated[str, Parameter(help="The sales channel that is told.")],
    since: Annotated[str, Parameter(help="The cursor of the feed before: only what has moved since.")] = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Write what a channel may sell of each SKU, as CSV or JSON; with --since only what has changed."""
    from segue.main.shops import present_s, stock_of
    from segue.store import feeding
    from segue.store.outline import outline_of

    connection = stock_of(shop)
    outline = outline_of(connection)
    need_channel(connection, channel)
    locations = [each.id for each in outline.locations.values() if each.active]
    found = feeding.feed(connection, channel, locations, present_s(connection), _cursor(since), outline.recipes)
    if json:
        print_json({"channel": channel, "cursor": found.cursor, "available": found.available})
    else:
        rows = [(channel, *each, found.cursor) for each in found.available.items()]
        print_csv(("channel", "sku", "available", "cursor"), rows)


def _cursor(text: str) -> "Reached | None":
    from segue.store.feeding import Reached

    if not text:
        return None
    parts = text.split(".") if text.isascii() else []
    if len(parts) != len(Reached._fields) or not all(part.isdecimal() for part in parts):
        raise Failed(f"`{text[:40]}` is no cursor: take the one that the feed before ended with.", WRONG_USE)
    return Reached(*map(int, parts))


def waiting(*, limit: Limit = 100, shop: Shop = HERE, json: Json = False) -> int:
    """List the reports that could not be applied: for an unknown SKU or location, or with a mistake."""
    from segue.main.shops import stock_of
    from segue.store.stock_list import StockList

    found = StockList(stock_of(shop)).unapplied(limit)
    if json:
        print_json([plain(each) for each in found])
        return FOUND if found else DONE
    by_state: dict[str, int] = defaultdict(int)
    rows = []
    for each in found:
        report = each.report
        by_state[each.state] += 1
        what = report.row or f"{report.kind} of {report.on_hand}"
        rows.append((each.number, each.state, report.source, report.sku, report.location, what, each.detail))
    if rows:
        table((">report", "state", "from", "sku", "location", "what", "because"), rows)
        say(f"{by_state['waiting']:,} wait, {by_state['refused']:,} were refused; `segue stock drop` ends one.")
    else:
        say("Nothing waits: all that locations reported is in the stock.")
    return FOUND if found else DONE
