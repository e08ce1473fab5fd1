"""Prices have a currency: an order without prices in another one waits, and names both."""

import pytest
from msgspec.structs import replace

from segue.core.base import Refusal
from segue.core.draft import Draft
from segue.core.facts import Facts
from segue.core.intake import PlaceOrder, Validate
from segue.core.order import Failure
from segue.core.price import Price
from segue.core.pricing.pricing import priced
from tests.core.test_price import NOW_S, facts, new, phone, units, waiting


def in_euros() -> Facts:
    """What is known in a shop whose prices are in EUR."""
    known = facts()
    known.price_list = replace(known.price_list, currency="EUR")
    return known


def mugs(currency: str) -> Draft:
    """A mug, ordered at the telephone in some currency."""
    return replace(phone(units("MUG")), currency=currency)


def lack(currency: str) -> Failure:
    """Why an order in this currency waits."""
    detail = f"the shop has prices in EUR, and this one is in {currency}"
    return Failure("priced", detail, facts=("prices",), path="currency", code="currency_without_prices")


@pytest.mark.parametrize("currency", ["USD", "JPY"])
def test_prices_are_not_taken_for_amounts_of_another_currency(currency: str) -> None:
    order = new(in_euros()).when(PlaceOrder("phone-1", mugs(currency))).order
    assert order is not None
    assert (order.failures, order.total_minor) == ((lack(currency),), 0)
    assert order.holds["priced"].reason == lack(currency).detail


def test_nobody_can_have_it_priced_all_the_same() -> None:
    waiting(mugs("USD"), in_euros(), lack("USD")).when(Price()).refused(Refusal.PRICE_UNKNOWN, lack("USD").detail)
    waiting(mugs("USD"), in_euros(), lack("USD")).when(Validate()).then()


def test_it_goes_on_when_the_document_comes_again_in_the_currency_of_the_prices() -> None:
    order = waiting(mugs("USD"), in_euros(), lack("USD")).when(PlaceOrder("phone-1", mugs("EUR"))).order
    assert order is not None
    assert (order.holds, order.failures, order.total_minor, order.unpriced) == ({}, (), 1680, None)


@pytest.mark.parametrize("currency", ["EUR", "XXX"])  # the latter is no currency, which another check says
def test_in_the_currency_of_the_prices_it_is_priced(currency: str) -> None:
    assert priced(mugs(currency), in_euros(), NOW_S).lacks == ()


def test_all_that_lacks_is_told_at_once() -> None:
    found = priced(replace(phone(units("NEW")), currency="USD"), in_euros(), NOW_S)
    assert [each.path or each.facts[0] for each in found.lacks] == ["currency", "item:NEW"]


def test_a_priced_order_may_be_in_any_currency() -> None:
    order = new(in_euros()).when(PlaceOrder("web-1", replace(mugs("USD"), priced=True))).order
    assert order is not None
    assert order.failures == ()
