"""Decide and evolve: every command and event has its place in the tables, and a record can be read again."""

from typing import get_args

import pytest
from msgspec import json

from segue.core.base import Event, Refusal
from segue.core.context import name_of
from segue.core.decide import COMMANDS, DECISIONS, EVENTS, EVOLUTIONS, SUBJECTS, AnyCommand, AnyEvent, Decision
from segue.core.fulfill import RecordShipment
from segue.core.intake import OrderPlaced
from segue.core.note import Note, NoteAdded
from segue.core.pay import Authorize
from tests.core.given import given
from tests.core.shop import draft, sold


def test_every_command_and_event_is_known_by_the_name_that_workflows_write() -> None:
    assert [name_of(value) for value in (Authorize(), NoteAdded(text="x"))] == ["authorize", "note_added"]
    assert "record_short_pick" in COMMANDS
    assert "payment_captured" in EVENTS
    assert set(get_args(AnyCommand)) == set(COMMANDS.values())
    assert set(get_args(AnyEvent)) == set(EVENTS.values())


def test_no_two_subjects_answer_the_same_command_or_event() -> None:
    assert sum(len(subject.DECISIONS) for subject in SUBJECTS) == len(DECISIONS)
    assert sum(len(subject.EVOLUTIONS) for subject in SUBJECTS) == len(EVOLUTIONS)


@pytest.mark.parametrize("kind", [*COMMANDS.values(), *EVENTS.values()])
def test_every_command_and_event_says_what_it_is(kind: type) -> None:
    assert (kind.__doc__ or "").strip().endswith(".")


def test_what_is_asked_of_an_order_that_is_not_there_is_refused() -> None:
    given().when(Note("x")).refused(Refusal.ORDER_NOT_FOUND)


def test_a_record_is_read_again_as_it_was_written() -> None:
    events: tuple[Event, ...] = (OrderPlaced(id="x", workflow="test@1", draft=draft(sold())),)
    for decision in (
        Decision("channel", events),
        Decision("warehouse", (), RecordShipment("F1", "S1", {1: ((1, 2),)})),
        Decision("workflow", (), Authorize(), "on.order_placed.0", "a hold blocks this"),
    ):
        assert json.decode(json.encode(decision), type=Decision) == decision
