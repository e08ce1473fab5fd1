"""Compiling: a checked condition becomes one Python function of a view, and another for when it may flip."""

import ast
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from segue.core.conditions.arithmetic import check_binary, check_unary
from segue.core.conditions.calls import check_call, over_lines
from segue.core.conditions.comparing import check_compare
from segue.core.conditions.reading import read
from segue.core.conditions.scope import Moment, Rules, Scope
from segue.core.conditions.vocabulary import ABSENT, Vocabulary
from segue.core.conditions.words import check_and_or, check_attribute, check_constant, check_name

View = Any
"""Any object with an attribute for each name of the vocabulary, and `lines` if there are line names."""

HORIZON = ABSENT // 2  # an instant beyond it was reckoned from an absent one, and never comes

CALLED = {"any": any, "all": all, "sum": sum, "len": len, "abs": abs, "min": min, "max": max, "getattr": getattr}

RULES: Rules = {
    ast.Constant: check_constant,
    ast.Name: check_name,
    ast.Attribute: check_attribute,
    ast.BoolOp: check_and_or,
    ast.UnaryOp: check_unary,
    ast.BinOp: check_binary,
    ast.Compare: check_compare,
    ast.Call: check_call,
}


class Condition(Struct, frozen=True):
    """A condition that was found right, ready to be asked."""

    text: str
    test: Callable[[View], bool]
    """Whether it holds. If another type than bool was expected, the value is of that type."""
    flips: Callable[[View], int | None]
    """The next instant (epoch seconds) after `view.now` at which a comparison with `now` may change; None if none does.

    Until then, and as long as nothing else in the view changes, the condition keeps its value.
    """
    facts: frozenset[str]
    """The kinds of outside facts that it depends on."""
    names: frozenset[str]
    """The names it depends on: `holds`, `line.sku`, and `lines` if it goes over them."""
    body: ast.expr
    """The condition over `view`, to be compiled together with others."""
    instants: ast.expr | None
    """The list of all instants at which a comparison with `now` changes, over `view`; None if there are none."""


def compile_condition(text: str, vocabulary: Vocabulary, expect: str = "bool") -> Condition:
    """Check a text against a vocabulary and compile it. Raises ConditionError at its first mistake."""
    scope = Scope(vocabulary, RULES)
    checked = scope.expect(read(text), expect)
    body, instants = checked.node, _list(scope.moments)
    names, facts = frozenset(scope.names), frozenset(scope.facts)
    return Condition(text, function(body), next_of(instants), facts, names, body, instants)


def _list(moments: list[Moment]) -> ast.expr | None:
    elements = [each for moment in moments for each in _instants(moment)]
    return ast.List(elts=elements, ctx=ast.Load()) if elements else None


def next_of(instants: ast.expr | None) -> Callable[[View], int | None]:
    """The earliest of these instants that is still to come, or None."""
    if instants is None:
        return _never
    each = function(instants)

    def flips(view: View) -> int | None:
        now, soonest = view.now, HORIZON
        for instant in each(view):
            if now < instant < soonest:
                soonest = instant
        return soonest if soonest < HORIZON else None

    return flips


def _never(view: View) -> None:
    return None


def _instants(moment: Moment) -> list[ast.expr]:
    sums: list[ast.expr] = [ast.BinOp(moment.at, ast.Add(), ast.Constant(step)) for step in moment.steps]
    if not moment.in_line:
        return sums
    return [ast.Starred(value=over_lines(each, []), ctx=ast.Load()) for each in sums]


def function(body: ast.expr) -> Callable[[View], Any]:
    """A function of `view` that can reach its view and the few functions in CALLED, and nothing else."""
    view = ast.arguments(posonlyargs=[], args=[ast.arg(arg="view")], kwonlyargs=[], kw_defaults=[], defaults=[])
    tree = ast.fix_missing_locations(ast.Expression(ast.Lambda(args=view, body=body)))
    function: Callable[[View], Any] = eval(compile(tree, "<condition>", "eval"), {"__builtins__": {}, **CALLED})
    return function
