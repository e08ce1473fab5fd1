"""A broken core: what no workflow can break is found all the same, because the real step is what is explored."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from segue.checker.judging import first_replayed
from segue.checker.verdicts import Scope
from segue.core import fulfill
from segue.core.base import Command
from segue.core.context import Context
from segue.core.order import Order
from segue.core.step import Outcome, step
from segue.scenario.setting import prebuilt_workflow
from tests.checker.flows import LITTLE, breaking, source_of


def test_goods_that_leave_without_cover_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulfill, "refuse_without_cover", lambda order, context: None)
    source = source_of("on: {order_placed: [{do: {command: allocate}}], order_covered: }")
    found = breaking(source.workflow, "cover")
    replayed = first_replayed(found.broken["cover"], source)
    assert replayed is not None
    assert not replayed.verdict.passed


def doubled(order: Order | None, command: Command, context: Context) -> Outcome:
    """A step that books every move of stock twice."""
    outcome = step(order, command, context)
    return replace(outcome, moves=[*outcome.moves, *outcome.moves])


def failing(order: Order | None, command: Command, context: Context) -> Outcome:
    """A step in which a rule of the shop's has a mistake as soon as goods have left."""
    outcome = step(order, command, context)
    assert not outcome.order.shipments, "nobody has thought of parcels"
    return outcome


@pytest.mark.parametrize(("property", "broken"), [("stock", doubled), ("mistake", failing)])
def test_what_a_broken_step_does_is_found(property: str, broken: Callable[..., Outcome]) -> None:
    found = breaking(prebuilt_workflow("standard"), property, LITTLE, broken)
    assert property in found.broken
    assert "cover" not in found.broken


@pytest.mark.parametrize(("property", "kind"), [("capture", "capture"), ("refund", "refund")])
def test_money_that_moves_beyond_its_bound_is_found(property: str, kind: str) -> None:
    def greedy(order: Order | None, command: Command, context: Context) -> Outcome:
        """A step after which transactions of a kind are far higher than they were asked for."""
        outcome = step(order, command, context)
        return replace(outcome, order=with_higher(outcome.order, kind))

    assert property in breaking(prebuilt_workflow("standard"), property, Scope(1, 1, 1), greedy).broken


def with_higher(order: Order, kind: str) -> Order:
    """The order with each transaction of a kind far higher than it was asked for."""
    higher: dict[str, Any] = {
        name: replace(done, amount_minor=1_000_000) if done.kind == kind else done
        for name, done in order.transactions.items()
    }
    return replace(order, transactions=higher)
