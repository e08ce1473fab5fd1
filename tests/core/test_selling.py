"""What may be sold beyond what is there: what is to come, less what is promised already; and to one customer so much."""

from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from segue.core.allocate import Allocate
from segue.core.base import Event, NeedFacts, Refusal, Refused
from segue.core.context import Context
from segue.core.draft import Draft
from segue.core.facts import Facts, Item
from segue.core.hold import HoldLifted, HoldPlaced
from segue.core.intake import CorrectOrder, OrderValidated, PlaceOrder, Validate
from segue.core.order import Order
from segue.core.policy import Rule
from segue.core.selling import (
    UNLIMITED,
    Sale,
    SaleCounted,
    Terms,
    bought,
    holding,
    keeps_to_supply,
    learn_selling,
    most_of,
    room_for,
    sales_of,
    sell,
    terms_for,
    unsellable,
    waiting_of,
)
from segue.core.step import step
from segue.core.supply import KeptApart, Presale
from segue.policies.selling import sellable
from segue.policies.validation import deliverable_address
from tests.core.given import given
from tests.core.shop import DALLAS, NOW_S, draft, hold, rule, sold, workflow

TWO = draft(sold("BOOK", 2))
COMING = ((NOW_S + 9, "DAL", 5, "PO-1"),)


def facts(free: int = 0, coming: Any = COMING, promised: int = 0, had: Any = (), **item: Any) -> Facts:
    """What is known of a book."""
    known = Facts()
    known.items["BOOK"] = Item("BOOK", **item)
    known.stock["BOOK"] = {"DAL": free, "REN": -1}
    known.arriving["BOOK"] = coming
    known.apart["BOOK"] = {}
    known.selling["BOOK"] = promised
    known.presales["BOOK"] = {}
    known.purchases["ann|BOOK"] = list(had)
    known.past["ann"] = ()
    return known


def flow(**terms: Any) -> Any:
    """A workflow that keeps to what may be sold."""
    holds = {"sellable": hold("allocate"), "deliverable_address": hold("allocate")}
    return workflow(validate=(rule(sellable, **terms), rule(deliverable_address)), holds=holds)


def events_of(sent: Draft, known: Facts, order: Order | None = None, command: Any = None, **terms: Any) -> list[Event]:
    """What comes of placing this, or of another command."""
    context = Context(NOW_S, flow(**terms), known)
    outcome = step(order, command or PlaceOrder("web-1", sent), context)
    return [event for decision in outcome.decisions for event in decision.events]


def placed(sent: Draft, known: Facts, **terms: Any) -> Order:
    """The order that comes of this."""
    return step(None, PlaceOrder("web-1", sent), Context(NOW_S, flow(**terms), known)).order


def counted(events: list[Event]) -> list[dict[str, int]]:
    """What the order counts with, one event after the other."""
    return [event.units for event in events if isinstance(event, SaleCounted)]


@pytest.mark.parametrize(
    ("terms", "most"),
    [
        (Terms(), 3 + 5 + 4),
        (Terms(percent=50), 3 + 2 + 2),
        (Terms(percent=0), 3),
        (Terms(percent=200), 3 + 5 + 4),
        (Terms(beyond=False), 3),
        (Terms(beyond=False, unlimited=True), 3),
        (Terms(unlimited=True), UNLIMITED),
    ],
)
def test_what_is_there_may_be_sold_and_of_each_supply_a_share(terms: Terms, most: int) -> None:
    coming = (*COMING, (NOW_S + 9, "REN", 1, "PO-2"), (NOW_S + 99, "DAL", 3, "PO-2"))
    assert most_of({"DAL": 3, "REN": -2}, coming, {}, terms) == most


@pytest.mark.parametrize(
    ("presale", "most"),
    [
        (Presale(), 3 + 2 + 2),
        (Presale(percent=100), 3 + 5 + 2),
        (Presale(percent=0), 3 + 2),
        (Presale(most=1), 3 + 1 + 2),
        (Presale(100, 9), 3 + 5 + 2),
        (Presale(most=9), 3 + 2 + 2),
    ],
)
def test_of_one_supply_another_share_may_be_sold(presale: Presale, most: int) -> None:
    """Covers J-6 and J-7."""
    coming = (*COMING, (NOW_S + 9, "REN", 4, "PO-2"))
    terms = Terms(percent=50)
    assert most_of({"DAL": 3}, coming, {}, terms, {"PO-1": presale, "PO-9": Presale(0, 0)}) == most
    known = facts(free=3, coming=coming, promised=1)
    known.presales["BOOK"] = {"PO-1": presale}
    order = placed(TWO, facts())
    assert room_for(order, "BOOK", terms, known) == most - 1


def test_what_comes_for_the_safety_stock_is_not_sold() -> None:
    apart = {"DAL": KeptApart(0, 0, 2)}
    assert most_of({}, COMING, apart, Terms()) == 3
    assert most_of({}, COMING, apart, Terms(percent=40)) == 2
    assert most_of({}, (), apart, Terms()) == 0


