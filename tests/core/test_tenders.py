"""Tenders in turn: which way of payment gives an amount or gets it back."""

from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from segue.core.cancel import UnitsCanceled
from segue.core.capture import Capture, CaptureRequested
from segue.core.draft import DraftTender
from segue.core.ledger import cash_of
from segue.core.order import Order
from segue.core.pay import TenderAccepted
from segue.core.refund import PaymentRefunded, Refund
from segue.core.tenders import PROPORTIONAL, shared
from segue.core.void import Void, VoidRequested
from segue.policies.payment import at_once
from tests.core.given import given
from tests.core.shop import draft, sold

GIFT_CARD = DraftTender("prepaid", 20_00, "gift_card")
CREDIT = DraftTender("prepaid", 10_00, "store_credit")
CARD = DraftTender("prepaid", 60_00, "card")
SENT = draft(sold(quantity=9), tenders=(GIFT_CARD, CREDIT, CARD))


def order_of(*tenders: DraftTender) -> Order:
    order = given(draft(sold(), tenders=tenders)).order
    assert order is not None
    return order


# how it is said, and what each gives of 40.00, and of 85.00
TURNS: tuple[tuple[tuple[str, ...], dict[str, int], dict[str, int]], ...] = (
    ((), {"P1": 20_00, "P2": 10_00, "P3": 10_00}, {"P1": 20_00, "P2": 10_00, "P3": 55_00}),
    (("card",), {"P3": 40_00}, {"P3": 60_00, "P1": 20_00, "P2": 5_00}),
    (("store_credit", "card", "gift_card"), {"P2": 10_00, "P3": 30_00}, {"P2": 10_00, "P3": 60_00, "P1": 15_00}),
    (("bank",), {"P1": 20_00, "P2": 10_00, "P3": 10_00}, {"P1": 20_00, "P2": 10_00, "P3": 55_00}),
    (
        ("gift_card", "prepaid", "card"),
        {"P1": 20_00, "P2": 10_00, "P3": 10_00},
        {"P1": 20_00, "P2": 10_00, "P3": 55_00},
    ),
    (("prepaid", "card"), {"P1": 20_00, "P2": 10_00, "P3": 10_00}, {"P1": 20_00, "P2": 10_00, "P3": 55_00}),
    (PROPORTIONAL, {"P1": 8_89, "P2": 4_44, "P3": 26_67}, {"P1": 18_89, "P2": 9_44, "P3": 56_67}),
)


@pytest.mark.parametrize(("turns", "some", "most"), TURNS)
def test_tenders_give_in_their_turn_or_each_its_share(
    turns: tuple[str, ...], some: dict[str, int], most: dict[str, int]
) -> None:
    order = order_of(GIFT_CARD, CREDIT, CARD)
    held = {"P1": 20_00, "P2": 10_00, "P3": 60_00}
    assert shared(order, 40_00, held, turns) == some
    assert shared(order, 85_00, held, turns) == most
    assert shared(order, 0, held, turns) == shared(order, -1, held, turns) == {}
    assert shared(order, 1_000_00, held, turns) == held


def test_forty_of_eighty_are_given_back_in_proportion() -> None:
    order = order_of(GIFT_CARD, CARD)
    assert shared(order, 40_00, {"P1": 20_00, "P2": 60_00}, PROPORTIONAL) == {"P1": 10_00, "P2": 30_00}


def test_a_kind_may_be_named_where_no_method_is() -> None:
    order = order_of(CARD, DraftTender("account", 5_00, "invoice"))
    assert list(shared(order, 65_00, {"P1": 60_00, "P2": 5_00}, ("account",))) == ["P2", "P1"]


def test_money_of_ours_has_an_account_of_its_own() -> None:
    assert cash_of("prepaid", "gift_card") == "cash:gift_card"
    assert cash_of("gateway", "card") == "cash:gateway"


@forall(st.lists(st.integers(0, 10_000), min_size=1, max_size=5), st.integers(0, 60_000), st.sampled_from(TURNS))
def test_no_tender_gives_more_than_it_holds_and_together_they_give_the_amount(
    amounts: list[int], amount: int, turn: Any
) -> None:
    order = order_of(*(DraftTender("prepaid", held, "card") for held in amounts))
    held = {f"P{number}": one for number, one in enumerate(amounts, 1)}
    given_back = shared(order, amount, held, turn[0])
    assert sum(given_back.values()) == min(amount, sum(amounts))
    assert all(0 < part <= held[name] for name, part in given_back.items())


@pytest.mark.parametrize(
    ("turns", "given_back"),
    [
        ((), [("P3", 40_00)]),
        (("gift_card", "store_credit", "card"), [("P1", 20_00), ("P2", 10_00), ("P3", 10_00)]),
        (("card", "gift_card"), [("P3", 40_00)]),
        (PROPORTIONAL, [("P1", 8_89), ("P2", 4_44), ("P3", 26_67)]),
    ],
)
def test_a_refund_goes_where_the_workflow_says(turns: tuple[str, ...], given_back: list[tuple[str, int]]) -> None:
    canceled = UnitsCanceled(units={1: ((1, 4),)})
    events = given(SENT, canceled).knowing(refund_to=turns).when(Refund()).events
    assert [(each.tender, each.amount_minor) for each in events if isinstance(each, PaymentRefunded)] == given_back


SENT_HELD = draft(
    sold(quantity=8, price_minor=10_00),
    tenders=(DraftTender("adopted", 20_00, "card", "A"), DraftTender("adopted", 60_00, "gift_card", "B")),
)


@pytest.mark.parametrize(
    ("turns", "taken"),
    [
        ((), [("P1", 20_00), ("P2", 20_00)]),
        (("gift_card",), [("P2", 40_00)]),
        (PROPORTIONAL, [("P1", 10_00), ("P2", 30_00)]),
    ],
)
def test_money_is_taken_where_the_workflow_says(turns: tuple[str, ...], taken: list[tuple[str, int]]) -> None:
    canceled = UnitsCanceled(units={1: ((1, 4),)})
    known = given(SENT_HELD, canceled).knowing(capture_from=turns, capture=at_once)
    events = known.when(Capture()).events
    assert [(each.tender, each.amount_minor) for each in events if isinstance(each, CaptureRequested)] == taken


def test_what_is_paid_on_delivery_waits_though_others_give_in_proportion() -> None:
    sent = draft(
        sold(quantity=8, price_minor=10_00),
        tenders=(DraftTender("adopted", 20_00, "card", "A"), DraftTender("on_delivery", 60_00, "cash")),
    )
    agreed = TenderAccepted(tender="P2", amount_minor=60_00)
    events = given(sent, agreed).knowing(capture_from=PROPORTIONAL, capture=at_once).when(Capture()).events
    assert [(each.tender, each.amount_minor) for each in events if isinstance(each, CaptureRequested)] == [
        ("P1", 20_00)
    ]


def test_what_would_be_taken_last_is_let_go_of_first() -> None:
    canceled = UnitsCanceled(units={1: ((1, 6),)})
    known = given(SENT_HELD, canceled)
    first = known.knowing(capture_from=("gift_card", "card")).when(Void()).events[0]
    assert isinstance(first, VoidRequested)
    assert first.tender == "P1"
    last = known.when(Void()).events[0]
    assert isinstance(last, VoidRequested)
    assert last.tender == "P2"
