"""Item states: units that are engraved are allocated, but nobody ships them before the engraver is done."""

import pytest

from segue.core.allocate import Allocate, UnitsAllocated, UnitsBackordered, UnitsReserved
from segue.core.base import Command, Refusal
from segue.core.cancel import Cancel, UnitsCanceled
from segue.core.fulfill import FulfillmentReleased, Release
from segue.core.item_state import EnterState, LeaveState, StateEntered, StateLeft
from segue.core.tally import Units
from segue.core.workflow import ItemState
from tests.core.given import events_of, given
from tests.core.shop import draft, sold

ONE_EACH: dict[int, Units] = {1: ((1, 2),), 2: ((1, 1),)}
ALLOCATED = (
    draft(sold("SHIRT", 2), sold("CAP"), kind="prepaid"),
    UnitsAllocated(fulfillment="F1", location="DAL", units=ONE_EACH),
)
SHIRTS_ENGRAVED = StateEntered(state="allocated.engraving", units={1: ((1, 2),)})
RESERVED_STATE = {"gift": ItemState("gift", "reserved"), "asked": ItemState("asked", "backordered")}


def test_the_units_of_a_line_or_of_all_lines_enter_a_state() -> None:
    given(*ALLOCATED).when(EnterState("engraving", 1)).then(SHIRTS_ENGRAVED)
    given(*ALLOCATED).when(EnterState("engraving")).then(StateEntered(state="allocated.engraving", units=ONE_EACH))


@pytest.mark.parametrize("command", [EnterState("polishing"), LeaveState("polishing")])
def test_a_state_has_to_be_declared(command: Command) -> None:
    given(*ALLOCATED).when(command).refused(Refusal.ITEM_STATE_UNKNOWN, "polishing")


def test_units_enter_from_the_core_state_and_leave_to_it() -> None:
    engraved = given(*ALLOCATED, SHIRTS_ENGRAVED)
    engraved.when(EnterState("engraving", 1)).refused(Refusal.UNITS_NOT_THERE, "none is allocated")
    engraved.when(LeaveState("engraving", 2)).refused(Refusal.UNITS_NOT_THERE, "none is allocated.engraving")
    engraved.when(EnterState("engraving", 3)).refused(Refusal.LINE_NOT_FOUND)
    engraved.when(LeaveState("engraving")).then(StateLeft(state="allocated.engraving", units={1: ((1, 2),)}))


def test_only_lines_of_which_the_customer_has_chosen_it_enter_a_state() -> None:
    lines = (sold("SHIRT", properties={"engraving": "Ada"}), sold("CAP"))
    allocated = UnitsAllocated(fulfillment="F1", location="DAL", units={1: ((1, 1),), 2: ((1, 1),)})
    known = given(draft(*lines), allocated)
    known.when(EnterState("engraving", property="engraving")).then(
        StateEntered(state="allocated.engraving", units={1: ((1, 1),)})
    )
    known.when(EnterState("engraving", property="wrapping")).refused(Refusal.UNITS_NOT_THERE, "none with wrapping")


def test_what_is_being_engraved_is_not_released_until_it_has_left() -> None:
    engraved = given(*ALLOCATED, SHIRTS_ENGRAVED)
    engraved.when(Release()).then(FulfillmentReleased(fulfillment="F1", location="DAL", units={2: ((1, 1),)}))
    later = engraved.after(Release())
    later.when(Release()).refused(Refusal.NOTHING_TO_RELEASE, "2 units are allocated")
    later.after(LeaveState("engraving")).when(Release()).then(
        FulfillmentReleased(fulfillment="F2", location="DAL", units={1: ((1, 2),)})
    )


def test_what_is_being_engraved_can_still_be_canceled() -> None:
    canceled = (
        given(*ALLOCATED, SHIRTS_ENGRAVED).when(Cancel(line=1, quantity=1)).then(UnitsCanceled(units={1: ((1, 1),)}))
    )
    assert canceled is not None
    assert canceled.lines[0].tally == {"canceled": ((1, 1),), "allocated.engraving": ((2, 2),)}


def test_reserved_units_in_a_state_of_their_own_give_their_stock_back_when_they_are_allocated() -> None:
    story = (
        draft(sold("SHIRT", 2)),
        UnitsReserved(fulfillment="F1", location="DAL", units={1: ((1, 2),)}),
        StateEntered(state="reserved.gift", units={1: ((1, 2),)}),
    )
    outcome = given(*story).knowing(item_states=RESERVED_STATE, stock={"SHIRT": {"DAL": 0}}).step(Allocate())
    assert sum(move.allocated for move in outcome.moves) == 0
    assert outcome.order.lines[0].tally == {"allocated": ((1, 2),)}


def test_backordered_units_in_a_state_of_their_own_are_not_backordered_again() -> None:
    story = (
        draft(sold("SHIRT")),
        UnitsBackordered(units={1: ((1, 1),)}),
        StateEntered(state="backordered.asked", units={1: ((1, 1),)}),
    )
    assert events_of(given(*story).knowing(item_states=RESERVED_STATE).step(Allocate())) == []
