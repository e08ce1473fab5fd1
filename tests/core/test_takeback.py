"""Taking back: a code is made worthless, and what is left on it is refunded; what was used of it is no income."""

import pytest

from segue.core.base import Event, Refusal
from segue.core.draft import DraftLine
from segue.core.issuing import CodesRequested, IssueDeclined, IssuingBegun, UnitsIssued
from segue.core.ledger import LedgerEntry, ledger_entries
from segue.core.refund import Refund
from segue.core.returns import UnitsReturned
from segue.core.takeback import (
    RecordTakenBack,
    TakeBack,
    TakebackDeclined,
    TakebackRequested,
    said_by_issuers,
    wished_by_customers,
)
from segue.core.tally import Units
from segue.core.tasks import task_of
from tests.core.given import Given, given
from tests.core.shop import NOW_S, draft, sold, workflow

TWO: dict[int, Units] = {1: ((1, 2),)}
FIRST: dict[int, Units] = {1: ((1, 1),)}
CARDS = sold("CARD", 2, 50_00, kind="gift_card")
ISSUED: tuple[Event, ...] = (
    IssuingBegun(units=TWO),
    CodesRequested(issue="D1", units=TWO),
    IssueDeclined(issue="D1", units=TWO),
    CodesRequested(issue="D2", units=TWO),
    UnitsIssued(issue="D2", units=TWO, reference="i-2"),
)
REQUESTED = TakebackRequested(takeback="B1", line=1, unit=1, issue="D2")


def owned(*more: Event, line: DraftLine = CARDS, returns: str = "gift_cards") -> Given:
    """An order whose codes the customer has, and what has happened since."""
    return given(draft(line, sold(), kind="account"), *ISSUED, *more).knowing(flow=workflow(digital_returns=returns))


def test_each_code_is_asked_for_by_itself_the_lowest_first() -> None:
    second = TakebackRequested(takeback="B2", line=1, unit=2, issue="D2")
    owned().when(TakeBack(1, 2)).then(REQUESTED, second)
    owned(REQUESTED).when(TakeBack(1)).then(second)


@pytest.mark.parametrize(
    ("returns", "kind", "refused"),
    [
        ("never", "gift_card", "digital_returns is never"),
        ("gift_cards", "digital", "digital_returns is gift_cards"),
        ("gift_cards", "gift_card", ""),
        ("all", "digital", ""),
        ("all", "gift_card", ""),
    ],
)
def test_what_is_taken_back_is_a_choice_of_the_shop(returns: str, kind: str, refused: str) -> None:
    when = owned(line=sold("CARD", 2, 50_00, kind=kind), returns=returns).when(TakeBack(1))
    if refused:
        when.refused(Refusal.NOT_RETURNABLE, refused)
    else:
        when.then(REQUESTED)


def test_only_what_a_message_has_delivered_is_taken_back() -> None:
    owned().when(TakeBack(2)).refused(Refusal.NOT_RETURNABLE, "it is sent back")
    owned().when(TakeBack(3)).refused(Refusal.LINE_NOT_FOUND, "3")
    owned().when(TakeBack(1, 3)).refused(Refusal.UNITS_NOT_THERE, "3 asked for, 2 are delivered")
    owned().when(TakeBack(1, 0)).refused(Refusal.UNITS_NOT_THERE)


@pytest.mark.parametrize(
    ("left", "fee", "used"), [(50_00, 0, 0), (30_00, 20_00, 20_00), (0, 50_00, 50_00), (99_00, 0, 0)]
)
def test_what_was_used_is_kept_of_the_refund(left: int, fee: int, used: int) -> None:
    order = (
        owned(REQUESTED)
        .when(RecordTakenBack("B1", "done", left))
        .then(UnitsReturned(FIRST, "", False, "B1", fee_minor=fee, used_minor=used, takeback="B1"))
    )
    assert order is not None
    assert order.lines[0].tally == {"delivered": ((2, 2),), "returned": ((1, 1),)}
    assert order.fees_minor == fee
    assert order.takebacks["B1"].outcome == "done"


def test_an_answer_counts_once_and_only_if_it_was_asked_for() -> None:
    owned().when(RecordTakenBack("B1", "done")).refused(Refusal.TAKEBACK_NOT_FOUND, "B1")
    declined = TakebackDeclined(takeback="B1", line=1, unit=1, detail="in_use")
    order = owned(REQUESTED).when(RecordTakenBack("B1", "declined", detail="in_use")).then(declined)
    assert order is not None
    assert order.lines[0].tally == {"delivered": ((1, 2),)}
    owned(REQUESTED, declined).when(RecordTakenBack("B1", "done", 50_00)).then()
    owned(REQUESTED, declined).when(TakeBack(1)).then(TakebackRequested(takeback="B2", line=1, unit=1, issue="D2"))


def test_the_used_part_of_a_card_stays_in_the_books_as_redeemed() -> None:
    card = DraftLine("CARD", 2, 50_00, discount_minor=10_00, kind="gift_card")
    before = owned(REQUESTED, line=card)
    when = before.when(RecordTakenBack("B1", "done", 30_00))
    (event,) = when.events
    assert ledger_entries(before.order, event) == [
        LedgerEntry("gift_cards", "customer", 50_00),
        LedgerEntry("customer", "discounts", 5_00),
        LedgerEntry("customer", "gift_cards:used", 15_00),
        LedgerEntry("adjustments", "gift_cards:used", 5_00),
    ]


def test_the_refund_is_what_is_left() -> None:
    paid = given(draft(CARDS, kind="prepaid"), *ISSUED, REQUESTED).knowing(flow=workflow(digital_returns="all"))
    after = paid.when(RecordTakenBack("B1", "done", 30_00)).order
    when = paid._replace(order=after).when(Refund())
    assert [getattr(event, "amount_minor", 0) for event in when.events] == [30_00]


def test_the_task_names_the_code_and_not_what_it_is() -> None:
    order = owned(REQUESTED).order
    assert order is not None
    task = task_of("shop", order, REQUESTED, 9, NOW_S)
    assert (task.kind, task.provider) == ("take_back", "issuer")
    assert task.payload == {"takeback": "B1", "reference": "i-2", "code": "1.1", "currency": "USD"}


def test_the_checker_hears_every_answer_and_every_wish() -> None:
    order = owned(REQUESTED).order
    assert order is not None
    assert said_by_issuers(order) == [
        RecordTakenBack("B1", "done", 50_00),
        RecordTakenBack("B1", "done"),
        RecordTakenBack("B1", "declined"),
    ]
    assert wished_by_customers(order) == [TakeBack(1, 1)]
    fresh = owned().order
    assert fresh is not None
    assert said_by_issuers(fresh) == []
    answered = owned(REQUESTED, TakebackDeclined(takeback="B1", line=1, unit=1)).order
    assert answered is not None
    assert said_by_issuers(answered) == []
    assert wished_by_customers(fresh) == [TakeBack(1, 1), TakeBack(1, 2)]
    plain = given(draft(sold())).order
    assert plain is not None
    assert wished_by_customers(plain) == []
