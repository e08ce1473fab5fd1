"""Worth: what an order is worth now, and what of it is earned. Captures, voids and refunds go by it."""

from segue.core.order import Order, units_in, value_of
from segue.core.tally import STATES

KEPT = tuple(state for state in STATES if state not in ("canceled", "returned"))


def extras_of(order: Order) -> int:
    """What is charged beside the goods: shipping, gift wrap, fees. Minor units."""
    return order.shipping_minor + sum([charge.amount_minor for charge in order.charges])


def keeps(order: Order) -> int:
    """What the order is worth without its canceled and returned units; the extras stay unless all was canceled."""
    kept = units_in(order, *KEPT)
    extras = extras_of(order) if kept or units_in(order, "returned") else 0
    return value_of(order, kept) + extras


def earned(order: Order, states: tuple[str, ...]) -> int:
    """What the customer owes once units in these states are to be paid; shipping and charges with the first of them.

    Shipping and charges stay earned if all that was sent comes back.
    """
    units = units_in(order, *states)
    return value_of(order, units) + extras_of(order) if units or units_in(order, "returned") else 0
