"""Figures: conditions about what an order is, such as `total > 50_000`, and small orders that decide them either way.

Nothing about them is assumed: for each way in which an order can decide them there is a real order that does.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import combinations
from typing import Any, NamedTuple

from msgspec.structs import replace

from segue.checker.going import facts_of, go
from segue.checker.shapes import BASE, Shape, around_of, placing, stock_of
from segue.checker.situation import nothing_yet
from segue.core.base import MISTAKES, Refused
from segue.core.conditions import Condition
from segue.core.conditions.compiling import function
from segue.core.issued import ITEM_KINDS
from segue.core.issuing import IssueCodes
from segue.core.order import Order
from segue.core.policy import Rule
from segue.core.vocabulary import LINE_WORDS, View
from segue.core.workflow import NEVER, Workflow
from segue.scenario.setting import START_S

GIVEN = frozenset(
    (
        "line_count",
        "total",
        "shipping",
        "failures",
        "failed_checks",
        "grade",
        "band",
        "channel",
        "currency",
        "country",
        "region",
        "bill_country",
        "ship_method",
        "locale",
        "tags",
        "tender_kinds",
        "earlier_orders",
        "unlisted",
        "units",
        *LINE_WORDS,
    )
)  # words whose value an order brings along
VARIANTS_MAX = 24  # orders that decide the conditions each in a way of its own
TEXTS = {
    "channel": "channel", "country": "country", "region": "region", "bill_country": "bill_country", "locale": "locale",
    "ship_method": "method",
}  # fmt: skip
Change = dict[str, Any]
MISTAKEN: tuple[Change, ...] = (
    {"is_unlisted": True}, {"is_twice": True}, {"is_incomplete": True}, {"is_short": True}, {"method": "none"},
)  # fmt: skip  # what is wrong with orders that fail checks, one thing at a time


class Atom(NamedTuple):
    """A part of a condition without `and`, `or`, `not`."""

    text: str
    names: frozenset[str]
    test: Callable[[Any], Any]


def conditions_of(workflow: Workflow) -> list[Condition]:
    """Every condition that decides what happens to an order, or where it is seen."""
    whens = [each.when for each in workflow.by_id.values() if each.when is not None]
    whens += [each.when for each in workflow.routing if each.when is not None]
    lifts = [kind.lift_when for kind in workflow.holds.values() if kind.lift_when is not None]
    statuses, folders = [each.when for each in workflow.statuses], [each.when for each in workflow.folders]
    return [*whens, *lifts, *statuses, *folders]


def atoms_of(conditions: Iterable[Condition]) -> list[Atom]:
    """The parts of conditions, each once."""
    found: dict[str, Atom] = {}
    for condition in conditions:
        for part in _parts(condition.body):
            text = ast.unparse(part)
            found.setdefault(text, Atom(text, frozenset(_names(part)), function(part)))
    return list(found.values())


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _parts(value)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield from _parts(node.operand)
    else:
        yield node


def _names(node: ast.expr) -> Iterator[str]:
    """The words within a part of a condition, those of lines too."""
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute):
            yield each.attr


def variants(workflow: Workflow) -> list[Shape]:
    """Orders that decide the conditions about figures each in a way of its own; the first is as plain as can be."""
    atoms = [atom for atom in atoms_of(conditions_of(workflow)) if atom.names <= GIVEN | {"lines"}]
    found: dict[tuple[Any, ...], Shape] = {}
    telling = [change for change in ({}, *_changes(workflow)) if _is_news(change, workflow, atoms, found)]
    for number in (2, 3):
        for several in combinations(telling[1:], number):
            whole = {key: value for change in several for key, value in change.items()}
            if len(whole) == number and len(found) < VARIANTS_MAX:
                _is_news(whole, workflow, atoms, found)
    for mistake in MISTAKEN:
        _is_news(mistake, workflow, atoms, found)
    return list(found.values())


def _is_news(change: Change, workflow: Workflow, atoms: list[Atom], found: dict[tuple[Any, ...], Shape]) -> bool:
    """Whether an order decides something as none before it did; then it is one of those found."""
    shape = replace(BASE, **change)
    order = _placed(shape, workflow)
    if order is None:
        return False
    view = View(order, START_S, facts_of(around_of(shape, workflow, ()), stock_of(shape)))
    checks = tuple(sorted({failure.check for failure in order.failures}))
    key = (order.band, checks, *(bool(atom.test(view)) for atom in atoms))
    is_news = key not in found
    found.setdefault(key, shape)
    return is_news


def _placed(shape: Shape, workflow: Workflow) -> Order | None:
    try:
        outcome, _ = go(around_of(shape, workflow, ()), nothing_yet(stock_of(shape), 0, START_S), placing(shape))
    except (Refused, *MISTAKES):
        return None
    return outcome.order


def collected(workflow: Workflow) -> tuple[Shape, ...]:
    """Orders whose customers collect them, where the workflow has strategies for those: here, or brought from elsewhere."""
    whens = [each.when for each in workflow.routing if each.pickup]
    if not whens:
        return ()
    compared = [each for when in whens if when is not None for each in _compared_in(when.body)]
    method = next((str(value) for name, value in compared if name == "ship_method"), BASE.method)
    here = replace(BASE, is_collected=True, method=method)
    return (here, replace(here, units=2, stock="split"), replace(here, stock="elsewhere"))


def digital(workflow: Workflow) -> tuple[Shape, ...]:
    """Orders of which something is delivered by a message, where the workflow does that: alone, several, and with others."""
    commands = {type(each.command) for reactions in workflow.reactions.values() for each in reactions}
    if IssueCodes not in commands:
        return ()
    kinds = ITEM_KINDS if workflow.digital_returns != NEVER else ITEM_KINDS[:1]
    alone = [
        replace(BASE, kind=kind, tenders=(tender,))
        for kind in kinds
        for tender in ("gateway", "prepaid", "on_delivery")
    ]
    return (*alone, replace(BASE, kind=kinds[-1], units=2), replace(BASE, kind=kinds[-1], lines=2, shipping_minor=490))


def _changes(workflow: Workflow) -> Iterator[Change]:
    """What could make a difference: the figures and texts that conditions and rules of the workflow compare with."""
    strategies = (rule for strategy in workflow.strategies for rule in strategy.eligible)
    rules = (*workflow.validate, *workflow.grade, *strategies)
    compared = [*_compared(workflow), *(each for rule in rules for each in _parameters(rule))]
    numbers = sorted({value + more for _, value in compared if isinstance(value, int) for more in (-1, 0, 1)})
    yield from ({"price_minor": number} for number in numbers if number > 0)
    yield from ({"shipping_minor": number} for name, number in compared if name == "shipping" and number)
    yield from ({"earlier": number} for number in (1, *numbers) if 0 < number <= 20)
    for name, text in compared:
        if isinstance(text, str):
            yield from _texts(name, text)
    yield from ({"bill_country": "US"}, {"country": "FR"})
    yield from ({"tenders": (kind,)} for kind in ("account", "prepaid", "adopted", "on_delivery"))
    yield from ({"units": 2}, {"lines": 2})


def _texts(name: str, text: str) -> Iterator[Change]:
    if name in TEXTS:
        yield {TEXTS[name]: text}
    elif name in ("tags", "tag"):
        yield {"tags": (text,)}


def _parameters(rule: Rule) -> Iterator[tuple[str, Any]]:
    """The values that a rule was given; of a condition as a rule what it compares with."""
    if isinstance(rule.call, partial):
        for name, value in rule.call.keywords.items():
            if isinstance(value, Condition):
                yield from _compared_in(value.body)
            else:
                yield (name, value)


def _compared(workflow: Workflow) -> Iterator[tuple[str, Any]]:
    for condition in conditions_of(workflow):
        yield from _compared_in(condition.body)


def _compared_in(body: ast.expr) -> Iterator[tuple[str, Any]]:
    """(word, literal) of each comparison."""
    for node in ast.walk(body):
        if isinstance(node, ast.Compare | ast.Call):
            names = list(_names(node))
            literals = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
            yield from ((name, value) for name in names for value in literals if not isinstance(value, bool))
