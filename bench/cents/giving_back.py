"""What of an order's price is given back when a part of it is: promotions (M8), shipping, fees for returns.

All of it looks at the units that are kept, and at what was agreed; promotions that reclaim try every way there.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

from bench.cents.arithmetic import over_units, rounded, spread

Piece = tuple[int, int]  # line and unit number
Kept = frozenset[Piece]


@dataclass(frozen=True)
class Terms:
    """What the shop says: when it takes money, what goes back of the shipping and to whom, what a return costs."""

    capture: str
    shipping: str = ""
    fee: int = 0
    fee_share: Fraction = Fraction(0)
    capture_from: tuple[str, ...] = ()  # methods or kinds of tenders in their turn, or "proportional"
    refund_to: tuple[str, ...] = ()
    deposit: int = 0  # taken at once; or a share of the order's worth
    deposit_share: Fraction = Fraction(0)
    void_part: tuple[str, ...] = ()  # methods whose authorizations can be let go of in part
    one_capture: tuple[str, ...] = ()  # methods whose authorizations bear one capture only

    @property
    def has_deposit(self) -> bool:
        """Whether the balance is due later."""
        return bool(self.deposit or self.deposit_share)


@dataclass
class Promotion:
    """What was given, on which condition, and what becomes of it when a part comes back."""

    on_return: str
    given: dict[int, int]  # line -> off its price
    group: dict[int, int]  # line -> how many units, the first ones
    without: dict[int, int] = field(default_factory=dict)  # line -> what its units of the group would cost
    least: int = 0  # what has to be kept, by what is paid for it
    shipping: int = 0
    condition: dict[int, int] = field(
        default_factory=dict
    )  # of its group, what has to be kept; all, if nothing is named

    def pieces(self) -> Kept:
        """The units that it is about."""
        return _first(self.group)

    def needed(self) -> Kept:
        """The units that have to be kept, all or for enough."""
        return _first(self.condition or self.group)


def _first(counts: dict[int, int]) -> Kept:
    return frozenset((line, number) for line, count in counts.items() for number in range(1, count + 1))


class Reclaiming:
    """M8, `reclaim`: what is kept costs what it would have cost without the promotion, once its condition is broken."""

    def __init__(self, promotions: Collection[Promotion], paid: dict[Piece, int]) -> None:
        self.paid = paid
        self.groups = [(each, each.pieces()) for each in promotions if each.on_return == "reclaim"]
        self.needed = [each.needed() for each, _ in self.groups]
        self.all_of = frozenset(piece for _, group in self.groups for piece in group)
        self.prices = [self._prices(each) for each, _ in self.groups]

    def withheld(self, kept: Kept, off: dict[Piece, int]) -> int:
        """An order is never worth more than at any point on any way to where it is; so the least of all of them.

        `off` is by what prices were lowered since.
        """
        if not kept or not self.groups:
            return 0
        if not self.more(kept, kept):
            return 0
        return min(self._worth(kept | frozenset(more), kept, off) for more in _subsets(self.all_of - kept))

    def more(self, pieces: Kept, kept: Kept) -> int:
        """What some units cost more because of the promotions whose condition is broken for what is kept."""
        broken = [number for number in range(len(self.groups)) if not self._is_met(number, kept)]
        return sum(self._added(number, pieces) + self.groups[number][0].shipping for number in broken)

    def _worth(self, there: Kept, kept: Kept, off: dict[Piece, int]) -> int:
        """What these units are worth beyond what is paid for those that are kept now."""
        return sum(self.paid[piece] - off.get(piece, 0) for piece in there - kept) + self.more(there, there)

    def _is_met(self, number: int, kept: Kept) -> bool:
        needed, least = self.needed[number], self.groups[number][0].least
        return needed <= kept or 0 < least <= sum(self.paid[piece] for piece in needed & kept)

    def _added(self, number: int, pieces: Kept) -> int:
        promotion, group = self.groups[number]
        prices = self.prices[number]
        by_line = dict.fromkeys(promotion.group, 0)
        for piece in group & pieces:
            by_line[piece[0]] += prices[piece] - self.paid[piece]
        return sum(max(0, more) for more in by_line.values())

    def _prices(self, promotion: Promotion) -> dict[Piece, int]:
        """M3, M4: what each unit of the group would cost without it."""
        found: dict[Piece, int] = {}
        for line, count in promotion.group.items():
            paid = sum(self.paid[line, number] for number in range(1, count + 1))
            without = promotion.without.get(line, paid + promotion.given.get(line, 0))
            found |= {(line, number): cost for number, cost in enumerate(over_units(without, count), 1)}
        return found


def _subsets(pieces: Kept) -> Iterator[tuple[Piece, ...]]:
    listed = sorted(pieces)
    return (chosen for count in range(len(listed) + 1) for chosen in combinations(listed, count))


def shipping_back(policy: str, shipping: int, paid: list[list[int]], kept: Kept, is_touched: bool) -> int:
    """What goes back of the shipping: nothing, all with the first part or the last, or each unit's share by value."""
    if policy == "with_first":
        return shipping if is_touched else 0
    if policy == "with_last":
        return 0 if kept else shipping
    if policy != "by_value":
        return 0
    totals = [sum(line) for line in paid]
    shares = spread(shipping, totals if any(totals) else [len(line) for line in paid])
    of_units = [over_units(share, len(line)) for share, line in zip(shares, paid, strict=True)]
    numbered = ((n, u, cost) for n, line in enumerate(of_units, 1) for u, cost in enumerate(line, 1))
    return sum(cost for line, unit, cost in numbered if (line, unit) not in kept)


def fee_of(terms: Terms, paid: int) -> int:
    """What a return of one line costs, before it is bounded by what it brings back."""
    return terms.fee + rounded(paid * terms.fee_share)
