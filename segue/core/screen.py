"""Screening: a fraud vendor is asked, answers now or later, or never; each has its own outcome."""

from typing import Literal

from msgspec.structs import replace

from segue.core.base import Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.order import Order

Verdict = Literal["pending", "accepted", "review", "rejected", "timed_out"]


class Screen(Command):
    """Ask the fraud vendor."""


class RecordScreening(Command):
    """The vendor's verdict; or `timed_out`, which the workflow says when it has waited long enough."""

    verdict: Verdict
    reference: str = ""


class ScreeningRequested(Event):
    """The vendor is being asked."""

    total_minor: int


class ScreeningRecorded(Event):
    """The vendor has answered, or the time is up. A late verdict replaces `timed_out`."""

    verdict: Verdict
    reference: str = ""
    late: bool = False


def screen(order: Order, command: Screen, context: Context) -> list[Event]:
    """Asked once: while a verdict is awaited, asking again does nothing."""
    if order.screening in ("asked", "pending"):
        return []
    return [ScreeningRequested(order.total_minor)]


def record_screening(order: Order, command: RecordScreening, context: Context) -> list[Event]:
    """Refused unless a verdict is awaited; one that comes after the time was up is taken, and marked as late."""
    if order.screening in ("asked", "pending"):
        return [] if command.verdict == order.screening else [ScreeningRecorded(command.verdict, command.reference)]
    if order.screening == "timed_out" and command.verdict not in ("timed_out", "pending"):
        return [ScreeningRecorded(command.verdict, command.reference, late=True)]
    raise Refused(Refusal.SCREENING_NOT_ASKED, order.screening)


def evolve_requested(order: Order, event: ScreeningRequested, at_s: int) -> Order:
    """A verdict is awaited."""
    return replace(order, screening="asked")


def evolve_recorded(order: Order, event: ScreeningRecorded, at_s: int) -> Order:
    """The verdict."""
    return replace(order, screening=event.verdict)


def said_of_screenings(order: Order) -> list[Command]:
    """The vendor's verdict, at once, after a while or late; or that it gives none."""
    if order.screening not in ("asked", "pending", "timed_out"):
        return []
    late: tuple[Verdict, ...] = ("accepted", "review", "rejected")
    early: tuple[Verdict, ...] = ("pending", "timed_out") if order.screening == "asked" else ()
    return [RecordScreening(verdict) for verdict in (*late, *early)]


DECISIONS = {Screen: screen, RecordScreening: record_screening}
EVOLUTIONS = {ScreeningRequested: evolve_requested, ScreeningRecorded: evolve_recorded}
ANSWERS = {ScreeningRequested: said_of_screenings}
TROUBLES = (ScreeningRecorded,)
