"""Halving: what a step may do to a part of a bundle alone, and what it may not."""

import pytest

from segue.core.allocate import UnitsAllocated, UnitsBackordered
from segue.core.cancel import UnitsCanceled
from segue.core.fulfill import FulfillmentReleased, UnitsShortPicked
from segue.core.order import Order
from segue.core.tally import Units
from segue.sim.trial.halving import halved
from tests.core.bundled import desk
from tests.core.given import given

ALL: dict[int, Units] = {1: ((1, 2),), 2: ((1, 4),)}
TOPS: dict[int, Units] = {1: ((1, 2),)}
LEGS: dict[int, Units] = {2: ((1, 4),)}
LEG: dict[int, Units] = {2: ((3, 3),)}
WITH_IT: dict[int, Units] = {1: ((2, 2),), 2: ((4, 4),)}
ALLOCATED, RELEASED = UnitsAllocated("F1", "DAL", ALL), FulfillmentReleased("F1", "DAL", ALL)
TOPS_HERE, LEGS_THERE = UnitsAllocated("F1", "DAL", TOPS), UnitsAllocated("F2", "AUS", LEGS)


def after(ship: str, *story: object) -> Order:
    order = given(desk(ship), *story).order  # type: ignore[arg-type]
    assert order is not None
    return order


def found(ship: str, *story: object) -> list[str]:
    """What the last event of a story has halved."""
    return [*halved(after(ship, *story[:-1]), after(ship, *story))]


@pytest.mark.parametrize("ship", ["together", "one_location", "whole"])
def test_no_location_is_asked_for_a_part_while_another_waits(ship: str) -> None:
    story = (TOPS_HERE, UnitsBackordered(LEGS), FulfillmentReleased("F1", "DAL", TOPS))
    assert found(ship, *story) == ["of B1 the number 1: a location is asked for a part of it, and another waits"]
    assert found(ship, ALLOCATED, RELEASED) == []


@pytest.mark.parametrize("ship", ["together", "one_location", "whole"])
def test_no_part_stays_where_another_is_gone_from(ship: str) -> None:
    alone = UnitsShortPicked("F1", "DAL", LEG, "not_found")
    assert found(ship, ALLOCATED, RELEASED, alone) == [
        "of B1 the number 2: a part of it is gone from F1, and another stays there"
    ]
    whole = UnitsShortPicked("F1", "DAL", LEG, "not_found", beside=WITH_IT)
    assert found(ship, ALLOCATED, RELEASED, whole) == []


def test_what_another_location_was_asked_for_stays_on_its_way() -> None:
    released = (FulfillmentReleased("F1", "DAL", TOPS), FulfillmentReleased("F2", "AUS", LEGS))
    gone = UnitsShortPicked("F2", "AUS", LEGS, "not_found")
    assert found("whole", TOPS_HERE, LEGS_THERE, *released, gone) == []


def test_bundles_that_ship_independently_and_those_without_a_part_are_none() -> None:
    story = (TOPS_HERE, UnitsBackordered(LEGS), FulfillmentReleased("F1", "DAL", TOPS))
    assert found("independently", *story) == []
    assert found("whole", UnitsCanceled({2: ((2, 2), (4, 4))}, "no"), *story) == []