def test_an_order_for_no_more_than_there_is_counts_against_it() -> None:
    assert counted(events_of(TWO, facts(promised=3))) == [{"BOOK": 2}]
    order = placed(TWO, facts(promised=3))
    assert (order.counted, holding(order), order.holds) == ({"BOOK": 2}, {"BOOK": 2}, {})


def test_an_order_for_more_is_held_and_counts_with_nothing() -> None:
    events = events_of(TWO, facts(promised=4))
    assert [event.hold for event in events if isinstance(event, HoldPlaced)] == ["sellable:1"]
    assert counted(events) == []
    (failed,) = [event for event in events if isinstance(event, OrderValidated)]
    (failure,) = failed.failures
    assert failure.detail == "2 of BOOK wanted, 1 may be sold"
    assert failure.facts == ("stock:BOOK", "supply:BOOK", "selling:BOOK")


def test_two_lines_of_one_article_are_wanted_together() -> None:
    events = events_of(draft(sold("BOOK", 1), sold("BOOK", 1)), facts(promised=4))
    assert [event.hold for event in events if isinstance(event, HoldPlaced)] == ["sellable:1", "sellable:2"]


def test_by_choice_it_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        events_of(TWO, facts(promised=4), refuse=True)
    assert refused.value.refusal is Refusal.NOT_SELLABLE
    assert refused.value.detail == "2 of BOOK wanted, 1 may be sold"
    assert counted(events_of(TWO, facts(), refuse=True)) == [{"BOOK": 2}]


def test_an_article_may_never_be_sold_beyond_what_is_there() -> None:
    assert counted(events_of(TWO, facts(free=2, backorder=False))) == [{"BOOK": 2}]
    assert counted(events_of(TWO, facts(free=1, backorder=False), unlimited=True)) == []


def test_one_customer_may_have_so_many_within_a_time() -> None:
    had = [("web-0", NOW_S - 50, 1), ("web-9", NOW_S - 500, 5), ("web-1", NOW_S, 7)]
    assert counted(events_of(TWO, facts(had=had), per_customer=3, within_s=100)) == [{"BOOK": 2}]
    events = events_of(TWO, facts(had=had), per_customer=2, within_s=100)
    (failed,) = [event for event in events if isinstance(event, OrderValidated)]
    assert failed.failures[0].detail == "2 of BOOK wanted, 1 bought before, 2 for each customer"
    assert bought(placed(TWO, facts()), "BOOK", Terms(per_customer=2), facts(had=had)) == 6


def test_a_held_order_counts_as_soon_as_there_is_enough_and_once() -> None:
    order = placed(TWO, facts(promised=4))
    events = events_of(TWO, facts(promised=3), order, Validate())
    assert counted(events) == [{"BOOK": 2}]
    assert [event.hold for event in events if isinstance(event, HoldLifted)] == ["sellable:1"]
    now = step(order, Validate(), Context(NOW_S, flow(), facts(promised=3))).order
    assert counted(events_of(TWO, facts(promised=5), now, Validate())) == []


def test_what_counts_already_is_not_taken_back_since_less_is_to_come() -> None:
    nowhere = replace(TWO, ship_to=replace(TWO.ship_to, country=""))
    order = placed(nowhere, facts())
    assert (order.counted, list(order.holds)) == ({"BOOK": 2}, ["deliverable_address"])
    right = replace(order, ship_to=TWO.ship_to)
    assert counted(events_of(TWO, facts(coming=(), promised=2), right, Validate())) == []


def test_a_corrected_order_counts_with_what_it_is_now() -> None:
    nowhere = replace(TWO, ship_to=replace(TWO.ship_to, country=""))
    order = placed(nowhere, facts())
    more = draft(sold("BOOK", 4))
    assert counted(events_of(more, facts(promised=2), order, CorrectOrder(more))) == [{"BOOK": 4}]
    events = events_of(draft(sold("BOOK", 9)), facts(promised=2), order, CorrectOrder(draft(sold("BOOK", 9))))
    assert counted(events) == [{}]
    other = events_of(more, facts(promised=2), order, PlaceOrder("web-1", more))
    assert counted(other) == [{"BOOK": 4}]


def test_a_workflow_without_the_check_counts_nothing() -> None:
    known = facts()
    outcome = step(None, PlaceOrder("web-1", TWO), Context(NOW_S, workflow(), known))
    assert outcome.order.counted == {}
    assert sales_of(None, outcome.order, []) == ()


