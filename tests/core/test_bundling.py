"""Bundling: what goes with a canceled part of a bundle, and what waits when a part comes back. Covers I-4 and I-5."""

from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.base import Because, Command, Refusal
from segue.core.bundle_words import for_channel, for_location, rules_told, waits_told
from segue.core.bundles import Bundle
from segue.core.bundling import ONE_BY_ONE_MAX, awaited, dissolved, missing_of, sold_with, told_units
from segue.core.cancel import Cancel, UnitsCanceled, canceled_unfound
from segue.core.draft import Draft
from segue.core.moving import moved
from segue.core.order import Order
from segue.core.returns import RecordReturn, UnitsReturned
from segue.core.tally import Units
from segue.core.worth import back_of, balance_of, earned, keeps, kept_of, no_longer_out, returned_of
from tests.core.bundled import bundle, made
from tests.core.given import Given, given
from tests.core.shop import sold

MUG_AND_TEA = (sold("MUG", 2, 15_00), sold("TEA", 4, 7_50))


def boxes(quantity: int = 2, taxes: int = 0, **rules: Any) -> Draft:
    """Boxes of a mug and two teas each, 30.00 instead of 40.00, and a cap."""
    parts = replace(
        bundle("BOX", quantity, {1: 1, 2: 2}, **rules),
        saved_minor={1: 5_00 * quantity, 2: 5_00 * quantity},
        title="Box",
    )
    sent = made(sold("MUG", quantity, 15_00), sold("TEA", 2 * quantity, 7_50), sold("CAP"), kind="gateway", B1=parts)
    lines = tuple(replace(line, tax_minor=taxes, bundle=line.bundle) for line in sent.lines)
    return replace(sent, lines=lines, total_minor=sent.total_minor + taxes * len(lines))


def order_of(known: Given) -> Order:
    assert known.order is not None
    return known.order


def sent(quantity: int = 2, state: str = "delivered", taxes: int = 0, **rules: Any) -> Given:
    """An order of boxes that has arrived."""
    known = given(boxes(quantity, taxes, **rules))
    order = order_of(known)
    everything: dict[int, Units] = {line.number: ((1, line.quantity),) for line in order.lines}
    path = ("new", "allocated", "released", "shipped", "delivered")
    for source, target in pairwise(path[: path.index(state) + 1]):
        order = moved(order, source, target, everything)
    return known._replace(order=order)


def test_with_a_part_goes_its_whole_bundle() -> None:
    known = given(boxes(on_short="cancel"))
    known.when(Cancel(line=2, quantity=1)).then(
        UnitsCanceled(
            units={1: ((1, 1),), 2: ((1, 2),)}, because=Because("given_back", {"as_a_whole": ["BOX"]})
        ),
        because=True,
    )  # fmt: skip
    known.when(Cancel(line=3)).then(UnitsCanceled(units={3: ((1, 1),)}))


@pytest.mark.parametrize("rule", ["keep", "dissolve"])
def test_the_rest_is_kept_where_the_rule_says_so(rule: str) -> None:
    found = given(boxes(on_short=rule)).when(Cancel(line=2, quantity=1))
    assert [event.units for event in found.events if isinstance(event, UnitsCanceled)] == [{2: ((1, 1),)}]


def test_bundles_are_canceled_by_their_key() -> None:
    known = given(boxes(on_short="keep"))
    known.when(Cancel(bundle="B1", quantity=1)).then(UnitsCanceled(units={1: ((1, 1),), 2: ((1, 2),)}))
    known.when(Cancel(bundle="B1")).then(UnitsCanceled(units={1: ((1, 2),), 2: ((1, 4),)}))
    known.when(Cancel(bundle="B2")).refused(Refusal.BUNDLE_NOT_FOUND, "B2; there: B1")
    known.when(Cancel(bundle="B1", quantity=3)).refused(Refusal.UNITS_NOT_THERE, "3 asked for, 2 can be canceled")
    sent().when(Cancel(bundle="B1")).refused(Refusal.NOTHING_TO_CANCEL, "of B1")
    given(made(sold())).when(Cancel(bundle="B1")).refused(Refusal.BUNDLE_NOT_FOUND, "there: none")


