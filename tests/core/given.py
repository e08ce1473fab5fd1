"""Given events, when a command, then events: how the tests of the core speak. No mocks: the core is values.

    given(draft(sold("SHIRT", 2)), *AUTHORIZED).knowing(stock={"SHIRT": {"DAL": 5}}).when(Allocate()).then(...)

`when` asks for one decision. `step` runs a command to rest, with all that the workflow makes of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from segue.core.base import Command, Event, Refusal, Refused
from segue.core.calendar import Timing
from segue.core.context import Context
from segue.core.decide import decide, evolve
from segue.core.draft import Draft
from segue.core.facts import Facts, Item, Location, Stock
from segue.core.intake import OrderPlaced
from segue.core.means import Means
from segue.core.order import Order
from segue.core.past import Past
from segue.core.step import Outcome, step
from segue.core.timetable import Timetables
from segue.core.workflow import HoldType, Workflow
from tests.core.shop import LOCATIONS, NOW_S, hold, workflow


class When(NamedTuple):
    """A command that was asked of an order, and what came of it."""

    order: Order | None
    events: tuple[Event, ...]
    refused_: Refused | None

    def then(self, *events: Event, because: bool = False) -> Order | None:
        """Exactly these events came of it; reasons count only if they are asked for. Returns the next order."""
        assert self.refused_ is None, f"refused: {self.refused_}"
        assert self.events == events if because else _plain(self.events) == _plain(events)
        return self.order

    def refused(self, refusal: Refusal, detail: str = "") -> None:
        """It was refused, for this reason, with this in the detail."""
        assert self.refused_ is not None, f"not refused: {self.events}"
        assert (self.refused_.refusal, detail in self.refused_.detail) == (refusal, True), self.refused_


class Given(NamedTuple):
    """An order, and what is known."""

    order: Order | None
    facts: Facts
    workflow: Workflow
    now_s: int
    by: str

    def knowing(
        self,
        *,
        stock: Mapping[str, Stock] | None = None,
        items: Mapping[str, Item | None] | None = None,
        past: Iterable[Past] = (),
        locations: Iterable[Location] = LOCATIONS,
        methods: Iterable[str] = (),
        means: Mapping[str, Means] | None = None,
        timing: Timing | None = None,
        holds: Mapping[str, HoldType | Iterable[str]] | None = None,
        flow: Workflow | None = None,
        **declared: Any,
    ) -> "Given":
        """With these facts, and a workflow that says this. What is not said of a SKU: it is listed, and out of stock."""
        timetables = Timetables(timing) if timing else None
        known = {location.id: location for location in locations}
        facts = Facts(known, frozenset(methods), means, timetables=timetables)
        if self.order is not None:
            facts.past[self.order.person] = tuple(past)
            facts.items |= {line.sku: Item(line.sku) for line in self.order.lines}
            facts.stock |= {line.sku: {} for line in self.order.lines}
            facts.apart |= {line.sku: {} for line in self.order.lines}
            facts.arriving |= {line.sku: () for line in self.order.lines}
        facts.items |= items or {}
        for sku, held in (stock or {}).items():
            facts.learn_stock(sku, held)
        kinds = {name: kind if isinstance(kind, HoldType) else hold(*kind) for name, kind in (holds or {}).items()}
        return self._replace(facts=facts, workflow=flow or workflow(holds=kinds, **declared))

    def at(self, now_s: int) -> "Given":
        """At another time."""
        return self._replace(now_s=now_s)

    def asked_by(self, by: str) -> "Given":
        """By somebody else."""
        return self._replace(by=by)

    @property
    def context(self) -> Context:
        """What a decision may look at."""
        return Context(self.now_s, self.workflow, self.facts, self.by, "shop")

    def when(self, command: Command) -> When:
        """One decision."""
        try:
            events = decide(self.order, command, self.context)
        except Refused as error:
            return When(self.order, (), error)
        return When(applied(self.order, events, self.now_s), tuple(events), None)

    def step(self, command: Command) -> Outcome:
        """One step: the command, and all that the workflow makes of it."""
        return step(self.order, command, self.context)

    def after(self, command: Command, wait_s: int = 0) -> "Given":
        """The same, once a command was run to rest."""
        return self._replace(order=self.step(command).order, now_s=self.now_s + wait_s)

    def story(self, *commands: Command) -> list[Outcome]:
        """Commands one after the other, each run to rest."""
        here, outcomes = self, []
        for command in commands:
            outcomes.append(here.step(command))
            here = here._replace(order=outcomes[-1].order)
        return outcomes


def given(*story: Draft | Event, now_s: int = NOW_S) -> Given:
    """An order of which this is known: a draft that was placed, then events."""
    events = [OrderPlaced(id="web-1001", workflow="test@1", draft=e) if isinstance(e, Draft) else e for e in story]
    order = applied(None, events, now_s)
    return Given(order, Facts(), workflow(), now_s, "person:ann").knowing()


def applied(order: Order | None, events: Iterable[Event], at_s: int) -> Order | None:
    """The order after some events."""
    for event in events:
        version = order.version if order else 0
        order = replace(evolve(order, event, at_s), version=version + 1)
    return order


def events_of(outcome: Outcome, *kinds: type[Event]) -> list[Event]:
    """The events of a step, of these kinds or all, without their reasons."""
    return list(_plain(event for event in every(outcome) if not kinds or isinstance(event, kinds)))


def every(outcome: Outcome) -> Iterator[Event]:
    """The events of a step as they were decided."""
    return (event for decision in outcome.decisions for event in decision.events)


def refusals_of(outcome: Outcome) -> list[str]:
    """What was refused to the workflow in a step."""
    return [decision.refused for decision in outcome.decisions if decision.refused]


def refuse(refusal: Refusal) -> Any:
    """`with refuse(Refusal.X):` around what is refused outside a decision."""
    return pytest.raises(Refused, match="^" + refusal.value)


def _plain(events: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(replace(event, because=None) for event in events)
