"""Turns: the rank of who waits sorts as the shop says, also as a text in a database."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.order import Order
from segue.core.supply import Turns
from segue.core.turns import MEANINGS, MEASURES, rank_of
from tests.core.given import given
from tests.core.shop import draft, paid, sold

TIERS = ("gold", "silver")
ALL = Turns(("promise_date", "age", "tier", "value"), TIERS)


def waiting(total_minor: int = 10_00, **said: Any) -> Order:
    """An order of this total, with what else its channel has said."""
    order = given(replace(draft(sold("SHIRT", 1, total_minor), tenders=[paid(total_minor)]), **said)).order
    assert order is not None
    return order


@pytest.mark.parametrize(
    ("name", "first", "then"),
    [
        ("promise_date", waiting(promised_at_s=5), waiting(promised_at_s=10)),
        ("promise_date", waiting(promised_at_s=10**11), waiting()),
        ("age", waiting(placed_at_s=9), waiting(placed_at_s=10)),
        ("tier", waiting(tier="gold"), waiting(tier="silver")),
        ("tier", waiting(tier="silver"), waiting(tier="bronze")),
        ("tier", waiting(tier="silver"), waiting()),
        ("value", waiting(10_00), waiting(9_99)),
    ],
)
def test_each_measure_says_who_goes_first(name: str, first: Order, then: Order) -> None:
    assert rank_of(first, Turns((name,), TIERS)) < rank_of(then, Turns((name,), TIERS))


def test_where_the_shop_says_nothing_all_ranks_are_the_same() -> None:
    assert rank_of(waiting(), Turns()) == rank_of(waiting(5_00, tier="gold"), Turns()) == ""


def test_every_measure_is_described() -> None:
    assert MEANINGS.keys() == MEASURES.keys()


@examples(
    st.permutations(ALL.by),
    st.lists(
        st.tuples(
            st.none() | st.integers(0, 2**40), st.integers(0, 2**40), st.sampled_from(["", "gold", "silver", "x"]),
            st.integers(0, 2**60),
        ),
        max_size=6,
    ),
)  # fmt: skip
def test_ranks_sort_as_the_figures_themselves(by: list[str], told: list[tuple[int | None, int, str, int]]) -> None:
    orders = [waiting(total, promised_at_s=at, placed_at_s=placed, tier=tier) for at, placed, tier, total in told]
    figures: dict[str, Callable[[Order], int]] = {
        "promise_date": lambda order: 10**12 if order.promised_at_s is None else min(order.promised_at_s, 10**12 - 1),
        "age": lambda order: min(order.placed_at_s, 10**12 - 1),
        "tier": lambda order: (*TIERS, order.tier).index(order.tier),
        "value": lambda order: -min(order.total_minor, 10**18),
    }
    turns = Turns(tuple(by), TIERS)
    for one, other in permutations(orders, 2):
        same_as_text = rank_of(one, turns) < rank_of(other, turns)
        if [figures[name](one) for name in by] < [figures[name](other) for name in by]:
            assert same_as_text or figures["promise_date"](one) == 10**12 - 1
