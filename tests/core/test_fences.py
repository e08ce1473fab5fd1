"""Fences: what is left of each share, what a channel may promise, and which shares contradict each other.

Covers E-4 and E-5.
"""

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.fences import (
    DEEPEST,
    Fence,
    available,
    beyond,
    left_of,
    objection,
    path_of,
    promisable,
    reallocated,
    scope_of,
    taken_more,
)

WEB = Fence("", "web", 4)
EUROPE = Fence("", "europe", 10)
GERMAN = Fence("", "web-de", 3, parent="europe")
FRENCH = Fence("", "web-fr", 2, parent="europe")


def taking(fence: Fence, units: int) -> Fence:
    return replace(fence, taken=units)


@pytest.mark.parametrize(
    ("shares", "left"),
    [
        ((), {}),
        ((WEB,), {"web": 4}),
        ((taking(WEB, 3),), {"web": 1}),
        ((taking(WEB, 6),), {"web": 0}),
        ((taking(WEB, -2),), {"web": 6}),  # what it held before it had a share has come back
        ((Fence("", "web", 0, -2),), {"web": 0}),
        ((EUROPE, GERMAN, FRENCH), {"europe": 5, "web-de": 3, "web-fr": 2}),
        ((EUROPE, taking(GERMAN, 5), FRENCH), {"europe": 3, "web-de": 0, "web-fr": 2}),
        ((EUROPE, taking(GERMAN, 9), taking(FRENCH, 1)), {"europe": 0, "web-de": 0, "web-fr": 1}),
        ((replace(EUROPE, units=5), taking(GERMAN, 4), FRENCH), {"europe": 0, "web-de": 0, "web-fr": 2}),
        ((EUROPE, replace(GERMAN, units=0, taken=4)), {"europe": 6, "web-de": 0}),
        ((EUROPE, replace(GERMAN, units=0, taken=-4)), {"europe": 14, "web-de": 0}),
        ((replace(GERMAN, taken=9),), {"web-de": 0}),  # its pool is gone
    ],
)
def test_what_is_taken_is_taken_from_the_own_share_and_then_from_the_pool(
    shares: tuple[Fence, ...], left: dict[str, int]
) -> None:
    assert left_of(shares) == left


@pytest.mark.parametrize(
    ("channel", "units"),
    [("web-de", 18), ("web-fr", 17), ("europe", 15), ("web", 14), ("shop", 10)],
)
def test_a_channel_may_promise_its_own_the_rest_of_its_pool_and_what_is_common(channel: str, units: int) -> None:
    shares = (EUROPE, GERMAN, FRENCH, WEB)
    assert available(24, shares, channel) == units
    assert available(3, shares, channel) == (0 if channel == "shop" else 3)
    assert available(-1, shares, channel) == 0


def test_the_largest_safety_stock_on_the_way_up_counts_and_others_do_not() -> None:
    shares = (replace(EUROPE, safety=2), replace(GERMAN, safety=1), replace(WEB, safety=9))
    assert [available(14, shares, name) for name in ("web-de", "shop", "web")] == [8, 0, 0]
    assert available(30, shares, "web") == 11


def test_shares_at_one_location_leave_the_others_alone() -> None:
    stock = {"BER": 5, "MUC": 2}
    shares = (Fence("BER", "web", 4), Fence("HAM", "web", 4))
    assert promisable(stock, shares, "shop") == {"BER": 1, "MUC": 2}
    assert promisable(stock, shares, "web") == stock
    assert promisable(stock, (), "shop") == stock


@pytest.mark.parametrize(
    ("stock", "found"),
    [
        ({"BER": 9, "MUC": 2}, {"BER": 5, "MUC": 2}),
        ({"BER": 4, "MUC": 3}, {"BER": 2, "MUC": 1}),
        ({"BER": 3, "MUC": 3}, {"BER": 1, "MUC": 1}),
        ({"BER": 9, "MUC": -2}, {"BER": 5, "MUC": -2}),
        ({"BER": 9}, {"BER": 5}),
        ({"BER": 1, "MUC": 1}, {"BER": 0, "MUC": 0}),
        ({}, {}),
    ],
)
def test_what_is_kept_over_all_locations_is_kept_where_most_is_free(
    stock: dict[str, int], found: dict[str, int]
) -> None:
    assert promisable(stock, (WEB,), "shop") == found
    assert promisable(stock, (WEB,), "web") == stock


