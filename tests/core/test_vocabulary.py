"""The vocabulary: what each word of a condition says of an order."""

from typing import Any

import pytest

from segue.core.allocate import UnitsAllocated, UnitsBackordered, UnitsReserved
from segue.core.base import Event, NeedFacts
from segue.core.conditions import compile_condition
from segue.core.deliver import RecordDelivery, ShipmentDelivered
from segue.core.fulfill import FulfillmentReleased, FulfillmentShipped, RecordShipment
from segue.core.hold import HoldPlaced
from segue.core.item_state import StateEntered
from segue.core.past import Past
from segue.core.pay import AuthorizationDeclined, AuthorizationRequested, OutcomeUnknown
from segue.core.vocabulary import GETTERS, View, vocabulary
from tests.core.given import Given, given
from tests.core.shop import NOW_S, condition, draft, sold

SENT = draft(
    sold("SHIRT", 3, title="Shirt", properties={"size": "M"}, location="DAL"), sold("CAP", 1, 5_00),
    shipping_minor=4_99, tags=("vip",), locale="en", bill_country="CA",
)  # fmt: skip
GIVEN = UnitsAllocated(fulfillment="F1", location="DAL", units={1: ((1, 2),)})
RELEASED = FulfillmentReleased(fulfillment="F1", location="DAL", units={1: ((1, 2),)})
SHIPPED = FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S1", units={1: ((1, 1),)})

# what was before, and a condition that holds then
HOLD_TRUE: tuple[tuple[tuple[Event, ...], str], ...] = (
    ((), "units == 4 and line_count == 2 and total == 3999 and shipping == 499 and currency == 'USD'"),
    ((), "new == 4 and allocated == 0 and holds == 0 and failures == 0 and grade == 0 and band == '' and screening == ''"),
    ((), "channel == 'web' and country == 'US' and region == 'TX' and bill_country == 'CA' and ship_method == 'ground'"),
    ((), "locale == 'en' and 'vip' in tags and 'gateway' in tender_kinds and due == total and authorized == 0"),
    ((), "fulfillments == 0 and shipments == 0 and sourcing_attempts == 0 and declined == 0 and unknown == 0"),
    ((), "placed_at == now and promised_at > now + days(1000) and released_at > now and shipped_at > now"),
    ((), "held_since > now and earlier_orders == 1 and unlisted == 1 and available == 3"),
    ((), "not has_date and scheduled == 0 and release_at > now and pickup_from > now and pickup_until > now"),
    ((), "not in_grace and grace_ends_at > now"),
    ((), "any(line.sku == 'SHIRT' and line.title == 'Shirt' and line.quantity == 3 for line in lines)"),
    ((), "any(line.price == 500 and line.paid == 500 and line.location == '' for line in lines)"),
    ((), "any('size' in line.properties and line.location == 'DAL' and line.new == 3 for line in lines)"),
    ((HoldPlaced(hold="odd", type="odd"),), "holds == 1 and 'odd' in hold_types and held_since == now"),
    ((GIVEN,), "allocated == 2 and new == 2 and fulfillments == 1 and available == 1"),
    ((GIVEN, RELEASED), "released == 2 and released_at == now"),
    ((GIVEN, RELEASED, SHIPPED), "shipped == 1 and released == 1 and released_at == now and shipped_at == now"),
    (
        (GIVEN, RELEASED, SHIPPED, ShipmentDelivered(shipment="S1", units={1: ((1, 1),)})),
        "delivered == 1 and shipments == 1 and shipped_at > now",
    ),
    (
        (GIVEN, StateEntered(state="allocated.engraving", units={1: ((2, 2),)})),
        "allocated == 2 and engraving == 1 and wrapping == 0 and any(line.engraving == 1 for line in lines)",
    ),
    ((UnitsReserved(fulfillment="F1", location="DAL", units={1: ((1, 3),)}),), "reserved == 3 and available == 0"),
    ((UnitsBackordered(units={1: ((1, 3),), 2: ((1, 1),)}),), "backordered == 4 and available == 3"),
    (
        (
            AuthorizationRequested(transaction="A1", tender="P1", amount_minor=39_99),
            AuthorizationDeclined(transaction="A1", tender="P1", amount_minor=39_99),
            AuthorizationRequested(transaction="A2", tender="P1", amount_minor=39_99),
            OutcomeUnknown(transaction="A2"),
        ),
        "declined == 1 and unknown == 1 and authorizing == total and due == 0",
    ),
)  # fmt: skip


def view(known: Given) -> View:
    assert known.order is not None
    return View(known.order, known.now_s, known.facts)


def knowing(*story: Event, **sent: Any) -> Given:
    own = Past("web-1001", NOW_S, "b")
    return given(SENT, *story).knowing(
        stock={"SHIRT": {"DAL": 5}}, items={"CAP": None}, past=(own, Past("web-1", 0, "b")), **sent
    )


@pytest.mark.parametrize(("story", "text"), HOLD_TRUE)
def test_a_word_says_what_it_means(story: tuple[Event, ...], text: str) -> None:
    assert condition(text).test(view(knowing(*story)))


def test_only_parcels_under_way_and_fulfillments_with_units_at_their_location_count() -> None:
    first = knowing(GIVEN, RELEASED).after(RecordShipment("F1", "S1", {1: ((1, 1),)}), 100)
    second = first.after(RecordShipment("F1", "S2"), 100)
    assert condition("shipped_at == placed_at and released_at > now").test(view(second))
    arrived = second.after(RecordDelivery("S1"))
    assert GETTERS["shipped_at"](view(arrived)) == NOW_S + 100


def test_words_about_the_outside_name_the_facts_that_they_depend_on() -> None:
    known = given(SENT)
    known.facts.stock.clear()
    with pytest.raises(NeedFacts, match="stock: CAP, SHIRT"):
        condition("available > 0").test(view(known))
    assert condition("available > 0 and unlisted == 0 or earlier_orders > 3").facts == {"stock", "item", "past"}


def test_a_workflow_adds_its_item_states_and_the_choices_of_its_bands() -> None:
    words = vocabulary(("polishing",), ("low", "high"))
    assert compile_condition("polishing > 0 and band == 'low'", words).names == {"polishing", "band"}
    assert words.choices == {"band": ("low", "high")}


def test_a_promised_instant_is_compared_as_an_instant() -> None:
    known = given(draft(sold(), promised_at_s=NOW_S + 10))
    assert condition("promised_at > now and promised_at - now < minutes(1)").test(view(known))