def test_beside_a_workflow_with_the_check_every_order_counts() -> None:
    """Covers J-6."""
    known = facts(coming=())
    known.counts_sales = True
    context = Context(NOW_S, workflow(validate=(rule(deliverable_address),), holds=flow().holds), known)
    nowhere = replace(TWO, ship_to=replace(TWO.ship_to, country=""))
    outcome = step(None, PlaceOrder("web-1", nowhere), context)
    events = [event for decision in outcome.decisions for event in decision.events]
    assert counted(events) == [{"BOOK": 2}]
    assert sales_of(None, outcome.order, events) == (Sale("BOOK", 2, 2, 2, unchecked=True),)
    more = step(outcome.order, CorrectOrder(draft(sold("BOOK", 4))), context).order
    assert more.counted == {"BOOK": 4}
    assert step(outcome.order, Validate(), context).order.counted == {"BOOK": 2}
    assert [keeps_to_supply(each) for each in (flow(), workflow())] == [True, False]


def test_what_was_allocated_at_once_was_bought_all_the_same() -> None:
    known = facts(free=2)
    known.counts_sales = True
    known.locations = {DALLAS.id: DALLAS}
    now = workflow(on={"order_placed": [Allocate()]})
    outcome = step(None, PlaceOrder("web-1", TWO), Context(NOW_S, now, known))
    events = [event for decision in outcome.decisions for event in decision.events]
    assert sales_of(None, outcome.order, events) == (Sale("BOOK", 2, 0, 0),)


def test_a_step_says_by_how_much_more_or_less_it_counts() -> None:
    order = placed(TWO, facts())
    first = SaleCounted({"BOOK": 2}, {"BOOK": Terms()})
    assert sales_of(None, order, [HoldLifted("sellable:1"), first]) == (Sale("BOOK", 2, 2, 2, Terms()),)
    line = order.lines[0]
    one = replace(order, lines=(replace(line, tally={"allocated": ((1, 1),), "backordered": ((2, 2),)}),))
    assert sales_of(order, one, []) == (Sale("BOOK", 2, 1, -1),)
    gone = replace(order, lines=(replace(line, tally={"allocated": ((1, 1),), "canceled": ((2, 2),)}),))
    assert sales_of(one, gone, []) == (Sale("BOOK", 1, 0, -1, None, True),)
    assert sales_of(gone, gone, []) == ()
    assert waiting_of(one) == {"BOOK": 1}


def test_the_next_order_of_a_wave_sees_what_was_sold() -> None:
    known, order = facts(promised=3, had=[("web-0", NOW_S, 1), ("web-1", NOW_S, 9)]), placed(TWO, facts())
    sell(known, order, Sale("BOOK", 2, 2, 2))
    assert known.selling == {"BOOK": 5}
    assert known.purchases["ann|BOOK"] == [("web-0", NOW_S, 1), ("web-1", order.placed_at_s, 2)]
    unknown = Facts()
    sell(unknown, order, Sale("BOOK", 2, 2, 2))
    assert (unknown.selling, unknown.purchases) == ({}, {})


def test_what_earlier_steps_of_a_wave_have_sold_counts_though_it_is_asked_for_later() -> None:
    known = facts(promised=0)
    known.selling.clear()
    order = placed(TWO, facts())
    sell(known, order, Sale("BOOK", 2, 2, 2))
    sell(known, order, Sale("BOOK", 2, 1, -1))
    learn_selling(known, {"BOOK": 4, "CAP": 1})
    assert known.selling == {"BOOK": 5, "CAP": 1}
    sell(known, order, Sale("BOOK", 2, 0, -1))
    assert known.selling["BOOK"] == 4


def test_what_is_not_known_is_asked_for() -> None:
    known = facts()
    del known.selling["BOOK"]
    with pytest.raises(NeedFacts) as need:
        events_of(TWO, known)
    assert (need.value.kind, need.value.keys) == ("selling", frozenset(("BOOK",)))
    known = facts()
    known.presales.clear()
    with pytest.raises(NeedFacts) as need:
        events_of(TWO, known)
    assert (need.value.kind, need.value.keys) == ("presales", frozenset(("BOOK",)))
    known = facts()
    known.purchases.clear()
    with pytest.raises(NeedFacts) as need:
        events_of(TWO, known, per_customer=1)
    assert (need.value.kind, need.value.keys) == ("bought", frozenset(("ann|BOOK",)))


def test_the_rules_of_an_article_are_the_workflows_and_its_own() -> None:
    bound = Rule("sellable", partial(sellable, percent=80, refuse=True))
    assert terms_for(bound, None) == Terms(percent=80)
    assert terms_for(Rule("sellable", sellable), Item("BOOK", backorder=False)) == Terms(beyond=False)


def test_a_cart_is_told_what_may_not_be_sold() -> None:
    order = given(TWO).order
    assert order is not None
    assert unsellable(order, Context(NOW_S, flow(), facts(promised=4))) == ("2 of BOOK wanted, 1 may be sold",)
    assert unsellable(order, Context(NOW_S, flow(), facts())) == ()
    assert unsellable(order, Context(NOW_S, workflow(), facts())) == ()
