"""Cover: what secures the payment of goods before they leave."""

from segue.core.authorization import usable_of_all
from segue.core.base import Refusal, Refused
from segue.core.context import Context
from segue.core.order import Order, money_in
from segue.core.tally import GIVEN, LEFT
from segue.core.worth import earned


def cover_of(order: Order) -> int:
    """What secures the goods: authorized, captured, or agreed to be paid on account or on delivery. Minor units."""
    return money_in(order, "authorized", "capturing", "captured", "agreed")


def refuse_without_cover(order: Order, context: Context) -> None:
    """What is authorized counts only as far as it can be taken: not once it has ended, or its only capture is under way."""
    needed = earned(order, ("allocated", "issuing", *GIVEN, *LEFT[:3]))
    cover = cover_of(order) - money_in(order, "authorized") + usable_of_all(order, context)
    if cover < needed:
        raise Refused(Refusal.NOT_COVERED, f"{needed} needed, {cover} secured")
