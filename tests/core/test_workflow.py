"""Workflow values: bands, item states, and when time could change where an order is."""

import pytest

from segue.core.allocate import UnitsAllocated
from segue.core.base import Event
from segue.core.conditions.together import next_flip
from segue.core.fulfill import FulfillmentReleased
from segue.core.tally import Units
from segue.core.vocabulary import View
from segue.core.workflow import ItemState, band_of
from tests.core.given import given
from tests.core.shop import NOW_S, condition, draft, folder, sold, workflow


@pytest.mark.parametrize(
    ("score", "band"), [(-1, "low"), (0, "low"), (29, "low"), (30, "medium"), (60, "high"), (999, "high")]
)
def test_a_score_is_in_the_last_band_whose_threshold_it_reaches(score: int, band: str) -> None:
    flow = workflow(bands=(("low", 0), ("medium", 30), ("high", 60)))
    assert band_of(flow, score) == band


def test_an_item_state_is_written_behind_the_core_state_that_it_refines() -> None:
    assert ItemState("engraving", "allocated").state == "allocated.engraving"


DAY_S = 86_400
LATE = "released > 0 and now - released_at > days(2)"  # time can change nothing while nothing is released
ALL: dict[int, Units] = {1: ((1, 1),)}
ALLOCATED = UnitsAllocated(fulfillment="F1", location="DAL", units=ALL)
RELEASED = FulfillmentReleased(fulfillment="F1", location="DAL", units=ALL)


def flip(text: str, *story: Event) -> int | None:
    known = given(draft(sold()), *story)
    assert known.order is not None
    flow = workflow(statuses={"open": "True"}, folders=[folder("late", text)], holds={})
    return flow.next_flip(View(known.order, known.now_s, known.facts))


@pytest.mark.parametrize(
    ("text", "story", "after_s"),
    [
        (LATE, (), None),
        (LATE, (ALLOCATED, RELEASED), 2 * DAY_S + 1),
        ("now - placed_at > days(3)", (), 3 * DAY_S + 1),
        ("now - placed_at > days(3) or released > 0", (), 3 * DAY_S + 1),
        ("now - placed_at > days(1) and now - placed_at < days(2)", (), DAY_S + 1),
        ("holds > 0", (), None),
    ],
)
def test_an_order_is_looked_at_again_when_time_could_change_where_it_is(
    text: str, story: tuple[Event, ...], after_s: int | None
) -> None:
    assert flip(text, *story) == (None if after_s is None else NOW_S + after_s)


def test_a_condition_that_time_cannot_flip_is_passed_over_among_those_that_it_can() -> None:
    known = given(draft(sold()))
    assert known.order is not None
    instants = next_flip([condition("holds > 0"), condition("now - placed_at > days(1)")])
    assert instants(View(known.order, known.now_s, known.facts)) == NOW_S + DAY_S + 1
