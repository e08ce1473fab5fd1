"""Shipping: what of it is given back when goods are canceled or come back. If nothing was ever sent it is never owed."""

from segue.core.amounts import of_units, spread
from segue.core.order import Order
from segue.core.policy import policy
from segue.core.worth import back_of, kept_of


@policy("shipping_refund")
def never(order: Order) -> int:
    """Nothing: what was sent was sent. Only an order of which nothing ever left gets it back."""
    return 0


@policy("shipping_refund")
def with_first(order: Order) -> int:
    """All of it, as soon as anything is canceled or comes back."""
    return order.shipping_minor if back_of(order) else 0


@policy("shipping_refund")
def with_last(order: Order) -> int:
    """All of it, once nothing is kept any more."""
    return 0 if kept_of(order) else order.shipping_minor


@policy("shipping_refund")
def by_value(order: Order) -> int:
    """Each unit its share, by what was paid for it."""
    paid = [line.paid_minor for line in order.lines]
    shares = spread(order.shipping_minor, paid if any(paid) else [line.quantity for line in order.lines])
    back = back_of(order)
    return sum(of_units(shares[number - 1], order.lines[number - 1].quantity, units) for number, units in back.items())
