"""Turns: those promotions that apply give, one after the other, to one basket."""

from collections.abc import Iterable

from segue.core.amounts import spread
from segue.core.pricing.basket import Basket, Gift, Offer
from segue.core.pricing.giving import give
from segue.core.pricing.granting import Given
from segue.core.pricing.judging import Judge, paid_lack
from segue.core.promotion import Lack, Promotion, Promotions

NOTHING_LEFT = (Lack("nothing_left"),)


class Turns:
    """What came of the turns of some promotions."""

    __slots__ = ("basket", "gave", "gifts", "judge", "lacks")

    def __init__(self, basket: Basket, promotions: Promotions, chosen: Iterable[int], judge: Judge) -> None:
        self.basket, self.judge = basket, judge
        self.gifts: list[Given] = []  # numbered from 1 on in the parts
        self.gave = 0  # a bit for each that gave something
        self.lacks: dict[int, tuple[Lack, ...]] = {}  # of those that gave nothing
        allowed = frozenset(chosen)
        for at in promotions.turns:
            if at in allowed:
                self._turn(at, promotions.listed[at])

    def _turn(self, at: int, promotion: Promotion) -> None:
        """A promotion gives what it has to give, or it is noted why it gives nothing."""
        if promotion.needs.paid_from_minor and (lack := paid_lack(promotion, self.basket)):
            self.lacks[at] = (lack,)
            return
        offer = promotion.give(self.basket)
        off = off_of(promotion, offer, self.basket)
        if off <= 0:
            self.lacks[at] = offer.lacks or NOTHING_LEFT
            return
        self.gave |= 1 << at
        if promotion.level == "goods":
            self._on_goods(promotion, tuple([gift for gift in offer.gifts if _off(gift)]))
        elif promotion.level == "order":
            self._on_order(promotion, off)
        else:
            self.basket.shipping_minor -= off
            self.gifts.append(Given(promotion, self.judge.code_of(promotion.needs), shipping_minor=off))

    def _on_goods(self, promotion: Promotion, gifts: tuple[Gift, ...]) -> None:
        give(self.basket, gifts, len(self.gifts) + 1, prorated=promotion.on_return == "prorate")
        code = self.judge.code_of(promotion.needs)
        self.gifts += [Given(promotion, code, gift.together) for gift in gifts]

    def _on_order(self, promotion: Promotion, off: int) -> None:
        """An order's discount is spread over the lines by what is left of each (M6)."""
        parts = self.basket.parts
        number = len(self.gifts) + 1
        for part, share in zip(parts, spread(off, [part.left_minor for part in parts]), strict=True):
            if share:
                part.put(share, ((number, 1, part.quantity),))
        self.gifts.append(Given(promotion, self.judge.code_of(promotion.needs)))


def off_of(promotion: Promotion, offer: Offer, basket: Basket) -> int:
    """What an offer takes off a basket: no more than there is left to pay. Minor units."""
    if promotion.level == "goods":
        return sum([_off(gift) for gift in offer.gifts])
    return min(offer.off_minor, basket.left_minor if promotion.level == "order" else basket.shipping_minor)


def _off(gift: Gift) -> int:
    return sum([share.off_minor for share in gift.given])
