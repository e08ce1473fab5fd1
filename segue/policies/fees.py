"""Fees: what a return costs the customer. They are withheld of what is given back, and never more than that."""

from fractions import Fraction

from segue.core.amounts import half_up
from segue.core.order import Order, value_of
from segue.core.policy import policy
from segue.core.tally import Units


@policy("return_fee")
def per_return(
    order: Order,
    units: dict[int, Units],
    reason: str,
    *,
    fee_minor: int,
    unless: tuple[str, ...] = (),
    only: tuple[str, ...] = (),
) -> int:
    """One amount for each return, with its tax, for every reason but these, or only for these."""
    return fee_minor if _is_charged(reason, unless, only) else 0


@policy("return_fee")
def restocking(
    order: Order,
    units: dict[int, Units],
    reason: str,
    *,
    percent: float,
    unless: tuple[str, ...] = (),
    only: tuple[str, ...] = (),
) -> int:
    """So many percent of what was paid for the units, rounded half up for each line, for every reason but these."""
    if not _is_charged(reason, unless, only):
        return 0
    rate = Fraction(repr(percent)) / 100
    return sum(half_up(value_of(order, {number: here}) * rate) for number, here in units.items())


def _is_charged(reason: str, unless: tuple[str, ...], only: tuple[str, ...]) -> bool:
    return reason not in unless and (not only or reason in only)
