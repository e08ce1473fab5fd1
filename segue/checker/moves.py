"""Moves: all that can happen to an order at rest: answers, time, goods that arrive, what customers and people do."""

from collections.abc import Iterator
from typing import NamedTuple

from segue.checker.situation import Around, Situation
from segue.core.allocate import Allocate
from segue.core.base import Command
from segue.core.cancel import Cancel
from segue.core.capture import Capture
from segue.core.facts import Stock
from segue.core.fulfill import Release
from segue.core.hold import PlaceHold
from segue.core.order import Order
from segue.core.outside import ANSWERS, UNPROMPTED
from segue.core.pay import Authorize
from segue.core.refund import Refund
from segue.core.void import Void
from segue.core.wake import Wake
from segue.core.workflow import Workflow

ANSWER, TIME, STOCK, CUSTOMER, PERSON, SYSTEM = "answer", "time", "stock", "customer", "person", "system"
HOPED = ("RecordShipment", "RecordDelivery", "RecordReady", "RecordCollection")  # answers that have no outcome
GOOD = ("done", "accepted")  # outcomes of answers that a cooperative world would give


class Move(NamedTuple):
    """Something that happens: a command, who gives it, and what arrives before it."""

    kind: str
    command: Command
    actor: str
    arrives: dict[str, Stock] = {}
    is_trouble: bool = False  # not what everybody hopes for


def moves(here: Situation, around: Around, held_by_people: bool = True) -> Iterator[Move]:
    """All that can happen next, the usual before the unusual."""
    yield from answers(here.order)
    if here.wake_at_s is not None:
        yield Move(TIME, Wake(), "time")
    yield from arrivals(here)
    for who, sayings in UNPROMPTED.items():
        for saying in sayings:
            for command in saying(here.order):
                if not _same_as_earlier(here, getattr(command, "line", 0)):
                    yield Move(who, command, who, is_trouble=who != PERSON)
    if held_by_people and here.open and not here.order.holds:
        for name in around.placeable:
            yield Move(PERSON, PlaceHold(name), PERSON, is_trouble=True)


def _same_as_earlier(here: Situation, number: int) -> bool:
    """Whether a line is in all that matters as the one before it, so that nothing new can come of it."""
    if number < 2:
        return False
    line, before = here.order.lines[number - 1], here.order.lines[number - 2]
    alike = ("quantity", "paid_minor", "tally", "excluded", "attempts")
    same = all(getattr(line, name) == getattr(before, name) for name in alike)
    return same and here.free[line.sku] == here.free[before.sku]


def answers(order: Order) -> Iterator[Move]:
    """What those who were asked may say."""
    for saying in ANSWERS.values():
        for command in saying(order):
            said = getattr(command, "outcome", "") or getattr(command, "verdict", "")
            hoped = said in GOOD if said else type(command).__name__ in HOPED
            yield Move(ANSWER, command, "outside", is_trouble=not hoped or bool(getattr(command, "units", {})))


def arrivals(here: Situation) -> Iterator[Move]:
    """Goods that the order waits for arrive."""
    skus = sorted(watch.partition(":")[2] for watch in here.watches if watch.startswith("stock:"))
    if here.arrivals and skus:
        wanted = {line.sku: 0 for line in here.order.lines}
        for line in here.order.lines:
            wanted[line.sku] += line.quantity
        first = next(iter(here.free[skus[0]]))
        yield Move(STOCK, Wake(), "time", {sku: {first: wanted[sku]} for sku in skus})


def by_people(workflow: Workflow) -> tuple[str, ...]:
    """The holds that only people place: those of no check, and of no reaction of the workflow."""
    checks = {rule.name for rule in workflow.validate}
    placed = {each.command.hold for each in workflow.by_id.values() if isinstance(each.command, PlaceHold)}
    return tuple([name for name in workflow.holds if name not in checks | placed])


HELP: tuple[Command, ...] = (Authorize(), Allocate(), Release(), Capture(), Void(), Refund(), Cancel("person"))
"""What a person who looks into a folder can do for an order that would not go on by itself."""


def helping(here: Situation, around: Around) -> Iterator[Move]:
    """What may happen if everybody but the customer wants the order to end: people look into its folders, and act."""
    for move in moves(here, around, held_by_people=False):
        if move.kind != CUSTOMER:
            yield move._replace(is_trouble=False)
    if here.folders:
        yield from (Move(PERSON, command, PERSON) for command in HELP)
