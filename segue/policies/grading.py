"""Grading: signs that an order may be fraud. Each rule that fires gives its points and names its figures."""

from typing import Any

from segue.core.facts import Facts
from segue.core.order import Order
from segue.core.policy import policy

Figures = dict[str, Any] | None


@policy("grade")
def high_value(order: Order, facts: Facts, *, from_minor: int) -> Figures:
    """The order costs a lot."""
    return {"total": order.total_minor, "from": from_minor} if order.total_minor >= from_minor else None


@policy("grade")
def country_mismatch(order: Order, facts: Facts) -> Figures:
    """It is billed to one country and shipped to another."""
    ship, bill = order.ship_to.country, order.bill_country
    return {"ship_to": ship, "bill_to": bill} if ship and bill and ship != bill else None


@policy("grade")
def first_order(order: Order, facts: Facts) -> Figures:
    """The customer has never ordered here."""
    earlier = [past for past in facts.earlier(order.person) if past.order != order.id] if order.person else []
    return None if earlier else {"earlier_orders": 0}


@policy("grade")
def velocity(order: Order, facts: Facts, *, orders: int = 3, within_s: int = 86_400) -> Figures:
    """The customer orders more often than people do."""
    if not order.person:
        return None
    start = order.placed_at_s - within_s
    recent = [p for p in facts.earlier(order.person) if p.order != order.id and start <= p.placed_at_s]
    return {"orders": len(recent) + 1, "within_s": within_s} if len(recent) + 1 >= orders else None


@policy("grade")
def many_units(order: Order, facts: Facts, *, from_units: int) -> Figures:
    """One SKU is ordered in a quantity that resellers need."""
    most = max(order.lines, key=lambda line: line.quantity)
    return {"sku": most.sku, "units": most.quantity} if most.quantity >= from_units else None


@policy("grade")
def address_incomplete(order: Order, facts: Facts) -> Figures:
    """Parts of the address are missing."""
    return {"missing": order.ship_to.missing} if order.ship_to.missing else None


@policy("grade")
def tagged(order: Order, facts: Facts, *, tag: str) -> Figures:
    """The channel has marked the order."""
    return {"tag": tag} if tag in order.tags else None
