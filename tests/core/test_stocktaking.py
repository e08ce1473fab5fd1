"""Stocktaking: whatever order reports come in, they lead to the same counters, and nothing is counted twice."""

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.facts import StockMove
from segue.core.stocktaking import (
    Change,
    Counter,
    Moved,
    Report,
    after,
    change_of,
    is_later,
    kept_back,
    latest_snapshot,
    objection,
    superseded,
    verdict,
)


def snapshot(at_s: int, on_hand: int | None = 10, sequence: int = 0, source: str = "wms", **more: Any) -> Report:
    return Report(source, f"S{at_s}.{sequence}", "snapshot", "MUG", "BER", at_s, sequence, on_hand, **more)


def delta(at_s: int, on_hand: int | None = -1, sequence: int = 0, source: str = "wms", **more: Any) -> Report:
    return Report(source, f"D{at_s}.{sequence}", "delta", "MUG", "BER", at_s, sequence, on_hand, **more)


def move(on_hand: int = 0, **more: int) -> StockMove:
    return StockMove("MUG", "BER", on_hand, 0, "snapshot", **more)


def taken(reports: Sequence[Report], counter: Counter, own: Sequence[Moved] = ()) -> Counter:
    """The counter after these reports, as they come in."""
    known: list[Report] = []
    for report in reports:
        if verdict(report, known) == "news":
            counter = after(counter, change_of(report, counter, known, own))
            over = superseded(report, known)
            known = [each for each in known if each not in over] + [report]
    return counter


def test_what_is_free_is_what_is_fit_beyond_the_safety_stock_and_not_held() -> None:
    counter = Counter(10, allocated=2, reserved=1, safety=1, damaged=2, quarantined=1, in_transit=5)
    assert (counter.held, counter.fit, counter.free) == (3, 7, 3)
    assert Counter(1, safety=2).free == 0
    assert Counter(1, allocated=1, safety=2).free == -1


@pytest.mark.parametrize(
    ("report", "other", "later"),
    [
        (snapshot(5), snapshot(4), True),
        (snapshot(5), snapshot(5), False),
        (snapshot(5, sequence=1), snapshot(9, sequence=2), False),
        (snapshot(5, sequence=3), snapshot(9, sequence=2), True),
        (snapshot(5, sequence=3), snapshot(9, sequence=2, source="pos"), False),
        (snapshot(9, sequence=3), snapshot(5), True),
    ],
)
def test_the_sequence_of_a_source_says_what_is_later_and_else_the_instant(
    report: Report, other: Report, later: bool
) -> None:
    assert is_later(report, other) == later


@pytest.mark.parametrize(
    ("report", "known", "said"),
    [
        (snapshot(5), [], "news"),
        (snapshot(5), [delta(9)], "news"),
        (snapshot(5), [snapshot(4)], "news"),
        (snapshot(4), [snapshot(5)], "older"),
        (replace(snapshot(5), id="other"), [snapshot(5)], "older"),
        (delta(5), [snapshot(5)], "contained"),
        (delta(6), [snapshot(5)], "news"),
        (delta(6), [snapshot(5), delta(6)], "repeated"),
        (delta(6, -2), [snapshot(5), delta(6)], "altered"),
    ],
)
def test_what_a_report_is_after_others(report: Report, known: list[Report], said: str) -> None:
    assert verdict(report, known) == said


def test_what_a_snapshot_contains_need_not_be_remembered() -> None:
    known = [snapshot(1), delta(2), delta(5), delta(7)]
    assert latest_snapshot(known) == snapshot(1)
    assert superseded(snapshot(5), known) == [snapshot(1), delta(2), delta(5)]
    assert superseded(delta(9), known) == []


def test_a_delta_changes_by_what_it_says() -> None:
    change = change_of(delta(1, -2, damaged=1, quarantined=3), Counter(10, safety=4), [], [])
    assert change == Change(StockMove("MUG", "BER", -2, 0, "delta", damaged=1, quarantined=3), 4)
    only = change_of(replace(delta(1, None, damaged=1), reason="dropped"), Counter(10), [], [])
    assert only == Change(StockMove("MUG", "BER", 0, 0, "dropped", damaged=1), 0)