def test_something_counts_by_the_shares_over_all_locations_or_by_those_of_its_own() -> None:
    assert [
        scope_of((WEB,), "BER"),
        scope_of((Fence("BER", "web"),), "BER"),
        scope_of((Fence("BER", "web"),), "MUC"),
    ] == [
        "",
        "BER",
        None,
    ]
    assert taken_more((WEB, EUROPE), "BER", "web", 3) == (taking(WEB, 3), EUROPE)
    assert taken_more((Fence("BER", "web", 4),), "MUC", "web", 3) == (Fence("BER", "web", 4),)


def test_what_changes_hands_leaves_the_pool_that_both_are_in_and_crosses_the_others() -> None:
    shares = (EUROPE, GERMAN, FRENCH, WEB)
    assert reallocated(shares, "web-de", "web-fr", 2) == (replace(GERMAN, units=1), replace(FRENCH, units=4))
    assert reallocated(shares, "web-de", "web", 2) == (
        replace(GERMAN, units=1), replace(EUROPE, units=8), replace(WEB, units=6),
    )  # fmt: skip
    assert reallocated(shares, "europe", "web-de", 2) == (replace(GERMAN, units=5),)
    assert reallocated(shares, "web-de", "europe", 2) == (replace(GERMAN, units=1),)


def test_it_is_known_where_more_is_kept_than_is_free() -> None:
    assert beyond({"BER": 3, "MUC": -1}, (WEB,)) == {"": (4, 3)}
    assert beyond({"BER": 4}, (WEB,)) == {}
    assert beyond({"BER": 4}, (Fence("BER", "web", 4), Fence("MUC", "web", 1))) == {"MUC": (1, 0)}
    assert beyond({}, ()) == {}


@pytest.mark.parametrize(
    ("shares", "why"),
    [
        ((EUROPE, GERMAN, FRENCH, WEB), ""),
        ((), ""),
        ((WEB, Fence("BER", "web")), "either over all locations or each at one"),
        ((Fence("BER", "web"), Fence("MUC", "web")), ""),
        ((GERMAN,), "there is no share of europe that web-de could lie within"),
        ((Fence("BER", "europe"), replace(GERMAN, location="MUC")), "no share of europe"),
        ((Fence("", "a", parent="b"), Fence("", "b", parent="a")), "a would lie within itself: a in b in a"),
        ((replace(EUROPE, units=4), GERMAN, FRENCH), "the shares within europe come to 5 units, and it has 4"),
        (tuple(Fence("", f"{n}", parent=f"{n - 1}" if n else "") for n in range(DEEPEST)), ""),
        (
            tuple(Fence("", f"{n}", parent=f"{n - 1}" if n else "") for n in range(DEEPEST + 1)),
            "8 would lie more than 8",
        ),
    ],
)
def test_shares_that_cannot_be_so_are_objected_to(shares: tuple[Fence, ...], why: str) -> None:
    found = objection(shares)
    assert (why in found) if why else found == "", found


def test_a_path_ends_where_it_would_begin_again() -> None:
    known = {"a": Fence("", "a", parent="b"), "b": Fence("", "b", parent="a")}
    assert path_of(known, "a") == ["a", "b"]


NAMES = ("web", "market", "both")


@forall(
    st.integers(0, 30),
    st.lists(st.integers(0, 9), min_size=3, max_size=3),
    st.lists(st.integers(-3, 12), min_size=2, max_size=2),
)
def test_what_is_left_and_what_is_common_is_all_that_is_free(free: int, units: list[int], taken: list[int]) -> None:
    pool = Fence("", "both", units[2] + units[0])
    shares = (Fence("", "web", units[0], taken[0], parent="both"), Fence("", "market", units[1], taken[1]), pool)
    assert objection(shares) == ""
    left = left_of(shares)
    assert all(each >= 0 for each in left.values())
    nobody = available(free, shares, "nobody")
    assert nobody == max(0, free - sum(left.values()))
    for name in NAMES:
        mine = available(free, shares, name)
        assert nobody <= mine <= free
        others = sum(units for other, units in left.items() if other not in (name, "both" if name == "web" else ""))
        assert mine == min(free, max(0, free - sum(left.values())) + sum(left.values()) - others)
