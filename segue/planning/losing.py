"""Losing: what a period cost more than it had to, by cause: bounds with one limit after the other taken away.

    found = losses(rates, stock, weights, wishes, capacity, paid_mills)
    found.to_foresight_mills, found.to_rules_mills, found.to_capacity_mills, found.to_position_mills

Each bound is one that no planning can be below, so each loss is about what a cause cost: what was paid is the last bound and
all losses together.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from segue.core.rates import Rates
from segue.core.waves import Wish
from segue.planning.compiled import HAS_NUMBA
from segue.planning.conversion import Figures, TooVaried, converted, parcels_of
from segue.planning.hindsight import look_back
from segue.planning.network import UNITS_MAX

__all__ = ["UNITS_MAX", "Losses", "TooVaried", "losses"]


class Losses(NamedTuple):
    """What was paid, and the least that it could have been, with ever fewer limits."""

    paid_mills: int
    bound_mills: int  # with all limits
    without_rules_mills: int
    without_capacity_mills: int  # and without rules
    anywhere_mills: int  # and with all stock wherever it is wanted
    reached_mills: int  # what a way of planning costs that is known, by who knew everything, with all limits

    @property
    def to_foresight_mills(self) -> int:
        """To deciding order by order, without knowing what comes; and to rules that no bound counts."""
        return self.paid_mills - self.bound_mills

    @property
    def to_rules_mills(self) -> int:
        """To locations that may not serve all that they could."""
        return self.bound_mills - self.without_rules_mills

    @property
    def to_capacity_mills(self) -> int:
        """To locations that take on only so much."""
        return self.without_rules_mills - self.without_capacity_mills

    @property
    def to_position_mills(self) -> int:
        """To stock that lay elsewhere than it was wanted."""
        return self.without_capacity_mills - self.anywhere_mills


def losses(
    rates: Rates,
    stock: Figures,
    weights: Mapping[str, int],
    wishes: Sequence[Wish],
    capacity: Mapping[str, int],
    paid_mills: int,
    *,
    compiled: bool = HAS_NUMBA,
) -> Losses:
    """Bound the cost of these wishes with all limits, and without one after the other. Raises TooVaried.

    `capacity` is how many parcels a location can send, where that is limited.
    """
    free = [replace(wish, barred=()) for wish in wishes]
    places = {place for held in stock.values() for place in held}
    pooled = {sku: dict.fromkeys(places, sum(held.values())) for sku, held in stock.items()}
    bounds: list[int] = []
    reached = 0
    for wanted, there, most in (
        (free, pooled, {}),
        (free, stock, {}),
        (free, stock, capacity),
        (wishes, stock, capacity),
    ):
        made = converted(rates, stock=there, weights=weights, wishes=wanted)
        found = look_back(made.net, made.orders, parcels_of(made, most), compiled=compiled)
        reached = found.reached_mills
        bounds.append(max([found.bound_mills, *bounds]))  # what bounds fewer limits bounds more of them too
    anywhere, roomy, ruleless, bound = bounds
    return Losses(paid_mills, bound, ruleless, roomy, anywhere, reached)