def test_a_snapshot_counts_with_what_has_happened_since() -> None:
    own = [Moved(4, -9), Moved(5, -9), Moved(6, -2, damaged=1)]
    known = [delta(4, -7), delta(6, 3, quarantined=1)]
    change = change_of(snapshot(5, 20, damaged=2, quarantined=0, safety=3), Counter(30, damaged=5), known, own)
    assert change == Change(move(-9, damaged=-2, quarantined=1), 3)


def test_a_snapshot_says_nothing_of_what_it_does_not_name() -> None:
    change = change_of(snapshot(5, None, damaged=1), Counter(10, safety=2, quarantined=4), [], [])
    assert change == Change(move(damaged=1), 2)


def test_nothing_is_ever_less_than_nothing() -> None:
    assert change_of(snapshot(5, 1), Counter(3), [], [Moved(6, -4)]) == Change(move(-3), 0)
    broken = change_of(snapshot(5, 4, damaged=3, quarantined=3), Counter(), [], [])
    assert broken == Change(move(4, damaged=3, quarantined=1), 0)


@pytest.mark.parametrize(
    ("counter", "said"),
    [
        (Counter(3), ""),
        (Counter(-3), "-3 would be on hand; -3 would be fit to be sold"),
        (Counter(3, damaged=2, quarantined=2), "-1 would be fit to be sold"),
        (Counter(3, in_transit=-1), "-1 would be in transit"),
        (Counter(3, damaged=-1), "-1 would be damaged"),
        (Counter(3, quarantined=-1), "-1 would be in quarantine"),
    ],
)
def test_a_counter_cannot_be_less_than_nothing(counter: Counter, said: str) -> None:
    assert objection(counter) == said


@pytest.mark.parametrize(
    ("change", "counter", "kept", "lacking"),
    [
        (Change(move(-5), 0), Counter(10, allocated=5), Change(move(-5), 0), 0),
        (Change(move(-7), 0), Counter(10, allocated=5), Change(move(-5), 0), 2),
        (Change(move(-9), 2), Counter(10, allocated=5, safety=2), Change(move(-3), 2), 6),
        (Change(move(quarantined=8), 0), Counter(10, allocated=5), Change(move(quarantined=5), 0), 3),
        (Change(move(damaged=8), 0), Counter(10, allocated=5), Change(move(damaged=5), 0), 3),
        (Change(move(-3, damaged=2, quarantined=2), 0), Counter(10, reserved=8), Change(move(-2), 0), 5),
        (Change(move(), 7), Counter(10, allocated=5), Change(move(), 5), 2),
    ],
)
def test_what_orders_hold_is_kept_for_them(change: Change, counter: Counter, kept: Change, lacking: int) -> None:
    assert kept_back(change, counter) == (kept, lacking)
    assert after(counter, kept).free >= 0


COUNTS = st.integers(50, 90)
SNAPSHOTS = st.dictionaries(st.integers(1, 9), COUNTS, min_size=1, max_size=4)
DELTAS = st.dictionaries(st.integers(1, 9), st.integers(-5, 5), max_size=6)


@given(SNAPSHOTS, DELTAS, st.randoms(use_true_random=False), st.booleans())
def test_reports_lead_to_the_same_in_any_order_and_however_often_they_come(
    snapshots: dict[int, int], deltas: dict[int, int], chance: Random, is_counted: bool
) -> None:
    """What is there is the latest snapshot and the deltas after it."""
    reports = [
        *(snapshot(at_s, units, at_s * 2 + 1 if is_counted else 0) for at_s, units in snapshots.items()),
        *(delta(at_s, units, at_s * 2 if is_counted else 0) for at_s, units in deltas.items()),
    ]
    latest = max(snapshots)
    later = [units for at_s, units in deltas.items() if at_s > latest]
    expected = snapshots[latest] + sum(later)
    for _ in range(3):
        shuffled = [*reports, *chance.choices(reports, k=3)]
        chance.shuffle(shuffled)
        assert taken(shuffled, Counter(100)).on_hand == expected
