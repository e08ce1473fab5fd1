"""Trouble: what is wrong with some orders, so that a workflow has something to hold, to mend and to ask about."""

from collections.abc import Callable

from msgspec.structs import replace

from segue.sim.shopping.baskets import Basket, buy, priced
from segue.sim.shopping.dice import Dice
from segue.sim.shopping.document import Document, money
from segue.sim.shopping.shop import Shop

UNKNOWN_METHODS = ("drone", "standrad", "next_day", "")
FOREIGN = ("GB", "CH", "CA", "BR", "NG", "CN")
PRECIOUS = ("WTC", "RNG")  # what makes an order of high value


def unknown_sku(shop: Shop, basket: Basket, dice: Dice) -> Basket:
    """One of the items is not in the catalog yet."""
    line = buy(dice.pick(shop.later), 1, basket.customer, dice)
    return replace(basket, lines=(*basket.lines[:-1], line))


def high_value(shop: Shop, basket: Basket, dice: Dice) -> Basket:
    """Several of the dearest things at once."""
    dear = [item for item in shop.items if item.sku.startswith(PRECIOUS)]
    line = buy(dice.pick(dear), dice.whole(3, 6), basket.customer, dice)
    return replace(basket, lines=(*basket.lines, line)[-5:])


def bad_ship_method(document: Document, dice: Dice) -> None:
    """A shipping method that the shop does not have."""
    document["shipping_method"] = dice.pick(UNKNOWN_METHODS)


def money_off(document: Document, dice: Dice) -> None:
    """The total is not what its parts add up to; the payment is as the total says."""
    total_minor = int(document["totals"]["total"].replace(".", ""))
    wrong_minor = total_minor + dice.pick((-1, 1, 10, 90, 100, 1000))
    last = document["payments"][-1]
    paid_minor = int(last["amount"].replace(".", "")) + wrong_minor - total_minor
    document["totals"]["total"] = money(wrong_minor)
    last["amount"] = money(paid_minor)


def country_mismatch(document: Document, dice: Dice) -> None:
    """The bill goes to another country than the goods."""
    document["billing_address"] |= {
        "country": dice.pick(FOREIGN),
        "region": "",
        "postcode": f"{dice.whole(0, 99999):05}",
    }


def incomplete_address(document: Document, dice: Dice) -> None:
    """A part of the address that is needed is not there."""
    document["shipping_address"][dice.pick(("street", "city", "postcode"))] = ""


BEFORE_PRICING: dict[str, tuple[float, Callable[[Shop, Basket, Dice], Basket]]] = {  # share of orders, what happens
    "unknown_sku": (0.008, unknown_sku),
    "high_value": (0.010, high_value),
}
AFTER_PRICING: dict[str, tuple[float, Callable[[Document, Dice], None]]] = {
    "bad_ship_method": (0.005, bad_ship_method),
    "money_off": (0.004, money_off),
    "country_mismatch": (0.015, country_mismatch),
    "incomplete_address": (0.008, incomplete_address),
}


def troubled_basket(shop: Shop, basket: Basket, dice: Dice) -> tuple[Basket, tuple[str, ...]]:
    """The basket, with what goes wrong in it, priced again; and the names of that."""
    names = tuple(name for name, (rate, _) in BEFORE_PRICING.items() if dice.happens(rate * shop.plan.trouble))
    for name in names:
        basket = BEFORE_PRICING[name][1](shop, basket, dice)
    return (priced(basket) if names else basket), names


def trouble_document(shop: Shop, document: Document, dice: Dice) -> tuple[str, ...]:
    """Let things go wrong in a document; the names of what did."""
    names = tuple(name for name, (rate, _) in AFTER_PRICING.items() if dice.happens(rate * shop.plan.trouble))
    for name in names:
        AFTER_PRICING[name][1](document, dice)
    return names
