"""The command `segue strategies`: what a shop's strategies came to, and what shadows would have done."""

from typing import TYPE_CHECKING

from segue.core.lanes import MILLS
from segue.main.failing import Failed
from segue.main.formats import count, money
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.past import Folder, From, To, named_period, past_of, replayed

if TYPE_CHECKING:
    from segue.engine.backtest import Followed, Sums, Tried

NONE = "-"


def strategies(
    folder: Folder = None,
    /,
    *,
    from_: From = None,
    to: To = None,
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Compare what the strategies that were followed came to, and what shadows would have done."""
    past = past_of(folder or shop, from_, to)
    from segue.engine.backtest import tried

    found = replayed(past, json, lambda tell: tried(past.history, past.rules, past.period, tell))
    if not found.followed and not found.shadows:
        raise Failed(f"No strategy was followed {named_period(from_, to)}: the workflow has no `routing:`.")
    if json:
        print_json(found)
    else:
        _show(found, past.files.currency)


def _show(found: "Tried", currency: str) -> None:
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
        table(columns, [_followed(each, currency) for each in found.followed])
    for shadow in found.shadows:
        same = f"{shadow.same:,} of {count(shadow.choices, 'choice')}"
        say(f"The shadow {shadow.strategy} would have done the same in {same}.")
        rows = [_sums("as it was", shadow.was, currency), _sums(shadow.strategy, shadow.would_be, currency)]
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
