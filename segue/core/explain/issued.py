"""Issued: the sentences of what is delivered by a message, and of what is taken back of it."""

from collections.abc import Callable
from typing import Any

from segue.core.base import Event
from segue.core.explain.words import Tale, because
from segue.core.issuing import CodesRequested, IssueDeclined, IssuingBegun, UnitsIssued
from segue.core.takeback import TakebackDeclined, TakebackRequested


def _paid(event: CodesRequested, tale: Tale) -> str:
    why = event.because.figures if event.because else {}
    paid = f", as {tale.money(why['paid'])} is paid" if "paid" in why else ""
    return f"A code is asked for, for {tale.units(event.units)} ({event.issue}){paid}"


def _unit(event: TakebackRequested | TakebackDeclined, tale: Tale) -> str:
    return f"unit {event.unit} of line {event.line} ({tale.order.lines[event.line - 1].sku})"


SENTENCES: dict[type[Event], Callable[[Any, Tale], str]] = {
    IssuingBegun: lambda e, tale: f"{tale.units(e.units)} are delivered by a message once they are paid",
    CodesRequested: _paid,
    UnitsIssued: lambda e, tale: f"There is a code for {tale.units(e.units)} ({e.issue}): they are the customer's",
    IssueDeclined: lambda e, tale: f"There is no code for {tale.units(e.units)} ({e.issue}){because(e.detail)}",
    TakebackRequested: lambda e, tale: f"The code of {_unit(e, tale)} is to become worthless{because(e.reason)}",
    TakebackDeclined: lambda e, tale: f"The code of {_unit(e, tale)} stays as it is{because(e.detail)}",
}
