"""Needs: what a wave is likely to look at, loaded in bulk before its steps; what a step lacks all the same comes after."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from segue.core.base import Command, NeedFacts
from segue.core.facts import Facts
from segue.core.fulfill import RecordReject, RecordShortPick
from segue.core.hold import LiftHold
from segue.core.intake import CorrectOrder, PlaceOrder
from segue.core.order import Order
from segue.core.step import Restless
from segue.core.tally import WAITING
from segue.core.wake import Wake
from segue.ports import Loaded, Needs, Store

LOADS_MAX = 20  # a step that still lacks facts after so many loads asks for them in circles
Made = TypeVar("Made")
SOURCING = (RecordShortPick, RecordReject, Wake, LiftHold)  # commands that often end in an allocation


def first_needs(commands: Iterable[tuple[str, Command]]) -> Needs:
    """The orders, and what a new order is checked against."""
    orders: set[str] = set()
    items: set[str] = set()
    people: set[str] = set()
    for order, command in commands:
        orders.add(order)
        if isinstance(command, PlaceOrder | CorrectOrder):
            items.update(line.sku for line in command.draft.lines)
            people.add(command.draft.person)
    return Needs(orders=frozenset(orders), items=frozenset(items), past=frozenset(people))


def second_needs(orders: dict[str, Order | None], commands: Iterable[tuple[str, Command]]) -> Needs:
    """The stock that orders are likely to be allocated from, and the items of those that failed a check."""
    stock: set[str] = set()
    items: set[str] = set()
    for name, command in commands:
        order = orders.get(name)
        if order is None or not isinstance(command, SOURCING):
            continue
        for line in order.lines:
            if not isinstance(command, Wake | LiftHold) or any(state in line.tally for state in WAITING):
                stock.add(line.sku)
        if order.failures:
            items.update(line.sku for line in order.lines)
    return Needs(stock=frozenset(stock), items=frozenset(items))


def lacking(need: NeedFacts) -> Needs:
    """What a step says that it lacks."""
    if need.kind == "item":
        return Needs(items=need.keys)
    if need.kind == "stock":
        return Needs(stock=need.keys)
    assert need.kind == "past", f"no store has facts of the kind {need.kind}"
    return Needs(past=need.keys)


def learn(facts: Facts, loaded: Loaded) -> None:
    """Put what was loaded among the facts."""
    facts.items.update(loaded.items)
    facts.past.update(loaded.past)
    for sku, stock in loaded.stock.items():
        facts.learn_stock(sku, stock)


def load(store: Store, needs: Needs, facts: Facts) -> Loaded:
    """Load and learn; nothing is asked of the store if nothing is needed."""
    if needs == Needs():
        return Loaded({}, {}, {}, {})
    loaded = store.load(needs)
    learn(facts, loaded)
    return loaded


def supplied(store: Store, facts: Facts, attempt: Callable[[], Made]) -> Made:
    """What an attempt makes once the facts are loaded that it says it lacks. Raises Restless if it never has enough."""
    for _ in range(LOADS_MAX):
        try:
            return attempt()
        except NeedFacts as need:
            load(store, lacking(need), facts)
    raise Restless(f"facts were asked for {LOADS_MAX} times")
