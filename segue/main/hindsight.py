"""The command `segue hindsight`: what a past period could have cost at least, and to what the difference was lost."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from segue.main.backtest import MILLS, From, To, named_period, period_of
from segue.main.failing import FOUND, Failed, failing
from segue.main.formats import count, money, show_in
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.progress import Bar
from segue.main.shops import folder_of

if TYPE_CHECKING:
    from segue.engine.backtest.past import Past

INSTALL = (
    "`segue hindsight` needs the extra `plan`, which is not installed ({lacking} is missing): "
    "`pip install 'segue[plan]'` installs numpy, highspy and numba."
)
NO_RATES = "This shop has no rates.yaml: without what parcels cost there is nothing to add up."


def hindsight(
    folder: Annotated[Path | None, Parameter(name="SHOP", help="The shop's folder; else that of --shop.")] = None,
    /,
    *,
    from_: From = None,
    to: To = None,
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Bound what a period could have cost, had all been known, and say to what the rest was lost."""
    here = folder_of(folder or shop)
    planning = _planning()
    from segue.app import rules_of
    from segue.engine.backtest import Unreadable
    from segue.engine.backtest.past import gathered
    from segue.main.shops import connection_to
    from segue.settings import read_shop
    from segue.store.history import history_of
    from segue.store.reading import Finder

    with failing():
        known = read_shop(here)
        connection = connection_to(here)
        show_in(known.time_zone)
        rules, rates = rules_of(known), known.rates
        if rates is None:
            raise Failed(NO_RATES)
        connection.execute("BEGIN")  # all of one instant
        history, texts = history_of(connection), Finder(connection).workflow_text
        period = period_of(from_, to, history)
        with Bar("Steps read", "steps", history.length, quiet=json) as bar:
            try:
                past = gathered(history, rules, texts, period, planning.UNITS_MAX, bar.show)
            except Unreadable as error:
                raise Failed(f"The record of this shop is not whole: {error}.") from error
        if not past.wishes:
            raise Failed(f"Nothing was wanted of any location {named_period(from_, to)}.")
        try:
            found = planning.losses(rates, past.stock, past.weights, past.wishes, past.capacity, past.paid_mills)
        except planning.TooVaried as error:
            raise Failed(f"This period cannot be planned at once: {error}. Try a shorter one.", FOUND) from error
    if json:
        print_json({"orders": len(past.wishes), "left_out": past.left_out, "currency": known.currency, **_told(found)})
        return
    _show(found, past, known.currency)


def _planning() -> Any:
    """What plans, if its packages are installed. Raises Failed, saying what to install."""
    from importlib import import_module

    try:
        return import_module("segue.planning.losing")
    except ModuleNotFoundError as error:
        raise Failed(INSTALL.format(lacking=error.name)) from error


LOSSES = (
    ("to deciding without knowing what comes", "to_foresight_mills"),
    ("to rules about who may serve whom", "to_rules_mills"),
    ("to the capacity of locations", "to_capacity_mills"),
    ("to where stock lay", "to_position_mills"),
)


def _told(found: Any) -> dict[str, int]:
    told: dict[str, int] = found._asdict()
    return told | {name: getattr(found, name) for _, name in LOSSES}


def _show(found: Any, past: "Past", currency: str) -> None:
    def row(title: str, mills: int) -> tuple[str, str, str]:
        part = f"{100 * mills / found.paid_mills:.2f} %" if found.paid_mills else ""
        return title, money(round(mills / MILLS), currency), part

    rows = [row("paid", found.paid_mills)]
    rows += [row(f"lost {title}", getattr(found, name)) for title, name in LOSSES]
    rows.append(row("left: with stock wherever it was wanted", found.anywhere_mills))
    table((count(len(past.wishes), "order"), ">cost", ">of what was paid"), rows)
    best, reached = (
        money(round(found.bound_mills / MILLS), currency),
        money(round(found.reached_mills / MILLS), currency),
    )
    say(
        f"With the same stock, rules and capacity no way of planning costs less than {best}; one is known for {reached}."
    )
    if past.left_out:
        say(f"Left out: {count(past.left_out, 'order')} of more units than planning can deal with.")
