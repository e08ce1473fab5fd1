"""Explain: every event has its sentence, every choice its reasons, and the story ends with where the order stands."""

from typing import Any

import pytest
from hypothesis import given as forall

from segue.core import (
    cancel,
    capture,
    deliver,
    fulfill,
    note,
    returns,
    wake,
)
from segue.core.allocate import Allocate, Reserve
from segue.core.amounts import money
from segue.core.base import Event
from segue.core.decide import EVENTS
from segue.core.draft import Destination, Draft
from segue.core.explain import Recorded, Sentence, explain
from segue.core.explain.happened import SENTENCES
from segue.core.explain.words import Tale, listed
from segue.core.facts import Item, Location
from segue.core.grade import GradeOrder
from segue.core.hold import PlaceHold
from segue.core.intake import PlaceOrder
from segue.core.item_state import EnterState
from segue.core.pay import Authorize, RecordAuthorization, RecordUnknown
from segue.core.refund import Refund
from segue.core.screen import Screen
from segue.core.step import Outcome
from segue.policies.grading import high_value
from segue.policies.payment import on_shipment
from segue.policies.validation import known_skus
from tests.core.chance import CHOICES, drafts, flow, shelf
from tests.core.given import Given, given
from tests.core.shop import LOCATIONS, NOW_S, draft, later, rule, sold
from tests.core.test_laws import play
from tests.core.told import SENT, TOLD
from tests.core.told_issued import TOLD_ISSUED
from tests.core.told_of_stores import TOLD_OF_STORES
from tests.core.told_waiting import WAITING

PLACES: dict[str, Location] = {location.id: location for location in LOCATIONS}


@pytest.mark.parametrize(("event", "text"), [*TOLD, *TOLD_OF_STORES, *TOLD_ISSUED, *WAITING])
def test_an_event_is_told_in_plain_words(event: Event, text: str) -> None:
    order = given(SENT).order
    assert order is not None
    assert SENTENCES[type(event)](event, Tale(order, PLACES)) == text


def test_every_event_has_its_sentence() -> None:
    told_of = {type(event) for event, _ in (*TOLD, *TOLD_OF_STORES, *TOLD_ISSUED, *WAITING)}
    assert set(SENTENCES) == set(EVENTS.values()) == told_of


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(34_99, "USD", "34.99 USD"), (-5, "EUR", "-0.05 EUR"), (1000, "JPY", "1000 JPY"), (-7, "JPY", "-7 JPY"),
     (1234, "KWD", "1.234 KWD"), (0, "USD", "0.00 USD")],
)  # fmt: skip
def test_an_amount_has_the_digits_of_its_currency(amount: int, currency: str, text: str) -> None:
    assert money(amount, currency) == text


def test_nothing_is_something_that_can_be_listed() -> None:
    assert [listed(items) for items in ((), "a", "ab", "abc")] == ["nothing", "a", "a and b", "a, b and c"]


def recorded(*outcomes: Outcome) -> list[Recorded]:
    return [
        Recorded(NOW_S + number, outcome.decisions[0].by, outcome.decisions) for number, outcome in enumerate(outcomes)
    ]


def told(known: Given, *commands: Any) -> list[Sentence]:
    placed = PlaceOrder("web-1001", SENT)
    return explain(recorded(*known.story(placed, *commands)), PLACES)


def reasons(sentences: list[Sentence], beginning: str) -> tuple[str, ...]:
    return next(each.details for each in sentences if each.text.startswith(beginning))


def shop(sent: Draft = SENT, **declared: Any) -> Given:
    return given().knowing(stock={"SHIRT": {"DAL": 3, "MIA": 3}, "CAP": {"DAL": 1}}, items={}, **declared)


def test_a_choice_is_told_with_its_rule_its_figures_and_those_passed_over() -> None:
    assert reasons(told(shop(), Allocate()), "3 of line 1 (SHIRT) and 1 of line 2 (CAP) will come") == (
        "because ship_complete > closest: chosen (DAL 4)",
        "passed over Miami store (MIA): ship_complete: 1 against 0 of DAL",
    )


def test_a_location_that_does_not_ship_there_is_told_with_the_filter_that_it_failed() -> None:
    canada = draft(sold("SHIRT"), ship_to=Destination("CA"))
    outcomes = shop().story(PlaceOrder("web-1001", canada), Allocate())
    lines = reasons(explain(recorded(*outcomes), PLACES), "1 of line 1 (SHIRT) will come from Dallas warehouse (DAL)")
    assert lines[1] == "passed over Miami store (MIA): ships_to_country: does not ship to CA"


def test_figures_that_are_amounts_are_told_as_money() -> None:
    graded = told(shop(grade=(rule(high_value, 40, from_minor=30_00),)), GradeOrder())
    assert reasons(graded, "The grade is 40") == ("because grade: high value (total 34.99 USD, from 30.00 USD)",)
    prepaid = draft(sold("SHIRT", 3, 10_00), kind="prepaid")
    outcomes = shop().story(PlaceOrder("web-1001", prepaid), cancel.Cancel(), Refund())
    assert reasons(explain(recorded(*outcomes)), "30.00 USD were given back") == (
        "because owed: captured 30.00 USD, kept 0.00 USD, amount 30.00 USD",
    )


