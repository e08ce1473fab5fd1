"""Together: the conditions of many places compiled into one function, because all of them are asked at each rest.

A call costs more than a comparison does: thirty conditions in one function take a third of the time of thirty functions.
"""

import ast
from collections.abc import Callable, Iterable

from segue.core.conditions.compiling import Condition, View, function, next_of

Places = Iterable[tuple[str, Condition]]


def places(exclusive: Places, others: Places) -> Callable[[View], tuple[str, ...]]:
    """The name of the first of the exclusive ones that holds ("" if none does), and the names of all others that hold."""
    named: list[ast.expr] = [ast.BoolOp(ast.And(), [when.body, ast.Constant(name)]) for name, when in exclusive]
    first = ast.BoolOp(ast.Or(), [*named, ast.Constant("")]) if named else ast.Constant("")
    rest = [ast.Starred(_listed(name, when), ast.Load()) for name, when in others]
    return function(ast.Tuple([first, *rest], ast.Load()))


def _listed(name: str, when: Condition) -> ast.expr:
    return ast.IfExp(when.body, ast.Tuple([ast.Constant(name)], ast.Load()), ast.Tuple([], ast.Load()))


def next_flip(conditions: Iterable[Condition]) -> Callable[[View], int | None]:
    """The next instant at which time alone could change one of these.

    In `released > 0 and now - released_at > hours(48)` time can change nothing while nothing is released: parts of an
    `and` without `now` are tested first.
    """
    instants: list[ast.expr] = []
    for when in conditions:
        if when.instants is not None:
            guarded = _guarded(when.body, when.instants)
            instants.append(ast.Starred(guarded, ast.Load()))
    return next_of(ast.List(instants, ast.Load()) if instants else None)


def _guarded(body: ast.expr, instants: ast.expr) -> ast.expr:
    parts = body.values if isinstance(body, ast.BoolOp) and isinstance(body.op, ast.And) else []
    guards = [part for part in parts if not _has_now(part)]
    if not guards:
        return instants
    return ast.IfExp(ast.BoolOp(ast.And(), [*guards, ast.Constant(True)]), instants, ast.Tuple([], ast.Load()))


def _has_now(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Attribute) and part.attr == "now" for part in ast.walk(node))
