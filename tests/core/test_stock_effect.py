"""Stock effects: what a reason says of stock is what the workflow says that it does; the demand stays in any case."""

from typing import Any

import pytest

from segue.core.allocate import UnitsAllocated
from segue.core.base import NeedFacts
from segue.core.facts import Apart, Facts, Stock
from segue.core.fulfill import (
    FulfillmentRejected,
    FulfillmentReleased,
    RecordReject,
    RecordShortPick,
    UnitsShortPicked,
)
from segue.core.supply import KeptApart
from segue.core.tally import Units
from tests.core.given import Given, given
from tests.core.shop import draft, sold

BOTH: dict[int, Units] = {1: ((1, 2),), 2: ((1, 1),)}
EFFECTS = {"sold_out": "none_left", "broken": "damaged", "wet": "quarantined", "lost": "gone", "busy": "unchanged"}


def released(free: Stock | None = None, apart: Apart | None = None) -> Given:
    """Two lines of one SKU, three units, are with Dallas; so much more of it is free and kept apart."""
    at_dallas: dict[str, Any] = {"fulfillment": "F1", "location": "DAL", "units": BOTH}
    sent = given(
        draft(sold("SHIRT", 2), sold("SHIRT", 1)), UnitsAllocated(**at_dallas), FulfillmentReleased(**at_dallas)
    )
    known = sent.knowing(stock={"SHIRT": free or {}}, stock_effects=EFFECTS)
    known.facts.apart["SHIRT"] = apart or {}
    return known


@pytest.mark.parametrize("reason", ["broken", "wet", "lost", "busy", "sold_out", "anything"])
def test_a_reject_says_what_its_reason_says_of_stock(reason: str) -> None:
    (event,) = released().when(RecordReject("F1", reason)).events
    assert isinstance(event, FulfillmentRejected)
    assert (event.effect, event.cleared) == (EFFECTS.get(reason, "unchanged"), {})


@pytest.mark.parametrize("reason", ["broken", "wet", "lost", "busy", "sold_out", "anything"])
def test_a_short_pick_says_what_its_reason_says_of_stock(reason: str) -> None:
    (event,) = released().when(RecordShortPick("F1", {1: ((1, 1),)}, reason)).events
    assert isinstance(event, UnitsShortPicked)
    assert (event.effect, event.cleared) == (EFFECTS.get(reason, "gone"), {})


@pytest.mark.parametrize(
    ("free", "apart", "cleared"),
    [
        ({"DAL": 4, "MIA": 9}, {}, {1: 4}),
        ({"DAL": 4}, {"DAL": KeptApart(2, 3)}, {1: 6}),
        ({"DAL": 4}, {"DAL": KeptApart(2, 5)}, {1: 4}),
        ({"DAL": 0}, {"DAL": KeptApart(2, 3)}, {1: 2}),
        ({"DAL": -1}, {}, {}),
    ],
)
def test_where_nothing_is_left_all_that_others_do_not_have_is_gone(
    free: Stock, apart: Apart, cleared: dict[int, int]
) -> None:
    (event,) = released(free, apart).when(RecordReject("F1", "sold_out")).events
    assert isinstance(event, FulfillmentRejected)
    assert event.cleared == cleared


def test_what_is_kept_apart_is_asked_for() -> None:
    with pytest.raises(NeedFacts) as asked:
        Facts().kept_apart(frozenset(("SHIRT",)))
    assert (asked.value.kind, asked.value.keys) == ("apart", frozenset(("SHIRT",)))


def test_what_is_expected_is_asked_for() -> None:
    facts = Facts()
    with pytest.raises(NeedFacts) as asked:
        facts.inbound(frozenset(("SHIRT",)))
    assert (asked.value.kind, asked.value.keys) == ("inbound", frozenset(("SHIRT",)))
    facts.arriving["SHIRT"] = ((5, "DAL", 2, "PO-1"),)
    assert facts.inbound(frozenset(("SHIRT",))) == {"SHIRT": ((5, "DAL", 2, "PO-1"),)}
