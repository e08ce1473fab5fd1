"""Comparisons; and for those with `now`, the instant at which they flip."""

import ast
import copy
from itertools import pairwise

from segue.core.conditions.arithmetic import int_literal, unfit
from segue.core.conditions.mistakes import mistake, unknown
from segue.core.conditions.scope import Checked, Moment, Scope, described

EQUALITY = (ast.Eq, ast.NotEq)
MEMBERSHIP = (ast.In, ast.NotIn)
ORDERED = ("int", "text", "instant", "duration")
COLLECTIONS = (ast.Tuple, ast.List, ast.Set)

AFTER: dict[type[ast.cmpop], tuple[int, ...]] = {
    ast.Gt: (1,),
    ast.GtE: (0,),
    ast.Lt: (0,),
    ast.LtE: (1,),
    ast.Eq: (0, 1),
    ast.NotEq: (0, 1),
}
"""`now OP C`, in whole seconds, changes its value at C plus each of these."""

MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}


def check_compare(node: ast.Compare, scope: Scope) -> Checked:
    """A comparison or a chain of them; each neighboring pair is checked."""
    sides = [scope.check(node.left)]
    for op, source in zip(node.ops, node.comparators, strict=True):
        in_list = isinstance(op, MEMBERSHIP) and isinstance(source, COLLECTIONS)
        sides.append(_check_list(source, scope) if in_list else scope.check(source))
    for op, (left, right) in zip(node.ops, pairwise(sides), strict=True):
        _check_pair(op, left, right, scope)
    first, *others = (side.node for side in sides)
    return Checked(ast.Compare(left=first, ops=node.ops, comparators=others), node, "bool")


def _check_list(node: ast.expr, scope: Scope) -> Checked:
    """A list of literals; made a set, so that it costs the same whatever its length."""
    assert isinstance(node, COLLECTIONS)
    if not node.elts:
        raise mistake(node, "nothing is in an empty list")
    elements = [_check_element(element, scope) for element in node.elts]
    if len({element.type for element in elements}) > 1:
        raise mistake(node, "a list holds texts or numbers, not both")
    return Checked(ast.Set(elts=[element.node for element in elements]), node, f"list of {elements[0].type}")


def _check_element(node: ast.expr, scope: Scope) -> Checked:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    if not is_text and int_literal(node) is None:
        raise mistake(node, "a list holds texts or whole numbers that are written out")
    return scope.check(node)


def _check_pair(op: ast.cmpop, left: Checked, right: Checked, scope: Scope) -> None:
    if isinstance(op, ast.Is | ast.IsNot):
        raise mistake(right.source, "`is` is not allowed in a condition", "write `==` or `!=`")
    if isinstance(op, MEMBERSHIP):
        return _check_membership(left, right, scope)
    if isinstance(op, EQUALITY):
        _check_equality(op, left, right, scope)
    else:
        _check_order(op, left, right, scope)
    _check_now(op, left, right, scope)


def _check_membership(left: Checked, right: Checked, scope: Scope) -> None:
    if right.type not in ("texts", "list of text", "list of int"):
        raise mistake(right.source, f"{described(right)}: `in` needs a collection", "write a list, as in ('a', 'b')")
    wanted = "int" if right.type == "list of int" else "text"
    if left.type != wanted:
        held = "numbers" if wanted == "int" else "texts"
        raise mistake(left.source, f"{described(left)}, and what follows `in` holds {held}")
    _check_choice(right, left, scope)
    if isinstance(right.source, COLLECTIONS):
        for element in right.source.elts:
            _check_choice(left, Checked(element, element, wanted), scope)


def _check_equality(op: ast.cmpop, left: Checked, right: Checked, scope: Scope) -> None:
    if left.type != right.type or left.type == "texts" or left.type.startswith("list"):
        raise unfit(op, left, right)
    _check_choice(left, right, scope)
    _check_choice(right, left, scope)


def _check_order(op: ast.cmpop, left: Checked, right: Checked, scope: Scope) -> None:
    if left.type != right.type:
        raise unfit(op, left, right)
    if left.type not in ORDERED:
        raise mistake(left.source, f"{described(left)}, which has no order")
    for side in (left, right):
        if side.word in scope.vocabulary.choices:
            raise mistake(side.source, f"the values of `{side.word}` have no order", "write `==` or `in`")


def _check_choice(named: Checked, literal: Checked, scope: Scope) -> None:
    """A text that a name can never have is a slip of the pen, and would be False for ever."""
    choices = scope.vocabulary.choices.get(named.word) if named.word else None
    if choices and isinstance(literal.source, ast.Constant) and literal.source.value not in choices:
        raise unknown(literal.source, f"value of `{named.word}`", str(literal.source.value), choices, "'")


def _check_now(op: ast.cmpop, left: Checked, right: Checked, scope: Scope) -> None:
    """Solve `left OP right` for now: with left = n*now + a and right = m*now + b, n - m has to be 1, -1 or 0."""
    nows = left.nows - right.nows
    if abs(nows) > 1:
        raise mistake(left.source, f"this comparison has `now` {abs(nows)} times", "bring it down to one")
    if nows:
        a, b = _without_now(left.node), _without_now(right.node)
        at = ast.BinOp(b, ast.Sub(), a) if nows == 1 else ast.BinOp(a, ast.Sub(), b)
        seen = type(op) if nows == 1 else MIRRORED[type(op)]
        scope.moments.append(Moment(at, AFTER[seen], scope.in_line))


def _without_now(node: ast.expr) -> ast.expr:
    visited = _Zero().visit(copy.deepcopy(node))
    assert isinstance(visited, ast.expr)
    return visited


class _Zero(ast.NodeTransformer):
    """Puts 0 for `now`: what is left of a sum is its other part."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        is_now = isinstance(node.value, ast.Name) and node.value.id == "view" and node.attr == "now"
        return ast.Constant(value=0) if is_now else node
