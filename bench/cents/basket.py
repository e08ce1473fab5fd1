"""A basket: what somebody buys, at which prices, discounts, rates and tenders; and its amounts by M2, M3 and M6."""

from dataclasses import dataclass, field
from fractions import Fraction

from bench.cents.arithmetic import rounded, spread, tax_in, tax_on
from bench.cents.giving_back import Promotion


@dataclass
class Wanted:
    """One line of a basket. Off are a share of the price, and an amount."""

    quantity: int
    price: int
    off_share: Fraction = Fraction(0)
    off_amount: int = 0
    rates: tuple[Fraction, ...] = ()


@dataclass
class Paying:
    """One way of payment, for a share of what is left to pay."""

    kind: str
    method: str
    share: Fraction


@dataclass
class Basket:
    """All that an order is made of before anything of it is worked out."""

    currency: str
    lines: list[Wanted]
    off_share: Fraction = Fraction(0)  # of the whole order
    off_amount: int = 0
    included: bool = False  # whether taxes are in the prices
    tax_by_line: bool = True  # or the channel says the sum only
    tax_named: bool = False  # then: each tax by itself
    by_segue: bool = False  # whether Segue prices it: several taxes on a line are rounded as one then
    shipping: int = 0
    shipping_off_share: Fraction = Fraction(0)
    shipping_rate: Fraction = Fraction(0)
    charges: dict[str, int] = field(default_factory=dict)
    promotions: list[Promotion] = field(default_factory=list)
    tenders: list[Paying] = field(default_factory=list)  # the last pays the rest


@dataclass
class Priced:
    """The amounts of a line."""

    gross: int
    own_discount: int
    discount: int  # its own and its share of the order's
    taxes: list[int]

    @property
    def net(self) -> int:
        """What is left after all discounts."""
        return self.gross - self.discount


@dataclass
class Amounts:
    """The amounts of a basket."""

    lines: list[Priced]
    order_discount: int
    shipping_discount: int
    shipping_tax: int
    order_taxes: list[int]  # each tax of the order as a whole
    taxes: list[int]  # of each line, as the order has them
    paid: list[int]  # what the customer pays for each line
    total: int


def amounts_of(basket: Basket) -> Amounts:
    """Every amount: line discounts first, then the order's over what is left of each line; taxes after discounts (M6)."""
    lines = [_line(wanted) for wanted in basket.lines]
    left = [line.gross - line.own_discount for line in lines]
    order_discount = min(sum(left), rounded(sum(left) * basket.off_share) + basket.off_amount)
    for line, share in zip(lines, spread(order_discount, left), strict=True):
        line.discount += share
    for line, wanted in zip(lines, basket.lines, strict=True):
        line.taxes = _taxes(line.net, _rates(basket, wanted.rates), included=basket.included)
    shipping_discount = rounded(basket.shipping * basket.shipping_off_share)
    shipping = basket.shipping - shipping_discount
    shipping_tax = sum(_taxes(shipping, (basket.shipping_rate,), included=basket.included))
    taxes, order_taxes = _taxes_of_lines(basket, lines)
    on_top = 0 if basket.included else 1
    paid = [line.net + on_top * tax for line, tax in zip(lines, taxes, strict=True)]
    total = sum(paid) + shipping + on_top * shipping_tax + sum(basket.charges.values())
    return Amounts(lines, order_discount, shipping_discount, shipping_tax, order_taxes, taxes, paid, total)


def _rates(basket: Basket, rates: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    return (sum(rates, Fraction(0)),) if basket.by_segue else rates


def _taxes_of_lines(basket: Basket, lines: list[Priced]) -> tuple[list[int], list[int]]:
    """The tax of each line; and of the order, where only that is known: it is spread by what is left after discounts."""
    if basket.tax_by_line or basket.by_segue:
        return [sum(line.taxes) for line in lines], []
    most = max(len(line.taxes) for line in lines)
    sums = [sum(line.taxes[n] for line in lines if n < len(line.taxes)) for n in range(most)]
    sums = sums if basket.tax_named else [sum(sums)]
    nets = [line.net for line in lines]
    shares = [spread(tax, nets if any(nets) else [1] * len(nets)) for tax in sums]
    return [sum(of_line) for of_line in zip(*shares, strict=True)] if shares else [0] * len(lines), sums


def _line(wanted: Wanted) -> Priced:
    gross = wanted.quantity * wanted.price
    off = min(gross, rounded(gross * wanted.off_share) + wanted.off_amount)
    return Priced(gross, off, off, [])


def _taxes(amount: int, rates: tuple[Fraction, ...], *, included: bool) -> list[int]:
    if included:
        return [tax_in(amount, rate, sum(rates, Fraction(0))) for rate in rates]
    return [tax_on(amount, rate) for rate in rates]


def tenders_of(basket: Basket, total: int) -> list[int]:
    """Who pays what: each its share of what is left, the last the rest."""
    amounts, left = [], total
    for position, paying in enumerate(basket.tenders):
        amount = left if position == len(basket.tenders) - 1 else rounded(left * paying.share)
        amounts.append(amount)
        left -= amount
    return amounts
