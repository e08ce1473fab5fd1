"""Hindsight: the least that all orders of a period could have cost, had everything been known from its first day.

It is the bound of a wave: whole plans for every order, shared stock, no matter in which order they came or when goods
arrived. No strategy can be cheaper, so what was paid is compared with it: "you paid X, the best possible was at least
Y".
"""

from collections.abc import Sequence
from typing import NamedTuple

from segue.planning.compiled import HAS_NUMBA
from segue.planning.network import Demand, Ints, Network
from segue.planning.wave import Limits, Wave, plan_wave

# A bound needs prices, not whole plans: more steps towards them, a program only where it moves the bound, no search.
LIMITS = Limits(steps=80, rounds=12, gap=0.001, nodes=0)


class Hindsight(NamedTuple):
    """What a period could have cost."""

    bound_mills: int  # no way of planning it is cheaper
    reached_mills: int  # a way of planning it that is known, by one who knew everything
    wave: Wave

    def lost(self, paid_mills: int) -> float:
        """The part of what was paid that better planning could have saved at the most."""
        return (paid_mills - self.bound_mills) / paid_mills if paid_mills > 0 else 0.0


def look_back(
    net: Network,
    orders: Sequence[Demand],
    capacity: Ints | None = None,
    limits: Limits = LIMITS,
    *,
    compiled: bool = HAS_NUMBA,
) -> Hindsight:
    """Bound the cost of a period. `net.stock` is all that there ever was: what lay there at first and all that arrived."""
    wave = plan_wave(net, orders, capacity, limits, compiled=compiled)
    return Hindsight(wave.bound_mills, wave.cost_mills, wave)
