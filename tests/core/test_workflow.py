"""Workflow values: bands and item states."""

import pytest

from segue.core.workflow import ItemState, band_of
from tests.core.shop import workflow


@pytest.mark.parametrize(
    ("score", "band"), [(-1, ""), (0, "low"), (29, "low"), (30, "medium"), (60, "high"), (999, "high")]
)
def test_a_score_is_in_the_last_band_whose_threshold_it_reaches(score: int, band: str) -> None:
    flow = workflow(bands=(("low", 0), ("medium", 30), ("high", 60)))
    assert band_of(flow, score) == band


def test_an_item_state_is_written_behind_the_core_state_that_it_refines() -> None:
    assert ItemState("engraving", "allocated").state == "allocated.engraving"
