"""Baskets: what a customer buys, and what it comes to."""

from fractions import Fraction

from msgspec.structs import replace

from segue.core.amounts import half_up, spread
from segue.core.base import Value
from segue.core.facts import Item
from segue.sim.shopping.cities import tax_rate
from segue.sim.shopping.dice import Dice, Weighted
from segue.sim.shopping.people import Customer
from segue.sim.shopping.shop import Shop

LINES = Weighted((55, 24, 12, 6, 3))  # orders of one line, two lines ...
QUANTITIES = Weighted((88, 8, 3, 1))
LINE_DISCOUNTS = ((0, 85), (10, 8), (20, 5), (30, 2))  # percent, share
ENGRAVED_RATE = 0.35  # of lines that can be
COUPON_RATE = 0.12
COUPON_PERCENT = 10
GIFT_WRAP_RATE = 0.04
GIFT_WRAP_MINOR = 450
EXPRESS_RATE = 0.15
SHIPPING = {"standard": 690, "express": 1490}
FREE_FROM_MINOR = 7500
TAX_UNIT = 100_000  # tax rates are in thousandths of a percent
DISCOUNTS = Weighted([share for _, share in LINE_DISCOUNTS])


class Bought(Value):
    """One line of a basket. Amounts are of the whole line, in minor units."""

    item: Item
    price_minor: int
    quantity: int
    discount_minor: int
    options: dict[str, str]
    tax_minor: int = 0


class Basket(Value):
    """What is bought, with all amounts in minor units. Taxes are included in prices in Europe, and added elsewhere."""

    customer: Customer
    lines: tuple[Bought, ...]
    method: str
    coupon: bool
    gift_wrap_minor: int
    discount_minor: int = 0  # the coupon's, on the goods
    shipping_minor: int = 0
    shipping_tax_minor: int = 0
    total_minor: int = 0


def fill(shop: Shop, customer: Customer, dice: Dice) -> Basket:
    """A basket, priced."""
    chosen = {shop.demand.position(dice.share()): None for _ in range(LINES.position(dice.share()) + 1)}
    lines = tuple(
        buy(shop.items[position], QUANTITIES.position(dice.share()) + 1, customer, dice) for position in chosen
    )
    method = "express" if dice.happens(EXPRESS_RATE) else "standard"
    gift_wrap_minor = GIFT_WRAP_MINOR if dice.happens(GIFT_WRAP_RATE) else 0
    return priced(Basket(customer, lines, method, dice.happens(COUPON_RATE), gift_wrap_minor))


def buy(item: Item, quantity: int, customer: Customer, dice: Dice) -> Bought:
    """A line, with a discount if it is on sale, and engraved if the customer likes."""
    percent = LINE_DISCOUNTS[DISCOUNTS.position(dice.share())][0]
    price_minor = item.price_minor or 0
    engraved = "engravable" in item.tags and dice.happens(ENGRAVED_RATE)
    options = {"engraving": f"For {customer.name.split()[0]}"} if engraved else {}
    return Bought(item, price_minor, quantity, _percent(price_minor * quantity, percent * 1000), options)


def priced(basket: Basket) -> Basket:
    """The basket with its discount, shipping, taxes and total."""
    city = basket.customer.city
    included, rate = city.country != "US", tax_rate(city)
    net = [line.price_minor * line.quantity - line.discount_minor for line in basket.lines]
    discount_minor = _percent(sum(net), COUPON_PERCENT * 1000) if basket.coupon else 0
    net = [amount - share for amount, share in zip(net, spread(discount_minor, net), strict=True)]
    taxes = [_tax(amount, rate, included) for amount in net]
    free = basket.method == "standard" and sum(net) >= FREE_FROM_MINOR
    shipping_minor = 0 if free else SHIPPING[basket.method]
    total_minor = sum(net) + shipping_minor + basket.gift_wrap_minor + (0 if included else sum(taxes))
    return replace(
        basket,
        lines=tuple(replace(line, tax_minor=tax) for line, tax in zip(basket.lines, taxes, strict=True)),
        discount_minor=discount_minor,
        shipping_minor=shipping_minor,
        shipping_tax_minor=_tax(shipping_minor, rate, included) if included else 0,
        total_minor=total_minor,
    )


def _tax(amount_minor: int, rate: int, included: bool) -> int:
    """The tax that is in an amount, or comes on top of it."""
    return half_up(Fraction(amount_minor * rate, TAX_UNIT + (rate if included else 0)))


def _percent(amount_minor: int, rate: int) -> int:
    return half_up(Fraction(amount_minor * rate, TAX_UNIT))
