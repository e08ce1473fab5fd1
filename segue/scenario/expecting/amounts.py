"""Amounts: what the lines of an order and its shipping come to, with what is off and the taxes."""

from collections.abc import Iterable

from segue.core.order import Line
from segue.scenario.expecting.check import decimal
from segue.scenario.forms import Kind
from segue.scenario.kinds import TEXT
from segue.scenario.stage import Stage

PRICES = Kind(TEXT.read, TEXT.schema, "`21.60, off 2.40, tax 3.45`; what is nothing is left out")


def prices_of(stage: Stage, id: str) -> dict[str, str]:
    """What is to pay for each line by its number, for all lines of a SKU, and for the shipping."""
    order = stage.order(id)
    skus = dict.fromkeys(line.sku for line in order.lines)
    by_sku = {sku: _of_lines([line for line in order.lines if line.sku == sku], order.currency) for sku in skus}
    by_line = {str(line.number): _of_lines([line], order.currency) for line in order.lines}
    return by_sku | by_line | {"shipping": _text(order.shipping_minor, 0, order.shipping_tax_minor, order.currency)}


def _of_lines(lines: Iterable[Line], currency: str) -> str:
    known = list(lines)
    paid = sum(line.paid_minor for line in known)
    off, tax = sum(line.discount_minor for line in known), sum(line.tax_minor for line in known)
    return _text(paid, off, tax, currency)


def _text(paid_minor: int, off_minor: int, tax_minor: int, currency: str) -> str:
    parts = [decimal(paid_minor, currency)]
    parts += [f"off {decimal(off_minor, currency)}"] if off_minor else []
    parts += [f"tax {decimal(tax_minor, currency)}"] if tax_minor else []
    return ", ".join(parts)
