"""Losing: what a period cost more than it had to, by cause, in small cases that can be added up by hand."""

from segue.core.draft import Destination
from segue.core.lanes import MILLS
from segue.core.rates import Card, Rates
from segue.core.waves import Wish
from segue.planning.losing import Losses, losses

HERE = Destination("DE")
RATES = Rates(
    Card(((0, 9_000),), 0),
    zones={"NEAR": {"DE": "near"}, "FAR": {"DE": "far"}},
    methods={"standard": {"near": Card(((1000, 400),), 0), "far": Card(((1000, 900),), 0)}},
    unfilled_minor=5_000,
    weight_g=100,
)
NEAR, FAR = 400 * MILLS, 900 * MILLS


def looked_back(
    stock: dict[str, int], paid: int, barred: tuple[str, ...] = (), capacity: dict[str, int] | None = None
) -> Losses:
    """Two orders of one mug each."""
    wishes = [Wish(name, HERE, "standard", {"MUG": 1}, "", barred) for name in ("A", "B")]
    return losses(RATES, {"MUG": stock}, {}, wishes, capacity or {}, paid, compiled=False)


def parts(found: Losses) -> tuple[int, int, int, int, int]:
    return (
        found.to_foresight_mills,
        found.to_rules_mills,
        found.to_capacity_mills,
        found.to_position_mills,
        found.anywhere_mills,
    )


def test_what_could_have_been_known_is_lost_to_foresight() -> None:
    """Covers F-16."""
    found = looked_back({"NEAR": 2, "FAR": 2}, paid=NEAR + FAR)
    assert parts(found) == (FAR - NEAR, 0, 0, 0, 2 * NEAR)
    assert found.reached_mills == found.bound_mills == 2 * NEAR


def test_what_a_location_may_not_serve_is_lost_to_rules() -> None:
    """Covers F-16."""
    assert parts(looked_back({"NEAR": 2, "FAR": 2}, 2 * FAR, barred=("NEAR",))) == (0, 2 * (FAR - NEAR), 0, 0, 2 * NEAR)


def test_what_a_location_has_no_room_for_is_lost_to_capacity() -> None:
    """Covers F-16."""
    found = looked_back({"NEAR": 2, "FAR": 2}, NEAR + FAR, capacity={"NEAR": 1})
    assert parts(found) == (0, 0, FAR - NEAR, 0, 2 * NEAR)


def test_what_lies_elsewhere_is_lost_to_position_and_what_is_nowhere_to_nothing() -> None:
    """Covers F-16."""
    assert parts(looked_back({"NEAR": 1, "FAR": 1}, NEAR + FAR)) == (0, 0, 0, FAR - NEAR, 2 * NEAR)
    unfilled = RATES.unfilled_minor * MILLS
    assert parts(looked_back({"NEAR": 1}, NEAR + unfilled)) == (0, 0, 0, 0, NEAR + unfilled)
