"""Grace, as workflows say it, and what contradicts it."""

import pytest

from segue.core.allocate import Reserve
from segue.core.decide import COMMANDS, EVENTS
from segue.core.workflow import Grace, Workflow
from segue.loader.problems import Problems
from segue.loader.reading import parse_tree
from segue.loader.workflow import load_workflow
from segue.scenario.setting import policies

HEAD = "name: w\n"


def loaded(text: str) -> tuple[Workflow | None, list[str]]:
    problems = Problems()
    tree = parse_tree(HEAD + text, "w.yaml", problems)
    assert tree is not None
    made = load_workflow(tree, policies(), COMMANDS, EVENTS, problems)
    return made, [str(problem) for problem in problems.sorted()]


@pytest.mark.parametrize(
    ("text", "grace"),
    [
        ("", None),
        ("grace:", None),
        ("grace: 0s", None),
        ("grace: {by_channel: {pos: 0s}}", None),
        ("grace: 30m", Grace(1800)),
        (
            "grace: {for: 30m, by_channel: {pos: 0s}, by_tier: {vip: 2h}, reserve: true}",
            Grace(1800, {"pos": 0}, {"vip": 7200}, True),
        ),
    ],
)
def test_a_grace_period_is_a_duration_or_one_for_each_channel_and_tier(text: str, grace: Grace | None) -> None:
    made, problems = loaded(text)
    assert problems == []
    assert made is not None
    assert made.grace == grace


def test_stock_that_is_set_aside_meanwhile_is_a_reaction() -> None:
    made, _ = loaded("grace: {for: 30m, reserve: true}\non: {order_covered: [{do: {command: allocate}, after: grace}]}")
    assert made is not None
    first, second = made.reactions["order_covered"]
    assert (first.id, first.command) == ("grace.reserve", Reserve())
    assert first.when is not None
    assert first.when.text == "in_grace"
    assert (second.id, second.after_grace, second.after_s) == ("on.order_covered.0", True, 0)
    assert made.by_id["grace.reserve"] is first


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("grace: -5m", "w.yaml:2:8: `-5m` is less than nothing; a grace period is 0s or longer, such as 30m"),
        ("grace: {for: soon}", "w.yaml:2:14: expected a duration, found `soon`; write it as in 90s, 30m, 4h, 2d or 1w"),
        ("grace: {of: 5m}", "w.yaml:2:9: unknown key `of`; there is for, by_channel, by_tier, reserve"),
        (
            "grace: {by_tier: {vip: -1h}}",
            "w.yaml:2:24: `-1h` is less than nothing; a grace period is 0s or longer, such as 30m",
        ),
    ],
)
def test_what_is_no_grace_period_is_a_problem(text: str, problem: str) -> None:
    assert loaded(text)[1] == [problem]


HASTY = "while the customer may still change their mind; write `after: grace` beside it, or `grace: 0s` if nobody may"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("grace: 30m\non: {order_covered: [{do: {command: release}}]}", "this asks a location to ship"),
        ("grace: 30m\non: {order_covered: [{do: {command: release}, after: 29m}]}", "this asks a location to ship"),
        ("grace: 30m\non: {order_covered: [{do: {command: release}, after: 30m}]}", ""),
        (
            "grace: {for: 0s, by_tier: {vip: 1h}}\non: {order_covered: [{do: {command: release}, after: 30m}]}",
            "this asks",
        ),
        ("grace: 30m\non: {order_covered: [{do: {command: release}, after: grace}]}", ""),
        ("grace: 30m\non: {order_covered: [{do: {command: release}, when: not in_grace}]}", ""),
        ("grace: 30m\non: {units_allocated: [{do: {command: release}}]}", ""),  # by then it may be over; else it waits
        ("on: {order_covered: [{do: {command: release}}]}", ""),
        (
            "grace: 30m\npolicies: {capture: at_once}\non: {order_covered: [{do: {command: capture}}]}",
            "this takes money",
        ),
        ("grace: 30m\npolicies: {capture: on_shipment}\non: {order_covered: [{do: {command: capture}}]}", ""),
        ("grace: 30m\non: {order_covered: [{do: {command: capture}}]}", ""),
        (
            "grace: 30m\npolicies: {deposit: {percent: 20}}\non: {order_placed: [{do: {command: capture}}]}",
            "this takes",
        ),
        ("grace: {for: 30m, reserve: true}\non:", ""),
        ("grace: 30m\non: {order_placed: 7}", "expected a list"),
    ],
)
def test_what_is_sure_to_happen_within_it_and_cannot_be_undone_is_a_problem(text: str, found: str) -> None:
    _, problems = loaded(text)
    assert [found in problem for problem in problems] == ([True] if found else [])
    if found.startswith("this"):
        assert HASTY in problems[0]


def test_how_stock_is_kept_for_a_date_is_reserved_or_allocated() -> None:
    found = [loaded(text)[0] for text in ("", "schedule: {stock: reserved}", "schedule: {stock: allocated}")]
    assert [made and made.schedule_stock for made in found] == ["allocated", "reserved", "allocated"]
    assert loaded("schedule: {stock: sold}")[1] == [
        "w.yaml:2:19: unknown way to keep stock `sold`; there is reserved, allocated"
    ]
    assert loaded("schedule: {}")[1] == ["w.yaml:2:1: key `stock` is missing"]
