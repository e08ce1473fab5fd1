"""The pure core alone: one order's whole life, again and again, without a store or a world."""

import time

from segue.core.base import Command
from segue.core.capture import RecordCapture
from segue.core.context import Context
from segue.core.deliver import RecordDelivery
from segue.core.draft import Draft
from segue.core.facts import Facts, Item, Location
from segue.core.fulfill import RecordShipment
from segue.core.intake import PlaceOrder
from segue.core.order import Order
from segue.core.pay import RecordAuthorization
from segue.core.step import step
from segue.core.wake import Wake
from segue.core.workflow import Workflow

LIVES = 10  # in a batch
BATCHES = 100  # the best counts: what is slower was disturbed


def core_us(workflow: Workflow, locations: dict[str, Location], draft: Draft) -> dict[str, float]:
    """Microseconds of one life by command, and of all of it as `life`: the least of many."""
    facts, life = facts_for(draft, locations), life_of(draft)
    best = _each(life, workflow, facts)
    whole = min(_seconds(life, workflow, facts) for _ in range(BATCHES))
    return {"life": round(whole * 1e6 / LIVES, 1)} | best


def facts_for(draft: Draft, locations: dict[str, Location]) -> Facts:
    """All that the life of this order looks at: its items, with plenty of stock everywhere, and no earlier order."""
    facts = Facts(locations, frozenset((draft.ship_method,)))
    facts.past[draft.person] = ()
    for line in draft.lines:
        facts.items[line.sku] = Item(line.sku)
        facts.learn_stock(line.sku, dict.fromkeys(locations, 1_000_000_000))
    return facts


def life_of(draft: Draft) -> list[tuple[int, Command]]:
    """What an order of one payment and one parcel is told, and when."""
    placed_at_s, total = draft.placed_at_s, draft.total_minor
    return [
        (placed_at_s, PlaceOrder("core-1", draft)),
        (placed_at_s + 10, RecordAuthorization("A1", "done", total, "auth")),
        (placed_at_s + 1_810, Wake()),
        (placed_at_s + 9_000, RecordShipment("F1", "S1", carrier="parcel")),
        (placed_at_s + 9_010, RecordCapture("C1", "done", total, "cap")),
        (placed_at_s + 90_000, RecordDelivery("S1")),
    ]


def live(life: list[tuple[int, Command]], workflow: Workflow, facts: Facts) -> Order | None:
    """Live a life once; returns the order at its end."""
    order: Order | None = None
    for now_s, command in life:
        order = step(order, command, Context(now_s, workflow, facts, "bench", "bench")).order
    return order


def _seconds(life: list[tuple[int, Command]], workflow: Workflow, facts: Facts) -> float:
    began = time.perf_counter()
    for _ in range(LIVES):
        live(life, workflow, facts)
    return time.perf_counter() - began


def _each(life: list[tuple[int, Command]], workflow: Workflow, facts: Facts) -> dict[str, float]:
    """The least time of each command."""
    best: dict[str, float] = {}
    for _ in range(BATCHES):
        order: Order | None = None
        for now_s, command in life:
            context = Context(now_s, workflow, facts, "bench", "bench")
            began = time.perf_counter()
            order = step(order, command, context).order
            took_us = (time.perf_counter() - began) * 1e6
            name = type(command).__name__
            best[name] = round(min(took_us, best.get(name, took_us)), 1)
    return best
