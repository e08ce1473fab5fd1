"""Worth: what an order is worth now, and what of it is earned. Captures, voids and refunds go by it, and by nothing else.

    goods that are kept, at what was paid for them less what their prices were lowered by since
    + shipping, less what of it is given back
    + charges
    + what is withheld, since a promotion's condition does not hold any more
    + fees for returns
    - goodwill

It is a function of what is kept and of what was agreed, never of the way there: cancel-then-return is return-then-cancel.
"""

from typing import Any

from msgspec.structs import replace

from segue.core.base import Because, Value
from segue.core.bundle_units import without
from segue.core.bundling import BACK, awaited
from segue.core.context import Context
from segue.core.digital import tangible
from segue.core.order import Order, any_in, units_in
from segue.core.reclaim import Kept, broken_of, discount_of, net_of, shipping_of, withheld_of
from segue.core.tally import STATES, union

KEPT = tuple(state for state in STATES if state not in BACK)


class Effect(Value):
    """What it does to the money, beside the goods, that units were canceled or came back."""

    withheld_minor: int = 0  # more than before; less, if negative
    shipping_minor: int = 0  # given back
    fee_minor: int = 0
    because: Because | None = None


def extras_of(order: Order) -> int:
    """What the customer owes beside the goods once anything has left, less goodwill. Minor units."""
    charged = sum([charge.amount_minor for charge in order.charges]) if order.charges else 0
    return order.shipping_minor + charged + order.fees_minor - order.shipping_back_minor - order.goodwill_minor


def kept_of(order: Order) -> Kept:
    """What the customer keeps; with what is back of bundles that are refunded once all of them is."""
    kept = units_in(order, *KEPT)
    return _with_awaited(order, kept) if order.bundles else kept


def back_of(order: Order) -> Kept:
    """What is canceled or back, and is not paid any more."""
    back = units_in(order, *BACK)
    return without(back, awaited(order)) if order.bundles else back


def returned_of(order: Order) -> Kept:
    """What has come back, and is not paid any more."""
    back = units_in(order, "returned")
    return without(back, awaited(order)) if order.bundles else back


def out_of(order: Order, states: tuple[str, ...]) -> Kept:
    """The units in these states; with what is with the customer what is back of bundles that are not whole."""
    units = units_in(order, *states)
    return _with_awaited(order, units) if order.bundles and "delivered" in states else units


def _with_awaited(order: Order, units: Kept) -> Kept:
    return units | {number: union(units.get(number, ()), here) for number, here in awaited(order).items()}


def no_longer_out(order: Order, after: Order, states: tuple[str, ...]) -> Kept:
    """The units that the customer had, and does not have any more, now that the order has become this one."""
    return without(out_of(order, states), out_of(after, states))


def keeps(order: Order) -> int:
    """What the order is worth without its canceled and returned units; the extras stay unless all was canceled."""
    return max(0, balance_of(order))


def balance_of(order: Order) -> int:
    """What the order is worth; below zero, what could not be given back, since nothing is left to give it from."""
    kept = units_in(order, *KEPT)
    if order.bundles:
        kept = _with_awaited(order, kept)
    if not kept and not any_in(order, "returned"):
        return 0
    return net_of(order, kept) + order.withheld_minor + extras_of(order)


def earned(order: Order, states: tuple[str, ...]) -> int:
    """What the customer owes once units in these states are to be paid; shipping and charges with the first of them.

    Shipping and charges stay earned if all that was sent comes back. With all that is kept in these states it is what
    the order is worth.
    """
    units = out_of(order, states) if order.bundles else units_in(order, *states)
    if not units and not any_in(order, "returned"):
        return 0
    return max(0, net_of(order, units) + withheld_in(order, units) + extras_of(order))


def withheld_in(order: Order, units: Kept) -> int:
    """What is withheld, as far as these units cost more by it. Minor units."""
    return min(order.withheld_minor, _reclaimed(order, units)) if order.withheld_minor else 0


def _reclaimed(order: Order, units: Kept) -> int:
    """What these units cost more, now that the conditions of their promotions do not hold any more."""
    broken = broken_of(order, kept_of(order))
    return sum([discount_of(order, grant, units) + shipping_of(grant) for grant in broken])


def effect_of(order: Order, after: Order, context: Context, fee_minor: int = 0) -> Effect:
    """What it does to the money that the order has become this one: `after` has its units canceled or back, no more.

    A fee is never more than what these units would bring back without it.
    """
    policy = context.workflow.shipping_refund
    if not order.grants and policy is None and not fee_minor and not order.bundles and not order.digital:  # mostly
        return Effect()
    withheld = withheld_of(after, kept_of(after)) - order.withheld_minor
    back = min(policy.call(after), order.shipping_minor) if policy else 0
    if order.digital and _needs_no_parcel(after):
        back = order.shipping_minor
    shipping = max(0, back - order.shipping_back_minor)
    fee = min(fee_minor, max(0, keeps(order) - keeps(settled(after, withheld, shipping))))
    if not withheld and not shipping and not fee:
        return Effect()
    return Effect(withheld, shipping, fee, Because("given_back", _figures(after, withheld, shipping, fee)))


def _needs_no_parcel(after: Order) -> bool:
    """Whether all that would have been sent is canceled, so that only what is digital is left, and nothing is shipped."""
    sent = any(not line.kind for line in after.lines)
    return sent and not tangible(after, units_in(after, *KEPT, "returned"))


def _figures(after: Order, withheld: int, shipping: int, fee: int) -> dict[str, Any]:
    amounts = {"withheld": withheld, "shipping": shipping, "fee": fee}
    found: dict[str, Any] = {name: amount for name, amount in amounts.items() if amount}
    if withheld:
        found["promotions"] = [*dict.fromkeys(grant.promotion for grant in broken_of(after, kept_of(after)))]
    return found


def settled(order: Order, withheld_minor: int, shipping_minor: int, fee_minor: int = 0) -> Order:
    """The order with more withheld, more of its shipping given back, and another fee."""
    if not withheld_minor and not shipping_minor and not fee_minor:
        return order
    return replace(
        order,
        withheld_minor=order.withheld_minor + withheld_minor,
        shipping_back_minor=order.shipping_back_minor + shipping_minor,
        fees_minor=order.fees_minor + fee_minor,
    )
