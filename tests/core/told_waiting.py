"""Told of what waits, for stock, a time or money: each event, and the sentence that a customer-service agent reads."""

from segue.core.allocate import UnitsAllocated, UnitsBackordered
from segue.core.base import Because, Event
from segue.core.calendar import Promised
from segue.core.collect_at import PickupRescheduled
from segue.core.expected import Awaited, Expected
from segue.core.grace import GraceEnded
from segue.core.hold import ReactionBlocked
from segue.core.paid_otherwise import TenderChanged
from segue.core.patience import DelayAnswered, WaitAsked
from segue.core.redating import StreetDateSaid
from segue.core.repromise import StockDelayed, StockExpected
from segue.core.reschedule import DeliveryRescheduled, Rescheduled
from segue.core.schedule import FulfillmentDue
from segue.core.selling import SaleCounted
from segue.core.street import StreetDateCome, StreetDateMoved, UnitsPreordered
from segue.core.strict import BEFORE
from segue.core.substitute import LineSubstituted
from tests.core.shop import NOW_S

EXPECTED = Expected((Awaited(NOW_S, "DAL", 2, ("PO-1",)),))
WAITING: tuple[tuple[Event, str], ...] = (
    (
        UnitsBackordered({1: ((1, 2),)}, because=Because("closest", {BEFORE: {"SHIRT": 9}})),
        "No location can give 2 of line 1 (SHIRT) now; they wait for stock; 9 of SHIRT are wanted by "
        "those whose turn is before",
    ),
    (
        StockExpected({1: EXPECTED, 2: Expected(missing=1)}),
        "Line 1 (SHIRT) is to be had 2026-05-28 20:26 UTC, with PO-1; line 2 (CAP) is not all of it expected",
    ),
    (
        StockDelayed({1: EXPECTED}, {1: NOW_S - 60}),
        "Line 1 (SHIRT) is delayed: to be had 2026-05-28 20:26 UTC instead of 2026-05-28 20:25 UTC, with PO-1",
    ),
    (
        StockDelayed({1: EXPECTED, 2: Expected(missing=1)}, {1: NOW_S - 60, 2: NOW_S}),
        "Line 1 (SHIRT) is delayed: to be had 2026-05-28 20:26 UTC instead of 2026-05-28 20:25 UTC, with PO-1; line 2 (CAP) "
        "is delayed: not all of it expected instead of 2026-05-28 20:26 UTC",
    ),
    (
        LineSubstituted(1, "POLO", "SHIRT", ((1, 2),), "Polo shirt"),
        "POLO takes the place of SHIRT on line 1, 2 of it, for what was paid",
    ),
    (
        ReactionBlocked("grace", "on.order_covered.0"),
        "The customer may still change their mind; what cannot be undone waits until the grace period is over",
    ),
    (
        ReactionBlocked("schedule", "on.units_allocated.0"),
        "It is not time yet; what shall arrive on a date goes on when it is",
    ),
    (FulfillmentDue(("F1", "F2")), "It is time to send F1 and F2, to arrive on the date chosen"),
    (
        PickupRescheduled(NOW_S, NOW_S + 60),
        "The customer will collect it from 2026-05-28 20:26 UTC to 2026-05-28 20:27 UTC",
    ),
    (DeliveryRescheduled("2026-12-24"), "The order is to arrive on 2026-12-24"),
    (
        DeliveryRescheduled("", 2, {"F1": Rescheduled("DAL", {2: ((1, 1),)}), "F2": Rescheduled("DAL", {}, NOW_S)}),
        "Line 2 is to arrive as soon as possible; Dallas warehouse (DAL) is asked on 2026-05-28 20:26 UTC",
    ),
    (
        UnitsAllocated("F1", "DAL", {1: ((1, 2),)}, promised=Promised(NOW_S + 60), release_at_s=NOW_S),
        "2 of line 1 (SHIRT) will come from Dallas warehouse (DAL), asked on 2026-05-28 20:26 UTC, to leave by 2026-05-28 "
        "20:27 UTC",
    ),
    (GraceEnded(reactions=("on.order_covered.0",)), "The grace period is over"),
    (GraceEnded(early=True, reason="she called"), "The grace period is ended early: she called"),
    (
        TenderChanged(tender="P1", method="sepa", reference="mandate-7"),
        "What is due of P1 is asked for by sepa from now on",
    ),
    (UnitsPreordered({1: ((1, 2),)}), "2 of line 1 (SHIRT) wait for their street date"),
    (
        UnitsPreordered({1: ((1, 2),)}, because=Because("street_date", {"1": "2026-12-04"})),
        "2 of line 1 (SHIRT) wait for their street date on 2026-12-04",
    ),
    (
        StreetDateMoved({1: "2026-12-05", 2: ""}),
        "The street date is another one: line 1 (SHIRT) 2026-12-05 and line 2 (CAP) none",
    ),
    (
        StreetDateSaid({1: "2026-12-05", 2: "2026-12-06"}),
        "The street date has not moved for a while: line 1 (SHIRT) 2026-12-05 and line 2 (CAP) 2026-12-06",
    ),
    (StreetDateCome((1, 2)), "The street date has come of line 1 (SHIRT) and line 2 (CAP)"),
    (
        WaitAsked((1,), NOW_S, "cancel"),
        "The customer is asked whether they wait for line 1 (SHIRT), and has until 2026-05-28 20:26 UTC",
    ),
    (SaleCounted({"SHIRT": 2, "CAP": 1}), "It counts against what may be sold with 2 of SHIRT and 1 of CAP"),
    (SaleCounted({}), "It counts against what may be sold with nothing"),
    (DelayAnswered("wait"), "The customer waits for what is late"),
    (DelayAnswered("cancel"), "The customer does not wait for what is late"),
    (DelayAnswered("wait", in_time=False), "The customer has not answered in time, and is taken to wait"),
    (DelayAnswered("cancel", in_time=False), "The customer has not answered in time, and is taken not to wait"),
)
