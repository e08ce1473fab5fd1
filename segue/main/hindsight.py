"""The command `segue hindsight`: what a past period could have cost at least, and to what the difference was lost."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from segue.core.lanes import MILLS
from segue.main.failing import Failed
from segue.main.formats import count, money
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.past import Folder, From, To, named_period, past_of, replayed

if TYPE_CHECKING:
    from segue.engine.backtest.past import Past

INSTALL = (
    "`segue hindsight` needs the extra `plan`, which is not installed ({lacking} is missing): "
    "`pip install 'segue[plan]'` installs numpy, highspy and numba."
)
NO_RATES = "This shop has no rates.yaml: without what parcels cost there is nothing to add up."


def hindsight(
    folder: Folder = None,
    /,
    *,
    from_: From = None,
    to: To = None,
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Bound what a period could have cost, had all been known, and say to what the rest was lost."""
    planning = _planning()
    past = past_of(folder or shop, from_, to)
    from segue.engine.backtest.past import gathered

    if past.files.rates is None:
        raise Failed(NO_RATES)
    was = replayed(
        past,
        json,
        lambda tell: gathered(past.history, past.rules, past.text_of, past.period, planning.UNITS_MAX, tell),
    )
    if not was.wishes:
        raise Failed(f"Nothing was wanted of any location {named_period(from_, to)}.")
    try:
        found = planning.losses(past.files.rates, was.stock, was.weights, was.wishes, was.capacity, was.paid_mills)
    except planning.TooVaried as error:
        raise Failed(f"This period cannot be planned at once: {error}. Try a shorter one.") from error
    if json:
        about = {"orders": len(was.wishes), "left_out": was.left_out, "currency": past.files.currency}
        print_json(about | _told(found))
    else:
        _show(found, was, past.files.currency)


def _planning() -> Any:
    """What plans, if its packages are installed. Raises Failed, saying what to install."""
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
