"""Told: each event, and the sentence that a customer-service agent reads of it."""

from typing import Any

from msgspec.structs import replace

from segue.core import (
    adjust,
    allocate,
    cancel,
    capture,
    chargeback,
    converting,
    deallocate,
    deliver,
    fulfill,
    grade,
    hold,
    intake,
    invoice,
    item_state,
    lapse,
    note,
    notify,
    pay,
    price,
    refund,
    replacing,
    returns,
    screen,
    settlement,
    void,
    wake,
)
from segue.core.base import Because, Event
from segue.core.calendar import Promised
from segue.core.carts import Held
from segue.core.order import Failure
from segue.core.tally import Units
from tests.core.shop import NOW_S, draft, sold

SENT = draft(sold("SHIRT", 3, 10_00), sold("CAP", 1, 4_99))
SOME: dict[int, Units] = {1: ((1, 2),), 2: ((1, 1),)}
SOME_TEXT = "2 of line 1 (SHIRT) and 1 of line 2 (CAP)"
MONEY: dict[str, Any] = {"transaction": "T1", "tender": "P1", "amount_minor": 34_99}
AT_DALLAS: dict[str, Any] = {"fulfillment": "F1", "location": "DAL", "units": SOME}

TOLD: tuple[tuple[Event, str], ...] = (
    (
        intake.OrderPlaced(id="web-1001", workflow="test@1", draft=SENT),
        "Order 1001 came in from web: 3 of SHIRT and 1 of CAP, for 34.99 USD",
    ),
    (
        intake.OrderValidated(failures=(Failure("known_skus", "no CAP", 2), Failure("money_adds_up", "1 is not 2"))),
        "The order fails 2 of its checks: known skus on line 2 (no CAP) and money adds up (1 is not 2)",
    ),
    (
        intake.OrderCorrected(
            draft=SENT, because=Because("corrected", {"total_minor": [34_98, 34_99], "mistakes": [1, 0]})
        ),
        "The document of the order is corrected: 3 of SHIRT and 1 of CAP, for 34.99 USD; total 34.99 USD instead of "
        "34.98 USD and mistakes 0 instead of 1",
    ),
    (
        intake.OrderCorrected(
            draft=replace(SENT, currency="JPY"),
            because=Because("corrected", {"currency": ["USD", "JPY"], "total_minor": [34_98, 34_99], "units": [1, 2]}),
        ),
        "The document of the order is corrected: 3 of SHIRT and 1 of CAP, for 3499 JPY; currency JPY instead of USD, "
        "total 3499 JPY instead of 34.98 USD and units 2 instead of 1",
    ),
    (
        intake.OrderCorrected(draft=SENT),
        "The document of the order is corrected: 3 of SHIRT and 1 of CAP, for 34.99 USD",
    ),
    (intake.OrderValidated(), "The order passes all checks now"),
    (price.OrderPriced(SENT), "It came without prices; now it costs 34.99 USD"),
    (
        hold.HoldPlaced(hold="known_skus:2", type="known_skus", line=2, reason="no CAP"),
        "The order is on hold, known skus on line 2: no CAP",
    ),
    (
        hold.HoldPlaced(hold="review", type="review", until_s=NOW_S),
        "The order is on hold, review, until 2026-05-28 20:26 UTC",
    ),
    (hold.HoldLifted(hold="review", reason="all is well"), "The hold review is lifted: all is well"),
    (hold.ReactionBlocked(hold="review"), "The hold review keeps something waiting; it goes on when lifted"),
    (
        grade.OrderGraded(score=70, band="high", fired={"high_value": 40, "first_order": 30}),
        "The grade is 70, high: high value 40 and first order 30",
    ),
    (grade.OrderGraded(score=0, band=""), "The grade is 0"),
    (screen.ScreeningRequested(total_minor=34_99), "The fraud vendor is asked about an order of 34.99 USD"),
    (screen.ScreeningRecorded(verdict="accepted"), "The fraud vendor accepts the order"),
    (
        screen.ScreeningRecorded(verdict="rejected", late=True),
        "The fraud vendor rejects the order, after the time was up",
    ),
    (
        converting.CartTaken(cart="C-7", held=(Held("SHIRT", "DAL", 2), Held("CAP", "DAL", 1))),
        "The order takes over what its cart C-7 had reserved: 2 of SHIRT at Dallas warehouse (DAL) and 1 of CAP at "
        "Dallas warehouse (DAL)",
    ),
    (converting.CartMissed("C-7", "over"), "Nothing is taken over of its cart C-7: its time was over"),
    (
        converting.CartMissed("C-7", "another_channel"),
        "Nothing is taken over of its cart C-7: it is one of another channel",
    ),
    (
        converting.CartMissed("C-7", "nothing_reserved"),
        "Nothing is taken over of its cart C-7: it has nothing reserved",
    ),
    (allocate.UnitsReserved(**AT_DALLAS), f"{SOME_TEXT} are set aside at Dallas warehouse (DAL)"),
    (
        allocate.ReservationDropped(fulfillment="F1", units=SOME),
        f"What was set aside is free again: {SOME_TEXT}",
    ),
    (allocate.UnitsAllocated(**AT_DALLAS), f"{SOME_TEXT} will come from Dallas warehouse (DAL)"),
    (
        allocate.UnitsAllocated(**AT_DALLAS, promised=Promised(NOW_S)),
        f"{SOME_TEXT} will come from Dallas warehouse (DAL), to leave by 2026-05-28 20:26 UTC",
    ),
    (
        allocate.UnitsAllocated(**AT_DALLAS, promised=Promised(NOW_S, NOW_S + 60, NOW_S + 3_600)),
        f"{SOME_TEXT} will come from Dallas warehouse (DAL), to leave by 2026-05-28 20:26 UTC and arrive by "
        "2026-05-28 21:26 UTC",
    ),
    (deallocate.UnitsDeallocated(**AT_DALLAS), f"Dallas warehouse (DAL) keeps {SOME_TEXT} for others again"),
    (allocate.UnitsBackordered(units=SOME), f"No location can give {SOME_TEXT} now; they wait for stock"),
    (allocate.StockArrived(units={1: 2}), "There is stock now for 2 of line 1 (SHIRT)"),
    (fulfill.FulfillmentReleased(**AT_DALLAS), f"Dallas warehouse (DAL) is asked to ship {SOME_TEXT}"),
    (
        fulfill.FulfillmentShipped(**AT_DALLAS, shipment="S1", carrier="ups", tracking="1Z"),
        f"Dallas warehouse (DAL) has shipped {SOME_TEXT} with ups as S1, tracking 1Z",
    ),
    (fulfill.FulfillmentShipped(**AT_DALLAS, shipment="S1"), f"Dallas warehouse (DAL) has shipped {SOME_TEXT} as S1"),
    (
        fulfill.UnitsShortPicked(**AT_DALLAS, reason="not_found"),
        f"Dallas warehouse (DAL) could not deliver {SOME_TEXT}: not found",
    ),
    (fulfill.FulfillmentRejected(**AT_DALLAS), f"Dallas warehouse (DAL) will not deliver {SOME_TEXT}"),
    (
        fulfill.FulfillmentRejected(**AT_DALLAS, reason="wet", effect="gone"),
        f"Dallas warehouse (DAL) will not deliver {SOME_TEXT}: wet; the units are not there: on hand and available are less "
        "by them",
    ),
    (
        fulfill.SourcingFailed(lines=(1,), attempts=3),
        "3 attempts to deliver line 1 (SHIRT) have failed: a person has to decide",
    ),
    (deliver.ShipmentDelivered(shipment="S1", units=SOME), f"Shipment S1 has arrived: {SOME_TEXT}"),
    (pay.AuthorizationRequested(**MONEY), "The gateway is asked to hold 34.99 USD on card (P1)"),
    (
        pay.TenderAccepted(tender="P1", amount_minor=34_99),
        "34.99 USD will be paid by card (P1), without a gateway",
    ),
    (pay.PaymentAuthorized(**MONEY), "34.99 USD are held on card (P1)"),
    (
        pay.PaymentAuthorized(**MONEY, expires_at_s=NOW_S),
        "34.99 USD are held on card (P1), until 2026-05-28 20:26 UTC",
    ),
    (
        replacing.ReauthorizationRequested(**MONEY, replaces="A1"),
        "The gateway is asked to hold 34.99 USD on card (P1) once more",
    ),
    (
        replacing.PaymentReauthorized(**MONEY, replaces="A1"),
        "34.99 USD are held on card (P1) under a new authorization",
    ),
    (
        replacing.SpareAuthorized(**MONEY, replaces="A1"),
        "34.99 USD are held on card (P1) once more, and not needed",
    ),
    (
        replacing.ReauthorizationDeclined(**MONEY, replaces="A1", detail="no funds"),
        "Holding once more 34.99 USD on card (P1) was declined: no funds",
    ),
    (
        lapse.AuthorizationEnding(**MONEY, expires_at_s=NOW_S),
        "34.99 USD on card (P1) are held until 2026-05-28 20:26 UTC only",
    ),
    (lapse.AuthorizationExpired(**MONEY), "34.99 USD on card (P1) are not held any more: the time is over"),
    (lapse.AuthorizationReleased(**MONEY), "34.99 USD on card (P1) went with the only capture, and are due again"),
    (pay.AuthorizationDeclined(**MONEY, detail="no funds"), "Holding 34.99 USD on card (P1) was declined: no funds"),
    (pay.OrderCovered(), "The payment of the whole order is secured"),
    (pay.OutcomeUnknown(transaction="T1", detail="timed out"), "Nobody knows what became of T1: timed out"),
    (capture.CaptureRequested(**MONEY), "The gateway is asked to take 34.99 USD from card (P1)"),
    (capture.PaymentCaptured(**MONEY), "34.99 USD were taken from card (P1)"),
    (capture.CaptureDeclined(**MONEY), "Taking 34.99 USD on card (P1) was declined"),
    (void.VoidRequested(**MONEY), "The gateway is asked to let go of 34.99 USD on card (P1)"),
    (
        void.VoidRequested(**MONEY, due_again=True),
        "The gateway is asked to let go of 34.99 USD on card (P1) for now",
    ),
    (void.PaymentVoided(**MONEY), "34.99 USD on card (P1) are the customer's again"),
    (void.VoidDeclined(**MONEY), "Letting go of 34.99 USD on card (P1) was declined"),
    (
        void.TenderDropped(tender="P1", amount_minor=34_99, source="due"),
        "34.99 USD of card (P1) will not be asked for",
    ),
    (refund.RefundRequested(**MONEY, capture="C1"), "The gateway is asked to give back 34.99 USD to card (P1)"),
    (refund.PaymentRefunded(**MONEY), "34.99 USD were given back to card (P1)"),
    (refund.RefundDeclined(**MONEY), "Giving back 34.99 USD on card (P1) was declined"),
    (cancel.UnitsCanceled(units=SOME, reason="no_answer"), f"{SOME_TEXT} are canceled: no answer"),
    (
        returns.UnitsReturned(units=SOME, location="MIA", sellable=False, reason="torn"),
        f"{SOME_TEXT} came back to Miami store (MIA), not fit to be sold again: torn",
    ),
    (returns.UnitsReturned(units=SOME, location=""), f"{SOME_TEXT} came back to an unknown place"),
    (returns.UnitsReturned(units=SOME, location="", lost=True), f"{SOME_TEXT} never reached the customer"),
    (
        cancel.UnitsCanceled(
            units=SOME, withheld_minor=5_00, shipping_minor=1_00, because=Because("x", {"promotions": ["gift"]})
        ),
        f"{SOME_TEXT} are canceled; 5.00 USD is withheld, since gift does not hold any more; 1.00 USD of the shipping "
        "is given back",
    ),
    (
        returns.UnitsReturned(units=SOME, location="MIA", withheld_minor=-5_00, fee_minor=3_00),
        f"{SOME_TEXT} came back to Miami store (MIA); 5.00 USD is not withheld any more; 3.00 USD is charged for the "
        "return",
    ),
    (
        invoice.InvoiceIssued(document="I1", shipment="S1", total_minor=34_99),
        "Invoice I1 of 34.99 USD is issued for shipment S1",
    ),
    (
        invoice.InvoiceIssued(document="I2", shipment="", total_minor=5_00),
        "Invoice I2 of 5.00 USD is issued for what is owed beyond what was invoiced",
    ),
    (
        invoice.CreditMemoIssued(document="M1", total_minor=10_00, refund="R1", reverses={"I1": 9_00, "I2": 1_00}),
        "Credit memo M1 of 10.00 USD is issued with refund R1, of invoice I1 and I2",
    ),
    (
        invoice.CreditMemoIssued(document="M1", total_minor=10_00, reverses={"I1": 10_00}),
        "Credit memo M1 of 10.00 USD is issued for what was never paid, of invoice I1",
    ),
    (invoice.NothingCredited(refund="R1"), "R1 gives back what no invoice had asked for: nothing is credited"),
    (
        adjust.PriceAdjusted(line=1, units=((1, 2),), amount_minor=5_00, reason="found cheaper"),
        "The price of 2 of line 1 (SHIRT) is lowered by 5.00 USD: found cheaper",
    ),
    (
        adjust.GoodwillGiven(amount_minor=5_00, reason="late"),
        "The customer is given 5.00 USD as goodwill: late",
    ),
    (
        refund.RefundCapped(amount_minor=5_00, since="goodwill"),
        "5.00 USD more is not given back: it was given before, as goodwill",
    ),
    (
        settlement.SettlementRecorded(line="L1", transaction="C1", amount_minor=34_99, fee_minor=1_00),
        "The gateway has settled 34.99 USD of C1, for a fee of 1.00 USD (line L1)",
    ),
    (
        settlement.SettlementRecorded(line="L1", transaction="C1", amount_minor=34_99),
        "The gateway has settled 34.99 USD of C1 (line L1)",
    ),
    (
        settlement.SettlementDiffers(
            line="L1", transaction="C1", difference="amount_differs", amount_minor=34_00, currency="USD"
        ),
        "The settlement of 34.00 USD is of C1 and amount differs (line L1)",
    ),
    (
        settlement.SettlementDiffers(
            line="L1", transaction="", difference="missing_here", amount_minor=3400, currency="JPY"
        ),
        "The settlement of 3400 JPY is of nothing that we know of and missing here (line L1)",
    ),
    (
        settlement.SettlementResolved(line="L1", transaction="C1", amount_minor=34_00, reason="a discount of theirs"),
        "The difference in line L1 is resolved and 34.00 USD booked as paid: a discount of theirs",
    ),
    (settlement.SettlementResolved(line="L1", transaction=""), "The difference in line L1 is resolved"),
    (
        chargeback.ChargebackRecorded(tender="P1", amount_minor=5_00, reference="D-7", reason="fraudulent"),
        "A bank has taken back 5.00 USD of card (P1), case D-7: fraudulent",
    ),
    (
        chargeback.ChargebackRecorded(tender="P1", amount_minor=4_00, reference="D-7", beyond_minor=1_00),
        "A bank has taken back 5.00 USD of card (P1), case D-7; 1.00 USD of it was refunded before",
    ),
    (notify.MessageRequested(message="on_its_way"), "The customer is sent the message on its way"),
    (notify.ChannelUpdateRequested(update="shipped"), "web is told: shipped"),
    (note.NoteAdded(text="called back"), "Note: called back"),
    (item_state.StateEntered(state="allocated.engraving", units=SOME), f"{SOME_TEXT} are in engraving now"),
    (item_state.StateLeft(state="allocated.engraving", units=SOME), f"{SOME_TEXT} have left engraving"),
    (
        wake.TimerSet(timer="on.x.0#3", due_at_s=NOW_S, reaction="on.x.0", does="lift_hold"),
        "Planned for 2026-05-28 20:26 UTC: lift hold",
    ),
    (wake.TimerFired(timer="on.x.0#3", reaction="on.x.0", does="allocate"), "The time has come to allocate"),
    (wake.TimersDropped(timers=("on.x.0#3",)), "No longer waited for: on.x.0"),
    (wake.ReactionsResumed(reactions=("on.x.0", "on.y.1")), "What was held up is tried again: on.x.0 and on.y.1"),
    (wake.PlacesChanged(entered=("on_hold", "review")), "Now: on hold and review"),
    (wake.PlacesChanged(entered=("on_hold",), left=("open",)), "Now: on hold. No longer: open"),
)
