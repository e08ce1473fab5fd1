"""Awaited: the sentences of what waits for a day, and of what the customer says when it takes longer."""

from collections.abc import Callable, Iterable
from typing import Any

from segue.core.base import Event
from segue.core.explain.words import Tale, listed
from segue.core.patience import DelayAnswered, WaitAsked
from segue.core.redating import StreetDateSaid
from segue.core.selling import SaleCounted
from segue.core.street import StreetDateCome, StreetDateMoved, UnitsPreordered

ANSWERS = {
    ("wait", True): "The customer waits for what is late",
    ("cancel", True): "The customer does not wait for what is late",
    ("wait", False): "The customer has not answered in time, and is taken to wait",
    ("cancel", False): "The customer has not answered in time, and is taken not to wait",
}


def preordered(event: UnitsPreordered, tale: Tale) -> str:
    """Units wait for a day."""
    days = event.because.figures.values() if event.because else ()
    until = f" on {listed(dict.fromkeys(map(str, days)))}" if days else ""
    return f"{tale.units(event.units)} wait for their street date{until}"


def moved(event: StreetDateMoved, tale: Tale) -> str:
    """The catalog says another day."""
    days = listed(f"{_line(number, tale)} {day or 'none'}" for number, day in event.lines.items())
    return f"The street date is another one: {days}"


def said(event: StreetDateSaid, tale: Tale) -> str:
    """The customer is to hear of it."""
    days = listed(f"{_line(number, tale)} {day}" for number, day in event.lines.items())
    return f"The street date has not moved for a while: {days}"


def counted(event: SaleCounted, tale: Tale) -> str:
    """What others cannot be sold any more."""
    units = listed(f"{units} of {sku}" for sku, units in event.units.items())
    return f"It counts against what may be sold with {units or 'nothing'}"


def lines_of(numbers: Iterable[int], tale: Tale) -> str:
    """Some lines, by their SKUs."""
    return listed(_line(number, tale) for number in numbers)


def _line(number: int, tale: Tale) -> str:
    return f"line {number} ({tale.order.lines[number - 1].sku})"


SENTENCES: dict[type[Event], Callable[[Any, Tale], str]] = {
    UnitsPreordered: preordered,
    StreetDateMoved: moved,
    StreetDateSaid: said,
    StreetDateCome: lambda e, tale: f"The street date has come of {lines_of(e.lines, tale)}",
    SaleCounted: counted,
    WaitAsked: lambda e, tale: (
        f"The customer is asked whether they wait for {lines_of(e.lines, tale)}, and has until {tale.moment(e.answer_by_s)}"
    ),
    DelayAnswered: lambda e, tale: ANSWERS[e.answer, e.in_time],
}
