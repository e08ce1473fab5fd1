"""Grading: rules give points, points a band, and the rules that fired are named with their figures."""

import pytest

from segue.core.base import Because
from segue.core.draft import Destination
from segue.core.grade import GradeOrder, OrderGraded
from segue.policies.grading import country_mismatch, high_value, many_units
from tests.core.given import given
from tests.core.shop import draft, rule, sold

RULES = (
    rule(high_value, 40, from_minor=500_00),
    rule(country_mismatch, 30),
    rule(many_units, -10, from_units=5),
)
BANDS = (("low", 0), ("medium", 30), ("high", 60))


@pytest.mark.parametrize(
    ("price_minor", "country", "quantity", "score", "band"),
    [
        (10_00, "US", 1, 0, "low"),
        (10_00, "CA", 1, 30, "medium"),
        (500_00, "CA", 1, 70, "high"),
        (1, "US", 5, -10, "low"),
    ],
)
def test_points_add_up_and_fall_into_a_band(
    price_minor: int, country: str, quantity: int, score: int, band: str
) -> None:
    known = given(draft(sold("SHIRT", quantity, price_minor), ship_to=Destination(country), bill_country="US"))
    graded = known.knowing(grade=RULES, bands=BANDS).step(GradeOrder()).order
    assert (graded.score, graded.band) == (score, band)


def test_the_rules_that_fired_are_named_with_their_figures() -> None:
    known = given(draft(sold(price_minor=600_00))).knowing(grade=RULES, bands=BANDS)
    known.when(GradeOrder()).then(
        OrderGraded(
            score=40,
            band="medium",
            fired={"high_value": 40},
            because=Because("grade", {"high_value": {"total": 600_00, "from": 500_00}}),
        ),
        because=True,
    )


def test_without_rules_the_score_is_zero_in_no_band() -> None:
    given(draft(sold())).when(GradeOrder()).then(OrderGraded(score=0, band=""), because=True)