def test_what_was_refused_to_the_workflow_is_told_with_the_reason() -> None:
    sentences = told(shop(on={"units_allocated": [fulfill.Release()]}), Allocate())
    assert (
        Sentence(
            NOW_S + 1,
            "workflow",
            "The workflow wanted to release, but: the goods are not covered by a payment: 3499 needed, 0 secured",
            ("as the workflow says in on.units_allocated.0",),
        )
        in sentences
    )


def test_a_check_is_told_by_what_passed() -> None:
    unlisted: dict[str, Item | None] = {"SHIRT": Item("SHIRT"), "CAP": None}
    checking: dict[str, Any] = {"validate": (rule(known_skus),), "holds": {"known_skus": ("allocate",)}}
    failing = given().knowing(items=unlisted, **checking)
    placed = failing.step(PlaceOrder("web-1001", SENT))
    listed_now = failing._replace(order=placed.order).knowing(**checking).step(wake.Wake())
    sentences = explain(recorded(placed, listed_now))
    assert reasons(sentences, "The order is on hold") == ("because validate: check known_skus",)
    assert reasons(sentences, "The hold known skus on line 2 is lifted") == ("because validate: passed known_skus:2",)


def test_a_story_begins_with_the_order_that_came_in() -> None:
    assert told(shop())[0] == Sentence(NOW_S, "person:ann", TOLD[0][1])
    assert explain([]) == []


def where_it_stands(known: Given, *commands: Any) -> tuple[str, ...]:
    last = told(known, *commands)[-1]
    assert (last.text, last.by) == ("Where it stands", "")
    return last.details


PAYING = (Authorize(), RecordAuthorization("A1", "done"))
DELIVERED = (Allocate(), fulfill.Release(), fulfill.RecordShipment("F1", "S1"), deliver.RecordDelivery("S1"))


def test_the_story_ends_with_units_what_is_waited_for_and_money() -> None:
    assert where_it_stands(shop(), *PAYING, Allocate()) == (
        "3 of line 1 (SHIRT) allocated at Dallas warehouse (DAL): the location has not been asked to ship yet",
        "1 of line 2 (CAP) allocated at Dallas warehouse (DAL): the location has not been asked to ship yet",
        "Of 34.99 USD, 0.00 USD are paid and 34.99 USD secured",
        "The customer is to pay 34.99 USD more",
    )


def test_what_the_order_waits_for_is_told() -> None:
    waiting = shop(
        holds={"review": ("reserve",)}, on={"order_graded": [Reserve()], "note_added": [later(60, Allocate())]}
    )
    held = (PlaceHold("review", "looks odd", until_s=NOW_S + 60), GradeOrder(), note.Note("x"), Screen(), Authorize())
    lines = where_it_stands(waiting, *held)
    assert lines[2:-2] == (
        "On hold, review, since 2026-05-28 20:26 UTC, until 2026-05-28 20:27 UTC: looks odd",
        "To be tried again when a hold is lifted: reserve",
        "The gateway has not answered A1, to authorize 34.99 USD on card (P1)",
        "The fraud vendor has not decided",
        "At 2026-05-28 20:27 UTC: allocate",
    )
    unknown = where_it_stands(shop(), Authorize(), RecordUnknown("A1"))
    assert "A person has to find out what became of A1, to authorize 34.99 USD on card (P1)" in unknown


def test_an_item_state_is_told_with_the_core_state_that_it_refines() -> None:
    engraved = where_it_stands(shop(), *PAYING, Allocate(), EnterState("engraving", 1))
    assert engraved[0].startswith("3 of line 1 (SHIRT) engraving (allocated) at Dallas warehouse (DAL)")


def test_it_is_told_who_owes_whom() -> None:
    sent = where_it_stands(shop(capture=on_shipment), *PAYING, *DELIVERED)
    assert sent[-1] == "The customer is to pay 34.99 USD more"
    captured = (capture.Capture(), capture.RecordCapture("C1", "done"))
    done = where_it_stands(shop(), *PAYING, *DELIVERED, *captured)
    assert done[-2:] == (
        "Nothing is waited for: the order is closed",
        "Of 34.99 USD, 34.99 USD are paid and 0.00 USD secured",
    )
    back = (*PAYING, *DELIVERED, *captured, returns.RecordReturn(1, 1))
    assert where_it_stands(shop(), *back)[-1] == "We owe the customer 10.00 USD"
    assert "10.00 USD are on their way back to the customer" in where_it_stands(shop(), *back, Refund())


@forall(drafts(), CHOICES)
def test_whatever_happens_can_be_told(sent: Draft, choices: list[int]) -> None:
    played = play(sent, choices, flow(on_shipment, split=True), shelf())
    sentences = explain(recorded(*played.outcomes), PLACES)
    decisions = [decision for outcome in played.outcomes for decision in outcome.decisions]
    assert len(sentences) == sum(len(d.events) + bool(d.refused) for d in decisions) + 1
    assert all(each.text and "{" not in each.text for each in sentences)


def test_figures_that_are_instants_are_told_as_such() -> None:
    answer = RecordAuthorization("A1", "done", capture_before_s=NOW_S)
    held = told(shop(), Authorize(), answer)
    assert reasons(held, "34.99 USD are held") == ("because gateway_deadline: expires 2026-05-28 20:26 UTC",)
