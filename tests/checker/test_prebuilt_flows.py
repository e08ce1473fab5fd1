"""The prebuilt workflows hold; and what their orders never came into is said, with the reason."""

import pytest

from segue.checker.judging import judge, unseen
from segue.checker.verdicts import FULL, SCOPES, Scope
from segue.scenario.setting import prebuilt, prebuilt_workflow
from tests.checker.flows import examined

MIDDLE = Scope(2, 1, 1)  # `segue check` looks further, and longer
BY_REPORTS = {"charged_back", "settlement_differs"}  # a bank and a settlement report lead there: they are not explored
BY_SUPPLIES = {"supply_overdue"}  # the shop that is explored has nothing on order
BY_CALENDARS = {"late"}  # the shop that is explored has none, so it promises nothing
BY_STREET_DATES = {"preorder", "preorders", "waiting_for_an_answer"}  # of its goods none has one
WITHOUT_BOUND = {"sold_out"}  # of a workflow that sells whatever is wanted
BY_ISSUERS = {"on_its_way_back", "coming_back"}  # what is taken back of what a message delivered: by one workflow
# No order that is explored shall arrive on a date, is collected within hours, or is made when it is ordered.
BY_DRAFTS = {"scheduled", "date_not_possible", "no_such_window", "no_show", "being_made", "to_make"} | {
    "taxed_gift_cards"
}
BY_BUNDLES = {"bundles_in_doubt", "half_back"}  # the shop that is explored sells none
COLLECTED = {"ready_for_pickup", "waiting_for_pickup"}  # by workflows with strategies for it only


@pytest.mark.parametrize("name", sorted(prebuilt().prebuilt))
def test_every_prebuilt_workflow_holds(name: str) -> None:
    found = examined(prebuilt_workflow(name), MIDDLE)
    assert found.broken == {}
    assert found.is_whole
    assert found.situations > 3_000
    told = unseen(found)
    assert COLLECTED.isdisjoint(told) == (name in ("store_pickup", "ship_to_store"))
    assert BY_ISSUERS.isdisjoint(told) == (name == "gift_card")
    assert "nothing in this Segue leads there yet" not in told.values()
    others = {"allocated", "no_location", "incomplete", "on_its_way_to_the_store"} | WITHOUT_BOUND
    elsewhere = (
        BY_ISSUERS | COLLECTED | BY_REPORTS | BY_SUPPLIES | BY_CALENDARS | BY_STREET_DATES | BY_DRAFTS | BY_BUNDLES
    )
    assert told.keys() - elsewhere <= others


def test_the_full_bound_is_no_smaller_than_the_issue_asks() -> None:
    assert SCOPES[FULL] >= Scope(2, 2, 2, True)


def test_a_verdict_says_what_was_looked_at() -> None:
    verdict = judge(prebuilt_workflow("standard"), None, "quick", "0")
    assert (verdict.broken, verdict.risks) == ({}, [])
    assert verdict.version.startswith("standard@")
    assert verdict.situations < verdict.steps
