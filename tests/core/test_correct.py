"""Correcting: an order that fails a check goes on by itself once its document is corrected, until something is under way."""

from typing import Any

import pytest
from msgspec.structs import replace

from segue.core.allocate import Allocate
from segue.core.authorization import held
from segue.core.base import Event, Refusal
from segue.core.cancel import Cancel
from segue.core.correct import booked_otherwise, differences, made_of, may_be_corrected, under_way_of
from segue.core.decide import evolve
from segue.core.draft import Draft, Mistake
from segue.core.grade import GradeOrder
from segue.core.hold import HoldLifted, HoldPlaced, LiftHold, PlaceHold
from segue.core.intake import LINES_MAX, CorrectOrder, OrderCorrected, OrderPlaced, OrderValidated, PlaceOrder
from segue.core.lapse import AuthorizationEnding
from segue.core.ledger import LedgerEntry, ledger_entries
from segue.core.mistakes import MISTAKES, meant, mistakes_of, rate_of
from segue.core.order import Failure, Order
from segue.core.pay import AuthorizationDeclined, AuthorizationRequested, Authorize, Reauthorize, RecordAuthorization
from segue.core.screen import RecordScreening, Screen
from segue.core.step import fold
from segue.core.tally import whole
from segue.core.void import RecordVoid
from segue.policies.validation import amounts_in_range, deliverable_address, money_adds_up, well_formed
from tests.core.given import Given, given
from tests.core.shop import draft, folder, hold, later, paid, rule, sold

WRONG = draft(sold(), total_minor=9_99, tenders=[paid(10_00)])
RIGHT = draft(sold())
BLOCKING = hold("authorize", "allocate", "capture")
HOLDS = {
    "money_adds_up": BLOCKING,
    "amounts_in_range": BLOCKING,
    "well_formed": BLOCKING,
    "review": hold("release"),
    "deliverable_address": hold("release"),
}
CHECKS = tuple(map(rule, (well_formed, amounts_in_range, money_adds_up, deliverable_address)))
UNREADABLE = Mistake("lines[0].price", "too_many_digits", "10.001", "10.00")


def shop(**more: Any) -> Given:
    """A shop that nothing has been ordered at."""
    usual: dict[str, Any] = {"validate": CHECKS, "holds": HOLDS}
    return given().knowing(**usual | more)


def waiting(sent: Draft = WRONG, **more: Any) -> Given:
    """An order that fails a check, and what its workflow does."""
    placed = shop(**more).after(PlaceOrder("web-1001", sent))
    return placed.knowing(**{"validate": CHECKS, "holds": HOLDS} | more)


def order_of(here: Given) -> Order:
    assert here.order is not None
    return here.order


def test_a_corrected_document_takes_the_place_of_the_one_that_failed() -> None:
    before = "the total of 999 is 1 below its parts: lines 1000"
    assert order_of(waiting()).failures[0].detail == before
    waiting().when(CorrectOrder(RIGHT)).then(
        OrderCorrected(RIGHT),
        OrderValidated(failures=()),
        HoldLifted(hold="money_adds_up", reason="the check passes now"),
    )


def test_the_channel_corrects_by_sending_the_order_again() -> None:
    assert waiting().when(PlaceOrder("web-1001", RIGHT)).events == waiting().when(CorrectOrder(RIGHT)).events


def test_the_same_document_again_changes_nothing_whether_it_passes_or_fails() -> None:
    waiting().when(PlaceOrder("web-1001", WRONG)).then()
    waiting(RIGHT).when(PlaceOrder("web-1001", RIGHT)).then()


def test_what_was_wrong_and_what_is_wrong_now_are_both_on_record() -> None:
    still = draft(sold(), total_minor=10_00, tenders=[paid(9_00)])
    here = waiting().when(CorrectOrder(still))
    corrected, validated, placed = here.events
    assert corrected.because is not None
    assert corrected.because.figures == {"total_minor": [9_99, 10_00], "tenders_minor": [10_00, 9_00]}
    assert isinstance(validated, OrderValidated)
    assert [failure.code for failure in validated.failures] == ["tenders_differ"]
    assert placed == HoldPlaced(
        hold="money_adds_up",
        type="money_adds_up",
        reason="the total of 1000 is 100 above its tenders: P1 card 900",
        because=placed.because,
    )


def test_a_hold_of_a_check_that_finds_the_same_is_left_as_people_have_left_it() -> None:
    nowhere = replace(WRONG, ship_to=replace(WRONG.ship_to, missing=("city",)))
    here = waiting(nowhere).after(LiftHold("deliverable_address", "they called"))
    corrected = here.after(CorrectOrder(replace(RIGHT, ship_to=nowhere.ship_to)))
    assert order_of(corrected).holds == {}
    assert [failure.check for failure in order_of(corrected).failures] == ["deliverable_address"]


def test_an_order_is_made_anew_and_keeps_what_others_have_done_with_it() -> None:
    here = waiting().after(PlaceHold("review", "look at it")).after(CorrectOrder(draft(sold("CAP", 2, 4_00))))
    order = order_of(here)
    assert [(line.sku, line.tally) for line in order.lines] == [("CAP", {"new": whole(2)})]
    assert (order.total_minor, order.tenders["P1"].amount_minor, order.corrections) == (8_00, 8_00, 1)
    assert list(order.holds) == ["review"]


