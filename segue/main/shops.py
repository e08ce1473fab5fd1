"""Shops: the folder of a shop, its orders for reading, and the order that somebody means."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from segue.main.failing import FOUND, WRONG_USE, Failed

if TYPE_CHECKING:
    from segue.store.database import Connection
    from segue.store.reading import Finder, Found

SHOP_FILE = "shop.yaml"
COMPARED_MAX = 5_000  # latest orders among which a close id is looked for
CLOSE_MAX = 3


def folder_of(shop: Path) -> Path:
    """The shop's folder. Raises Failed if there is none."""
    if not (shop / SHOP_FILE).is_file():
        here = "this folder" if shop == Path(".") else str(shop)
        raise Failed(
            f"There is no shop in {here}: it has no {SHOP_FILE}. `segue init DIR` makes one, `--shop DIR` names it.",
            WRONG_USE,
        )
    return shop.resolve()


def connection_to(shop: Path) -> "Connection":
    """A connection for reading the shop; instants are shown in its time. Raises Failed if it has no database yet."""
    from segue.main.formats import show_in
    from segue.store.database import DatabaseTooOld, reading
    from segue.store.outline import outline_of

    folder = folder_of(shop)
    try:
        connection = reading(folder)
    except FileNotFoundError as error:
        raise Failed("This shop has no orders yet; `segue import FILE --channel NAME` takes some in.", FOUND) from error
    except DatabaseTooOld as error:
        raise Failed(f"An earlier Segue wrote this shop; `segue work` brings it up to date: {error}.") from error
    show_in(outline_of(connection).time_zone)
    return connection


def stock_of(shop: Path) -> "Connection":
    """The same for what is not about orders. A new shop is opened once, so that what stock.csv says is there."""
    folder = folder_of(shop)
    from segue.store.database import DATABASE_FILE

    if not (folder / DATABASE_FILE).exists():
        from segue.app import owned
        from segue.main.failing import failing

        with failing(), owned(folder, at_work=False):
            pass
    return connection_to(shop)


def present_s(connection: "Connection") -> int:
    """The shop's present time: its own where its clock is virtual and something was done already."""
    from segue.store.outline import outline_of
    from segue.store.overview import Overview

    latest_s = Overview(connection).latest_s() if outline_of(connection).is_virtual else 0
    return latest_s or int(time.time())


def found_order(connection: "Connection", id: str) -> "Found":
    """The order with this id or channel order id. Raises Failed if there is none, or more than one."""
    from segue.store.reading import Finder

    finder = Finder(connection)
    found = finder.find(id)
    if found and (found[0].id == id or len(found) == 1):
        return found[0]
    if found:
        raise Failed(f"Several orders have the number {id}: {', '.join(each.id for each in found)}.", WRONG_USE)
    close = _close(finder, id)
    advice = f"; did you mean {' or '.join(close)}?" if close else "."
    raise Failed(f"There is no order {id}{advice}{waiting_note(connection)}")


def waiting_note(connection: "Connection") -> str:
    """A sentence about what was imported and not worked on yet; nothing if there is none."""
    from segue.main.formats import count
    from segue.store.overview import Overview

    waiting = Overview(connection).waiting()
    return f" {count(waiting, 'imported order')} not taken in yet: `segue work` does that." if waiting else ""


def _close(finder: "Finder", id: str) -> list[str]:
    from difflib import get_close_matches

    latest = finder.orders(limit=COMPARED_MAX)
    return get_close_matches(id, [each.id for each in latest], CLOSE_MAX)
