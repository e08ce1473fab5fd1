"""Choosing: which promotions apply to a cart. What stands first in the file comes first; of a group, what gives most."""

from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

from segue.core.pricing.basket import Basket
from segue.core.pricing.judging import Judge, paid_lack
from segue.core.pricing.turns import off_of
from segue.core.promotion import Lack, Promotions


class Choice(NamedTuple):
    """The promotions that apply, by their positions, and those kept off, each with the one that keeps it off."""

    chosen: frozenset[int]
    excluded: dict[int, int]


class Chooser:
    """One cart and the promotions: what is the same whichever of them apply."""

    __slots__ = ("fresh", "judge", "lacks", "promotions")

    def __init__(self, fresh: Basket, promotions: Promotions, uses: Mapping[str, int], now_s: int) -> None:
        self.fresh, self.promotions = fresh, promotions
        self.judge = Judge(fresh, uses, now_s)
        self.lacks: dict[int, tuple[Lack, ...]] = {}
        if promotions.currency and fresh.cart.currency != promotions.currency:
            self.lacks = dict.fromkeys(range(len(promotions.listed)), (Lack("currency", names=(promotions.currency,)),))
            return
        for at, promotion in enumerate(promotions.listed):
            if lacks := self.judge.lacks(promotion):
                self.lacks[at] = (*lacks, *promotion.give(fresh).lacks)

    def choice(self, barren: Container[int]) -> Choice:
        """The choice, if some find nothing to give to."""
        chosen: list[int] = []
        excluded: dict[int, int] = {}
        taken = 0
        for at in self._ranked():
            if at in self.lacks or at in barren:
                continue
            if against := self.promotions.conflicts[at] & taken:
                excluded[at] = _lowest(against)
            else:
                chosen.append(at)
                taken |= 1 << at
        return Choice(frozenset(chosen), excluded)

    def why_not(self, at: int, choice: Choice, gave: int) -> tuple[Lack, ...]:
        """Why a promotion does not apply that lacks something or is kept off; `gave` has a bit for each that does."""
        if at in choice.excluded:
            return (self._excluded_by(choice.excluded[at]),)
        before = self.promotions.conflicts[at] & gave & ((1 << at) - 1)
        if before and not self.promotions.listed[at].group:
            return (*self.lacks[at], self._excluded_by(_lowest(before)))
        return self.lacks[at]

    def _ranked(self) -> Iterator[int]:
        """The promotions in their order, those of a group together where its first one stands, the best first."""
        seen: set[str] = set()
        listed = self.promotions.listed
        for at, promotion in enumerate(listed):
            if not promotion.group:
                yield at
            elif promotion.group not in seen:
                seen.add(promotion.group)
                members = [other for other, each in enumerate(listed) if each.group == promotion.group]
                ready = [other for other in members if other not in self.lacks]
                yield from sorted(ready, key=self._alone, reverse=True)  # a stable sort: of equals the first

    def _alone(self, at: int) -> int:
        """What a promotion would give if it were alone. Minor units."""
        promotion = self.promotions.listed[at]
        return 0 if paid_lack(promotion, self.fresh) else off_of(promotion, promotion.give(self.fresh), self.fresh)

    def _excluded_by(self, at: int) -> Lack:
        return Lack("excluded", names=(self.promotions.listed[at].name,))


def _lowest(bits: int) -> int:
    """The position of the lowest bit."""
    return (bits & -bits).bit_length() - 1
