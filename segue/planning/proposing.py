"""Proposing: what a wave of orders that want the same stock had better do, order by order; in the core's own words."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from segue.core.exact import PAIRS_MAX, pairs_of
from segue.core.rates import Rates
from segue.core.waves import Proposal, Wish
from segue.planning.compiled import HAS_NUMBA
from segue.planning.conversion import Figures, TooVaried, converted, in_words, parcels_of
from segue.planning.network import UNITS_MAX
from segue.planning.solver import Unsolved
from segue.planning.wave import plan_wave

COMPILED_FROM = 60  # orders; of fewer all is planned before anything would be compiled
MILLION = 1_000_000
NO_LIMITS: Mapping[str, int] = {}


class Together(NamedTuple):
    """What came of planning some orders together. No other way of planning them costs less than the bound."""

    proposals: list[Proposal | None]  # by wish; None: of too many lines and units, it is planned alone
    cost_mills: int
    bound_mills: int
    one_by_one_mills: int  # what they would cost one after the other


def propose(
    rates: Rates,
    stock: Figures,
    weights: Mapping[str, int],
    wishes: Sequence[Wish],
    wave: str,
    capacity: Mapping[str, int] = NO_LIMITS,
) -> Together | None:
    """A plan for each wish, together never dearer than one by one; None if they can only be planned one by one.

    `capacity` is how many parcels a location can still send, where that is limited.
    """
    small = [wish for wish in wishes if _is_small(wish)]
    try:
        made = converted(rates, stock=stock, weights=weights, wishes=small)
        room, is_large = parcels_of(made, capacity), len(small) >= COMPILED_FROM
        planned = plan_wave(made.net, made.orders, room, compiled=HAS_NUMBA and is_large)
    except (TooVaried, Unsolved, ValueError):  # lanes, a program or figures beyond what planning can deal with
        return None
    gap = (
        -(-(planned.cost_mills - planned.bound_mills) * MILLION // planned.cost_mills) if planned.cost_mills > 0 else 0
    )
    found = iter(enumerate(planned.plans))
    proposals = [
        Proposal(wave, len(small), gap, in_words(made, *next(found))) if _is_small(wish) else None for wish in wishes
    ]
    return Together(proposals, planned.cost_mills, planned.bound_mills, planned.one_by_one_mills)


def _is_small(wish: Wish) -> bool:
    """Whether the core searches through it as planning does, unit by unit."""
    counts = tuple(wish.units.values())
    return pairs_of(counts) <= PAIRS_MAX and sum(counts) <= UNITS_MAX
