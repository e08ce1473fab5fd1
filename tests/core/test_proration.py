"""Proration: cents lie on lines and units from the start, none is lost or made, and none moves later."""

from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from segue.core.draft import Charge, Draft, Tax
from segue.core.order import Order, value_of
from segue.core.proration import gross_of, shipping_of, tax_of, taxes_of
from segue.core.tally import Units, whole
from tests.core.given import given
from tests.core.shop import draft, paid, sold


def order_of(sent: Draft) -> Order:
    order = given(sent).order
    assert order is not None
    return order


def each(order: Order, line: int, amount: Any) -> list[Any]:
    """An amount for each unit of a line."""
    return [amount(order, {line: ((unit, unit),)}) for unit in range(1, order.lines[line - 1].quantity + 1)]


# The worked examples of MONEY.md: what is spread over the units of a line, and what each of them has.
ON_UNITS: tuple[tuple[str, int, int, list[int]], ...] = (
    ("USD", 10_00, 3, [3_34, 3_33, 3_33]),
    ("JPY", 1000, 3, [334, 333, 333]),
    ("KWD", 1_000, 3, [334, 333, 333]),
    ("KWD", 2, 3, [1, 1, 0]),
    ("EUR", 1, 2, [1, 0]),
    ("EUR", 0, 2, [0, 0]),
)


@pytest.mark.parametrize(("currency", "amount", "quantity", "shares"), ON_UNITS)
def test_what_is_paid_for_a_line_lies_on_its_units(
    currency: str, amount: int, quantity: int, shares: list[int]
) -> None:
    """The line costs 100 a unit more than is paid: the rest is its discount."""
    list_price = amount + 100
    sent = draft(sold("A", quantity, list_price, discount_minor=list_price * quantity - amount))
    order = order_of(_in(sent, currency))
    assert each(order, 1, value_of) == shares
    assert sum(shares) == order.lines[0].paid_minor == order.total_minor


@pytest.mark.parametrize(("currency", "amount", "quantity", "shares"), ON_UNITS)
def test_a_tax_lies_on_the_units_like_what_is_paid(
    currency: str, amount: int, quantity: int, shares: list[int]
) -> None:
    order = order_of(_in(draft(sold("A", quantity, 50_00, tax_minor=amount)), currency))
    assert each(order, 1, tax_of) == shares
    assert sum(each(order, 1, value_of)) == 50_00 * quantity + amount


def _in(sent: Draft, currency: str) -> Draft:
    return Draft(
        sent.channel, "1", sent.placed_at_s, currency, sent.lines, sent.total_minor, sent.tenders, person="ann"
    )


# What is spread over lines of these prices, their own discounts taken off first, and what each line has of it.
ON_LINES: tuple[tuple[int, list[tuple[int, int]], list[int]], ...] = (
    (10_00, [(70_00, 0), (30_01, 0)], [7_00, 3_00]),
    (100, [(0, 0), (500, 0), (500, 0)], [0, 50, 50]),
    (10_00, [(80_00, 10_00), (30_01, 0)], [7_00, 3_00]),
    (1000, [(5, 0), (5, 0), (5, 0)], [334, 333, 333]),
)


@pytest.mark.parametrize(("amount", "lines", "shares"), ON_LINES)
def test_a_discount_of_the_order_lies_on_its_lines(
    amount: int, lines: list[tuple[int, int]], shares: list[int]
) -> None:
    sent = draft(*(sold(f"S{n}", 1, price, discount_minor=own) for n, (price, own) in enumerate(lines)))
    order = order_of(draft(*sent.lines, discount_minor=amount))
    assert [line.discount_minor - own for line, (_, own) in zip(order.lines, lines, strict=True)] == shares


@pytest.mark.parametrize(("amount", "lines", "shares"), ON_LINES)
def test_a_tax_of_the_order_lies_on_its_lines_and_so_does_each_tax_that_it_is_made_up_of(
    amount: int, lines: list[tuple[int, int]], shares: list[int]
) -> None:
    sold_ = [sold(f"S{n}", 1, price, discount_minor=own) for n, (price, own) in enumerate(lines)]
    plain = order_of(draft(*sold_, tax_minor=amount))
    assert [line.tax_minor for line in plain.lines] == shares
    assert [line.taxes for line in plain.lines] == [()] * len(lines)
    named = order_of(draft(*sold_, tax_minor=amount, taxes=(Tax("STATE", amount - 1, "0.05"), Tax("CITY", 1))))
    assert sum(line.tax_minor for line in named.lines) == amount
    for line in named.lines:
        assert sum(tax.amount_minor for tax in line.taxes) == line.tax_minor
    assert named.mistakes == ()


