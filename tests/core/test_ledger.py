"""The ledger: every cent is debited once and credited once, and a closed order is square."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

from segue.core.adjust import AdjustPrice, GiveGoodwill
from segue.core.allocate import Allocate
from segue.core.cancel import Cancel
from segue.core.capture import Capture, RecordCapture
from segue.core.chargeback import RecordChargeback
from segue.core.draft import Charge, Draft, Tax
from segue.core.fulfill import RecordShipment, Release
from segue.core.intake import PlaceOrder
from segue.core.ledger import LedgerEntry
from segue.core.pay import Authorize, RecordAuthorization
from segue.core.refund import RecordRefund, Refund
from segue.core.returns import RecordReturn
from segue.core.void import RecordVoid, Void
from segue.policies.shipping import by_value
from tests.core.given import given
from tests.core.shop import draft, paid, rule, sold

SALE: dict[str, Any] = {"shipping_minor": 4_99, "charges": (Charge("wrap", 2_00), Charge("gift", -1_00))}
BOUGHT = draft(sold(quantity=2), **SALE)
SHIPPING = (Release(), RecordShipment("F1", "S1"))


def balances(entries: Iterable[LedgerEntry]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for entry in entries:
        sums[entry.debit] += entry.amount_minor
        sums[entry.credit] -= entry.amount_minor
    return {account: amount for account, amount in sums.items() if amount}


def books(sent: Draft, *commands: Any, **declared: Any) -> dict[str, int]:
    known = given().knowing(stock={"SHIRT": {"DAL": 9}}, **declared)
    here = known.after(PlaceOrder("web-1001", sent))
    entries = list(known.step(PlaceOrder("web-1001", sent)).entries)
    here = here.knowing(stock={"SHIRT": {"DAL": 9}}, **declared)
    for command in (Allocate(), *commands):
        outcome = here.step(command)
        entries += outcome.entries
        here = here._replace(order=outcome.order)
    return balances(entries)


PAID = (Authorize(), RecordAuthorization("A1", "done"))
EARNED = {"sales": -20_00, "shipping": -4_99, "charges:wrap": -2_00, "charges:gift": 1_00}


def test_an_authorization_is_remembered_until_it_is_captured_or_voided() -> None:
    held = {"authorized:P1": 25_99, "authorizable:P1": -25_99}
    assert books(BOUGHT, *PAID) == held
    assert books(draft(sold(quantity=2), kind="adopted", **SALE)) == held
    assert books(BOUGHT, *PAID, Cancel(), Void(), RecordVoid("V1", "done")) == {}


def test_what_is_paid_and_not_sent_is_the_customers() -> None:
    prepaid = draft(sold(quantity=2), kind="prepaid", **SALE)
    assert books(prepaid) == {"cash:prepaid": 25_99, "customer": -25_99}
    assert books(prepaid, Cancel(), Refund()) == {}


def test_what_is_sent_and_not_paid_is_owed_by_the_customer() -> None:
    owed = {"customer": 25_99, "authorized:P1": 25_99, "authorizable:P1": -25_99} | EARNED
    assert books(BOUGHT, *PAID, *SHIPPING) == owed


@pytest.mark.parametrize(
    ("kind", "paying"),
    [
        ("gateway", (*PAID, *SHIPPING, Capture(), RecordCapture("C1", "done"))),
        ("prepaid", SHIPPING),
        ("account", (Authorize(), *SHIPPING, Capture())),
    ],
)
def test_an_order_that_was_sent_and_paid_is_square(kind: str, paying: tuple[Any, ...]) -> None:
    assert books(draft(sold(quantity=2), kind=kind, **SALE), *paying) == {f"cash:{kind}": 25_99} | EARNED


def test_what_comes_back_and_is_refunded_was_never_sold_but_the_shipping_was_done() -> None:
    sent = (*PAID, *SHIPPING, Capture(), RecordCapture("C1", "done"))
    back = (RecordReturn(1, 2), Refund(), RecordRefund("R1", "done"))
    kept = {"cash:gateway": 5_99, "shipping": -4_99, "charges:wrap": -2_00, "charges:gift": 1_00}
    assert books(BOUGHT, *sent, *back) == kept


def test_nothing_is_written_for_nothing() -> None:
    assert books(draft(sold(price_minor=0)), Authorize(), *SHIPPING) == {}


TAXED = draft(
    sold(quantity=3, price_minor=10_00, discount_minor=2_00, tax_minor=2_32,
         taxes=(Tax("STATE", 1_75), Tax("CITY", 57))),
    shipping_minor=5_00, shipping_tax_minor=40, kind="prepaid", charges=(Charge("wrap", 1_10, 10),),
)  # fmt: skip
SOLD = {
    "cash:prepaid": 36_82, "sales": -30_00, "discounts": 2_00, "tax:STATE": -1_75, "tax:CITY": -57, "tax": -50,
    "shipping": -5_00, "charges:wrap": -1_00,
}  # fmt: skip


def test_goods_are_booked_at_list_prices_and_discounts_and_each_tax_apart() -> None:
    assert books(TAXED, *SHIPPING) == SOLD


def test_of_prices_with_their_tax_the_sales_are_without_it() -> None:
    included = draft(sold(quantity=2, price_minor=12_00, discount_minor=2_40, tax_minor=3_60), kind="prepaid",
                     taxes_included=True, total_minor=21_60, tenders=(paid(21_60, "prepaid"),))  # fmt: skip
    assert books(included, *SHIPPING) == {"cash:prepaid": 21_60, "sales": -20_40, "discounts": 2_40, "tax": -3_60}


def test_what_comes_back_piece_by_piece_leaves_not_a_cent_of_goods_or_taxes() -> None:
    back = books(TAXED, *SHIPPING, RecordReturn(1, 1), RecordReturn(1, 1), RecordReturn(1, 1), Refund())
    assert back == {"cash:prepaid": 6_50, "tax": -50, "shipping": -5_00, "charges:wrap": -1_00}


def test_a_lowered_price_and_goodwill_are_accounts_of_their_own() -> None:
    given_back = books(TAXED, *SHIPPING, AdjustPrice(1, 3_00, 2), GiveGoodwill(1_00, "late"), Refund())
    assert given_back == SOLD | {"cash:prepaid": 32_82, "adjustments": 2_77, "tax": -27, "goodwill": 1_00}
    returned = (AdjustPrice(1, 3_00, 2), RecordReturn(1, 3), Refund())
    assert books(TAXED, *SHIPPING, *returned) == books(TAXED, *SHIPPING, RecordReturn(1, 3), Refund())


def test_what_was_agreed_before_the_goods_left_is_booked_as_they_leave() -> None:
    early = (AdjustPrice(1, 3_00, 2), GiveGoodwill(1_00, "late"), Refund())
    late = (*SHIPPING, AdjustPrice(1, 3_00, 2), GiveGoodwill(1_00, "late"), Refund())
    assert books(TAXED, *early, *SHIPPING) == books(TAXED, *late)
    assert books(TAXED, *early, Cancel(), Refund()) == {}


def test_goodwill_that_counts_as_given_back_was_none() -> None:
    story = (*SHIPPING, GiveGoodwill(7_00, "late"), Refund(), RecordReturn(1, 3), Refund())
    kept = {"tax": -50, "shipping": -5_00, "charges:wrap": -1_00, "goodwill": 6_50}
    assert books(TAXED, *story) == kept


def test_goodwill_beyond_what_is_left_before_the_goods_leave_is_booked_as_they_leave() -> None:
    plain = draft(sold(quantity=3), kind="prepaid")
    story = (GiveGoodwill(15_00, "late"), Refund(), Cancel("", 1, 2), Refund(), *SHIPPING)
    assert books(plain, *story) == {"sales": -10_00, "goodwill": 10_00}


def test_a_chargeback_is_a_loss_unless_the_goods_come_back() -> None:
    mugs = draft(sold(quantity=2), kind="prepaid")
    lost = (*SHIPPING, RecordChargeback("P1", 10_00, "D-7"))
    assert books(mugs, *lost) == {"cash:prepaid": 10_00, "sales": -20_00, "chargebacks": 10_00}
    assert books(mugs, *lost, RecordReturn(1, 2), Refund()) == {}
    unsent = (RecordChargeback("P1", 10_00, "D-7"), Cancel("", 1, 1), Refund())
    assert books(mugs, *unsent, *SHIPPING) == {"cash:prepaid": 10_00, "sales": -10_00}


def test_the_tax_in_a_part_of_the_shipping_is_half_up_like_every_tax() -> None:
    """Half of 1.01 tax is 0.505: 0.51 stays, and 0.50 goes back."""
    sale = draft(sold(quantity=2), shipping_minor=5_05, shipping_tax_minor=1_01)
    shipped = (*PAID, Cancel("", 1, 1), *SHIPPING)
    assert books(sale, *shipped, shipping_refund=rule(by_value))["shipping"] == -(3_03 - 51)
