"""Converting: an order takes over what its cart has set aside, and is told why it does not.

Covers E-3.
"""

import pytest

from segue.core.allocate import UnitsReserved
from segue.core.base import Event, NeedFacts
from segue.core.carts import Cart, Held
from segue.core.converting import CartMissed, CartTaken
from segue.core.draft import Draft
from segue.core.facts import StockMove
from segue.core.hold import HoldPlaced
from segue.core.intake import OrderPlaced, OrderValidated, PlaceOrder
from segue.core.stock import stock_moves
from segue.core.tally import Units
from segue.policies.validation import known_skus
from tests.core.given import Given, given
from tests.core.shop import NOW_S, draft, rule, sold

END_S = NOW_S + 900


def cart(*held: Held, channel: str = "web") -> Cart:
    return Cart("C-1", channel, NOW_S - 60, END_S, held)


def checking_out(bought: Draft, known: Cart | None, now_s: int = NOW_S) -> Given:
    found = given(bought).at(now_s)._replace(order=None)
    found.facts.carts["C-1"] = known
    return found


def placed(bought: Draft, known: Cart | None, now_s: int = NOW_S) -> list[Event]:
    found = checking_out(bought, known, now_s).when(PlaceOrder("web-1001", bought))
    first, *rest = found.events
    assert isinstance(first, OrderPlaced)
    return rest


def reserved(number: int, location: str, **lines: Units) -> UnitsReserved:
    units = {int(name[-1]): ranges for name, ranges in lines.items()}
    return UnitsReserved(fulfillment=f"F{number}", location=location, units=units)


def test_the_order_reserves_what_its_cart_had_where_it_had_it() -> None:
    known = cart(Held("CAP", "MIA", 1), Held("SHIRT", "DAL", 2), Held("SHIRT", "MIA", 1))
    bought = draft(sold("SHIRT", 3), sold("CAP"), cart="C-1")
    assert placed(bought, known) == [
        CartTaken(cart="C-1", held=known.held),
        reserved(1, "DAL", line1=((1, 2),)),
        reserved(2, "MIA", line1=((3, 3),), line2=((1, 1),)),
    ]


def test_what_the_order_does_not_need_is_free() -> None:
    known = cart(Held("CAP", "DAL", 1), Held("SHIRT", "DAL", 5))
    taken, made = placed(draft(sold("SHIRT", 2), cart="C-1"), known)
    assert made == reserved(1, "DAL", line1=((1, 2),))
    order = given(draft(sold("SHIRT", 2))).order
    assert order is not None
    assert stock_moves(order, taken) == [
        StockMove("CAP", "DAL", 0, 0, "cart_converted", reserved=-1),
        StockMove("SHIRT", "DAL", 0, 0, "cart_converted", reserved=-5),
    ]
    assert placed(draft(sold("HAT"), cart="C-1"), known) == [CartTaken(cart="C-1", held=known.held)]


def test_two_lines_of_one_sku_share_what_there_is_the_first_line_first() -> None:
    bought = draft(sold("SHIRT", 2), sold("SHIRT", 2), cart="C-1")
    assert placed(bought, cart(Held("SHIRT", "DAL", 3)))[1:] == [reserved(1, "DAL", line1=((1, 2),), line2=((1, 1),))]


def test_a_line_that_only_one_location_may_serve_takes_nothing_of_others() -> None:
    bought = draft(sold("SHIRT", 2, location="MIA"), cart="C-1")
    known = cart(Held("SHIRT", "DAL", 1), Held("SHIRT", "MIA", 1))
    assert placed(bought, known)[1:] == [reserved(1, "MIA", line1=((1, 1),))]


@pytest.mark.parametrize(
    ("known", "now_s", "why"),
    [
        (None, NOW_S, "nothing_reserved"),
        (cart(Held("SHIRT", "DAL", 2)), END_S, "over"),
        (cart(Held("SHIRT", "DAL", 2), channel="market"), NOW_S, "another_channel"),
    ],
)
def test_an_order_that_takes_nothing_over_says_why(known: Cart | None, now_s: int, why: str) -> None:
    assert placed(draft(sold("SHIRT"), cart="C-1"), known, now_s) == [CartMissed("C-1", why)]


def test_a_reservation_counts_to_its_last_second() -> None:
    assert len(placed(draft(sold("SHIRT"), cart="C-1"), cart(Held("SHIRT", "DAL", 2)), END_S - 1)) == 2


def test_an_order_without_a_cart_takes_nothing_over() -> None:
    assert placed(draft(sold("SHIRT")), None) == []


def test_an_order_that_may_still_be_corrected_takes_nothing_over() -> None:
    bought = draft(sold("SHIRT"), cart="C-1")
    asked = checking_out(bought, cart(Held("SHIRT", "DAL", 1))).knowing(
        items={"SHIRT": None}, holds={"known_skus": ("allocate",)}, validate=(rule(known_skus),)
    )
    found = asked.when(PlaceOrder("web-1001", bought)).events
    assert [type(event) for event in found] == [OrderPlaced, OrderValidated, HoldPlaced]


def test_what_a_cart_has_is_asked_for_if_it_is_not_known() -> None:
    bought = draft(sold("SHIRT"), cart="C-1")
    with pytest.raises(NeedFacts) as lacking:
        given(bought)._replace(order=None).when(PlaceOrder("web-1001", bought))
    assert (lacking.value.kind, lacking.value.keys) == ("cart", frozenset(("C-1",)))