def test_a_share_of_a_tax_that_nobody_named_stands_beside_the_taxes_that_the_line_names() -> None:
    own = sold("A", 1, 30_00, tax_minor=100, taxes=(Tax("CITY", 100),))
    order = order_of(draft(own, sold("B", 1, 10_00), tax_minor=4_00))
    assert order.lines[0].taxes == (Tax("CITY", 100), Tax("", 3_00))
    assert order.lines[1].taxes == ()
    assert taxes_of(order, {1: ((1, 1),), 2: ((1, 1),)}) == {"CITY": 100, "": 4_00}


def test_shipping_is_what_its_discount_leaves_with_its_tax() -> None:
    dear = draft(sold(), shipping_minor=9_00, shipping_discount_minor=4_00, shipping_tax_minor=95, tenders=[paid(1)])
    assert shipping_of(dear) == 5_95
    included = draft(*dear.lines, shipping_minor=9_00, shipping_discount_minor=4_00, taxes_included=True)
    assert shipping_of(included) == 5_00


def test_a_fee_and_a_gift_wrap_are_charged_with_their_tax() -> None:
    order = order_of(draft(sold(), charges=(Charge("gift_wrap", 5_95, 95), Charge("fee", 1_00))))
    assert order.total_minor == 10_00 + 5_95 + 1_00
    assert [charge.tax_minor for charge in order.charges] == [95, 0]


def test_units_of_lines_that_are_not_asked_for_have_no_part() -> None:
    order = order_of(draft(sold("A", 2, 100, tax_minor=19), sold("B", 1, 100)))
    assert tax_of(order, {2: ((1, 1),)}) == 0
    assert taxes_of(order, {2: ((1, 1),)}) == {}
    assert taxes_of(order, {1: whole(2)}) == {"": 19}
    assert gross_of(order.lines[0]) == 200


def test_taxes_are_dealt_to_the_units_one_after_the_other() -> None:
    """Each tax has its odd cent where the one before has left off, so that units with all taxes differ by a cent only."""
    order = order_of(draft(sold("A", 2, 100, tax_minor=2, taxes=(Tax("GST", 1), Tax("QST", 1)))))
    assert each(order, 1, taxes_of) == [{"GST": 1, "QST": 0}, {"GST": 0, "QST": 1}]
    assert each(order, 1, tax_of) == [1, 1]


AMOUNT = st.integers(0, 99_99)
LINES = st.lists(
    st.tuples(st.integers(1, 9), AMOUNT, st.fractions(0, 1), st.lists(AMOUNT, max_size=3)), min_size=1, max_size=4
)


@forall(LINES, st.integers(0, 50_00), st.integers(0, 20_00), st.booleans(), st.data())
def test_whatever_is_ordered_the_cents_of_units_add_up_and_differ_by_one_at_most(
    bought: list[tuple[int, int, Any, list[int]]], discount: int, tax: int, included: bool, data: st.DataObject
) -> None:
    lines = [
        sold(
            f"S{n}", quantity, price, discount_minor=int(quantity * price * off), tax_minor=sum(taxes),
            taxes=tuple(Tax(f"T{k}", amount) for k, amount in enumerate(taxes)),
        )
        for n, (quantity, price, off, taxes) in enumerate(bought)
    ]  # fmt: skip
    left = sum(gross_of(line) - line.discount_minor for line in lines)
    more: dict[str, Any] = {"taxes_included": True} if included else {}
    order = order_of(draft(*lines, discount_minor=min(discount, left), tax_minor=tax, **more))
    assert sum(line.discount_minor for line in order.lines) == sum(e.discount_minor for e in lines) + min(
        discount, left
    )
    assert sum(line.tax_minor for line in order.lines) == sum(e.tax_minor for e in lines) + tax
    for line in order.lines:
        for amount, total in ((value_of, line.paid_minor), (tax_of, line.tax_minor), (_net, _net_of(line))):
            shares = each(order, line.number, amount)
            assert sum(shares) == total
            assert max(shares) - min(shares) <= 1
        _any_partition_adds_up(order, line.number, data)


def _net(order: Order, units: dict[int, Units]) -> int:
    return value_of(order, units) - tax_of(order, units)


def _net_of(line: Any) -> int:
    net: int = line.paid_minor - line.tax_minor
    return net


def _any_partition_adds_up(order: Order, number: int, data: st.DataObject) -> None:
    line = order.lines[number - 1]
    cut = data.draw(st.integers(1, line.quantity))
    parts: list[Units] = [((1, cut),), ((cut + 1, line.quantity),)] if cut < line.quantity else [((1, cut),)]
    by_name = [taxes_of(order, {number: part}) for part in parts]
    for part, named in zip(parts, by_name, strict=True):
        assert sum(named.values()) == tax_of(order, {number: part})
    told = {tax.name: tax.amount_minor for tax in line.taxes}
    for name, amount in told.items():
        assert sum(named.get(name, 0) for named in by_name) == amount
    assert sum(value_of(order, {number: part}) for part in parts) == line.paid_minor
