"""Deposits: part of what an order costs is secured and taken at once, the balance when goods are ready."""

from fractions import Fraction

from segue.core.amounts import half_up
from segue.core.context import Context
from segue.core.order import Order, count_in
from segue.core.tally import GIVEN, LEFT
from segue.core.worth import keeps

READY = ("allocated", *GIVEN, *LEFT)


def deposit_of(order: Order, context: Context) -> int:
    """What is taken at once; 0 without a deposit, and never more than the order is worth. Minor units."""
    deposit = context.workflow.deposit
    if deposit is None:
        return 0
    kept = keeps(order)
    return min(kept, deposit.amount_minor or half_up(Fraction(kept * deposit.percent, 100)))


def to_secure(order: Order, context: Context) -> int:
    """What has to be secured by now: the deposit until goods are ready, then all that the order is worth. Minor units."""
    if context.workflow.deposit is None or count_in(order, *READY):
        return keeps(order)
    return deposit_of(order, context)
