"""Arithmetic: on whole numbers, and on instants and durations as far as it makes sense. Nothing here can fail."""

import ast

from segue.core.conditions.mistakes import ConditionError, mistake
from segue.core.conditions.scope import Checked, Scope, described

SUMS: dict[tuple[str, type[ast.operator], str], str] = {
    ("int", ast.Add, "int"): "int",
    ("int", ast.Sub, "int"): "int",
    ("duration", ast.Add, "duration"): "duration",
    ("duration", ast.Sub, "duration"): "duration",
    ("instant", ast.Add, "duration"): "instant",
    ("duration", ast.Add, "instant"): "instant",
    ("instant", ast.Sub, "duration"): "instant",
    ("instant", ast.Sub, "instant"): "duration",
}

VERBS: dict[type[ast.operator], str] = {
    ast.Add: "added",
    ast.Sub: "subtracted",
    ast.Mult: "multiplied",
    ast.FloorDiv: "divided",
}

REFUSED: dict[type[ast.operator], tuple[str, str | None]] = {
    ast.Div: ("/", "write `//`, which rounds down"),
    ast.Mod: ("%", None),
    ast.Pow: ("**", None),
    ast.MatMult: ("@", None),
    ast.LShift: ("<<", None),
    ast.RShift: (">>", None),
    ast.BitAnd: ("&", "write `and`"),
    ast.BitOr: ("|", "write `or`"),
    ast.BitXor: ("^", None),
}


def check_unary(node: ast.UnaryOp, scope: Scope) -> Checked:
    """`not`, and the minus of a number or a duration."""
    if isinstance(node.op, ast.Not):
        return Checked(ast.UnaryOp(op=node.op, operand=scope.expect(node.operand, "bool").node), node, "bool")
    if not isinstance(node.op, ast.USub):
        raise mistake(node, f"`{'+' if isinstance(node.op, ast.UAdd) else '~'}` is not allowed before a value")
    operand = scope.check(node.operand)
    if operand.type not in ("int", "duration"):
        raise mistake(node, f"{described(operand)}, which has no minus")
    return Checked(ast.UnaryOp(op=node.op, operand=operand.node), node, operand.type, -operand.nows)


def check_binary(node: ast.BinOp, scope: Scope) -> Checked:
    """`+ - * //`, checked by type."""
    if type(node.op) in REFUSED:
        sign, hint = REFUSED[type(node.op)]
        raise mistake(node, f"`{sign}` is not allowed in a condition", hint)
    left, right = scope.check(node.left), scope.check(node.right)
    if isinstance(node.op, ast.Mult):
        return _product(node, left, right)
    if isinstance(node.op, ast.FloorDiv):
        return _quotient(node, left, right)
    type_ = SUMS.get((left.type, type(node.op), right.type))
    if type_ is None:
        raise unfit(node.op, left, right)
    nows = left.nows + right.nows if isinstance(node.op, ast.Add) else left.nows - right.nows
    return Checked(_joined(node, left, right), node, type_, nows)


def _product(node: ast.BinOp, left: Checked, right: Checked) -> Checked:
    if left.type == right.type == "int":
        return Checked(_joined(node, left, right), node, "int")
    for duration, factor in ((left, right), (right, left)):
        number = int_literal(factor.source)
        if duration.type == "duration" and number is not None:
            return Checked(_joined(node, left, right), node, "duration", duration.nows * number)
    if {left.type, right.type} == {"int", "duration"}:
        raise mistake(node, "a duration can only be multiplied by a number that is written out, as in `hours(4) * 2`")
    raise unfit(node.op, left, right)


def _quotient(node: ast.BinOp, left: Checked, right: Checked) -> Checked:
    if left.type not in ("int", "duration") or right.type != "int":
        raise unfit(node.op, left, right)
    if not int_literal(right.source):
        raise mistake(node.right, "the divisor has to be a number that is written out, and not 0")
    if left.nows:
        raise mistake(node, "`now` can only be added, subtracted and compared, as in `now - placed_at > hours(4)`")
    return Checked(_joined(node, left, right), node, left.type)


def _joined(node: ast.BinOp, left: Checked, right: Checked) -> ast.expr:
    return ast.BinOp(left=left.node, op=node.op, right=right.node)


def int_literal(node: ast.expr) -> int | None:
    """The value of a number that is written out, with or without a minus."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = int_literal(node.operand)
        return None if number is None else -number
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def unfit(op: ast.operator | ast.cmpop, left: Checked, right: Checked) -> ConditionError:
    """The error for two values whose types do not go together."""
    verb = VERBS[type(op)] if isinstance(op, ast.operator) else "compared"
    hint = None
    if {left.type, right.type} == {"int", "duration"}:
        number = (left if left.type == "int" else right).source
        value = int_literal(number)
        count = "4" if value is None else str(abs(value))
        hint = f"write minutes({count}), hours({count}) or days({count})"
    both = f"{described(left)} and {described(right)}"
    return mistake(right.source, f"{both}: they cannot be {verb}", hint)
