"""Turns: those promotions that apply give, one after the other, to one basket."""

from collections.abc import Iterable

from segue.core.amounts import spread
from segue.core.pricing.basket import Basket, Gift
from segue.core.pricing.giving import give
from segue.core.pricing.granting import Given
from segue.core.pricing.judging import Judge, paid_lack
from segue.core.promotion import Lack, Promotion, Promotions

NOTHING_LEFT = (Lack("nothing_left"),)


class Turns:
    """What came of the turns of some promotions."""

    __slots__ = ("basket", "gifts", "judge", "lacks", "off_minor")

    def __init__(self, basket: Basket, promotions: Promotions, chosen: Iterable[int], judge: Judge) -> None:
        self.basket, self.judge = basket, judge
        self.gifts: list[Given] = []  # numbered from 1 on in the parts
        self.lacks: dict[int, tuple[Lack, ...]] = {}  # of those that gave nothing
        self.off_minor = 0  # all that they gave together
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
        if promotion.level == "goods":
            off = self._on_goods(promotion, tuple([gift for gift in offer.gifts if _is_something(gift)]))
        elif promotion.level == "order":
            off = self._on_order(promotion, min(offer.off_minor, self.basket.left_minor))
        else:
            off = self._on_shipping(promotion, min(offer.off_minor, self.basket.shipping_minor))
        if off:
            self.off_minor += off
        else:
            self.lacks[at] = offer.lacks or NOTHING_LEFT

    def _on_goods(self, promotion: Promotion, gifts: tuple[Gift, ...]) -> int:
        off = give(self.basket, gifts, len(self.gifts) + 1, prorated=promotion.on_return == "prorate")
        code = self.judge.code_of(promotion.needs)
        self.gifts += [Given(promotion, code, gift.together) for gift in gifts]
        return off

    def _on_order(self, promotion: Promotion, off: int) -> int:
        """An order's discount is spread over the lines by what is left of each (M6)."""
        if off > 0:
            parts = self.basket.parts
            number = len(self.gifts) + 1
            for part, share in zip(parts, spread(off, [part.left_minor for part in parts]), strict=True):
                if share:
                    part.put(share, ((number, 1, part.quantity),))
            self.gifts.append(Given(promotion, self.judge.code_of(promotion.needs)))
        return off

    def _on_shipping(self, promotion: Promotion, off: int) -> int:
        if off > 0:
            self.basket.shipping_minor -= off
            self.gifts.append(Given(promotion, self.judge.code_of(promotion.needs), shipping_minor=off))
        return off


def _is_something(gift: Gift) -> bool:
    return any(share.off_minor for share in gift.given)
