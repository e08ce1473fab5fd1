"""Chance: draws are what they should be on average, independent of each other, and the same everywhere."""

from hypothesis import given
from hypothesis import strategies as st

from segue.connectors.simulated.chance import Chance

MANY = [f"order-{number}" for number in range(20_000)]


def test_a_draw_is_the_same_in_every_process_and_release() -> None:
    chance = Chance(7)
    assert chance.token("id", "key-1") == "824976688aab192c"
    assert chance.share("decline", "key-1") == 0.04104997535052335


def test_draws_are_even() -> None:
    chance = Chance(7)
    tenths = [0] * 10
    for key in MANY:
        tenths[int(10 * chance.share("decline", key))] += 1
    assert all(abs(count - 2000) < 200 for count in tenths)


def test_draws_of_two_kinds_or_two_seeds_have_nothing_to_do_with_each_other() -> None:
    first, second = Chance(7), Chance(8)
    for others in (
        [first.happens("short", key, 0.5) for key in MANY],
        [second.happens("reject", key, 0.5) for key in MANY],
    ):
        same = sum(first.happens("reject", key, 0.5) == other for key, other in zip(MANY, others, strict=True))
        assert abs(same - 10_000) < 400


@given(st.integers(), st.text(), st.integers(0, 100), st.integers(0, 100))
def test_draws_stay_in_their_range(seed: int, key: str, least: int, more: int) -> None:
    chance = Chance(seed)
    assert least <= chance.whole("kind", key, least, least + more) <= least + more
    assert least <= chance.between("kind", key, least, least + more) <= least + more
    assert 0 <= chance.share("kind", key) < 1


def test_what_never_happens_never_does_and_what_always_happens_always_does() -> None:
    chance = Chance(7)
    assert not any(chance.happens("fire", key, 0) for key in MANY)
    assert all(chance.happens("rain", key, 1) for key in MANY)
