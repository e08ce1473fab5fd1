"""Routed: how the tests of strategies speak: a draft, its stock, strategies, and where its units come from."""

from collections.abc import Mapping
from typing import Any

from segue.core.allocate import Allocate, UnitsAllocated, UnitsBackordered
from segue.core.base import Because, Event
from segue.core.cancel import UnitsCanceled
from segue.core.draft import Draft
from segue.core.facts import Stock
from segue.core.policy import Rule
from segue.core.workflow import Among, Strategy
from tests.core.given import Given, every, given

ALL = {"SHIRT": {"DAL": 9, "MIA": 9, "REN": 9}}
NEAR, FAR = Strategy("near", among=Among(ids=("DAL",))), Strategy("far", among=Among(ids=("REN",)))


def soft(chosen: Rule) -> Rule:
    """A policy that gives way if nothing else is found."""
    return chosen._replace(soft=True)


def routed(sent: Draft, stock: Mapping[str, Stock], *strategies: Strategy, **known: Any) -> list[Event]:
    """What becomes of the units of a draft, by these strategies."""
    outcome = knowing(sent, stock, *strategies, **known).step(Allocate())
    return [e for e in every(outcome) if isinstance(e, UnitsAllocated | UnitsBackordered | UnitsCanceled)]


def knowing(sent: Draft, stock: Mapping[str, Stock], *strategies: Strategy, **known: Any) -> Given:
    """A draft, this stock, and these strategies."""
    return given(sent).knowing(stock=stock, routing=strategies, **known)


def places(events: list[Event]) -> dict[str, int]:
    """Units by where they come from; the rest by what becomes of it."""
    found: dict[str, int] = {}
    for event in events:
        assert isinstance(event, UnitsAllocated | UnitsBackordered | UnitsCanceled)
        name = event.location if isinstance(event, UnitsAllocated) else type(event).__name__
        found[name] = found.get(name, 0) + sum(
            last - first + 1 for held in event.units.values() for first, last in held
        )
    return found


def reason(event: Event) -> Because:
    """Why so."""
    assert event.because is not None
    return event.because
