"""Substitute: another article takes the place of one that is not there, in the order of a list, for what was paid."""

from collections.abc import Mapping
from typing import Any

import pytest

from segue.core.allocate import UnitsAllocated, UnitsBackordered
from segue.core.base import Because, Refusal
from segue.core.cancel import UnitsCanceled
from segue.core.deallocate import UnitsDeallocated
from segue.core.expected import Awaited, Expected
from segue.core.facts import Item, Stock
from segue.core.hold import HoldPlaced, ReactionBlocked
from segue.core.order import Order
from segue.core.repromise import StockExpected
from segue.core.substitute import LineSubstituted, Substitute
from segue.core.tally import Units
from segue.core.worth import keeps
from tests.core.given import Given, given
from tests.core.shop import NOW_S, draft, sold

YES = {"substitution": "yes"}
TWO: dict[int, Units] = {1: ((1, 2),)}
WAITS = UnitsBackordered(TWO)
ITEMS: dict[str, Item | None] = {
    "SHIRT": Item("SHIRT", "Shirt", 12_00, substitutes=("BLUSE", "POLO", "VEST")),
    "POLO": Item("POLO", "Polo shirt", 15_00),
    "VEST": Item("VEST", "Vest", 5_00),
    "BLUSE": Item("BLUSE", "Blouse", 12_00),
}
NOTHING: dict[str, Stock] = {sku: {} for sku in ITEMS}
POLO = LineSubstituted(1, "POLO", "SHIRT", ((1, 2),), "Polo shirt")


def bought(*story: object, stock: dict[str, Stock], items: Mapping[str, Item | None] = ITEMS, **more: Any) -> Given:
    """Two shirts, whose customer agrees if nothing else is said, and what is free."""
    properties, holds = more.pop("properties", YES), more.pop("holds", None)
    sent = draft(sold("SHIRT", 2, title="A shirt", properties=properties, tax_minor=1_53), *more.pop("others", ()))
    return given(sent, *(story or (WAITS,))).knowing(stock=NOTHING | stock, items=items, holds=holds)  # type: ignore[arg-type]


def line(order: Order | None) -> tuple[str, str, str, str]:
    assert order is not None
    first = order.lines[0]
    return first.sku, first.title, first.was, first.was_title


def test_the_first_of_the_list_that_is_there_takes_its_place_and_is_allocated_and_the_money_stays() -> None:
    here = bought(stock={"BLUSE": {"DAL": 1}, "POLO": {"DAL": 9}, "VEST": {"DAL": 9}})
    order = here.when(Substitute()).then(POLO, UnitsAllocated("F1", "DAL", TWO))
    assert order is not None
    assert here.order is not None
    assert line(order) == ("POLO", "Polo shirt", "SHIRT", "A shirt")
    before, after = here.order.lines[0], order.lines[0]
    assert (after.price_minor, after.paid_minor, after.tax_minor) == (before.price_minor, 21_53, 1_53)
    assert (keeps(order), order.total_minor) == (keeps(here.order), here.order.total_minor)


def test_the_reason_names_what_was_passed_over_and_who_agreed() -> None:
    stock: dict[str, Stock] = {"BLUSE": {"DAL": 1}, "POLO": {"DAL": 9}}
    passed_over = {"BLUSE": "1 free of 2"}
    for properties, agreed in ((YES, "by the order"), ({}, "by person:ann")):
        events = bought(stock=stock, properties=properties).when(Substitute(1, agreed=True)).events
        assert events[0].because == Because("substitute", {"wanted": 2, "free": 9, "agreed": agreed}, passed_over)


@pytest.mark.parametrize(
    ("said", "agreed", "taken"),
    [("", False, False), ("", True, True), ("no", True, False), ("True", False, True), ("maybe", True, False)],
)
def test_what_the_customer_says_counts_before_what_others_say(said: str, agreed: bool, taken: bool) -> None:
    properties = {"substitution": said} if said else {}
    here = bought(stock={"POLO": {"DAL": 2}}, properties=properties)
    assert bool(here.when(Substitute(agreed=agreed)).events) is taken
    if not taken:
        here.when(Substitute(1, agreed)).refused(Refusal.NOT_AGREED, "line 1")


def test_none_of_the_list_is_there_and_nothing_happens() -> None:
    bought(stock={"POLO": {"DAL": 1}}).when(Substitute()).then()
    bought(stock={}, items=ITEMS | {"SHIRT": None}).when(Substitute()).then()


