"""Grading: weighted rules give points, points a band; the rules that fired are named."""

from msgspec.structs import replace

from segue.core.base import Because, Command, Event
from segue.core.context import Context
from segue.core.order import Order
from segue.core.workflow import band_of


class GradeOrder(Command):
    """Add up the points of the grading rules that fire."""


class OrderGraded(Event):
    """The order has a score and a band. `fired` names the rules and their points."""

    score: int
    band: str
    fired: dict[str, int] = {}


def grade_order(order: Order, command: GradeOrder, context: Context) -> list[Event]:
    """Every rule is asked; those that fire give figures."""
    fired: dict[str, int] = {}
    figures = {}
    for rule in context.workflow.grade:
        found = rule.call(order, context.facts)
        if found is not None:
            fired[rule.name] = rule.points
            figures[rule.name] = found
    score = sum(fired.values())
    because = Because("grade", figures) if fired else None
    return [OrderGraded(score, band_of(context.workflow, score), fired, because=because)]


def evolve_graded(order: Order, event: OrderGraded, at_s: int) -> Order:
    """The latest grade counts."""
    return replace(order, score=event.score, band=event.band)


DECISIONS = {GradeOrder: grade_order}
EVOLUTIONS = {OrderGraded: evolve_graded}
