"""Expecting: what a scenario says that should be, for each property; the engine shows that it is not."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from segue.checker.examining import Counterexample
from segue.checker.going import events_of, messages_of
from segue.checker.moves import PERSON, STOCK, TIME
from segue.checker.timing import Timed, Timetable
from segue.core.base import Command
from segue.core.fulfill import FulfillmentReleased, RecordReject, RecordShortPick
from segue.core.order import Order
from segue.core.tally import Units, size

ORDER = "X"  # what the order is called
Data = dict[str, Any]


class Hoped(NamedTuple):
    """What is expected, at once or when all is at rest; and how the failure will call it."""

    what: str
    now: Data = {}
    then: Data = {}


def expected(example: Counterexample, times: Timetable) -> Hoped:
    """What a scenario of this counterexample expects, in vain."""
    return EXPECTED[example.breach.property](example, times)


def _of_order(key: str, value: Any) -> Hoped:
    return Hoped(f": {key}", now=about({key: value}))


def about(said: Data) -> Data:
    """An expectation about the order of the counterexample, whether or not there are others."""
    return {"orders": {ORDER: said}}


def _audited(example: Counterexample, times: Timetable) -> Hoped:
    return Hoped("audit", then={"audit": []})


def _finished(example: Counterexample, times: Timetable) -> Hoped:
    return Hoped(": open", then=about({"open": False}))


def _once(example: Counterexample, times: Timetable) -> Hoped:
    """Each message once for each step that sends it, as long as the customer has not had it in vain."""
    said: list[str] = []
    for step in times.steps:
        new = dict.fromkeys(messages_of(step.decisions))
        said += [message for message in new if not (step.move.kind == TIME and message in said)]
    return _of_order("mails", said)


def _at_rest(example: Counterexample, times: Timetable) -> Hoped:
    """A step that does not come to an end is put out of its wave: its message is parked, its answer not taken."""
    move = example.path[-1].command
    kind = example.path[-1].kind
    if name := getattr(move, "transaction", ""):
        return Hoped(f" {name}", now=about({"transactions": {name: getattr(move, "outcome", "unknown")}}))
    if kind == PERSON:
        return Hoped("")
    if kind in (TIME, STOCK) or not hasattr(move, "verdict"):
        return Hoped("parked", now={"parked": []})
    return _of_order("screening", getattr(move, "verdict", ""))


def _asked_once(example: Counterexample, times: Timetable) -> Hoped:
    """What was refused is not asked for again at the same moment."""
    if times.steps[-1].order is None:
        return _at_rest(example, times)
    again = example.path[-1].command
    around = next(number for number, step in enumerate(times.steps) if _alike(step.move.command, again))
    if isinstance(example.path[-1].command, RecordReject | RecordShortPick):
        return Hoped("warehouse", now={"warehouse": list(_released(times.steps[:around]))})
    asked_by_then = [asked for asked in times.asked if asked.number < around]
    letters = [chr(ord("a") + number) for number in range(len(asked_by_then))]
    return Hoped(
        "calls", now={"calls": [f"{a.kind} {letter}" for a, letter in zip(asked_by_then, letters, strict=True)]}
    )


def _alike(command: Command, other: Command) -> bool:
    """Whether two answers say the same, of different things."""
    return (type(command), getattr(command, "outcome", "")) == (type(other), getattr(other, "outcome", ""))


def _released(steps: tuple[Timed, ...]) -> Iterator[str]:
    for step in steps:
        for event in events_of(step.decisions):
            if isinstance(event, FulfillmentReleased) and step.order is not None:
                yield f"{event.location}: {units_of(event.units, step.order)}"


def units_of(units: dict[int, Units], order: Order) -> str:
    """Units as scenarios write them: `2 MUG, 1 TEA`."""
    return ", ".join(f"{size(held)} {order.lines[number - 1].sku}" for number, held in units.items())


def _entered(example: Counterexample, times: Timetable) -> Hoped:
    """The order comes into the place that none comes into."""
    kind, name = example.breach.about.split()
    order = times.steps[-1].order
    assert order is not None, "it came close"
    if kind == "status":
        return _of_order("status", name)
    return _of_order("folders", [*list(order.places)[1:], name])


EXPECTED: dict[str, Callable[[Counterexample, Timetable], Hoped]] = {
    "cover": lambda example, times: _of_order("secured", True),
    "capture": _audited,
    "refund": _audited,
    "stock": _audited,
    "square": _audited,
    "waiting": _audited,
    "finish": _finished,
    "dead_end": _finished,
    "unanswered": lambda example, times: _of_order("seen_to", True),
    "unreachable": _entered,
    "message": _once,
    "loop": _asked_once,
    "mistake": _at_rest,
}
