"""Bundle supply: how many of a bundle can be had. Covers I-1 and I-7."""

from typing import Any

import pytest

from segue.core.bundle_supply import Available, available, sold_of
from segue.core.bundles import Group, Part, Recipe, Recipes, Rules
from segue.core.facts import Stock

PLACES = ("DAL", "REN")
FREE: dict[str, Stock] = {
    "TOP": {"DAL": 3, "REN": 2, "OLD": 9},
    "LEG": {"DAL": 4, "REN": 5},
    "DESK": {"DAL": 2, "REN": -1},
    "LAMP": {"DAL": 1},
    "BULB": {"DAL": 1, "REN": 4},
}


def recipes(**rules: Any) -> Recipes:
    desk = Recipe("DESK", parts=(Part("TOP"), Part("LEG", 2)), rules=Rules(**rules))
    room = Recipe("ROOM", parts=(Part("DESK"), Part("LEG")), rules=Rules(ship="whole"))
    light = Group("light", ("LAMP", "BULB"), 2, 3)
    lit = Recipe("LIT", parts=(Part("LAMP"),), groups=(light, Group("card", ("CARD",), 0, 1)))
    return {"DESK": desk, "ROOM": room, "LIT": lit}


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ({"ship": "together"}, Available({}, {"DAL": 2, "REN": 2}, 4)),
        ({"ship": "one_location", "prepacked": True}, Available({"DAL": 2}, {"DAL": 2, "REN": 2}, 6)),
        ({"ship": "whole"}, Available({}, {"DAL": 2, "REN": 2}, 4)),
        ({"ship": "whole", "housed": ("REN",)}, Available({}, {"REN": 2}, 2)),
    ],
)
def test_there_are_as_many_as_the_scarcest_part_allows(rules: dict[str, Any], found: Available) -> None:
    assert available("DESK", recipes(**rules), FREE, PLACES) == found


def test_parts_of_several_locations_make_one_where_they_need_not_come_from_one() -> None:
    assert available("DESK", recipes(ship="whole"), FREE | {"LEG": {"DAL": 7, "REN": 3}}, PLACES).total == 5
    assert available("DESK", recipes(ship="together"), FREE | {"LEG": {"DAL": 7, "REN": 3}}, PLACES).total == 4


def test_a_part_that_is_in_a_bundle_twice_counts_once() -> None:
    assert available("ROOM", recipes(), FREE, PLACES).total == 3  # three legs each, of nine


def test_of_a_choice_there_has_to_be_enough_whatever_else_needs_it() -> None:
    assert available("LIT", recipes(), FREE, PLACES) == Available({}, {}, 1)
    assert available("LIT", recipes(), FREE | {"LAMP": {"DAL": 9}}, PLACES).total == 4  # 14 lamps and bulbs, three each
    assert available("LIT", recipes(), {}, PLACES).total == 0


def test_a_bundle_has_changed_where_anything_in_it_has() -> None:
    known = recipes()
    assert sorted(sold_of(known, ["TOP"])) == ["DESK", "ROOM"]
    assert sorted(sold_of(known, ["CARD"])) == ["LIT"]
    assert sold_of(known, ["MUG"]) == {}
