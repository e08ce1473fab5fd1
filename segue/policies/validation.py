"""Validation: what must be right about an order before anything is done for it."""

from collections.abc import Iterator

from segue.core.facts import Facts
from segue.core.intake import basket_of
from segue.core.order import Failure, Order
from segue.core.policy import policy


@policy("validate")
def known_skus(order: Order, facts: Facts) -> Iterator[Failure]:
    """Every SKU is in the catalog; a line whose SKU is not waits, the others go on."""
    listed = facts.listed(frozenset([line.sku for line in order.lines]))
    for line in order.lines:
        if listed[line.sku] is None:
            detail = f"the catalog has no {line.sku or 'empty SKU'}"
            yield Failure("known_skus", detail, line.number, facts=(f"item:{line.sku}",))


@policy("validate")
def known_shipping_method(order: Order, facts: Facts) -> Iterator[Failure]:
    """The shipping method is one that the shop offers."""
    if facts.methods and order.ship_method not in facts.methods:
        offered = ", ".join(sorted(facts.methods))
        detail = f"{order.ship_method or 'none'}; offered: {offered}"
        yield Failure("known_shipping_method", detail, facts=(f"method:{order.ship_method}",))


@policy("validate")
def money_adds_up(order: Order, facts: Facts) -> Iterator[Failure]:
    """Lines, shipping and charges add up to the total, and the tenders too, to the cent."""
    charges = sum([charge.amount_minor for charge in order.charges])
    parts = sum([line.paid_minor for line in order.lines]) + order.shipping_minor + charges
    if parts != order.total_minor:
        yield Failure("money_adds_up", f"the parts come to {parts}, the total says {order.total_minor}")
    tenders = sum([tender.amount_minor for tender in order.tenders.values()])
    if tenders != order.total_minor:
        yield Failure("money_adds_up", f"the tenders come to {tenders}, the total says {order.total_minor}")


@policy("validate")
def amounts_in_range(order: Order, facts: Facts) -> Iterator[Failure]:
    """Quantities are positive, prices not negative, and no discount is above its line's price."""
    for line in order.lines:
        if line.quantity < 1:
            yield Failure("amounts_in_range", f"quantity {line.quantity}", line.number)
        if line.price_minor < 0:
            yield Failure("amounts_in_range", f"price {line.price_minor}", line.number)
        if line.discount_minor > max(0, line.price_minor * line.quantity):
            yield Failure("amounts_in_range", f"discount {line.discount_minor} is above the price", line.number)


@policy("validate")
def deliverable_address(order: Order, facts: Facts) -> Iterator[Failure]:
    """The address has all that a carrier needs."""
    if order.ship_to.missing:
        yield Failure("deliverable_address", f"missing: {', '.join(order.ship_to.missing)}")
    elif not order.ship_to.country:
        yield Failure("deliverable_address", "missing: country")


@policy("validate")
def not_a_duplicate(order: Order, facts: Facts, *, within_s: int = 600) -> Iterator[Failure]:
    """The same customer has not just ordered the same goods to the same address."""
    if not order.person:
        return
    for past in facts.earlier(order.person):
        apart = (order.placed_at_s, order.id) > (past.placed_at_s, past.order)  # of two, the later one is the duplicate
        near = apart and order.placed_at_s - past.placed_at_s <= within_s
        if near and (past.basket, past.ship_to_digest) == (basket_of(order), order.ship_to_digest):
            yield Failure("not_a_duplicate", f"the same as {past.order}, {within_s // 60} minutes apart at most")
            return
