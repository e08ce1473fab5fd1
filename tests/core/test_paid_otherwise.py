"""Paid otherwise: what is due is asked for in another way; and what a subscription hears of its order's payment."""

import pytest

from segue.core.base import Event, Refusal
from segue.core.cancel import UnitsCanceled
from segue.core.paid_otherwise import ChangeTender, TenderChanged
from segue.core.pay import AuthorizationDeclined, AuthorizationRequested, Authorize, PaymentAuthorized
from segue.core.subscription.drafting import channel_order_id, made_of, payment_of
from tests.core.given import given
from tests.core.shop import draft, sold

BOUGHT = draft(sold(quantity=2, price_minor=10_00))
CHANGED = TenderChanged(tender="P1", method="sepa", reference="mandate-7")


def asked(name: str) -> AuthorizationRequested:
    return AuthorizationRequested(transaction=name, tender="P1", amount_minor=20_00)


def declined(name: str) -> AuthorizationDeclined:
    return AuthorizationDeclined(transaction=name, tender="P1", amount_minor=20_00)


HELD = PaymentAuthorized(transaction="A2", tender="P1", amount_minor=20_00)
TWICE = (asked("A1"), declined("A1"), asked("A2"))


def test_what_is_due_is_asked_for_in_another_way() -> None:
    order = given(BOUGHT, *TWICE[:2]).when(ChangeTender("sepa", "mandate-7")).then(CHANGED)
    assert order is not None
    assert (order.tenders["P1"].method, order.tenders["P1"].reference) == ("sepa", "mandate-7")
    given(BOUGHT, *TWICE[:2], CHANGED).when(Authorize()).then(asked("A2"))
    given(BOUGHT, *TWICE[:2], CHANGED).when(ChangeTender("sepa", "mandate-7")).then()


def test_what_is_asked_for_or_held_is_not() -> None:
    given(BOUGHT, asked("A1")).when(ChangeTender("sepa")).refused(Refusal.MONEY_UNDER_WAY, "P1")
    given(BOUGHT, *TWICE, HELD).when(ChangeTender("sepa")).refused(Refusal.MONEY_UNDER_WAY, "P1")
    given(BOUGHT).when(ChangeTender("sepa", tender="P2")).refused(Refusal.TENDER_NOT_FOUND, "P2")


@pytest.mark.parametrize(
    ("story", "known"),
    [
        ((asked("A1"),), ("", 0)),
        (TWICE[:2], ("declined", 1)),
        (TWICE, ("declined", 1)),
        ((*TWICE, HELD), ("secured", 1)),
        ((*TWICE, declined("A2")), ("declined", 2)),
        ((*TWICE[:2], UnitsCanceled(units={1: ((1, 2),)}, reason="unpaid")), ("canceled", 1)),
    ],
)
def test_what_a_subscription_hears_of_the_payment_of_its_order(
    story: tuple[Event, ...], known: tuple[str, int]
) -> None:
    order = given(BOUGHT, *story).order
    assert order is not None
    assert payment_of(order) == known


def test_the_name_of_an_order_tells_of_which_subscription_and_cycle_it_is() -> None:
    assert made_of(channel_order_id("S1", "20260131.2")) == ("S1", "20260131.2")
