"""Previewing on the command line: the figures before anything is changed, and the command that commits just these."""

from typing import Any

import pytest

from segue.connectors.clock import SystemClock
from segue.core.base import Refusal, Refused
from segue.main.obeying import answered
from segue.main.wanted import LookAhead
from segue.ports import PortFailed
from tests.main.calling import Call

CANCELING = ("cancel", "1003", "--line", 1, "--quantity", 1)


def test_a_preview_shows_the_money_before_and_after_and_changes_nothing(call: Call) -> None:
    before = call("order", "1003", "--json").json
    said = call(*CANCELING, "--preview")
    assert said.code == 0
    assert "web-1003: what cancel would come to. Nothing has happened yet." in said.out
    worth = next(line for line in said.out.splitlines() if line.startswith("the order is worth"))
    assert worth.split() == ["the", "order", "is", "worth", "1,161.00", "USD", "1,032.00", "USD"]
    assert call("order", "1003", "--json").json == before


def test_what_is_previewed_is_committed_as_it_is(call: Call) -> None:
    seen = call(*CANCELING, "--preview", "--json").json
    assert (seen["before"]["worth_minor"], seen["after"]["worth_minor"]) == (116100, 103200)
    done = call(*CANCELING, "--expect", seen["expects"], "--json").json
    assert (done["changed"], done["version"] > seen["version"]) == (True, True)


def test_a_commit_is_refused_once_the_order_has_moved_on(call: Call) -> None:
    expects = call(*CANCELING, "--preview", "--json").json["expects"]
    assert call("note", "1003", "on the telephone").code == 0
    said = call(*CANCELING, "--expect", expects)
    assert (said.code, said.err.startswith("Refused: the order has moved on since it was previewed: ")) == (1, True)


def test_a_commit_of_anything_else_than_what_was_previewed_is_refused(call: Call) -> None:
    expects = call(*CANCELING, "--preview", "--json").json["expects"]
    for other in (("cancel", "1003", "--line", 1, "--quantity", 2), ("hold", "1003", "service"), ("cancel", "1001")):
        said = call(*other, "--expect", expects)
        assert (said.code, said.err.startswith("Refused: what was previewed was another command, ")) == (1, True)
    assert call(*CANCELING, "--expect", expects, "--by", "bob").code == 0


@pytest.mark.parametrize("expects", ["", "abc", "999", "3-abc", "x-00000000-00000000"])
def test_what_names_no_preview_is_wrong_use(call: Call, expects: str) -> None:
    said = call(*CANCELING, "--expect", expects)
    assert (said.code, said.err.startswith(f"`{expects}` names no preview: ")) == (2, True)


def test_a_preview_expects_nothing(call: Call) -> None:
    said = call(*CANCELING, "--preview", "--expect", "3-00000000-00000000")
    assert (said.code, said.err.startswith("`--preview` changes nothing")) == (2, True)


def test_a_return_is_previewed_with_its_refund_by_tender_its_messages_and_its_stock(call: Call) -> None:
    said = call("do", "1001", "record_return", "line=1", "quantity=1", "--preview")
    assert "P1, gateway card: 49.00 USD given back" in said.out
    rows = {line.split("  ")[1]: line for line in said.out.splitlines() if line.startswith("  ")}
    assert rows["messages"].endswith("refunded")
    assert "+1 there" in rows["stock"]
    assert rows["taken for granted"].endswith("that it is done: R1")
    assert "To commit just this, give the same command with --expect " in said.out


def test_what_would_be_refused_is_said_before_it_is_tried(call: Call) -> None:
    said = call("cancel", "1001", "--preview")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("It would be refused: no unit of this can be canceled any more: ")
    assert call("cancel", "1001", "--preview", "--json").json["refusal"] == "NOTHING_TO_CANCEL"


def test_what_the_workflow_would_be_refused_and_what_stays_owed_is_said(call: Call) -> None:
    assert call("do", "1001", "place_hold", "hold=refund").code == 0
    said = call("do", "1001", "record_return", "line=1", "quantity=1", "--preview").out
    assert "refused: a hold blocks this: refund blocks refund" in said
    assert "Still owed to the customer then: 49.00 USD" in said


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Refused(Refusal.ORDER_NOT_FOUND, "web-9"), "Refused: there is no such order: web-9."),
        (PortFailed("no answer"), "This cannot be previewed: PortFailed: no answer."),
        (ZeroDivisionError("by a policy"), "This cannot be previewed: ZeroDivisionError: by a policy."),
    ],
)
def test_whatever_goes_wrong_with_a_preview_the_owner_of_the_shop_goes_on(error: Exception, sentence: str) -> None:
    class Broken:
        clock = SystemClock()

        def preview(self, *asked: Any) -> None:
            raise error

    broken: Any = Broken()
    assert answered(broken, LookAhead("web-9", {"command": "cancel"}, "person:ann")).failed == sentence
