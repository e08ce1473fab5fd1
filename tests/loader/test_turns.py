"""Turns: who has scarce stock first, as shop.yaml says it."""

from segue.core.supply import Turns
from segue.loader.problems import Problems
from segue.loader.reading import parse_tree
from segue.loader.turns import read_turns


def test_measures_are_read_in_their_sequence_with_the_tiers() -> None:
    problems = Problems()
    found = read_turns(
        parse_tree("[promise_date, {tier: [gold, silver]}, value, age]", "shop.yaml", problems), problems
    )
    assert found == Turns(("promise_date", "tier", "value", "age"), ("gold", "silver"))
    assert problems.sorted() == []


def test_a_queue_is_strict_or_skips_ahead() -> None:
    for text, known in (
        ("{turns: [value], queue: strict}", Turns(("value",), strict=True)),
        ("{queue: strict}", Turns(strict=True)),
        ("{turns: [age], queue: skip_ahead}", Turns(("age",))),
    ):
        problems = Problems()
        assert read_turns(parse_tree(text, "shop.yaml", problems), problems) == known
        assert problems.sorted() == []


def test_a_shop_that_says_nothing_serves_by_age() -> None:
    assert read_turns(None, Problems()) == Turns()
