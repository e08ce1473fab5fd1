"""The command `segue folders`: where people are needed, who owns it, and what is overdue."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from segue.main.failing import failing
from segue.main.formats import count, instant, iso, span, words
from segue.main.output import plain, print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.shops import connection_to, folder_of
from segue.store.overview import Overview, Trouble

if TYPE_CHECKING:
    from segue.loader.shop import Shop as ShopValue

COLUMNS = ("folder", "owner", ">orders", "oldest", ">time limit", ">overdue")


class Declared(NamedTuple):
    """What the shop's workflows say about a folder: all its owners, and the shortest time limit."""

    owners: tuple[str, ...] = ()
    within_s: int | None = None


class Row(NamedTuple):
    """A folder as it is now."""

    folder: str
    owners: tuple[str, ...]
    orders: int
    since_s: int
    within_s: int | None
    overdue: int


def folders(*, shop: Shop = HERE, json: Json = False) -> None:
    """Where people are needed: folders, their owners, what is overdue."""
    connection = connection_to(shop)
    overview, trouble = Overview(connection), Trouble(connection)
    now_s, declared = present(folder_of(shop), overview)
    rows = [row_of(each.folder, each.orders, each.since_s, declared, overview, now_s) for each in overview.folders()]
    if json:
        found = [{**plain(row), "since": iso(row.since_s)} for row in rows]
        print_json({"now": iso(now_s), "folders": found, "messages": trouble.reasons(), "tasks": trouble.tasks()})
        return
    table(COLUMNS, [cells(row, now_s) for row in rows])
    show_trouble(trouble)
    waiting = count(sum(row.overdue for row in rows), "order is", "orders are")
    say(f"{waiting} overdue. `segue orders --folder NAME` lists a folder.")


def present(folder: Path, overview: Overview) -> tuple[int, dict[str, Declared]]:
    """The shop's present time, and what its workflows say about each folder."""
    from segue.settings import read_shop, simulation_of

    with failing():
        shop = read_shop(folder)
        is_virtual = simulation_of(shop).clock == "virtual"
    return overview.latest_s() if is_virtual else int(time.time()), declared_in(shop)


def declared_in(shop: "ShopValue") -> dict[str, Declared]:
    """What the shop's workflows say about each folder."""
    found: dict[str, Declared] = {}
    for workflow in shop.workflows.values():
        for each in workflow.folders:
            known = found.get(each.name, Declared())
            limits = [limit for limit in (known.within_s, each.within_s) if limit is not None]
            owners = dict.fromkeys((*known.owners, each.owner))
            found[each.name] = Declared(tuple(owners), min(limits, default=None))
    return found


def row_of(
    folder: str, orders: int, since_s: int, declared: dict[str, Declared], overview: Overview, now_s: int
) -> Row:
    """A folder with what is declared of it."""
    owners, within_s = declared.get(folder, Declared())
    overdue = 0 if within_s is None else overview.overdue(folder, now_s - within_s)
    return Row(folder, owners, orders, since_s, within_s, overdue)


def cells(row: Row, now_s: int) -> tuple[str, ...]:
    """The same for people."""
    oldest = f"{instant(row.since_s)}, {span(now_s - row.since_s)} ago"
    limit = "" if row.within_s is None else span(row.within_s)
    return (
        row.folder,
        ", ".join(row.owners),
        f"{row.orders:,}",
        oldest,
        limit,
        f"{row.overdue:,}" if row.overdue else "",
    )


def show_trouble(trouble: Trouble) -> None:
    """The folders of what came from outside and was not done, and of what was asked and not answered."""
    reasons, tasks = trouble.reasons(), trouble.tasks()
    if reasons:
        rows: list[Any] = [
            (words(each.state), each.reason, f"{each.messages:,}", instant(each.since_s)) for each in reasons
        ]
        table(("messages", "because", ">messages", "since"), rows)
    if tasks:
        rows = [(each.order, each.kind, each.provider, words(each.state), each.attempt, each.detail) for each in tasks]
        table(("asked for order", "what", "of", "outcome", ">attempts", "last answer"), rows)
    if reasons or tasks:
        say("`segue trouble` lists these one by one, and says what can be done.")