def test_payment_is_asked_for_as_for_a_new_order() -> None:
    reactions = {"order_placed": [Authorize()], "order_corrected": [GradeOrder(), Authorize()]}
    here = waiting(on=reactions)
    assert order_of(here).waiting == ("on.order_placed.0",)
    after = order_of(here.after(CorrectOrder(RIGHT)))
    assert after.tenders["P1"].tally == {"authorizing": 10_00}
    assert (after.waiting, after.score) == ((), 0)


def test_what_waited_for_the_hold_goes_on_where_the_workflow_says_nothing_of_corrections() -> None:
    after = order_of(waiting(on={"order_placed": [Authorize()]}).after(CorrectOrder(RIGHT)))
    assert after.tenders["P1"].tally == {"authorizing": 10_00}


def test_what_was_planned_for_the_order_as_it_was_is_dropped_and_the_default_decision_of_a_folder_is_not() -> None:
    slow = folder("wrong", "holds > 0", 50, Cancel("too_late"))
    here = waiting(on={"order_placed": [later(60, Allocate())]}, folders=[slow])
    assert len(order_of(here).timers) == 2
    still = order_of(here.after(CorrectOrder(draft(sold(), total_minor=9_98, tenders=[paid(10_00)]))))
    assert [timer.reaction for timer in still.timers.values()] == ["folders.wrong.then"]
    assert order_of(here.after(CorrectOrder(RIGHT))).timers == {}


def test_a_story_with_a_correction_folds_to_the_order() -> None:
    here = shop(on={"order_corrected": [Authorize()]})
    first, second = here.story(PlaceOrder("web-1001", WRONG), CorrectOrder(RIGHT))
    again = fold(fold(None, first.decisions, here.now_s), second.decisions, here.now_s)
    assert again == second.order
    assert second.decisions[0].command is None  # its event has the document; once is enough


def test_what_is_under_way_is_not_corrected_any_more() -> None:
    nowhere = replace(RIGHT, ship_to=replace(RIGHT.ship_to, missing=("city",)))
    here = waiting(nowhere)
    other = CorrectOrder(draft(sold("CAP")))
    for done, said in (
        (here.after(Authorize()), "P1 is authorizing"),
        (here.after(Cancel()), "units of line 1 are canceled"),
        (here.after(Screen()), "the fraud vendor is being asked"),
    ):
        done.when(other).refused(Refusal.CORRECTION_TOO_LATE, said)
    asked = here.after(Authorize()).after(RecordAuthorization("A1", "declined"))
    assert asked.when(other).events
    assert list(order_of(asked.after(other)).transactions) == ["A1"]
    assert here.after(Screen()).after(RecordScreening("accepted")).when(other).events


def test_an_authorization_that_we_have_asked_for_is_not_forgotten_with_the_document_whose_tender_it_was() -> None:
    nowhere = replace(RIGHT, ship_to=replace(RIGHT.ship_to, missing=("city",)))
    other = CorrectOrder(draft(sold("CAP"), tenders=[replace(paid(10_00, "adopted"), reference="CH-2")]))
    here = waiting(replace(nowhere, tenders=(paid(10_00, "adopted"),)))
    ends_soon = here._replace(order=evolve(order_of(here), AuthorizationEnding("A1", "P1", 10_00, 1), here.now_s))
    assert ends_soon.when(other).events
    asked = ends_soon.after(Reauthorize())
    asked.when(other).refused(Refusal.CORRECTION_TOO_LATE, "A2 is asked")
    swapped = asked.after(RecordAuthorization("A2", "done"))
    assert order_of(swapped).tenders["P1"].tally == {"authorized": 10_00}
    swapped.when(other).refused(Refusal.CORRECTION_TOO_LATE, "A2 is done")
    swapped.after(RecordVoid("V1", "done")).when(other).refused(Refusal.CORRECTION_TOO_LATE, "A2 is done")
    assert asked.after(RecordAuthorization("A2", "declined")).when(other).events


def test_what_only_informs_of_a_corrected_order_holds_nothing() -> None:
    odd = Failure("odd", "by the way", blocks=False)
    checks = (rule(money_adds_up), rule(lambda order, facts: [odd]))
    here = waiting(validate=checks).when(CorrectOrder(RIGHT))
    assert here.events[1:] == (
        OrderValidated(failures=(odd,)),
        HoldLifted(hold="money_adds_up", reason="the check passes now", because=here.events[2].because),
    )


def test_units_that_are_less_than_none_are_no_units() -> None:
    here = waiting(draft(sold(), sold("CAP", -1)), statuses={"one": "units == 1", "other": "True"})
    assert "one" in order_of(here).places


def test_a_price_that_was_changed_by_hand_is_not_lost() -> None:
    order = replace(order_of(waiting()), goodwill_minor=1)
    waiting()._replace(order=order).when(CorrectOrder(RIGHT)).refused(
        Refusal.CORRECTION_TOO_LATE, "its price was changed"
    )


