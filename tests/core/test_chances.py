"""Chances: an order that waits is asked again where time alone could give it a location, and never daily for nothing."""

import pytest
from msgspec.structs import replace

from segue.core.allocate import UnitsBackordered
from segue.core.days import Capacity, Closure, Load
from segue.core.sourcing import next_chance
from segue.core.vocabulary import View
from tests.core.given import Given, given
from tests.core.shop import DALLAS, MIAMI, NOW_S, RENO, draft, sold

DAY_S = 86_400
TODAY = NOW_S // DAY_S
TOMORROW_S = (TODAY + 1) * DAY_S
LIMITED = replace(DALLAS, capacity=Capacity(units=3))
LATER = replace(RENO, capacity=Capacity(orders=1), day_starts_s=NOW_S % DAY_S + 3600)  # its day is yesterday's still
WAITING = (UnitsBackordered({1: ((1, 1),)}),)


def chance(known: Given) -> int | None:
    assert known.order is not None
    return next_chance(known.order, View(known.order, NOW_S, known.facts), known.context)


@pytest.mark.parametrize(
    ("stock", "taken", "expected_s"),
    [
        ({"DAL": 5}, Load(1, 1, 3), TOMORROW_S),
        ({"DAL": 5}, Load(0, 0, 1), TOMORROW_S),
        ({"DAL": 5}, Load(), None),  # tomorrow is no better than an untouched today
        ({"DAL": 5}, None, TOMORROW_S),  # as far as is known it may be
        ({"DAL": 0}, Load(1, 1, 3), None),  # room alone is of no use
        ({"DAL": -2}, Load(1, 1, 3), None),
        ({"MIA": 5}, Load(1, 1, 3), None),
        ({}, Load(1, 1, 3), None),
        (None, Load(1, 1, 3), TOMORROW_S),  # what is there is not known
        (None, Load(), None),
    ],
)
def test_the_next_day_is_a_chance_where_today_is_taken_and_there_is_stock(
    stock: dict[str, int] | None, taken: Load | None, expected_s: int | None
) -> None:
    known = given(draft(sold("SHIRT")), *WAITING).knowing(stock={"SHIRT": stock or {}}, locations=(LIMITED, MIAMI))
    if stock is None:
        known.facts.stock.clear()
    if taken is not None:
        known.facts.days[f"DAL|{TODAY}"] = taken
    assert chance(known) == expected_s


def test_of_several_chances_it_is_the_first_and_never_one_that_is_over() -> None:
    known = given(draft(sold("SHIRT")), *WAITING).knowing(
        stock={"SHIRT": {"DAL": 1, "REN": 1}}, locations=(LIMITED, LATER)
    )
    known.facts.days |= {f"DAL|{TODAY}": Load(1, 1, 1), f"REN|{TODAY - 1}": Load(1, 1, 1)}
    assert chance(known) == NOW_S + 3600, "its day begins sooner than the other's"
    known.facts.closed = {"MIA": Closure("MIA", NOW_S), "REN": Closure("REN", None), "DAL": Closure("DAL", NOW_S + 60)}
    assert chance(known) == NOW_S + 60
    known.facts.closed = {}
    known.facts.days = dict.fromkeys(known.facts.days, Load())
    assert chance(known) is None


def test_only_what_waits_counts() -> None:
    goods = draft(sold("SHIRT"), sold("CAP"))
    known = given(goods, *WAITING).knowing(stock={"SHIRT": {}, "CAP": {"DAL": 9}}, locations=(LIMITED,))
    known.facts.days[f"DAL|{TODAY}"] = Load(1, 1, 1)
    assert chance(known) is None, "of what it lacks there is nothing, of the other it has its own"
