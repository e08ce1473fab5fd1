"""Tenders in turn: which of several ways of payment gives an amount, or gets it back (M10)."""

from collections.abc import Iterable

from segue.core.amounts import spread
from segue.core.order import Order, Tender

PROPORTIONAL = ("proportional",)
STORED_VALUE = ("gift_card", "store_credit", "points")  # methods that are money of ours, whoever charges them


def shared(order: Order, amount: int, held: dict[str, int], turns: tuple[str, ...]) -> dict[str, int]:
    """What each tender gives of an amount, of what it holds; never more. Those of which nothing is wanted are left out.

    `turns` are methods or kinds: the first of them gives first; those that are not named come last, as they stand in
    `held`. Or it is PROPORTIONAL: each gives its share by what it holds, by largest remainder.
    """
    amount = min(amount, sum(held.values()))
    if amount <= 0:
        return {}
    if turns == PROPORTIONAL:
        names = [name for name in order.tenders if name in held]
        parts = zip(names, spread(amount, [held[name] for name in names]), strict=True)
        return {name: part for name, part in parts if part}
    found = {}
    for name in in_turn(order, held, turns):
        if part := min(amount, held[name]):
            found[name] = part
            amount -= part
    return found


def in_turn(order: Order, names: Iterable[str], turns: tuple[str, ...]) -> list[str]:
    """The tenders as their turn comes."""
    return sorted(names, key=lambda name: _turn(order.tenders[name], turns)) if turns else list(names)


def _turn(tender: Tender, turns: tuple[str, ...]) -> int:
    """The first turn that names its method or its kind; after all of them, if none does."""
    return min([turns.index(name) for name in (tender.method, tender.kind) if name in turns], default=len(turns))