def test_a_document_of_another_order_corrects_nothing() -> None:
    other = replace(RIGHT, channel_order_id="1002")
    waiting().when(CorrectOrder(other)).refused(Refusal.CORRECTION_OF_ANOTHER, "web 1002")


def test_a_correction_needs_lines_like_every_order() -> None:
    empty = draft(kind="gateway")
    waiting().when(CorrectOrder(empty)).refused(Refusal.LINES_MISSING)
    waiting().when(CorrectOrder(draft(*[sold()] * (LINES_MAX + 1)))).refused(Refusal.LINES_TOO_MANY)


def test_what_the_channel_brought_along_is_booked_anew() -> None:
    before = order_of(waiting(draft(sold(), tenders=[paid(9_00, "prepaid"), paid(1, "adopted"), paid(1)])))
    corrected = OrderCorrected(draft(sold(), tenders=[paid(10_00, "prepaid")]))
    assert ledger_entries(before, corrected) == [
        LedgerEntry("customer", "cash:prepaid", 9_00),
        LedgerEntry("authorizable:P2", "authorized:P2", 1),
        LedgerEntry("cash:prepaid", "customer", 10_00),
    ]


def test_an_authorization_that_the_channel_brings_along_is_kept_if_it_is_the_same_and_else_another_one() -> None:
    first = draft(sold(), tenders=[paid(9_00, "adopted"), paid(50)])
    here = waiting(first)
    same = order_of(here.after(CorrectOrder(draft(sold(price_minor=9_50), tenders=first.tenders))))
    assert same.transactions == order_of(here).transactions
    other = order_of(here.after(CorrectOrder(draft(sold(), tenders=[paid(10_00, "adopted")]))))
    assert other.transactions["A1"] == replace(order_of(here).transactions["A1"], lapsed_minor=9_00)
    assert (other.transactions["A2"].amount_minor, other.tenders["P1"].tally) == (10_00, {"authorized": 10_00})
    assert list(other.transactions) == ["A1", "A2"]
    assert held(other, "A2") == 10_00


def test_money_that_is_booked_does_not_change_its_currency() -> None:
    here = waiting(draft(sold(), tenders=[paid(9_00, "prepaid")]))
    euros = CorrectOrder(replace(RIGHT, currency="EUR"))
    here.when(euros).refused(Refusal.CORRECTION_TOO_LATE, "P1 is booked in USD")
    assert order_of(waiting().after(euros)).currency == "EUR"


def test_what_differs_and_what_an_order_is_made_of() -> None:
    first, second = order_of(waiting()), order_of(waiting(RIGHT))
    assert differences(first, second) == {"total_minor": [9_99, 10_00]}
    assert made_of(first) != made_of(second)
    held = order_of(waiting().after(PlaceHold("review")))
    assert made_of(first) == made_of(held)
    assert under_way_of(held) == ""
    assert booked_otherwise(first, second) == ""


def test_a_check_that_only_informs_is_no_reason_to_correct() -> None:
    told = Failure("told", "by the way", blocks=False)
    order = replace(order_of(waiting(RIGHT)), failures=(told,))
    waiting(RIGHT)._replace(order=order).when(CorrectOrder(WRONG)).refused(Refusal.ORDER_EXISTS)


@pytest.mark.parametrize(
    ("rate", "amount", "net", "right"),
    [
        ("1.2", 1_20, 10_00, "0.12"),
        ("1.2", 12, 10_00, "0.012"),
        ("19", 0, 0, "0.19"),
        ("8.25", 83, 10_00, "0.0825"),
        ("100", 10_00, 10_00, "0.1"),
        ("1200", 0, 0, "0.12"),
    ],
)
def test_a_rate_above_one_is_told_with_what_was_probably_meant(rate: str, amount: int, net: int, right: str) -> None:
    read = rate_of(rate)
    assert read is not None
    assert meant(read, amount, net) == rate_of(right)


def test_what_waits_for_a_check_may_be_corrected_until_something_is_under_way() -> None:
    assert may_be_corrected(order_of(waiting()))
    assert not may_be_corrected(order_of(waiting(RIGHT)))
    adjusted = replace(order_of(waiting()), goodwill_minor=1)
    assert not may_be_corrected(adjusted)


def test_every_kind_of_mistake_has_its_sentence() -> None:
    assert all(sentence.endswith(".") for sentence in MISTAKES.values())
    assert UNREADABLE.code in MISTAKES
    assert mistakes_of(draft(sold(), mistakes=(UNREADABLE,))) == (UNREADABLE,)


def test_what_happened_to_a_declined_payment_is_kept() -> None:
    story: tuple[Event, ...] = (
        OrderPlaced("web-1001", "test@1", WRONG),
        AuthorizationRequested(transaction="A1", tender="P1", amount_minor=10_00),
        AuthorizationDeclined(transaction="A1", tender="P1", amount_minor=10_00),
        OrderCorrected(RIGHT),
    )
    order = order_of(given(*story))
    assert order.transactions["A1"].outcome == "declined"
    assert order.version == len(story)
