"""The command `segue folders`: where people are needed, who owns it, and what is overdue."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from segue.main.formats import count, instant, iso, received, span, words
from segue.main.output import plain, print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.shops import connection_to, present_s
from segue.store.outline import Declared, outline_of
from segue.store.overview import Overview
from segue.store.trouble import Trouble

COLUMNS = ("folder", "owner", ">orders", "oldest", ">time limit", ">overdue")


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
    now_s, declared = present_s(connection), outline_of(connection).folders
    rows = [row_of(each.folder, each.orders, each.since_s, declared, overview, now_s) for each in overview.folders()]
    if json:
        found = [{**plain(row), "since": iso(row.since_s)} for row in rows]
        listed = [{**plain(each.task), "state": each.state, "detail": each.detail} for each in trouble.tasks()]
        print_json({"now": iso(now_s), "folders": found, "messages": trouble.reasons(), "tasks": listed})
        return
    table(COLUMNS, [cells(row, now_s) for row in rows])
    show_trouble(trouble)
    before_s = {row.folder: now_s - row.within_s for row in rows if row.within_s is not None}
    waiting = count(overview.overdue_anywhere(before_s), "order is", "orders are")
    say(f"{waiting} overdue. `segue orders --folder NAME` lists a folder.")


def row_of(
    folder: str, orders: int, since_s: int, declared: Mapping[str, Declared], overview: Overview, now_s: int
) -> Row:
    """A folder with what is declared of it."""
    known = declared.get(folder, Declared())
    overdue = 0 if known.within_s is None else overview.overdue(folder, now_s - known.within_s)
    return Row(folder, known.owners, orders, since_s, known.within_s, overdue)


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
            (words(each.state), each.reason, f"{each.messages:,}", received(each.since_s)) for each in reasons
        ]
        table(("messages", "because", ">messages", "since"), rows)
    if tasks:
        asked = [(each.task, words(each.state), each.detail) for each in tasks]
        rows = [(task.order, task.kind, task.provider, state, task.attempt, last) for task, state, last in asked]
        table(("asked for order", "what", "of", "outcome", ">attempts", "last answer"), rows)
    if reasons or tasks:
        say("`segue trouble` lists these one by one, and says what can be done.")
