"""Comparing: whether the product's order and ledger say what the model says, to the cent."""

from typing import Any

from bench.cents.basket import Amounts
from bench.cents.books import Books
from bench.cents.model import Model
from bench.cents.product import Product
from segue.core.amounts import of_units
from segue.core.order import Order, value_of
from segue.core.tally import numbers
from segue.core.worth import keeps


class Difference(Exception):
    """The product and the model do not say the same."""


def same(what: str, product: Any, model: Any) -> None:
    """Raise Difference if two things that should be the same are not."""
    if product != model:
        raise Difference(f"{what}: the product says {product}, the model {model}")


def compare_intake(order: Order, amounts: Amounts, model: Model) -> None:
    """Each line's amounts, and each unit's share of what is paid and of the tax (M4, M6)."""
    for line, priced, units in zip(order.lines, amounts.lines, model.lines, strict=True):
        same(f"discount of line {line.number}", line.discount_minor, priced.discount)
        same(f"paid for line {line.number}", line.paid_minor, amounts.paid[line.number - 1])
        same(f"tax of line {line.number}", line.tax_minor, amounts.taxes[line.number - 1])
        for unit in units:
            this = ((unit.number, unit.number),)
            same(f"paid for unit {unit.number}", value_of(order, {line.number: this}), unit.paid)
            same(f"tax of unit {unit.number}", of_units(line.tax_minor, line.quantity, this), unit.tax)
    same("total", order.total_minor, sum(sum(unit.paid for unit in units) for units in model.lines) + model.extras)


def compare_units(order: Order, model: Model) -> None:
    """Which unit is where (M5)."""
    for line, units in zip(order.lines, model.lines, strict=True):
        states = {number: state for state, ranges in line.tally.items() for number in numbers(ranges)}
        same(f"units of line {line.number}", states, {unit.number: unit.state for unit in units})


def compare_money(product: Product, model: Model, books: Books) -> None:
    """Worth, every tender, every operation, every account of the ledger."""
    order = product.order
    assert order is not None
    same("worth", keeps(order), model.worth())
    for name, purse in model.purses.items():
        tally = {state: held for state, held in order.tenders[name].tally.items() if held}
        same(f"tender {name}", tally, {state: held for state, held in purse.held.items() if held})
    balances = {name: held for name, held in product.balances.items() if held}
    near = books.near(model)
    known = {name: held for name, held in balances.items() if name not in near and name[:3] != "tax"}
    same("ledger", known, books.exact(model))
    for name, (exact, of) in near.items():
        if 2 * abs(balances.get(name, 0) * of - exact) > of:  # M2: half up
            raise Difference(f"account {name}: the product says {balances.get(name, 0)}, the model {exact}/{of}")


def compare_bounds(model: Model) -> None:
    """M7: no more is given back than was taken, and no more taken than was secured, by tender and by operation."""
    used: dict[str, int] = {}
    for operation in model.operations.values():
        if operation.of and operation.outcome != "declined":
            used[operation.of] = used.get(operation.of, 0) + operation.amount
    for name, amount in used.items():
        if amount + model.lapsed.get(name, 0) > model.operations[name].amount:
            raise Difference(f"{amount} of {name} was used, {model.operations[name].amount} was there")
    for name, purse in model.purses.items():
        if any(held < 0 for held in purse.held.values()) or sum(purse.held.values()) != purse.amount:
            raise Difference(f"tender {name} of {purse.amount} is {purse.held}")
