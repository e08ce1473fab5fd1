"""Price: what came without prices is priced from the catalog: list prices, shipping, promotions, taxes, total.

A cart that is no order yet is priced by the same function (`segue quote`), so that both agree to the cent.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from segue.core.base import Because, Value
from segue.core.contents import Maker, wrong_choice
from segue.core.draft import NO_CURRENCY, Draft, DraftLine
from segue.core.exploding import exploded, folded, has_bundles, skus_needed
from segue.core.facts import Facts, Item
from segue.core.issued import GIFT_CARD
from segue.core.order import Failure, Order
from segue.core.pricing.discounting import Discounted, Told, discounted, told_again
from segue.core.pricing.judging import keys_of
from segue.core.pricing.taxing import (
    is_shipping_reclaimed,
    net_of,
    request_in_full,
    request_of,
    taxed,
    with_shipping_taxes,
)
from segue.core.pricing.telling import name_of, why_not
from segue.core.promotion import CouponUse
from segue.core.proration import shipping_of

UNPRICED = "priced"  # the check that an order fails as long as it has no prices, and the hold that this places
PAID_LATER = ("gateway", "account", "on_delivery")  # kinds of tenders of which nobody has taken money yet
DISPUTED = "money_adds_up"  # the one that it fails if it was quoted another total than it comes to
OF_THE_SHOP = "prices"  # the fact that changes with what the shop's files say of promotions, shipping and taxes
WITHOUT_PRICES = (UNPRICED, DISPUTED)


class Priced(Value):
    """A cart with its prices; or what lacks for that."""

    draft: Draft
    told: tuple[Told, ...] = ()  # what became of each promotion
    coupons: dict[str, int] = {}  # the coupon counters that it takes one from, each with its limit
    lacks: tuple[Failure, ...] = ()
    because: Because | None = None  # its figures, if Segue has priced it


def priced(draft: Draft, facts: Facts, now_s: int, own: Collection[str] = ()) -> Priced:
    """What the goods of a draft cost now. Whatever it says of prices, discounts and taxes itself is left aside.

    A use of the coupons in `own` is its already.
    """
    if draft.bundles:
        draft = folded(draft, facts.recipes)
    is_plain = not has_bundles(draft, facts.recipes)
    items = facts.listed(
        frozenset([line.sku for line in draft.lines]) if is_plain else skus_needed(draft, facts.recipes)
    )
    maker = Maker(facts.recipes, items)
    lacks = (*_in_another_currency(draft, facts.price_list.currency), *_without_price(draft, maker))
    if lacks:
        return Priced(draft, lacks=lacks)
    known = {sku: item for sku, item in items.items() if item is not None}
    found = _discounted(_listed(draft, maker, facts), known, facts, now_s, own)
    if not is_plain:
        found = _in_parts(found, maker)
    classes = {sku: item.tax_class for sku, item in known.items() if item.tax_class}
    method = facts.price_list.shipping.get(draft.ship_method)
    untaxed = {sku for sku, item in known.items() if item.kind == GIFT_CARD}
    asked = request_of(found.draft, classes, method.tax_class if method else "", now_s, untaxed)
    answer = facts.tax(asked)
    if answer.unknown:
        return Priced(draft, lacks=(Failure(UNPRICED, answer.unknown, facts=(OF_THE_SHOP,)),))
    whole = _summed(taxed(found.draft, answer))
    if is_shipping_reclaimed(whole):
        whole = with_shipping_taxes(whole, facts.tax(request_in_full(found.draft, asked)))
    return Priced(whole, found.told, found.uses, because=_reason(whole, found.told))


def _in_another_currency(draft: Draft, currency: str) -> Iterator[Failure]:
    """Prices are never taken for amounts of another currency. One that is unknown is told by another check."""
    if currency and draft.currency not in (currency, NO_CURRENCY):
        detail = f"the shop has prices in {currency}, and this one is in {draft.currency}"
        yield Failure(UNPRICED, detail, facts=(OF_THE_SHOP,), path="currency", code="currency_without_prices")


def _without_price(draft: Draft, maker: Maker) -> Iterator[Failure]:
    """The goods of which the catalog has no price yet, each once; and bundles of which it is not known what is in them."""
    lacking: dict[str, None] = {}
    for line in draft.lines:
        recipe = maker.recipes.get(line.sku)
        if recipe is None:
            item = maker.items[line.sku]
            if item is None or item.price_minor is None:
                lacking[line.sku] = None
        elif wrong := [*wrong_choice(recipe, line.properties, maker.recipes)]:
            yield Failure(UNPRICED, f"{line.sku} cannot be priced: {'; '.join(wrong)}", facts=(OF_THE_SHOP,))
        elif maker.price(line.sku, line.properties) is None:
            lacking |= dict.fromkeys(maker.unpriced(line.sku))
    for sku in lacking:
        yield Failure(UNPRICED, f"the catalog has no price of {sku or 'an empty SKU'}", facts=(f"item:{sku}",))


def _in_parts(found: Discounted, maker: Maker) -> Discounted:
    """The same with its bundles made into their parts: what is left of their prices is dealt, and each part is taxed."""
    draft, _ = exploded(found.draft, maker.recipes, maker.items)
    return replace(found, draft=draft, told=told_again(found.told, draft.grants))


def _listed(draft: Draft, maker: Maker, facts: Facts) -> Draft:
    """The draft at list prices, with what its shipping method costs, and without discounts and taxes."""
    lines = tuple(_line(line, maker) for line in draft.lines)
    goods = sum([line.price_minor * line.quantity for line in lines])
    method = facts.price_list.shipping.get(draft.ship_method)
    shipping = draft.shipping_minor
    if method is not None:
        is_free = method.free_from_minor is not None and goods >= method.free_from_minor
        shipping = 0 if is_free else method.price_minor
    return replace(
        draft,
        lines=lines,
        shipping_minor=shipping,
        shipping_tax_minor=0,
        shipping_discount_minor=0,
        shipping_taxes=(),
        discount_minor=0,
        tax_minor=0,
        taxes=(),
        taxes_included=False,
        grants=(),
    )


def _line(line: DraftLine, maker: Maker) -> DraftLine:
    item, title = maker.items[line.sku], line.title
    if line.sku in maker.recipes:
        price = maker.price(line.sku, line.properties)
    else:
        assert item is not None, "goods without a price were told before"
        price, title = item.price_minor, title or item.title
    assert price is not None, "goods without a price were told before"
    return replace(line, price_minor=price, discount_minor=0, tax_minor=0, taxes=(), title=title)


def _discounted(draft: Draft, items: Mapping[str, Item], facts: Facts, now_s: int, own: Collection[str]) -> Discounted:
    promotions = facts.price_list.promotions
    uses = {key: used - (key in own) for key, used in facts.used(keys_of(draft, promotions)).items()}
    return discounted(draft, promotions, uses, now_s, {sku: item.tags for sku, item in items.items()})


def _summed(draft: Draft) -> Draft:
    """The draft with its total. A tender alone and without an amount pays all of it."""
    goods = sum([net_of(line) + (0 if draft.taxes_included else line.tax_minor) for line in draft.lines])
    total = goods + shipping_of(draft) + sum([charge.amount_minor for charge in draft.charges])
    tenders = draft.tenders
    if len(tenders) == 1 and not tenders[0].amount_minor and tenders[0].kind in PAID_LATER:
        tenders = (replace(tenders[0], amount_minor=total),)
    return replace(draft, total_minor=total, tenders=tenders, priced=True)


def agreed(draft: Draft, facts: Facts, now_s: int, own: Collection[str] = ()) -> Priced:
    """The same, unless the draft was quoted another total than it comes to now: then it stays without prices."""
    found = priced(draft, facts, now_s, own)
    total = found.draft.total_minor
    if found.lacks or draft.total_minor in (0, total):
        return found
    goods = tuple(dict.fromkeys((*(f"item:{line.sku}" for line in draft.lines), OF_THE_SHOP)))
    detail = f"quoted {draft.total_minor}, priced {total} now"
    dispute = Failure(DISPUTED, detail, facts=goods, path="total_minor", code="total_differs")
    return replace(found, draft=draft, coupons={}, lacks=(dispute,), because=None)


def _reason(draft: Draft, told: Sequence[Told]) -> Because:
    """What an order comes to, part by part; what each promotion gave, and why the others gave nothing."""
    figures: dict[str, Any] = {
        "goods": sum([line.price_minor * line.quantity for line in draft.lines]),
        "discounts": sum([line.discount_minor for line in draft.lines]),
        "shipping": shipping_of(draft),
        "tax": sum([line.tax_minor for line in draft.lines]) + draft.shipping_tax_minor,
        "total": draft.total_minor,
    }
    given = {each.promotion: sum(each.given.values()) + each.shipping_minor for each in told if each.times}
    if given:
        figures["given"] = given
    return Because("priced", figures, {name_of(each): why_not(each, draft.currency) for each in told if not each.times})


def coupon_uses(before: Order | None, after: Order) -> tuple[CouponUse, ...]:
    """The uses of coupons that a step takes, or gives back because the whole order is canceled."""
    if not after.coupons and (before is None or not before.coupons):
        return ()
    held, holds = _held(before), _held(after)
    taken = [CouponUse(key, 1, most) for key, most in holds.items() if key not in held]
    given_back = [CouponUse(key, -1, most) for key, most in held.items() if key not in holds]
    return (*taken, *given_back)


def _held(order: Order | None) -> dict[str, int]:
    """The coupons that an order holds: all that it was priced with, until the last of its units is canceled."""
    if order is None or all(state == "canceled" for line in order.lines for state in line.tally):
        return {}
    return order.coupons
