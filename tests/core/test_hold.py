"""Holds: what stands in the way, who put it there, and what takes it away again."""

from typing import Any

from segue.core.allocate import Allocate, UnitsAllocated
from segue.core.base import Refusal
from segue.core.facts import Item
from segue.core.fulfill import FulfillmentReleased, Release
from segue.core.grade import GradeOrder
from segue.core.hold import HoldLifted, HoldPlaced, LiftHold, PlaceHold
from segue.core.intake import PlaceOrder
from segue.core.pay import Authorize
from segue.core.wake import ReactionsResumed, Wake
from segue.policies.validation import known_skus
from tests.core.given import Given, events_of, given, refusals_of, refuse
from tests.core.shop import NOW_S, draft, hold, rule, sold

TWO_LINES = draft(sold("SHIRT"), sold("CAP"))
STOCK = {"SHIRT": {"DAL": 1}, "CAP": {"DAL": 1}}
ON_HOLD = HoldPlaced(hold="review", type="review", by="person:ann")
CAP_HELD = HoldPlaced(hold="unlisted:2", type="unlisted", line=2)
HOLDS = {"review": ("allocate", "authorize"), "unlisted": ("allocate",), "other": ("allocate",)}


def allocating(*story: HoldPlaced) -> Given:
    """A workflow that allocates when a note is taken: the plainest trigger there is."""
    return given(TWO_LINES, *story).knowing(stock=STOCK, holds=HOLDS, on={"order_graded": [Allocate()]})


def test_a_hold_is_placed_with_its_reason_and_who_placed_it() -> None:
    given(TWO_LINES).knowing(holds=HOLDS).when(PlaceHold("review", "looks odd", until_s=NOW_S + 60)).then(
        HoldPlaced(hold="review", type="review", reason="looks odd", by="person:ann", until_s=NOW_S + 60)
    )


def test_a_type_that_expires_says_until_when() -> None:
    short = {"review": hold("allocate", expires_s=3600)}
    given(TWO_LINES).knowing(holds=short).when(PlaceHold("review")).then(
        HoldPlaced(hold="review", type="review", by="person:ann", until_s=NOW_S + 3600)
    )


def test_only_declared_holds_are_placed_on_lines_that_are_there_and_once() -> None:
    known = given(TWO_LINES, ON_HOLD).knowing(holds=HOLDS)
    known.when(PlaceHold("odd")).refused(Refusal.HOLD_UNKNOWN, "odd; declared: review, unlisted, other")
    given(TWO_LINES).when(PlaceHold("odd")).refused(Refusal.HOLD_UNKNOWN, "odd; declared: none")
    known.when(PlaceHold("review", line=3)).refused(Refusal.LINE_NOT_FOUND, "3")
    known.when(PlaceHold("review")).refused(Refusal.HOLD_EXISTS, "review")
    known.when(PlaceHold("review", line=1)).then(HoldPlaced(hold="review:1", type="review", line=1, by="person:ann"))


def test_lifting_a_hold_that_is_not_there_is_an_error() -> None:
    known = given(TWO_LINES, ON_HOLD).knowing(holds=HOLDS)
    known.when(LiftHold("other")).refused(Refusal.HOLD_NOT_FOUND, "other; there: review")
    known.when(LiftHold("review", "all is well")).then(HoldLifted(hold="review", reason="all is well"))
    given(TWO_LINES).when(LiftHold("other")).refused(Refusal.HOLD_NOT_FOUND, "there: none")


def test_a_hold_blocks_what_its_type_says_and_nothing_else() -> None:
    known = given(TWO_LINES, ON_HOLD).knowing(holds={"review": ("allocate",)}, stock=STOCK)
    known.when(Allocate()).refused(Refusal.HOLD_BLOCKS, "review blocks allocate")
    assert known.when(Authorize()).events


def test_a_held_line_does_not_stop_the_others() -> None:
    allocated = UnitsAllocated(fulfillment="F1", location="DAL", units={1: ((1, 1),)})
    known = given(TWO_LINES, CAP_HELD).knowing(holds=HOLDS, stock=STOCK)
    assert events_of(known.step(Allocate())) == [allocated]


