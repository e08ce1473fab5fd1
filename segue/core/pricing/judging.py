"""Judging: whether what a promotion needs is there, and if not, the smallest change that would make it so."""

from collections.abc import Mapping

from segue.core.draft import Draft
from segue.core.pricing.basket import Basket, fits
from segue.core.promotion import Goods, Lack, Needs, Promotion, Promotions

NO_CODE = ""


class Judge:
    """Looks at one cart before anything is given."""

    __slots__ = ("basket", "cart", "codes", "now_s", "subtotal_minor", "uses")

    def __init__(self, basket: Basket, uses: Mapping[str, int], now_s: int) -> None:
        self.basket, self.cart, self.uses, self.now_s = basket, basket.cart, uses, now_s
        self.codes = codes_of(self.cart)
        self.subtotal_minor = sum([part.price_minor * part.quantity for part in basket.parts])

    def lacks(self, promotion: Promotion) -> list[Lack]:
        """What keeps a promotion from applying; what is left to pay after other discounts is judged at its turn."""
        needs, cart = promotion.needs, self.cart
        lacks: list[Lack] = []
        if promotion.from_s is not None and self.now_s < promotion.from_s:
            lacks.append(Lack("from", promotion.from_s))
        if promotion.until_s is not None and self.now_s >= promotion.until_s:
            lacks.append(Lack("over", promotion.until_s))
        if needs.codes and not self.code_of(needs):
            lacks.append(Lack("code", names=needs.codes))
        if needs.tiers and cart.tier not in needs.tiers:
            lacks.append(Lack("tier", names=needs.tiers))
        if needs.methods and cart.ship_method not in needs.methods:
            lacks.append(Lack("method", names=needs.methods))
        if needs.channels and cart.channel not in needs.channels:
            lacks.append(Lack("channel", names=needs.channels))
        if needs.countries and cart.ship_to.country not in needs.countries:
            lacks.append(Lack("country", names=needs.countries))
        if needs.subtotal_from_minor and (short := needs.subtotal_from_minor - self._subtotal(needs.subtotal_of)) > 0:
            lacks.append(Lack("value", short, needs.subtotal_of))
        for bought in needs.items:
            if (short := bought.count - self._count(bought.goods)) > 0:
                lacks.append(Lack("goods", short, bought.goods))
        if promotion.per_code is not None or promotion.per_customer is not None:
            lacks += self._used(promotion)
        return lacks

    def code_of(self, needs: Needs) -> str:
        """Which of the codes that were given a promotion goes by; nothing if it needs none."""
        if needs.codes:
            for code in self.codes:
                if code in needs.codes:
                    return code
        return NO_CODE

    def _subtotal(self, goods: Goods) -> int:
        if not goods.skus and not goods.tags:
            return self.subtotal_minor
        return sum(
            [p.price_minor * p.quantity for p in self.basket.parts if fits(p.sku, p.tags, goods.skus, goods.tags)]
        )

    def _count(self, goods: Goods) -> int:
        return sum([p.quantity for p in self.basket.parts if fits(p.sku, p.tags, goods.skus, goods.tags)])

    def _used(self, promotion: Promotion) -> list[Lack]:
        """What its limits say. How often a code was used is known of those that were given."""
        code, person = self.code_of(promotion.needs), self.cart.person
        lacks = []
        if promotion.per_customer is not None and not person:
            lacks.append(Lack("customer"))
        if promotion.needs.codes and not code:
            return lacks
        name = code or promotion.name
        if promotion.per_code is not None and self.uses.get(name, 0) >= promotion.per_code:
            lacks.append(Lack("used_up", promotion.per_code))
        if promotion.per_customer is not None and person and self._uses_of(name) >= promotion.per_customer:
            lacks.append(Lack("used_by_customer", promotion.per_customer))
        return lacks

    def _uses_of(self, name: str) -> int:
        """How often this customer used it."""
        return self.uses.get(f"{name}|{self.cart.person}", 0)


def paid_lack(promotion: Promotion, basket: Basket) -> Lack | None:
    """What lacks at its turn of the amount that has to be left to pay, or None."""
    needs = promotion.needs
    goods = needs.subtotal_of
    left = sum([p.left_minor for p in basket.parts if fits(p.sku, p.tags, goods.skus, goods.tags)])
    return Lack("paid", needs.paid_from_minor - left, goods) if left < needs.paid_from_minor else None


def codes_of(cart: Draft) -> tuple[str, ...]:
    """The coupon codes that the customer gave, in capitals, each once."""
    return tuple(dict.fromkeys([code.strip().upper() for code in cart.codes if code.strip()]))


def limits_of(promotion: Promotion, code: str, person: str) -> dict[str, int]:
    """The counters that one use of a promotion adds to, each with how many uses there may be.

    `CODE` and `CODE|person`; a promotion without codes counts under its own name.
    """
    name = code or promotion.name
    limits = {}
    if promotion.per_code is not None:
        limits[name] = promotion.per_code
    if promotion.per_customer is not None:
        limits[f"{name}|{person}"] = promotion.per_customer
    return limits


def keys_of(cart: Draft, promotions: Promotions) -> frozenset[str]:
    """The counters that pricing this cart looks at: what to load as `uses`."""
    codes = codes_of(cart)
    keys: set[str] = set()
    for promotion in promotions.listed:
        if promotion.per_code is None and promotion.per_customer is None:
            continue
        needed = promotion.needs.codes
        if not needed:
            keys.update(limits_of(promotion, NO_CODE, cart.person))
        elif code := next((each for each in codes if each in needed), NO_CODE):
            keys.update(limits_of(promotion, code, cart.person))
    return frozenset(keys)
