"""Whole: the short way of the rules, where those go first that have all of it, and nobody asks why others are passed over.

The answer is that of the long way: a location that has all of it, fails no filter and breaks no limit of a split is never
behind one that has not. Only the best of those is looked for. Promises, which are asked for often, go this way.
"""

from typing import Any

from msgspec.structs import replace

from segue.core.base import Because
from segue.core.policy import is_whole_first
from segue.core.sourcing.candidates import candidates
from segue.core.sourcing.goods import Goods, Offer, Plan
from segue.core.sourcing.reasons import Judged, reason
from segue.core.sourcing.taking import Ask, choose, divided_offer, rule_of, split_refusal


def goes_short(ask: Ask) -> bool:
    """Whether an ask may go this way at all."""
    strategy = ask.strategy
    if ask.context.explains or strategy.serve or strategy.complete or strategy.algorithm != "rules" or ask.goods.barred:
        return False
    return bool(strategy.rank) and is_whole_first(strategy.rank[0])


def from_one(ask: Ask, tried: dict[str, Any] | None) -> Plan | None:
    """The plan of the best location that has all of it; None: the long way has to be gone."""
    wanted, lines = ask.goods.wanted, ask.order.lines
    having = _having_all(ask.goods)
    if (
        not having
        or ask.goods.barred
        or any(lines[number - 1].excluded or lines[number - 1].location for number in wanted)
    ):
        return None
    found, judged = candidates(ask.order, ask.goods, ask.strategy, ask.context, having)
    if not found or judged.soft or any(each.capacity is not None for each in found):
        return None
    best, _ = choose(ask, [Offer(each, wanted, True) for each in found], False)
    made = Plan(tuple(divided_offer(ask, best)), {}, Because("rank"))
    if split_refusal(made, ask):
        return None
    return replace(made, because=reason(rule_of(ask.strategy), made, [], "", Judged({}, named_max=0), tried))


def _having_all(goods: Goods) -> set[str]:
    """The locations that have enough of each SKU."""
    wanted: dict[str, int] = {}
    for number, count in goods.wanted.items():
        wanted[goods.skus[number]] = wanted.get(goods.skus[number], 0) + count
    sets = [{name for name, there in goods.free[sku].items() if there >= count} for sku, count in wanted.items()]
    return set.intersection(*sorted(sets, key=len)) if sets else set()
