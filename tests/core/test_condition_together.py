"""Conditions compiled together say what each of them says alone."""

from types import SimpleNamespace
from typing import Any

import pytest

from segue.core.conditions import ABSENT, Condition, Name, Vocabulary, compile_condition, next_flip, places

NUMBERS = ("holds", "shipped", "released")
VOCABULARY = Vocabulary(
    names={name: Name("int", name) for name in NUMBERS}
    | {
        "now": Name("instant", "now"),
        "released_at": Name("instant", "released"),
        "placed_at": Name("instant", "placed"),
    },
    line_names={"count": Name("int", "units")},
    choices={},
)
HOUR = 3_600


def condition(text: str) -> Condition:
    return compile_condition(text, VOCABULARY)


def view(**given: Any) -> SimpleNamespace:
    usual = {"now": 100_000, "released_at": ABSENT, "placed_at": 90_000, "lines": ()}
    return SimpleNamespace(**dict.fromkeys(NUMBERS, 0) | usual | given)


STATUSES = [(text, condition(text)) for text in ("holds > 0", "shipped > 1", "shipped > 0")]
FOLDERS = [
    (text, condition(text)) for text in ("released > 0", "any(line.count > 1 for line in lines)", "holds + shipped > 1")
]


@pytest.mark.parametrize("holds", [0, 1])
@pytest.mark.parametrize("shipped", [0, 1, 2])
@pytest.mark.parametrize("released", [0, 1])
@pytest.mark.parametrize("count", [1, 2])
def test_the_first_status_and_every_folder_that_holds_are_named(
    holds: int, shipped: int, released: int, count: int
) -> None:
    seen = view(holds=holds, shipped=shipped, released=released, lines=(SimpleNamespace(count=count),))
    status = next((name for name, when in STATUSES if when.test(seen)), "")
    expected = (status, *(name for name, when in FOLDERS if when.test(seen)))
    assert places(STATUSES, FOLDERS)(seen) == expected


def test_without_statuses_and_folders_an_order_is_nowhere() -> None:
    assert places([], [])(view()) == ("",)
    assert next_flip([])(view()) is None


LATE = condition("released > 0 and now - released_at > hours(48)")
OLD = condition("now - placed_at > hours(72)")


def test_the_next_flip_is_the_earliest_of_all() -> None:
    seen = view(released=1, released_at=99_000)
    assert next_flip([OLD, LATE])(seen) == min(90_000 + 72 * HOUR, 99_000 + 48 * HOUR) + 1
    assert next_flip([OLD])(seen) == OLD.flips(seen)


def test_time_changes_nothing_where_another_part_of_an_and_does_not_hold() -> None:
    assert LATE.flips(view(released_at=99_000)) == 99_000 + 48 * HOUR + 1
    assert next_flip([LATE])(view(released_at=99_000)) is None
    assert next_flip([LATE, OLD])(view(released_at=99_000)) == OLD.flips(view())
