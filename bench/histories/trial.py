"""A trial: one history as data, so that it can be played again, and shorter; and what came of it."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from bench.checkouts import PLACED_ONLY
from bench.histories.history import History, Wrong
from bench.histories.operations import ALL, WRITERS
from segue.core.base import MISTAKES
from segue.ports import NotThere, OutOfStock, StaleOrder, Unwritable
from segue.store.audit import Terms, audit
from segue.store.audit_stock import RULES
from tests.store.shops import Shop, open_shop

STEPS_MAX = 14
FAULTS = (
    Wrong,
    NotThere,
    OutOfStock,
    StaleOrder,
    Unwritable,
    sqlite3.Error,
    *MISTAKES,
)  # nobody asked for these
STOCK_RULES = {rule.id for rule in RULES}


@dataclass(frozen=True)
class Step:
    """An operation, and what it draws its choices from; and those that get in between before it is written."""

    name: str
    seed: int
    between: tuple["Step", ...] = ()

    def __str__(self) -> str:
        return " < ".join([f"{self.name} {self.seed}", *map(str, self.between)])


@dataclass(frozen=True)
class Case:
    """A history."""

    name: str
    start: int  # what there is at first is drawn from this
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Found:
    """What came of a history: what happened, and what is wrong."""

    done: tuple[str, ...]
    detail: str = ""


def drawn(seed: int, number: int) -> Case:
    """The history of this number."""
    dice = random.Random(f"{seed} {number}")
    names, weights = list(ALL), [often for _, often in ALL.values()]
    steps = []
    for name in dice.choices(names, weights, k=dice.randint(4, STEPS_MAX)):
        others = dice.choice((0, 0, 0, 0, 0, 0, 1, 1, 1, 2))
        between = tuple(Step(dice.choice(WRITERS), dice.getrandbits(32)) for _ in range(others))
        steps.append(Step(name, dice.getrandbits(32), between))
    return Case(f"S{number}", dice.getrandbits(32), tuple(steps))


@contextmanager
def a_shop() -> Iterator[Shop]:
    """A shop in memory, for some histories."""
    shop = open_shop()
    try:
        yield shop
    finally:
        shop.database.close()


def played(case: Case, shop: Shop) -> Found:
    """Let all of it happen, up to the first thing that goes wrong."""
    history = History(shop, case.name, random.Random(case.start))
    try:
        for step in case.steps:
            _play(history, step)
            history.check()
    except FAULTS as error:
        return Found(tuple(history.done), f"{type(error).__name__}: {error}")
    return Found(tuple(history.done))


def _play(history: History, step: Step) -> None:
    history.store.others = [partial(_play, history, other) for other in step.between]
    operation, _ = ALL[step.name]
    operation(history, random.Random(step.seed))
    history.store.others = []


def alone(case: Case) -> Found:
    """The history in a shop of its own, and what the audit says of it."""
    with a_shop() as shop:
        found = played(case, shop)
        return found if found.detail else Found(found.done, audited(shop))


def audited(shop: Shop) -> str:
    """What the audit finds wrong with the stock of a shop."""
    found = audit(shop.database.reader(), terms=Terms({PLACED_ONLY.version: ""}))
    wrong = [f"{each.id} {each.offender}: {each.detail}" for each in found if each.id in STOCK_RULES]
    return f"the audit: {'; '.join(wrong[:3])}" if wrong else ""