def test_what_no_location_has_takes_its_bundle_along() -> None:
    known = given(boxes(on_short="cancel"))
    events = canceled_unfound(order_of(known), {2: ((3, 3),)}, Because("unfound"), known.context)
    assert [event.units for event in events if isinstance(event, UnitsCanceled)] == [{1: ((2, 2),), 2: ((3, 4),)}]


def test_a_dissolved_bundle_costs_what_its_parts_cost_alone_and_never_more_than_was_paid() -> None:
    known = given(boxes(on_short="dissolve"))
    found = known.when(Cancel(line=1, quantity=1))
    assert [event.withheld_minor for event in found.events if isinstance(event, UnitsCanceled)] == [5_00]
    order = found.order
    assert order is not None
    assert keeps(order) == 70_00 - 15_00 + 5_00  # the teas of the first box cost 20.00 instead of 15.00
    (grant,) = dissolved(order)
    assert (grant.promotion, grant.units, grant.without) == (
        "bundle BOX", {1: ((1, 1),), 2: ((1, 2),)}, {1: 20_00, 2: 20_00}
    )  # fmt: skip
    cheap = replace(order, bundles={"B1": replace(order.bundles["B1"], saved_minor={1: 1, 2: 99_99})})
    assert known._replace(order=replace(cheap, withheld_minor=0)).when(Cancel(line=1)).order is not None


def test_what_is_dissolved_costs_its_tax_too_where_prices_are_without() -> None:
    order = given(boxes(on_short="dissolve", taxes=3_00)).when(Cancel(line=1, quantity=1)).order
    assert order is not None
    assert dissolved(order)[0].without == {1: 15_00 + 1_50 + 5_00 + 50, 2: 15_00 + 1_50 + 5_00 + 50}
    free = replace(order, lines=tuple(replace(line, paid_minor=line.tax_minor) for line in order.lines))
    assert dissolved(free)[0].without == {1: 1_50 + 5_00, 2: 1_50 + 5_00}
    assert dissolved(replace(order, taxes_included=True))[0].without == {1: 16_50 + 5_00, 2: 16_50 + 5_00}


def test_many_bundles_are_dissolved_as_one() -> None:
    many = ONE_BY_ONE_MAX + 1
    order = given(boxes(many, on_short="dissolve")).when(Cancel(line=1)).order
    assert order is not None
    (grant,) = dissolved(order)
    assert grant.units == {1: ((1, many),), 2: ((1, 2 * many),)}
    assert keeps(order) == 10_00 + 20_00 * many


def test_a_bundle_that_is_no_cheaper_is_not_dissolved() -> None:
    known = given(made(*MUG_AND_TEA, B1=bundle("BOX", 2, {1: 1, 2: 2}, on_short="dissolve")))
    known.when(Cancel(line=1, quantity=1)).then(UnitsCanceled(units={1: ((1, 1),)}))


def test_of_what_comes_back_together_a_part_alone_is_refused_with_what_would_be_missing() -> None:
    known = sent(returns="together")
    known.when(RecordReturn(1, 1)).refused(Refusal.BUNDLE_INCOMPLETE, "Box (B1): 2 x TEA would be missing")
    known.when(RecordReturn(3, 1)).then(UnitsReturned(units={3: ((1, 1),)}, location=""))
    known.when(RecordReturn(bundle="B1")).then(UnitsReturned(units={1: ((1, 1),), 2: ((1, 2),)}, location=""))
    known.when(RecordReturn(bundle="B1", quantity=3)).refused(Refusal.UNITS_NOT_THERE, "3 asked for, of 2")
    known.when(RecordReturn(bundle="B1", quantity=0)).refused(Refusal.UNITS_NOT_THERE)
    known.when(RecordReturn(bundle="B7")).refused(Refusal.BUNDLE_NOT_FOUND)


