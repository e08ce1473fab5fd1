"""The prebuilt workflows: all load, and under each of them nothing gets stuck."""

import pkgutil
from importlib import import_module
from typing import Any

import pytest

from segue import policies
from segue.core.conditions import ABSENT
from segue.core.decide import COMMANDS, EVENTS
from segue.core.policy import policies_in
from segue.core.vocabulary import vocabulary
from segue.core.workflow import Workflow
from segue.engine.noticing import MESSAGE
from segue.loader.library import read_library
from segue.loader.problems import Problems
from segue.loader.workflow import load_workflow

REGISTRY = policies_in(
    [import_module(f"segue.policies.{each.name}") for each in pkgutil.iter_modules(policies.__path__)]
)
NAMES = (
    "backorder",
    "bundle",
    "digital",
    "drop_ship",
    "fraud_review",
    "gift_card",
    "made_to_order",
    "preorder",
    "scheduled",
    "ship_complete",
    "ship_to_store",
    "standard",
    "store_first",
    "store_pickup",
    "subscription",
)
DEFAULTS: dict[str, Any] = {"int": 0, "text": "", "texts": frozenset(), "instant": ABSENT, "bool": False}
DAY_S = 86_400


class Situation:
    """An order as conditions see it: one unit, nothing else, and whatever is given."""

    def __init__(self, **given: Any) -> None:
        words = {word: DEFAULTS[name.type] for word, name in vocabulary().names.items()}
        self.__dict__.update(words | {"units": 1, "now": 0, "placed_at": 0, "lines": ()} | given)


def prebuilt(name: str) -> Workflow:
    """A prebuilt workflow, with what Segue really offers."""
    problems = Problems()
    library = read_library(None, problems)
    workflow = load_workflow(library.prebuilt[name], REGISTRY, COMMANDS, EVENTS, problems, library)
    assert [str(problem) for problem in problems.sorted()] == []
    assert workflow is not None
    return workflow


def folders_of(workflow: Workflow, situation: Situation) -> list[str]:
    """The folders that an order in this situation is in."""
    return [folder.name for folder in workflow.folders if folder.when.test(situation)]


def waits_s(workflow: Workflow, **given: Any) -> int:
    """After how long time alone brings an order in this situation into a folder; ABSENT if it never does."""
    now = 0
    while not folders_of(workflow, Situation(**given, now=now)):
        flips = [folder.when.flips(Situation(**given, now=now)) for folder in workflow.folders]
        now = min((flip for flip in flips if flip is not None), default=ABSENT)
        if now == ABSENT:
            break
    return now


def test_all_of_them_are_tested_here() -> None:
    assert sorted(read_library(None, Problems()).prebuilt) == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_prebuilt_workflow_loads(name: str) -> None:
    assert prebuilt(name).version.startswith(f"{name}@")


@pytest.mark.parametrize("name", NAMES)
def test_every_hold_has_a_folder_with_an_owner(name: str) -> None:
    workflow = prebuilt(name)
    for hold in workflow.holds:
        held = Situation(holds=1, hold_types=frozenset((hold,)), new=1)
        assert folders_of(workflow, held), f"nobody looks at orders with the hold {hold}"
    assert all(folder.owner for folder in workflow.folders)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("state", ["preordered", "backordered", "ready", "returning"])
def test_units_that_wait_for_people_or_goods_are_in_a_folder(name: str, state: str) -> None:
    assert folders_of(prebuilt(name), Situation(**{state: 1}))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("state", "instant"),
    [("new", ""), ("reserved", ""), ("allocated", ""), ("released", "released_at"), ("shipped", "shipped_at")],
)
def test_units_that_wait_for_an_answer_are_in_a_folder_in_time(name: str, state: str, instant: str) -> None:
    since = {instant: 0} if instant else {}
    assert 0 < waits_s(prebuilt(name), **{state: 1}, **since) <= 22 * DAY_S


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("money", ["due", "authorized", "agreed"])
@pytest.mark.parametrize("state", ["delivered", "returned", "canceled"])
def test_money_that_is_left_over_is_in_a_folder(name: str, money: str, state: str) -> None:
    assert folders_of(prebuilt(name), Situation(**{money: 100, state: 1}))


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_outcome_is_in_a_folder(name: str) -> None:
    assert "outcome_unknown" in folders_of(prebuilt(name), Situation(unknown=1, capturing=100, shipped=1))


@pytest.mark.parametrize("name", NAMES)
def test_no_order_is_without_a_status(name: str) -> None:
    assert prebuilt(name).statuses[-1].when.test(Situation())


@pytest.mark.parametrize("name", NAMES)
def test_every_message_is_sent_by_something(name: str) -> None:
    workflow = prebuilt(name)
    sent = {getattr(reaction.command, "message", "") for reaction in workflow.by_id.values()}
    assert set(workflow.messages) == (sent | ({MESSAGE} if name == "subscription" else set())) - {""}
