"""Screening: the fraud vendor is asked once, and each of its answers, also a late one, has its own outcome."""

import pytest

from segue.core.base import Refusal
from segue.core.screen import RecordScreening, Screen, ScreeningRecorded, ScreeningRequested, Verdict
from tests.core.given import given
from tests.core.shop import draft, sold

ASKED = (draft(sold()), ScreeningRequested(total_minor=10_00))
PENDING = (*ASKED, ScreeningRecorded(verdict="pending", reference="S-1"))
TIMED_OUT = (*PENDING, ScreeningRecorded(verdict="timed_out"))
VERDICTS: tuple[Verdict, ...] = ("accepted", "review", "rejected", "timed_out")


def test_the_vendor_is_asked_once() -> None:
    given(draft(sold())).when(Screen()).then(ScreeningRequested(total_minor=10_00))
    given(*ASKED).when(Screen()).then()
    given(*PENDING).when(Screen()).then()


def test_after_a_verdict_it_may_be_asked_again() -> None:
    given(*PENDING, ScreeningRecorded(verdict="review")).when(Screen()).then(ScreeningRequested(total_minor=10_00))


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_recorded_whether_it_comes_at_once_or_later(verdict: Verdict) -> None:
    recorded = ScreeningRecorded(verdict=verdict, reference="S-1")
    given(*ASKED).when(RecordScreening(verdict, "S-1")).then(recorded)
    order = given(*PENDING).when(RecordScreening(verdict, "S-1")).then(recorded)
    assert order is not None
    assert order.screening == verdict


def test_pending_is_recorded_once() -> None:
    given(*ASKED).when(RecordScreening("pending")).then(ScreeningRecorded(verdict="pending"))
    given(*PENDING).when(RecordScreening("pending")).then()


@pytest.mark.parametrize("verdict", ["accepted", "review", "rejected"])
def test_a_verdict_after_the_time_was_up_is_taken_and_marked_as_late(verdict: Verdict) -> None:
    given(*TIMED_OUT).when(RecordScreening(verdict)).then(ScreeningRecorded(verdict=verdict, late=True))


@pytest.mark.parametrize("verdict", ["timed_out", "pending"])
def test_time_is_up_only_once(verdict: Verdict) -> None:
    given(*TIMED_OUT).when(RecordScreening(verdict)).refused(Refusal.SCREENING_NOT_ASKED, "timed_out")


def test_a_verdict_that_nobody_asked_for_is_refused() -> None:
    given(draft(sold())).when(RecordScreening("accepted")).refused(Refusal.SCREENING_NOT_ASKED)
    done = (*PENDING, ScreeningRecorded(verdict="accepted"))
    given(*done).when(RecordScreening("rejected")).refused(Refusal.SCREENING_NOT_ASKED, "accepted")
