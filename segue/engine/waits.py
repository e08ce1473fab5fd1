"""Waits: what is kept of an order that waits for stock, so that many can be looked at together."""

from segue.core.alike import kind_of
from segue.core.context import Context
from segue.core.facts import Facts
from segue.core.step import Outcome
from segue.core.waiting import NO_WAIT, Wait, first_end
from segue.core.workflow import Workflow


def wait_of(outcome: Outcome, workflow: Workflow, facts: Facts) -> Wait:
    """What is kept of the order that a step has made, if it waits for stock."""
    if not any(fact.startswith("stock:") for fact in outcome.watches):
        return NO_WAIT
    kind = kind_of(outcome.order, Context(facts.now_s, workflow, facts))
    return Wait(kind, workflow.quiet_s, *first_end(outcome.order))