def test_what_is_here_all_the_same_is_taken_in_and_its_refund_waits() -> None:
    found = sent(returns="together").when(RecordReturn(1, 1, incomplete=True))
    order = found.order
    assert order is not None
    assert found.events[0].because == Because("given_back", {"waits_for": {"TEA": 2}})
    assert (awaited(order), missing_of(order), waits_told(order)) == ({1: ((1, 1),)}, {"TEA": 2}, "2 x TEA of Box")
    assert (keeps(order), earned(order, ("delivered",)), earned(order, ("shipped",))) == (70_00, 70_00, 0)
    assert (back_of(order), returned_of(order)) == ({}, {})
    assert kept_of(order) == {1: ((1, 2),), 2: ((1, 4),), 3: ((1, 1),)}


@pytest.mark.parametrize("rule", ["together", "separately"])
def test_the_last_part_brings_back_what_was_paid_for_all(rule: str) -> None:
    known = sent(returns=rule).after(RecordReturn(1, 1, incomplete=True))
    before = order_of(known)
    after = order_of(known.after(RecordReturn(2, 2)))
    assert (keeps(before), keeps(after), awaited(after)) == (70_00, 40_00, {})
    assert no_longer_out(before, after, ("delivered",)) == {1: ((1, 1),), 2: ((1, 2),)}
    assert returned_of(after) == {1: ((1, 1),), 2: ((1, 2),)}


@pytest.mark.parametrize("rule", ["together", "separately"])
def test_a_part_that_is_lost_on_its_way_is_refunded_at_once_and_not_waited_for(rule: str) -> None:
    known = sent(returns=rule, state="shipped")
    found = known.when(RecordReturn(1, 1, lost=True))
    order = found.then(UnitsReturned({1: ((1, 1),)}, "", sellable=False, lost=True))
    assert order is not None
    assert (keeps(order), awaited(order), missing_of(order), waits_told(order)) == (55_00, {}, {}, "")
    assert returned_of(order) == {1: ((1, 1),)}
    one_tea = known._replace(order=order).after(RecordReturn(2, 1, incomplete=True))
    assert (keeps(order_of(one_tea)), missing_of(order_of(one_tea))) == (55_00, {"TEA": 1})
    all_back = one_tea.after(RecordReturn(2, 1))
    assert (keeps(order_of(all_back)), awaited(order_of(all_back))) == (40_00, {})


@pytest.mark.parametrize("rule", ["together", "separately"])
def test_a_part_that_is_lost_on_its_way_was_never_sold_as_the_books_have_it(rule: str) -> None:
    outcome = sent(returns=rule, state="shipped").step(RecordReturn(1, 1, lost=True))
    booked = [(entry.debit, entry.credit, entry.amount_minor) for entry in outcome.entries]
    assert booked == [("sales", "customer", 15_00)]


def test_only_what_has_not_arrived_can_be_lost() -> None:
    sent(state="delivered").when(RecordReturn(1, 1, lost=True)).refused(
        Refusal.UNITS_NOT_THERE, "1 asked for, 0 have left"
    )
    alone = sent(state="shipped", returns="together").when(RecordReturn(3, 1, lost=True, sellable=True)).order
    assert alone is not None
    assert alone.lines[2].tally == {"returned": ((1, 1),)}


def test_each_part_is_refunded_by_itself_where_any_may_come_back() -> None:
    order = order_of(sent(returns="any").after(RecordReturn(2, 1)))
    assert (keeps(order), awaited(order), missing_of(order), waits_told(order)) == (62_50, {}, {}, "")


def test_what_is_canceled_is_not_waited_for() -> None:
    known = given(boxes(returns="separately", on_short="keep"))
    order = moved(order_of(known), "new", "allocated", {1: ((1, 1),)})
    for source, target in (("allocated", "released"), ("released", "shipped")):
        order = moved(order, source, target, {1: ((1, 1),)})
    back = known._replace(order=order).after(RecordReturn(1, 1))
    assert missing_of(order_of(back)) == {"TEA": 2}
    assert keeps(order_of(back.after(Cancel(line=2, quantity=2)))) == 40_00


def test_the_line_of_a_bundle_inside_another_was_sold_with_the_outer_one() -> None:
    inner, outer = bundle("IN", 1, {1: 1}, inside="B1"), bundle("OUT", 1, {1: 1, 2: 1})
    known = made(sold("A"), sold("B"), sold("C"), B1=outer, B2=inner)
    order = order_of(given(known))
    assert [sold_with(order, line) for line in order.lines] == [outer, outer, None]


