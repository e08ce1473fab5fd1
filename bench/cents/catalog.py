"""The catalog: the prices, promotions and taxes by which Segue prices a basket itself."""

from collections.abc import Iterator
from functools import partial

from msgspec import json

from bench.cents.basket import Basket
from bench.cents.selling import METHOD, decimal_of, sku_of
from segue.core.facts import Facts, Item
from segue.core.means import Means
from segue.core.price_list import PriceList, Shipping
from segue.core.pricing.rates import RateTable, TaxRule, Zone, quoted
from segue.core.promotion import Promotion, compiled
from segue.core.taxes import TaxRequest
from segue.policies.discounts import amount_off_order, percent_off_goods, percent_off_order, percent_off_shipping

RATES_MAX = 3  # of one line


def facts_for(basket: Basket, means: dict[str, Means]) -> Facts:
    """The catalog, with the prices, promotions and taxes that Segue prices the basket by."""
    promotions = compiled(tuple(_promotions(basket))) if basket.by_segue else PriceList().promotions
    shipping = {METHOD: Shipping(basket.shipping, tax_class="shipping")} if basket.by_segue else {}
    facts = Facts(methods=frozenset((METHOD,)), means=means, price_list=PriceList(promotions, shipping))
    for number, wanted in enumerate(basket.lines):
        facts.items[sku_of(number)] = Item(sku_of(number), price_minor=wanted.price, tax_class=f"class-{number}")
    facts.past[""] = ()
    return facts


def _promotions(basket: Basket) -> Iterator[Promotion]:
    for number, wanted in enumerate(basket.lines):
        if wanted.off_share:
            give = partial(percent_off_goods, percent=wanted.off_share * 100, skus=(sku_of(number),))
            yield Promotion(f"line {number}", "goods", "percent_off_goods", give)
    if basket.off_share:
        give = partial(percent_off_order, percent=basket.off_share * 100)
        yield Promotion("order", "order", "percent_off_order", give)
    if basket.off_amount:
        give = partial(amount_off_order, off_minor=basket.off_amount)
        yield Promotion("amount", "order", "amount_off_order", give)
    if basket.shipping_off_share:
        give = partial(percent_off_shipping, percent=basket.shipping_off_share * 100)
        yield Promotion("shipping", "shipping", "percent_off_shipping", give)


def taxed(facts: Facts, basket: Basket, keys: frozenset[str]) -> None:
    """The taxes that a step asks for, by a table in which every line has rates of its own."""
    rules = []
    for n in range(RATES_MAX):
        classes = {
            f"class-{number}": decimal_of(wanted.rates[n])
            for number, wanted in enumerate(basket.lines)
            if n < len(wanted.rates)
        }
        classes |= {"shipping": decimal_of(basket.shipping_rate)} if n == 0 else {}
        rules.append(TaxRule(f"T{n}", "0", classes))
    known = frozenset(("standard", "shipping", *(f"class-{number}" for number in range(len(basket.lines)))))
    table = RateTable({"US": Zone("US", "", tuple(rules), included=basket.included)}, known)
    for key in keys:
        facts.taxes[key] = quoted(table, json.decode(key, type=TaxRequest))
