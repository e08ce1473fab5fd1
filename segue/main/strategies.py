"""The command `segue strategies`: what a shop's strategies came to, and what shadows would have done."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from segue.main.backtest import MILLS, From, To, named_period, period_of
from segue.main.failing import Failed, failing
from segue.main.formats import count, money, show_in
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.progress import Bar
from segue.main.shops import folder_of

if TYPE_CHECKING:
    from segue.engine.backtest import Followed, Sums

NONE = "-"


def strategies(
    folder: Annotated[Path | None, Parameter(name="SHOP", help="The shop's folder; else that of --shop.")] = None,
    /,
    *,
    from_: From = None,
    to: To = None,
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Compare what the strategies that were followed came to, and what shadows would have done."""
    here = folder_of(folder or shop)
    from segue.app import rules_of
    from segue.engine.backtest import Unreadable, tried
    from segue.main.shops import connection_to
    from segue.settings import read_shop
    from segue.store.history import history_of

    with failing():
        known = read_shop(here)
        connection = connection_to(here)
        show_in(known.time_zone)
        connection.execute("BEGIN")  # all of one instant
        history = history_of(connection)
        period = period_of(from_, to, history)
        with Bar("Steps read", "steps", history.length, quiet=json) as bar:
            try:
                found = tried(history, rules_of(known), period, bar.show)
            except Unreadable as error:
                raise Failed(f"The record of this shop is not whole: {error}.") from error
    if not found.followed and not found.shadows:
        raise Failed(f"No strategy was followed {named_period(from_, to)}: the workflow has no `routing:`.")
    if json:
        print_json(found)
        return
    if found.followed:
        columns = (
            "strategy",
            ">orders",
            ">parcels an order",
            ">cost an order",
            ">km a parcel",
            ">late",
            ">backordered",
        )
        table(columns, [_followed(each, known.currency) for each in found.followed])
    for shadow in found.shadows:
        same = f"{shadow.same:,} of {count(shadow.choices, 'choice')}"
        say(f"The shadow {shadow.strategy} would have done the same in {same}.")
        rows = [_sums("as it was", shadow.was, known.currency)]
        rows.append(_sums(shadow.strategy, shadow.would_be, known.currency))
        table(("", ">parcels", ">units", ">without a location", ">cost", ">km"), rows)


def _followed(each: "Followed", currency: str) -> tuple[str, ...]:
    made = each.figures
    cost = NONE if made.cost_mills is None else money(round(made.cost_mills / MILLS / made.orders), currency)
    return (
        each.strategy,
        f"{made.orders:,}",
        f"{made.parcels / made.orders:.3f}",
        cost,
        f"{made.distance_km / made.parcels:,.0f}" if made.parcels else NONE,
        _part(made.late, made.promised),
        _part(made.backordered, made.orders),
    )


def _part(some: int, of: int) -> str:
    return f"{100 * some / of:.1f} %" if of else NONE


def _sums(name: str, sums: "Sums", currency: str) -> tuple[str, ...]:
    cost = NONE if sums.cost_mills is None else money(round(sums.cost_mills / MILLS), currency)
    return name, f"{sums.parcels:,}", f"{sums.units:,}", f"{sums.missing:,}", cost, f"{sums.distance_km:,.0f}"
