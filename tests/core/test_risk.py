"""Money at risk: which authorizations end with goods unshipped, and what the workflow will do."""

from segue.core.allocate import UnitsAllocated
from segue.core.fulfill import FulfillmentReleased, FulfillmentShipped
from segue.core.hold import HoldPlaced
from segue.core.lapse import AuthorizationEnding, AuthorizationExpired
from segue.core.order import Order
from segue.core.pay import AuthorizationRequested, Authorize, PaymentAuthorized, Reauthorize
from segue.core.replacing import ReauthorizationRequested
from segue.core.risk import AtRisk, Planned, at_risk
from segue.core.tally import Units
from segue.core.wake import TimerSet
from segue.core.workflow import Workflow
from tests.core.given import given
from tests.core.shop import NOW_S, draft, only, sold, workflow

DAY_S = 86_400
ENDS_S = NOW_S + 7 * DAY_S
HELD = (
    AuthorizationRequested("A1", "P1", 10_00),
    PaymentAuthorized("A1", "P1", 10_00, "psp-1", ENDS_S),
)
ENDING = AuthorizationEnding("A1", "P1", 10_00, ENDS_S)
ALL: dict[int, Units] = {1: ((1, 1),)}
FLOW = workflow(
    reauthorize_before_s=2 * DAY_S,
    on={"authorization_ending": [only("allocated > 0", Reauthorize())], "authorization_expired": [Authorize()]},
)


def risk_of(*story: object, flow: Workflow = FLOW, until_s: int = ENDS_S) -> list[AtRisk]:
    order = given(draft(sold()), *HELD, *story).order  # type: ignore[arg-type]
    assert isinstance(order, Order)
    return at_risk(order, flow, until_s)


def test_it_says_which_money_until_when_and_what_will_be_done() -> None:
    asking = Planned(ENDS_S - 2 * DAY_S, "reauthorize", "allocated > 0")
    plan = (asking, Planned(ENDS_S, "authorize"))
    assert risk_of() == [AtRisk("web-1001", "A1", "P1", "card", 10_00, "USD", ENDS_S, 1, (), plan)]


def test_what_ends_later_or_has_ended_is_not_at_risk() -> None:
    assert risk_of(until_s=ENDS_S - 1) == []
    assert risk_of(AuthorizationExpired("A1", "P1", 10_00)) == []


def test_what_has_left_is_not_at_risk_by_waiting() -> None:
    gone = (
        UnitsAllocated(fulfillment="F1", location="DAL", units=ALL),
        FulfillmentReleased(fulfillment="F1", location="DAL", units=ALL),
        FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S1", units=ALL),
    )
    assert risk_of(*gone) == []


def test_holds_are_named_and_what_is_planned_or_asked_for_already() -> None:
    (held,) = risk_of(ENDING, HoldPlaced(hold="payment", type="payment"))
    assert (held.holds, held.plan) == (("payment",), (Planned(ENDS_S, "authorize"),))
    timer = TimerSet("on.x.0#3", NOW_S + DAY_S, "on.x.0", "reauthorize")
    late = TimerSet("on.y.0#3", ENDS_S + 1, "on.y.0", "cancel")
    (planned,) = risk_of(ENDING, timer, late)
    assert planned.plan[0] == Planned(NOW_S + DAY_S, "reauthorize")
    assert len(planned.plan) == 2
    (asked,) = risk_of(ENDING, ReauthorizationRequested("A2", "P1", 10_00, "A1"))
    assert asked.plan[0].does == "A2 is asked for in its place"


def test_a_workflow_that_does_nothing_about_it_has_no_plan() -> None:
    (nothing,) = risk_of(flow=workflow())
    assert nothing.plan == ()
