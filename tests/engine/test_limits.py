"""Limits: a provider is asked as fast as it stands, and left alone while it does not answer."""

import pytest

from segue.engine.limits import Gate, Limit


def test_a_bucket_is_full_at_first_and_fills_with_time() -> None:
    gate = Gate(Limit(per_second=2, burst=10), 0)
    assert gate.room(0) == 10
    gate.called(10)
    assert [gate.room(now_s) for now_s in (0, 1, 3, 100)] == [0, 2, 6, 10]
    assert gate.opens_at_s(100) is None


def test_an_empty_bucket_says_when_there_is_room_again() -> None:
    gate = Gate(Limit(per_second=0.5, burst=1), 0)
    gate.called(1)
    assert gate.opens_at_s(0) == 1
    assert [gate.room(now_s) for now_s in (1, 2)] == [0, 1]


def failing(gate: Gate, now_s: int, times: int) -> None:
    for _ in range(times):
        gate.failed(now_s)


def test_after_failures_in_a_row_a_provider_is_left_alone_longer_each_time() -> None:
    gate = Gate(Limit(failures_max=3, rest_s=10, rest_max_s=35), 0)
    failing(gate, 0, 2)
    assert gate.room(0) == 1000
    gate.failed(0)
    rests = []
    now_s = 0
    for _ in range(4):
        assert gate.room(now_s) == 0
        opens_at_s = gate.opens_at_s(now_s)
        assert opens_at_s is not None
        rests.append(opens_at_s - now_s)
        now_s = opens_at_s
        assert gate.room(now_s) == 1  # one call tries whether it is back
        gate.failed(now_s)
    assert rests == [10, 20, 35, 35]


def test_one_answer_opens_it_again() -> None:
    gate = Gate(Limit(failures_max=3, rest_s=10), 0)
    failing(gate, 0, 3)
    gate.answered()
    assert gate.room(0) == 1000
    failing(gate, 0, 2)
    gate.answered()
    failing(gate, 0, 2)
    assert gate.room(0) == 1000


@pytest.mark.parametrize("back_s", [1, 3600, 366 * 86_400])
def test_a_clock_that_is_set_back_closes_no_provider_for_long(back_s: int) -> None:
    gate = Gate(Limit(failures_max=1, rest_s=60, rest_max_s=900), 10**9)
    gate.called(1000)
    gate.failed(10**9)
    now_s = 10**9 - back_s
    assert gate.room(now_s) == 0
    assert gate.room(now_s + 901) == 1
    gate.answered()
    assert gate.room(now_s + 902) == 1000
