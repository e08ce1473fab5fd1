"""Selling: a basket as a channel sends it, with all its amounts; or without any, as Segue has to price it itself."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from bench.cents.basket import Amounts, Basket, tenders_of
from bench.cents.giving_back import Promotion as Given
from segue.core.draft import Charge, Destination, Draft, DraftLine, DraftTender, Grant, Tax
from segue.core.tally import whole

NOW_S = 1_780_000_000
METHOD = "ground"


def draft_of(basket: Basket, amounts: Amounts) -> Draft:
    """The order document; of one that Segue prices it says the goods and the total that was quoted."""
    tenders = [
        DraftTender(paying.kind, amount, paying.method, f"ch-{number}" if paying.kind == "adopted" else "")
        for number, (paying, amount) in enumerate(zip(basket.tenders, tenders_of(basket, amounts.total), strict=True))
    ]
    lines = tuple(_line(basket, amounts, number) for number in range(len(basket.lines)))
    shared = {} if basket.by_segue else _amounts_of_order(basket, amounts)
    return Draft(
        "web", "1", NOW_S, basket.currency, lines, amounts.total, tuple(tenders),
        priced=not basket.by_segue,
        grants=tuple(_grant(each, number) for number, each in enumerate(basket.promotions)),
        charges=tuple(Charge(code, amount) for code, amount in basket.charges.items()),
        ship_to=Destination("US", "TX"),
        ship_method=METHOD,
        **shared,
    )  # fmt: skip


def _line(basket: Basket, amounts: Amounts, number: int) -> DraftLine:
    wanted, priced = basket.lines[number], amounts.lines[number]
    if basket.by_segue:
        return DraftLine(sku_of(number), wanted.quantity, 0)
    taxes = _taxes(basket, number, priced.taxes) if basket.tax_by_line else ()
    tax = sum(tax.amount_minor for tax in taxes)
    return DraftLine(sku_of(number), wanted.quantity, wanted.price, priced.own_discount, tax, taxes=taxes)


def _taxes(basket: Basket, number: int, amounts: list[int]) -> tuple[Tax, ...]:
    named = enumerate(zip(basket.lines[number].rates, amounts, strict=True))
    return tuple(Tax(f"T{n}", amount, decimal_of(rate)) for n, (rate, amount) in named)


def _amounts_of_order(basket: Basket, amounts: Amounts) -> dict[str, Any]:
    """What a channel says of the order as a whole."""
    said: dict[str, Any] = {
        "shipping_minor": basket.shipping,
        "shipping_discount_minor": amounts.shipping_discount,
        "shipping_tax_minor": amounts.shipping_tax,
        "discount_minor": amounts.order_discount,
        "taxes_included": basket.included,
    }
    if not basket.tax_by_line:
        said["tax_minor"] = sum(amounts.order_taxes)
        said["taxes"] = (
            tuple(Tax(f"T{n}", tax) for n, tax in enumerate(amounts.order_taxes)) if basket.tax_named else ()
        )
    return said


def _grant(promotion: Given, number: int) -> Grant:
    on_return: Any = promotion.on_return
    return Grant(
        f"promotion {number}",
        given=promotion.given,
        shipping_minor=promotion.shipping,
        on_return=on_return,
        units={line: whole(count) for line, count in promotion.group.items()},
        without=promotion.without,
        from_minor=promotion.least,
        condition={line: whole(count) for line, count in promotion.condition.items()},
    )


def sku_of(number: int) -> str:
    """Each line has goods of its own."""
    return f"GOODS-{number + 1}"


def decimal_of(rate: Fraction) -> str:
    """An exact decimal fraction."""
    return str(Decimal(rate.numerator) / Decimal(rate.denominator))
