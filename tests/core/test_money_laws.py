"""The laws of an order's money, whatever is agreed, canceled, returned, taken and given back, in whichever order."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import given as forall
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.adjust import AdjustPrice, GiveGoodwill
from segue.core.allocate import Allocate
from segue.core.base import Command, Refused
from segue.core.cancel import Cancel
from segue.core.capture import Capture, RecordCapture
from segue.core.chargeback import RecordChargeback
from segue.core.deliver import RecordDelivery
from segue.core.draft import Charge, Draft, DraftTender, Grant, Tax
from segue.core.fulfill import RecordShipment, Release
from segue.core.intake import PlaceOrder
from segue.core.order import Order, is_open, money_in, units_in
from segue.core.pay import Authorize, RecordAuthorization
from segue.core.refund import RecordRefund, Refund
from segue.core.returns import RecordReturn
from segue.core.step import Outcome, step
from segue.core.tally import numbers
from segue.core.tenders import PROPORTIONAL
from segue.core.void import RecordVoid, Void
from segue.core.worth import keeps
from segue.policies.fees import per_return, restocking
from segue.policies.payment import at_once, on_release, on_shipment
from segue.policies.shipping import by_value, never, with_first, with_last
from tests.core.given import Given, given
from tests.core.shop import draft, rule, sold

MONEY = [Capture(), Void(), Refund()]
REACTIONS: dict[str, list[Any]] = {
    "order_placed": [Authorize()],
    "order_covered": [Capture(), Allocate()],
    "units_allocated": [Release()],
    "fulfillment_released": [Capture()],
    "fulfillment_shipped": [Capture()],
    **dict.fromkeys(
        ("units_canceled", "units_returned", "price_adjusted", "goodwill_given", "payment_captured", "payment_authorized",
         "chargeback_recorded"),
        MONEY,
    ),
}  # fmt: skip
FEES = (None, rule(per_return, fee_minor=250), rule(restocking, percent=12.5))
TURNS = ((), ("card",), ("gift_card", "card"), PROPORTIONAL)
CHOICES = st.lists(st.integers(0, 10**6), max_size=25)


class Life(NamedTuple):
    """An order after some commands, and its books."""

    order: Order
    books: Counter[str]
    worths: list[int]

    def after(self, known: Given, command: Command) -> "Life":
        """The same once a command was run to rest; what is refused changes nothing."""
        try:
            outcome = known._replace(order=self.order).step(command)
        except Refused:
            return self
        check(outcome.order, self.worths)
        return self._replace(order=outcome.order).keep(outcome)

    def settled(self, known: Given) -> "Life":
        """The same once every gateway has answered."""
        life = self
        while waiting := answers(life.order):
            life = life.after(known, waiting[0])
        return life

    def keep(self, outcome: Outcome) -> "Life":
        """The same with the entries of a step in its books."""
        for entry in outcome.entries:
            self.books[entry.debit] += entry.amount_minor
            self.books[entry.credit] -= entry.amount_minor
        return self


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """One to three lines with discounts and taxes, shipping, charges, promotions of any kind, one to three tenders."""
    lines = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        quantity, price, tax = draw(st.integers(1, 4)), draw(st.integers(0, 3000)), draw(st.integers(0, 300))
        named = (Tax("STATE", tax // 2), Tax("CITY", tax - tax // 2)) if draw(st.booleans()) else ()
        off = draw(st.integers(0, quantity * price))
        lines.append(sold(f"S{number}", quantity, price, discount_minor=off, tax_minor=tax, taxes=named))
    amounts: dict[str, Any] = {
        "shipping_minor": draw(st.integers(0, 900)),
        "shipping_tax_minor": draw(st.integers(0, 9)),
    }
    charges = tuple(
        Charge(f"c{n}", amount, amount // 9) for n, amount in enumerate(draw(st.lists(st.integers(0, 500))))
    )
    sent = draft(*lines, charges=charges[:2], grants=draw(_grants(lines)), **amounts)
    return replace(sent, tenders=draw(_tenders(sent.total_minor)))


@st.composite
def _grants(draw: st.DrawFn, lines: list[Any]) -> tuple[Grant, ...]:
    grants = []
    for on_return in draw(st.lists(st.sampled_from(("prorate", "reclaim", "reclaim", "keep")), max_size=3)):
        on = draw(st.lists(st.integers(1, len(lines)), min_size=1, unique=True))
        units: Any = {number: ((1, lines[number - 1].quantity),) for number in on}
        given_off, shipping = dict.fromkeys(on, draw(st.integers(0, 900))), draw(st.sampled_from((0, 500)))
        least = draw(st.sampled_from((0, 0, 1500, 4000)))
        grants.append(Grant("any", "", given_off, shipping, on_return, units, from_minor=least))  # type: ignore[arg-type]
    return tuple(grants)


@st.composite
def _tenders(draw: st.DrawFn, total: int) -> tuple[DraftTender, ...]:
    tenders = []
    for method in draw(st.lists(st.sampled_from(("card", "gift_card", "store_credit")), max_size=2)):
        part = draw(st.integers(0, total))
        kind = "prepaid" if method == "store_credit" else draw(st.sampled_from(("gateway", "prepaid", "adopted")))
        tenders.append(DraftTender(kind, part, method, "X" if kind == "adopted" else ""))
        total -= part
    return (*tenders, DraftTender("gateway", total, "card"))


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """Any choice of the policies of money."""
    return {
        "capture": draw(st.sampled_from((at_once, on_release, on_shipment))),
        "shipping_refund": rule(draw(st.sampled_from((never, with_first, with_last, by_value)))),
        "return_fee": draw(st.sampled_from(FEES)),
        "capture_from": draw(st.sampled_from(TURNS)),
        "refund_to": draw(st.sampled_from(TURNS)),
    }


def possible(order: Order, number: int) -> list[Command]:
    """What anybody could say now."""
    said: list[Command] = [RecordShipment(name, f"{name}-{number}") for name in order.fulfillments]
    said += [RecordDelivery(name) for name in order.shipments]
    for line in order.lines:
        said += [Cancel("", line.number, 1), RecordReturn(line.number, 1), RecordReturn(line.number, line.quantity)]
        said.append(AdjustPrice(line.number, 1 + number % 700, number % 3))
    said += [GiveGoodwill(1 + number % 900, "late"), RecordChargeback("P1", 1 + number % 900, f"D{number}")]
    return [*answers(order), *said, *answers(order)]


def answers(order: Order) -> list[Command]:
    """What a gateway could say of all that it was asked; it says yes."""
    kinds = {"authorize": RecordAuthorization, "capture": RecordCapture, "void": RecordVoid, "refund": RecordRefund}
    return [
        kinds[t.kind](name, "done", reference=name) for name, t in order.transactions.items() if t.outcome == "asked"
    ]


def lived(sent: Draft, flow: dict[str, Any], choices: list[int], last: Iterable[Command] = ()) -> Life:
    """The order after these choices and after `last`, once what is left was sent and nothing is in flight any more."""
    known: Given = given().knowing(stock={f"S{n}": {"DAL": 99} for n in (1, 2, 3)}, on=REACTIONS, **flow)
    outcome = step(None, PlaceOrder("web-1", sent), known.context)
    life = Life(outcome.order, Counter(), [keeps(outcome.order)])
    life.keep(outcome)
    for number, choice in enumerate(choices):
        if choice % 3 or not number:
            life = life.settled(known)
        offered = possible(life.order, choice)
        life = life.after(known, offered[choice % len(offered)])
    for command in last:
        life = life.settled(known).after(known, command)
    for command in (Allocate(), Release(), Capture()):
        life = life.settled(known).after(known, command)
    for name in life.order.fulfillments:
        life = life.after(known, RecordShipment(name, f"{name}-last")).settled(known)
    for name in life.order.shipments:
        life = life.after(known, RecordDelivery(name)).settled(known)
    return life


def check(order: Order, worths: list[int]) -> None:
    """What holds at every moment."""
    worth = keeps(order)
    assert 0 <= worth <= worths[-1], "nothing that is agreed or comes back makes an order dearer"
    worths.append(worth)
    for name, tender in order.tenders.items():
        assert sum(tender.tally.values()) == tender.amount_minor
        given_back = sum(tender.tally.get(state, 0) for state in ("refunding", "refunded", "charged_back"))
        assert given_back <= tender.amount_minor, name
    refunds = [done.units for done in order.transactions.values() if done.kind == "refund"]
    settled = Counter((line, unit) for units in refunds for line, here in units.items() for unit in numbers(here))
    assert set(settled.values()) <= {1}, "a unit is settled once"
    gone = units_in(order, "canceled", "returned")
    assert set(settled) <= {(line, unit) for line, here in gone.items() for unit in numbers(here)}
    assert order.withheld_minor >= 0
    assert order.shipping_back_minor <= order.shipping_minor


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@forall(drafts(), rules(), CHOICES)
def test_whatever_happens_no_cent_is_lost_and_a_closed_order_is_square(
    sent: Draft, flow: dict[str, Any], choices: list[int]
) -> None:
    life = lived(sent, flow, choices)
    order, taken_back = life.order, money_in(life.order, "charged_back")
    assert sum(life.books.values()) == 0
    cash = sum(amount for account, amount in life.books.items() if account.startswith("cash:"))
    assert cash == money_in(order, "captured", "refunding")
    if not is_open(order):
        assert life.books["customer"] == 0
        assert money_in(order, "captured") + taken_back - order.capped.get("chargebacks", 0) == keeps(order)
    for line in order.lines:
        off = sum(each.amount_minor for each in order.adjustments if each.line == line.number)
        assert off <= line.paid_minor


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@forall(drafts(), rules(), CHOICES)
def test_when_all_comes_back_all_is_given_back_but_shipping_charges_and_fees(
    sent: Draft, flow: dict[str, Any], choices: list[int]
) -> None:
    every = tuple(RecordReturn(n, 1) for n in range(1, len(sent.lines) + 1) for _ in range(4))
    stop = tuple(Cancel() for _ in range(2))
    life = lived(sent, flow, choices, (*stop, *every))
    order = life.order
    if is_open(order) or any(state not in ("canceled", "returned") for line in order.lines for state in line.tally):
        return
    kept = order.shipping_minor - order.shipping_back_minor + sum(charge.amount_minor for charge in order.charges)
    if not order.shipments:
        assert keeps(order) == money_in(order, "captured") == 0
        return
    assert keeps(order) == max(0, kept + order.fees_minor - order.goodwill_minor)
    assert order.withheld_minor == 0
