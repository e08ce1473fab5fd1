"""The basket: a cart's goods while discounts are given on them, and what the policies of discounts see and answer.

A line of the cart becomes parts: units that all cost the same, to a cent. What a discount gives to some units of a part
only cuts it, so that in the end every part is a line of the order (I08). A discount on a part is spread over its units
by M4, layer on layer, so that a unit costs the same before and after a cut.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from segue.core.amounts import of_units
from segue.core.draft import Draft, DraftLine
from segue.core.promotion import Lack

Stake = tuple[int, int, int]  # a gift's number, and its first and last unit in a part
NO_TAGS: tuple[str, ...] = ()


class Share(NamedTuple):
    """Some units of a part: what is left to pay for them, and what a gift takes off that."""

    part: int
    first: int
    last: int
    left_minor: int
    off_minor: int = 0


class Gift(NamedTuple):
    """What a promotion gives at one go: the units that get something, and those that had to be bought for it."""

    given: tuple[Share, ...]
    bought: tuple[Share, ...] = ()
    together: bool = False  # its units are given only as long as all of them are kept


class Offer(NamedTuple):
    """What a mechanism gives to a basket, or what lacks for it to give anything."""

    gifts: tuple[Gift, ...] = ()  # of discounts on goods
    off_minor: int = 0  # of those on the order or on the shipping
    lacks: tuple[Lack, ...] = ()


class Part:
    """Units of one line of the cart that all cost the same, to a cent."""

    __slots__ = ("discount_minor", "layers", "left_minor", "line", "price_minor", "quantity", "sku", "tags")

    def __init__(self, line: int, sold: DraftLine, tags: tuple[str, ...]) -> None:
        self.line = line  # its position in the cart, from 0
        self.sku, self.tags, self.price_minor, self.quantity = sold.sku, tags, sold.price_minor, sold.quantity
        self.discount_minor = sold.discount_minor
        self.left_minor = sold.price_minor * sold.quantity - sold.discount_minor
        self.layers: list[tuple[int, tuple[Stake, ...]]] = []  # discounts one on the other: how much, by which gifts

    def left_of(self, first: int, last: int) -> int:
        """What is left to pay for some of its units. Minor units."""
        off = of_units(self.discount_minor, self.quantity, ((first, last),))
        return self.price_minor * (last - first + 1) - off

    def put(self, off_minor: int, stakes: tuple[Stake, ...]) -> None:
        """Lay a discount over all of its units."""
        self.layers.append((off_minor, stakes))
        self.discount_minor += off_minor
        self.left_minor -= off_minor

    def given(self) -> Iterator[tuple[int, int, int, int]]:
        """The gifts that its units got: number, first and last unit, minor units."""
        before, count = self.discount_minor - sum([off for off, _ in self.layers]), self.quantity
        for off, stakes in self.layers:
            after = before + off
            for gift, first, last in stakes:
                if last - first + 1 < count:
                    units = ((first, last),)
                    yield gift, first, last, of_units(after, count, units) - of_units(before, count, units)
                else:
                    yield gift, first, last, off
            before = after

    def cut(self, first: int, last: int) -> "Part":
        """Some of its units as a part of their own. They cost what they cost before."""
        piece = object.__new__(Part)
        piece.line, piece.sku, piece.tags, piece.price_minor = self.line, self.sku, self.tags, self.price_minor
        piece.quantity, units = last - first + 1, ((first, last),)
        total = self.discount_minor - sum([off for off, _ in self.layers])
        so_far = of_units(total, self.quantity, units)
        piece.layers = []
        for off, stakes in self.layers:
            total += off
            share = of_units(total, self.quantity, units)
            clipped = tuple(
                (gift, max(low, first) - first + 1, min(high, last) - first + 1)
                for gift, low, high in stakes
                if low <= last and high >= first
            )
            piece.layers.append((share - so_far, clipped))
            so_far = share
        piece.discount_minor = so_far
        piece.left_minor = piece.price_minor * piece.quantity - so_far
        return piece


class Basket:
    """A cart while it is priced."""

    __slots__ = ("cart", "parts", "shipping_minor")

    def __init__(self, cart: Draft, tags: Mapping[str, tuple[str, ...]]) -> None:
        self.cart = cart
        self.parts = [Part(number, line, tags.get(line.sku, NO_TAGS)) for number, line in enumerate(cart.lines)]
        self.shipping_minor = cart.shipping_minor  # what is left of it

    @property
    def left_minor(self) -> int:
        """What is left to pay for all goods. Minor units."""
        return sum([part.left_minor for part in self.parts])

    def find(self, skus: Sequence[str], tags: Sequence[str]) -> list[int]:
        """The positions of the parts with these goods for which something is left to pay; all, if none is named."""
        found = []
        for position, part in enumerate(self.parts):
            if part.left_minor > 0 and (part.sku in skus or not (skus or tags) or (tags and _shares(part.tags, tags))):
                found.append(position)
        return found

    def whole(self, position: int, off_minor: int) -> Share:
        """All units of a part, with what is taken off them."""
        part = self.parts[position]
        return Share(position, 1, part.quantity, part.left_minor, off_minor)


def fits(sku: str, has: Sequence[str], skus: Sequence[str], tags: Sequence[str]) -> bool:
    """Whether an item is of these goods."""
    if not skus and not tags:
        return True
    return sku in skus or (tags != () and _shares(has, tags))


def _shares(has: Sequence[str], tags: Sequence[str]) -> bool:
    """Whether one of an item's tags is among these."""
    for tag in has:  # noqa: SIM110 - a generator takes twice the time
        if tag in tags:
            return True
    return False


class Hand:
    """Takes units out of a basket, each once; of a part the highest-numbered first, so that the lowest stay free (M5)."""

    def __init__(self, basket: Basket) -> None:
        self.basket = basket
        self.rest = [part.quantity for part in basket.parts]

    def cheapest(self, positions: Iterable[int]) -> list[int]:
        """Parts by what is left to pay for a unit of them, to a cent, the cheapest first; of equal ones the last."""
        parts = self.basket.parts
        return sorted(positions, key=lambda at: (parts[at].left_minor // parts[at].quantity, -at))

    def count(self, positions: Iterable[int]) -> int:
        """How many units there still are."""
        return sum([self.rest[position] for position in positions])

    def take(self, positions: Iterable[int], units: int) -> list[Share]:
        """So many units, from the first of the parts on."""
        shares = []
        for position in positions:
            count = min(units, self.rest[position])
            if count:
                last = self.rest[position]
                first = last - count + 1
                left = self.basket.parts[position].left_of(first, last)
                shares.append(Share(position, first, last, left))
                self.rest[position] -= count
                units -= count
        return shares


def percent_of(amount: int, percent: Fraction) -> int:
    """A percentage of an amount that is not negative: exact, then half up (M2)."""
    top, bottom = amount * percent.numerator, 100 * percent.denominator
    return (2 * top + bottom) // (2 * bottom)
