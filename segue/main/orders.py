"""The command `segue orders`: list orders."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from segue.main.formats import count, instant, iso, money, words
from segue.main.known import need
from segue.main.output import plain, print_json, say, table
from segue.main.parameters import HERE, Json, Limit, Shop
from segue.main.shops import connection_to, waiting_note
from segue.store.outline import outline_of
from segue.store.overview import Overview
from segue.store.reading import Finder, Found

if TYPE_CHECKING:
    from segue.store.database import Connection

COLUMNS = ("order", "status", ">total", "placed", "folders")


def orders(
    *,
    folder: Annotated[str | None, Parameter(help="Those in this folder.")] = None,
    status: Annotated[str | None, Parameter(help="Those in this status.")] = None,
    open: Annotated[bool, Parameter(negative=(), help="Those that something can still happen to.")] = False,
    limit: Limit = 50,
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """List orders: the latest; or those in a folder or status, the oldest first."""
    place = None if status is None else status.replace(" ", "_")
    connection = connection_to(shop)
    _check_places(connection, folder, place)
    found = Finder(connection).orders(folder, place, True if open else None, limit + 1)
    shown = found[:limit]
    if json:
        print_json([as_json(each) for each in shown])
        return
    table(COLUMNS, [_row(each) for each in shown])
    more = "; there are more, --limit shows them" if len(found) > limit else ""
    how = "`segue order ID` shows one, `segue why ID` tells its story."
    say(f"{count(len(shown), 'order')}{more}. {how}{waiting_note(connection)}")


def _check_places(connection: "Connection", folder: str | None, status: str | None) -> None:
    """Raises Failed for a folder or a status that no workflow of the shop has, and no order is in."""
    outline, overview = outline_of(connection), Overview(connection)
    if folder is not None:
        need("folder", folder, dict.fromkeys((*outline.folders, *(each.folder for each in overview.folders()))))
    if status is not None:
        need("status", status, dict.fromkeys(filter(None, (*outline.statuses, *overview.statuses()))))


def as_json(found: Found) -> dict[str, object]:
    """An order of a list as JSON has it."""
    fields: dict[str, object] = plain(found)
    return fields | {"placed_at": iso(found.placed_at_s)}


def _row(found: Found) -> tuple[str, ...]:
    folders = ", ".join(words(name) for name in found.folders)
    return (
        found.id,
        words(found.status),
        money(found.total_minor, found.currency),
        instant(found.placed_at_s),
        folders,
    )
