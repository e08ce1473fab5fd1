"""The command `segue ledger export`: the ledger as a plain-text journal. Reads only, also while a process works."""

import sys
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from segue.main.failing import WRONG_USE, Failed
from segue.main.formats import ZONE, count
from segue.main.output import say
from segue.main.parameters import HERE, Shop
from segue.main.shops import connection_to, found_order

app = App(name="ledger", help_format="plaintext")

STDOUT = "-"


@app.command
def export(
    file: Annotated[str, Parameter(name="FILE", help="Where to write it; - is the output.", allow_leading_hyphen=True)],
    /,
    *,
    format: Annotated[Literal["beancount", "hledger"], Parameter(help="Who is to read it.")] = "beancount",
    from_: Annotated[date | None, Parameter(name="--from", help="The first day, in the shop's time.")] = None,
    to: Annotated[date | None, Parameter(help="The last day.")] = None,
    order: Annotated[str | None, Parameter(help="Only this order.")] = None,
    shop: Shop = HERE,
) -> None:
    """Write the ledger as a plain-text journal: one transaction a step, and what each account adds up to."""
    from segue.connectors.journal import FORMATS, Journal, UnknownAccount
    from segue.ports.bookings import EVER_S, Span
    from segue.store.bookings import astray, balances, bookings
    from segue.store.outline import outline_of

    if from_ and to and to < from_:
        raise Failed(f"--from {from_} is after --to {to}.", WRONG_USE)
    connection = connection_to(shop)
    id = "" if order is None else found_order(connection, order).id
    span = Span(_midnight(from_) if from_ else 0, _midnight(to + timedelta(days=1)) if to else EVER_S, id)
    connection.execute("BEGIN")  # all of one instant
    if lost := astray(connection, span):
        raise Failed(f"{count(lost, 'entry', 'entries')} belong to no step: `segue audit` says which, as I01.")
    title = outline_of(connection).name
    journal = Journal(title, ZONE.get(), tuple(balances(connection, span)), bookings(connection, span))
    try:
        _write(file, FORMATS[format](journal))
    except UnknownAccount as error:
        raise Failed(f"This Segue does not know the account {error}: no journal is written without it.") from error


def _midnight(day: date) -> int:
    """When a day begins, in the shop's time."""
    return int(datetime(day.year, day.month, day.day, tzinfo=ZONE.get()).timestamp())


def _write(file: str, lines: Iterable[str]) -> None:
    """Write it, and leave what was there alone until it is whole."""
    if file == STDOUT:
        sys.stdout.writelines(lines)
        return
    path = Path(file)
    if path.is_dir():
        raise Failed(f"{file} is a folder: name a file to write, such as {path / 'books.journal'}.", WRONG_USE)
    new = path.with_name(f".{path.name}.new")
    try:
        with new.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(lines)
        new.replace(path)
    except OSError as error:
        raise Failed(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        new.unlink(missing_ok=True)
    say(f"The ledger is in {file}.")