def test_whole_bundles_are_told_as_such() -> None:
    order = order_of(given(boxes()))
    assert told_units(order, {1: ((1, 1),), 2: ((1, 3),), 3: ((1, 1),)}) == "1 x Box, 1 x TEA, 1 x CAP"
    assert told_units(order, {2: ((1, 2),)}) == "2 x TEA"


def test_customers_are_told_what_belongs_together_and_by_which_rules() -> None:
    order = order_of(given(boxes(ship="together", returns="separately", on_short="keep")))
    assert rules_told(order) == (
        "2 x Box (1 x MUG, 2 x TEA): sent together, in one parcel, taken back piece by piece, and refunded once all of "
        "it is back, if a piece cannot be sent, its share of the price is taken off"
    )


def test_channels_are_told_of_bundles_by_their_own_sku_and_locations_what_to_pack() -> None:
    order = order_of(sent(returns="separately", state="shipped").after(RecordReturn(bundle="B1")))
    assert for_channel(order) == [{"sku": "BOX", "quantity": 2, "shipped": 2, "canceled": 0, "returned": 1}]
    assert for_location(order, {2: ((1, 1),)}) == [
        {"bundle": "B1", "sku": "BOX", "title": "Box", "quantity": 1, "ship": "whole", "parts": {2: 2}}
    ]
    assert for_location(order, {3: ((1, 1),)}) == []


STORIES: list[list[Command]] = [
    [Cancel(line=2, quantity=2), RecordReturn(1, 1, incomplete=True), RecordReturn(2, 1, incomplete=True)],
    [RecordReturn(1, 2, incomplete=True), RecordReturn(2, 2, incomplete=True), Cancel(line=2, quantity=1)],
]


def half_sent(**rules: Any) -> Given:
    """The mugs and two of the teas have arrived; the other teas are still waiting."""
    known = given(boxes(**rules))
    order, units = order_of(known), {1: ((1, 2),), 2: ((3, 4),)}
    for source, target in (("new", "allocated"), ("allocated", "released"), ("released", "shipped")):
        order = moved(order, source, target, units)  # type: ignore[arg-type]
    return known._replace(order=order)


@pytest.mark.parametrize("returns", ["together", "separately", "any"])
@pytest.mark.parametrize("on_short", ["keep", "dissolve"])
@pytest.mark.parametrize("story", STORIES)
def test_in_whichever_order_parts_are_canceled_and_come_back_the_money_is_the_same(
    story: list[Command], on_short: str, returns: str
) -> None:
    ends = set()
    for commands in permutations(story):
        here = half_sent(on_short=on_short, returns=returns)
        worth = balance_of(order_of(here))
        for command in commands:
            here = here.after(command)
            assert balance_of(order_of(here)) <= worth  # never more because something came back
            worth = balance_of(order_of(here))
        ends.add(worth)
    assert len(ends) == 1


@forall(st.data())
def test_when_all_of_every_bundle_is_back_all_is_given_back(data: st.DataObject) -> None:
    rules: dict[str, Any] = {
        "returns": data.draw(st.sampled_from(("together", "separately", "any"))),
        "on_short": data.draw(st.sampled_from(("cancel", "keep", "dissolve"))),
    }
    here = sent(data.draw(st.integers(1, 3)), **rules)
    worths = [keeps(order_of(here))]
    left = {line.number: line.quantity for line in order_of(here).lines}
    while left:
        number = data.draw(st.sampled_from(sorted(left)))
        count = data.draw(st.integers(1, left[number]))
        here = here.after(RecordReturn(number, count, incomplete=True))
        worths.append(keeps(order_of(here)))
        left = {n: rest for n, held in left.items() if (rest := held - (count if n == number else 0))}
    assert worths == sorted(worths, reverse=True)
    assert worths[-1] == 0


def test_the_key_of_a_line_that_no_bundle_has_is_of_none() -> None:
    order = order_of(given(boxes()))
    strange = replace(order.lines[2], bundle="B9")
    assert sold_with(order, strange) is None
    assert isinstance(sold_with(order, order.lines[0]), Bundle)
