"""Tallies: units move from state to state; none is lost, none is in two states."""

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from segue.core.base import Refusal
from segue.core.tally import (
    MOVES,
    STATES,
    Tally,
    Units,
    common,
    in_state,
    lowest,
    minus,
    move,
    numbers,
    ranked,
    size,
    union,
    whole,
)
from tests.core.given import refuse

SETS = st.sets(st.integers(1, 40))


def units_of(wanted: set[int]) -> Units:
    units: Units = ()
    for number in wanted:
        units = union(units, ((number, number),))
    return units


@forall(SETS, SETS)
def test_units_add_and_subtract_as_sets_do(some: set[int], others: set[int]) -> None:
    these, those = units_of(some), units_of(others)
    assert set(numbers(union(these, those))) == some | others
    assert set(numbers(minus(these, those))) == some - others
    assert set(numbers(common(these, those))) == some & others
    assert size(these) == len(some)
    assert list(numbers(these)) == sorted(some)


@forall(SETS, st.integers(-2, 50))
def test_the_lowest_units_are_taken_first(some: set[int], count: int) -> None:
    assert list(numbers(lowest(units_of(some), count))) == sorted(some)[: max(0, count)]


@forall(SETS)
def test_the_same_units_are_always_written_the_same_way(some: set[int]) -> None:
    backwards: Units = ()
    for number in sorted(some, reverse=True):
        backwards = union(backwards, ((number, number),))
    assert backwards == units_of(some)


def test_ten_thousand_units_are_one_range() -> None:
    assert whole(10_000) == ((1, 10_000),)
    assert whole(0) == ()
    assert move({"new": whole(10_000)}, "new", "allocated", ((3, 9_000),)) == {
        "new": ((1, 2), (9_001, 10_000)),
        "allocated": ((3, 9_000),),
    }


@forall(st.integers(1, 30), st.lists(st.tuples(st.sampled_from(STATES), st.integers(1, 10), st.integers(0, 9))))
def test_moves_never_change_the_total_and_no_unit_is_in_two_states(
    quantity: int, moves: list[tuple[str, int, int]]
) -> None:
    tally: Tally = {"new": whole(quantity)}
    for source, count, choice in moves:
        here = lowest(tally.get(source, ()), count)
        if here and MOVES[source]:
            tally = move(tally, source, MOVES[source][choice % len(MOVES[source])], here)
    everywhere = sorted(number for units in tally.values() for number in numbers(units))
    assert everywhere == list(range(1, quantity + 1))
    assert all(tally.values()), "a state without units is not in the tally"


def test_what_is_at_rest_for_good_moves_nowhere() -> None:
    for state in ("canceled", "returned"):
        with refuse(Refusal.UNDEFINED_TRANSITION):
            move({state: whole(1)}, state, "new", whole(1))


@pytest.mark.parametrize(("source", "target"), [("new", "shipped"), ("shipped", "canceled"), ("allocated", "shipped")])
def test_a_move_that_the_table_does_not_have_is_refused_with_those_it_has(source: str, target: str) -> None:
    with refuse(Refusal.UNDEFINED_TRANSITION) as error:
        move({source: whole(2)}, source, target, whole(2))
    assert all(legal in error.value.detail for legal in MOVES[source])


def test_units_that_are_elsewhere_are_not_moved() -> None:
    with refuse(Refusal.UNITS_NOT_THERE) as error:
        move({"new": ((1, 1),), "allocated": ((2, 3),)}, "new", "allocated", ((1, 2),))
    assert error.value.detail == "2 asked for, 1 are new"


def test_a_state_of_the_shops_own_refines_a_core_state() -> None:
    tally = move({"allocated": whole(3)}, "allocated", "allocated.engraving", ((2, 2),))
    assert in_state(tally, "allocated") == whole(3)
    assert in_state(tally, "released") == ()
    assert move(tally, "allocated.engraving", "allocated", ((2, 2),)) == {"allocated": whole(3)}
    with refuse(Refusal.UNDEFINED_TRANSITION):
        move(tally, "allocated.engraving", "shipped", ((2, 2),))


@pytest.mark.parametrize(
    ("units", "among", "ranks"),
    [
        (((6, 6),), ((4, 4), (6, 6)), ((2, 2),)),
        (((1, 3),), ((1, 3),), ((1, 3),)),
        (((2, 2), (9, 10)), ((2, 3), (8, 9)), ((1, 1), (4, 4))),
        ((), ((1, 3),), ()),
    ],
)
def test_units_are_ranked_among_others(units: Units, among: Units, ranks: Units) -> None:
    assert ranked(units, among) == ranks