def test_a_line_that_is_named_says_why_not() -> None:
    items = {"BLUSE": None, "VEST": Item("VEST", tax_class="reduced")}
    why = "BLUSE: not in the catalog, POLO: 1 free of 2, VEST: taxed otherwise"
    bought(stock={"POLO": {"DAL": 1}}, items=ITEMS | items).when(Substitute(1)).refused(Refusal.NO_SUBSTITUTE, why)
    bought(stock={}, items={"SHIRT": None}).when(Substitute(1)).refused(Refusal.NO_SUBSTITUTE, "names none")
    bought(stock={}).when(Substitute(2)).refused(Refusal.LINE_NOT_FOUND, "2")
    there = bought(stock={"SHIRT": {"DAL": 2}, "POLO": {"DAL": 2}})
    there.when(Substitute(1)).refused(Refusal.NO_SUBSTITUTE, "SHIRT: it is there itself")
    nowhere = bought(stock={"POLO": {"PARIS": 2}})
    nowhere.when(Substitute(1)).refused(Refusal.NO_SUBSTITUTE, "POLO: 2 free, and no location can give 2")


def test_a_line_changes_as_a_whole_or_not_at_all() -> None:
    one: dict[int, Units] = {1: ((1, 1),)}
    rest = UnitsBackordered({1: ((2, 2),)})
    stock: dict[str, Stock] = {"POLO": {"DAL": 9}}
    half = bought(UnitsAllocated("F1", "DAL", one), rest, stock=stock)
    half.when(Substitute()).then()
    half.when(Substitute(1)).refused(Refusal.UNITS_NOT_THERE, "allocated")
    bought(UnitsCanceled(TWO), stock=stock).when(Substitute(1)).refused(Refusal.UNITS_NOT_THERE, "canceled")
    order = bought(UnitsCanceled(one), rest, stock=stock).when(Substitute(1)).order
    assert order is not None
    assert order.lines[0].tally == {"canceled": ((1, 1),), "allocated": ((2, 2),)}


def test_two_lines_do_not_get_the_same_unit() -> None:
    cap = sold("CAP", 2, properties=YES)
    items = ITEMS | {"CAP": Item("CAP", substitutes=("POLO", "VEST"))}
    both: dict[int, Units] = TWO | {2: ((1, 2),)}
    stock: dict[str, Stock] = {"POLO": {"DAL": 3}, "VEST": {"DAL": 2}}
    here = bought(UnitsBackordered(both), stock=stock, items=items, others=[cap])
    other = LineSubstituted(2, "VEST", "CAP", ((1, 2),), "Vest")
    here.when(Substitute()).then(POLO, other, UnitsAllocated("F1", "DAL", both))
    here.when(Substitute(2)).then(
        LineSubstituted(2, "POLO", "CAP", ((1, 2),), "Polo shirt"), UnitsAllocated("F1", "DAL", {2: ((1, 2),)})
    )


def test_a_second_time_the_list_is_that_of_what_was_ordered() -> None:
    story = (WAITS, POLO, UnitsAllocated("F1", "DAL", TWO), UnitsDeallocated("F1", "DAL", TWO), WAITS)
    here = bought(*story, stock={"POLO": {"DAL": 1}, "VEST": {"DAL": 2}})
    order = here.when(Substitute()).then(
        LineSubstituted(1, "VEST", "POLO", ((1, 2),), "Vest"), UnitsAllocated("F2", "DAL", TWO)
    )
    assert line(order) == ("VEST", "Vest", "SHIRT", "A shirt")


def test_what_was_expected_for_it_is_not_expected_for_the_other_article() -> None:
    known = Expected((Awaited(NOW_S + 60, "DAL", 2, ("PO-1",)),))
    order = bought(WAITS, StockExpected({1: known, 2: known}), stock={"POLO": {"DAL": 2}}).when(Substitute()).order
    assert order is not None
    assert order.expected == {2: known}


def test_holds_keep_it_waiting() -> None:
    holds = {"service": ("allocate",)}
    stock: dict[str, Stock] = {"POLO": {"DAL": 2}}
    held = HoldPlaced("service", "service", 0, "", "ann")
    bought(WAITS, held, stock=stock, holds=holds).when(Substitute()).refused(Refusal.HOLD_BLOCKS, "service")
    on_line = HoldPlaced("service:1", "service", 1, "", "ann")
    bought(WAITS, on_line, stock=stock, holds=holds).when(Substitute()).then(ReactionBlocked("service:1"))
