"""Broken workflows: each is found broken, and its counterexample, replayed on a whole engine, shows it."""

from functools import cache

import pytest

from segue.checker.examining import Examined, examine, planned
from segue.checker.judging import first_replayed
from segue.checker.properties import SENTENCES
from segue.scenario import run_data
from tests.checker.flows import BROKEN, STRICT, breaking, examined, source_of


@cache
def whole(name: str) -> Examined:
    """All that exploring this flow shows."""
    _, text, scope = BROKEN[name]
    return examined(source_of(text).workflow, scope)


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_found_and_replayed(name: str) -> None:
    property, text, scope = BROKEN[name]
    source = source_of(text)
    is_seen_at_last = property == "unreachable"  # only who has looked everywhere can say so
    found = whole(name) if is_seen_at_last else breaking(source.workflow, property, scope)
    assert property in found.broken, list(found.broken)
    replayed = first_replayed(found.broken[property], source)
    assert replayed is not None
    assert not replayed.verdict.passed
    assert not run_data(replayed.data).passed, "the same scenario fails in the same way, whenever it is played"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a status that is hidden", "where its condition holds, that of the status"),
        ("a folder that contradicts itself", "`shipped > 0` and `canceled == units` never hold together"),
    ],
)
def test_why_no_order_comes_into_a_place_is_told(name: str, why: str) -> None:
    assert why in whole(name).broken["unreachable"][0].breach.detail


def test_at_least_ten_workflows_are_broken_in_every_way_that_a_workflow_can_be() -> None:
    by_core = {"cover", "capture", "refund", "stock", "mistake"}  # no workflow can; a broken core could
    assert {property for property, _, _ in BROKEN.values()} | by_core == set(SENTENCES)
    assert len(BROKEN) >= 10


def test_a_shop_that_has_no_use_for_a_prebuilt_place_has_made_no_mistake() -> None:
    text = """
    holds: {checkup: {blocks: [release], expires: 2h}}
    on: {order_covered: [{do: {command: place_hold, hold: checkup}}, {do: {command: allocate}, after: 30m}]}
    """
    workflow = source_of(text).workflow
    lasting = [each for each in planned(workflow, STRICT) if not each[0].ends]
    found = examine(workflow, STRICT, shapes=lasting)
    assert "allocated" in found.reached.left, (
        "on_hold stands before it, and only a hold keeps units that are paid there"
    )
    assert found.broken == {}
