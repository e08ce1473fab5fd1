"""Trials: strategies that only a part of the orders follows, and shadows, which are worked out and never followed.

Which orders are in a trial their ids say, so that an order stays in it however often it is looked at, and replays agree.
"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from msgspec.structs import replace

from segue.core.base import Because
from segue.core.order import Order
from segue.core.sourcing.goods import Demand, Goods, Parcel, Plan
from segue.core.sourcing.unsaid import with_unsaid
from segue.core.workflow import Strategy

PARTS = 10_000  # in which the orders are divided
OF_PERCENT = PARTS // 100


def not_in_trial(strategy: Strategy, order: Order) -> str:
    """Why a strategy that is only on trial is not for an order; "" if it is."""
    if strategy.trial is None or part_of(strategy.name, order.id) < strategy.trial * OF_PERCENT:
        return ""
    return f"not one of the {strategy.trial} % of the orders in its trial"


def part_of(strategy: str, order: str) -> int:
    """In which part of the orders an order is for this strategy; another strategy divides them in another way."""
    return int.from_bytes(blake2b(f"{strategy}\n{order}".encode(), digest_size=8).digest()) % PARTS


def shadow_of(made: Plan, goods: Goods) -> dict[str, Any]:
    """What a shadow would have done, as it is recorded: units by location and SKU, and what it would have left."""
    sends: dict[str, dict[str, int]] = {}
    for parcel in made.parcels:
        held = sends.setdefault(parcel.location.id, {})
        for sku, units in _by_sku(parcel.units, goods).items():
            held[sku] = held.get(sku, 0) + units
    missing = _by_sku(made.missing, goods)
    return {"sends": sends, **({"missing": missing} if missing else {})}


def with_shadows(made: Plan, shadows: dict[str, Plan], goods: Goods) -> Plan:
    """A plan whose first reason has what shadows would have done: that of its first parcel, or of having none."""
    if not made.parcels:
        return replace(made, because=_shaded(made.because, shadows, goods))
    first: Parcel = made.parcels[0]
    shaded = replace(first, because=_shaded(first.because or made.because, shadows, goods))
    return replace(made, parcels=(shaded, *made.parcels[1:]))


def followed(strategies: Iterable[Strategy]) -> list[Strategy]:
    """Those that are more than shadows."""
    return [strategy for strategy in strategies if not strategy.shadow]


def _shaded(because: Because, shadows: dict[str, Plan], goods: Goods) -> Because:
    told = {name: shadow_of(plan, goods) for name, plan in shadows.items()}
    known = with_unsaid(because, [plan.because for plan in shadows.values()])
    return replace(known, figures=known.figures | {"shadow": told})


def _by_sku(units: Demand, goods: Goods) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, count in units.items():
        found[goods.skus[number]] = found.get(goods.skus[number], 0) + count
    return found