def test_lifting_the_hold_of_a_line_goes_on_with_it() -> None:
    known = given(TWO_LINES).knowing(stock=STOCK, holds=HOLDS, on={"hold_placed": [Allocate()]})
    held = known.after(PlaceHold("unlisted", line=2))
    assert held.order is not None
    assert held.order.waiting == ("on.hold_placed.0",)
    outcome = held.step(LiftHold("unlisted:2"))
    assert events_of(outcome, UnitsAllocated) == [
        UnitsAllocated(fulfillment="F2", location="DAL", units={2: ((1, 1),)})
    ]
    assert outcome.order.waiting == ()


def test_a_command_that_line_holds_keep_from_everything_is_refused() -> None:
    both = (CAP_HELD, HoldPlaced(hold="other:1", type="other", line=1))
    known = given(TWO_LINES, *both).knowing(holds=HOLDS, stock=STOCK)
    with refuse(Refusal.HOLD_BLOCKS) as error:
        known.step(Allocate())
    assert error.value.detail == "unlisted:2, other:1 blocks allocate"


def test_a_held_line_is_not_released_with_the_others() -> None:
    story = (
        draft(sold("SHIRT"), sold("CAP"), kind="prepaid"),
        UnitsAllocated(fulfillment="F1", location="DAL", units={1: ((1, 1),), 2: ((1, 1),)}),
        CAP_HELD,
    )
    known = given(*story).knowing(holds={"unlisted": ("release",)})
    assert events_of(known.step(Release())) == [
        FulfillmentReleased(fulfillment="F1", location="DAL", units={1: ((1, 1),)})
    ]


def test_what_a_hold_blocks_goes_on_when_it_is_lifted() -> None:
    held = allocating(ON_HOLD)
    asked = held.step(GradeOrder())
    assert refusals_of(asked) == ["a hold blocks this: review blocks allocate"]
    assert asked.order.waiting == ("on.order_graded.0",)
    lifted = held.after(GradeOrder()).step(LiftHold("review"))
    assert events_of(lifted) == [
        HoldLifted(hold="review"),
        ReactionsResumed(reactions=("on.order_graded.0",)),
        UnitsAllocated(fulfillment="F1", location="DAL", units={1: ((1, 1),), 2: ((1, 1),)}),
    ]


def test_with_two_holds_it_goes_on_when_the_last_is_lifted() -> None:
    held = allocating(ON_HOLD, HoldPlaced(hold="other", type="other")).after(GradeOrder())
    first = held.step(LiftHold("review"))
    assert events_of(first, UnitsAllocated) == []
    assert first.order.waiting == ("on.order_graded.0",)
    assert events_of(held.after(LiftHold("review")).step(LiftHold("other")), UnitsAllocated)


def test_what_is_blocked_twice_is_done_once() -> None:
    lifted = allocating(ON_HOLD).after(GradeOrder()).after(GradeOrder()).step(LiftHold("review"))
    assert len(events_of(lifted, UnitsAllocated)) == 1


def test_an_unknown_sku_holds_its_line_only_and_goes_on_by_itself_once_the_catalog_has_it() -> None:
    rules: dict[str, Any] = {
        "validate": (rule(known_skus),),
        "holds": {"known_skus": ("allocate",)},
        "on": {"order_placed": [Allocate()]},
        "stock": STOCK,
    }
    unlisted: dict[str, Item | None] = {"SHIRT": Item("SHIRT"), "CAP": None}
    placed = given().knowing(items=unlisted, **rules).after(PlaceOrder("web-1001", TWO_LINES))
    assert placed.order is not None
    assert list(placed.order.holds) == ["known_skus:2"]
    assert [line.tally for line in placed.order.lines] == [{"allocated": ((1, 1),)}, {"new": ((1, 1),)}]
    assert events_of(placed.step(Wake())) == []
    corrected = placed.knowing(**rules).step(Wake())
    assert corrected.order.holds == {}
    assert [line.tally for line in corrected.order.lines] == [{"allocated": ((1, 1),)}] * 2
