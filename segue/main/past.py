"""The past of a shop, for the commands that look back: what is on record of it, and the period that is looked at."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

from cyclopts import Parameter

from segue.main.failing import WRONG_USE, Failed, failing
from segue.main.formats import ZONE, instant, show_in
from segue.main.progress import Bar
from segue.main.shops import connection_to, folder_of

if TYPE_CHECKING:
    from segue.engine.backtest import History, Progress
    from segue.engine.rules import Rules
    from segue.loader.shop import Shop as ShopFiles

EVER_S = 10**11

Folder = Annotated[Path | None, Parameter(name="SHOP", help="The shop's folder; else that of --shop.")]
From = Annotated[date | None, Parameter(name="--from", help="The first day, in the shop's time.")]
To = Annotated[date | None, Parameter(name="--to", help="The last day.")]
Found = TypeVar("Found")


class Past(NamedTuple):
    """A shop as its files say it is, and what is on record of it, all of one instant."""

    folder: Path
    files: "ShopFiles"
    rules: "Rules"
    history: "History"
    text_of: Callable[[str], str | None]
    period: tuple[int, int]


def past_of(shop: Path, from_: date | None, to: date | None) -> Past:
    """What is on record of a shop. Raises Failed for a period that is none, or that ends before the first step."""
    from segue.app import rules_of
    from segue.settings import read_shop
    from segue.store.history import history_of
    from segue.store.reading import Finder

    folder = folder_of(shop)
    with failing():
        files = read_shop(folder)
        connection = connection_to(folder)
        show_in(files.time_zone)
        connection.execute("BEGIN")  # all of one instant
        history = history_of(connection)
        period = _period(from_, to, history)
        return Past(folder, files, rules_of(files), history, Finder(connection).workflow_text, period)


def replayed(past: Past, quiet: bool, work: "Callable[[Progress], Found]") -> Found:
    """What comes of going through the record. Raises Failed if it is not whole."""
    from segue.engine.backtest import Unreadable

    with Bar("Steps replayed", "steps", past.history.length, quiet) as bar:
        try:
            return work(bar.show)
        except Unreadable as error:
            raise Failed(f"The record of this shop is not whole, so its past cannot be replayed: {error}.") from error


def _period(from_: date | None, to: date | None, history: "History") -> tuple[int, int]:
    if from_ and to and to < from_:
        raise Failed(f"--from {from_} is after --to {to}.", WRONG_USE)
    if history.first_s is None:
        raise Failed("Nothing is on record of this shop: none of its orders has taken a step.")
    end_s = _midnight(to + timedelta(days=1)) if to else EVER_S
    if end_s <= history.first_s:
        raise Failed(f"The first step on record is of {instant(history.first_s)}, after --to {to}.")
    return _midnight(from_) if from_ else 0, end_s


def _midnight(day: date) -> int:
    """When a day begins, in the shop's time."""
    return int(datetime(day.year, day.month, day.day, tzinfo=ZONE.get()).timestamp())


def named_period(from_: date | None, to: date | None) -> str:
    """A period in words."""
    if from_ and to:
        return f"from {from_} to {to}"
    return f"since {from_}" if from_ else f"until {to}" if to else "so far"
