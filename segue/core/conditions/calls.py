"""The functions of the condition language. Each is a check that returns what is called in its place."""

import ast
from collections.abc import Callable

from segue.core.conditions.arithmetic import int_literal
from segue.core.conditions.limits import DURATION_S_MAX
from segue.core.conditions.mistakes import ConditionError, mistake, unknown
from segue.core.conditions.scope import Checked, Scope, described

SECONDS = {"minutes": 60, "hours": 3_600, "days": 86_400}


def check_call(node: ast.Call, scope: Scope) -> Checked:
    """A call of one of the functions below."""
    if not isinstance(node.func, ast.Name):
        raise mistake(node, "only functions can be called, by their name", "as in len(tags)")
    if node.func.id not in FUNCTIONS:
        raise unknown(node, "function", node.func.id, FUNCTIONS)
    if node.keywords:
        raise mistake(node.keywords[0].value, "`name=` is not allowed in a call")
    return FUNCTIONS[node.func.id](node, node.func.id, scope)


def span(node: ast.Call, function: str, scope: Scope) -> Checked:
    """`minutes(30)`, `hours(4)`, `days(2)`: a duration."""
    number = int_literal(node.args[0]) if len(node.args) == 1 else None
    if number is None or number < 0:
        raise mistake(node, f"{function}() takes one whole number that is written out", f"as in {function}(4)")
    seconds = number * SECONDS[function]
    if seconds > DURATION_S_MAX:
        raise mistake(node, f"{function}({number}) is longer than any date")
    return Checked(ast.Constant(value=seconds), node, "duration")


def affix(node: ast.Call, function: str, scope: Scope) -> Checked:
    """`starts(sku, 'GIFT-')`, `ends(sku, '-XL')`: whether a text begins or ends with another."""
    text, part = (each.node for each in _arguments(node, function, scope, 2, "text"))
    return Checked(_method(text, f"{function}with", part), node, "bool")


def lower(node: ast.Call, function: str, scope: Scope) -> Checked:
    """`lower(sku)`: a text in small letters."""
    (text,) = _arguments(node, function, scope, 1, "text")
    return Checked(_method(text.node, "lower"), node, "text")


def length(node: ast.Call, function: str, scope: Scope) -> Checked:
    """`len(tags)`: how many texts a collection has."""
    (texts,) = _arguments(node, function, scope, 1, "texts")
    return Checked(_called(function, texts.node), node, "int")


def magnitude(node: ast.Call, function: str, scope: Scope) -> Checked:
    """`abs(weight - expected)`: a number or duration without its minus."""
    (value,) = _arguments(node, function, scope, 1, "int", "duration")
    return Checked(_called(function, value.node), node, value.type)


def extreme(node: ast.Call, function: str, scope: Scope) -> Checked:
    """`min(a, b)`, `max(a, b, c)`: the smallest or biggest of numbers, instants or durations."""
    first, *others = _arguments(node, function, scope, max(2, len(node.args)), "int", "instant", "duration")
    for other in others:
        if other.type != first.type:
            raise mistake(other.source, f"{described(first)} and {described(other)}: {function}() needs one type")
    return Checked(_called(function, first.node, *(other.node for other in others)), node, first.type)


def quantifier(node: ast.Call, function: str, scope: Scope) -> Checked:
    """`any(line.backordered > 0 for line in lines)`, `all(...)`: whether it holds for some line, or for each."""
    return Checked(_called(function, _over_lines(node, function, scope, "bool")), node, "bool")


def total(node: ast.Call, function: str, scope: Scope) -> Checked:
    """`sum(line.count for line in lines if starts(line.sku, 'GIFT-'))`: a number added up over the lines."""
    return Checked(_called(function, _over_lines(node, function, scope, "int")), node, "int")


def _over_lines(node: ast.Call, function: str, scope: Scope, type_: str) -> ast.expr:
    """What any(), all() and sum() go over: the lines once, and none within another, so that the cost stays linear."""
    generator = _generator(node, function)
    if scope.in_line:
        raise mistake(node, f"{function}() over lines cannot stand within another")
    if not scope.vocabulary.line_names:
        raise mistake(node, "there are no lines here")
    scope.in_line = True
    scope.names.add("lines")
    ifs = [scope.expect(each, "bool").node for each in generator.generators[0].ifs]
    element = scope.expect(generator.elt, type_).node
    scope.in_line = False
    return over_lines(element, ifs)


def _generator(node: ast.Call, function: str) -> ast.GeneratorExp:
    argument = node.args[0] if len(node.args) == 1 else None
    if isinstance(argument, ast.GeneratorExp) and len(argument.generators) == 1:
        loop = argument.generators[0]
        if not loop.is_async and _is_name(loop.target, "line") and _is_name(loop.iter, "lines"):
            return argument
    raise mistake(node, f"{function}() goes over the lines", f"write {function}(... for line in lines)")


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def over_lines(element: ast.expr, ifs: list[ast.expr]) -> ast.GeneratorExp:
    """`(element for line in view.lines if ...)`."""
    lines = ast.Attribute(value=ast.Name(id="view", ctx=ast.Load()), attr="lines", ctx=ast.Load())
    loop = ast.comprehension(target=ast.Name(id="line", ctx=ast.Store()), iter=lines, ifs=ifs, is_async=0)
    return ast.GeneratorExp(elt=element, generators=[loop])


def _arguments(node: ast.Call, function: str, scope: Scope, count: int, *types: str) -> list[Checked]:
    if len(node.args) != count:
        raise _wrong_count(node, function, count)
    return [scope.expect(each, *types) for each in node.args]


def _wrong_count(node: ast.Call, function: str, count: int) -> ConditionError:
    few = function in ("min", "max")
    wanted = "at least two values" if few else f"{count} value{'s' if count > 1 else ''}"
    return mistake(node, f"{function}() takes {wanted}, not {len(node.args)}")


def _called(function: str, *args: ast.expr) -> ast.expr:
    return ast.Call(func=ast.Name(id=function, ctx=ast.Load()), args=list(args), keywords=[])


def _method(text: ast.expr, method: str, *args: ast.expr) -> ast.expr:
    return ast.Call(func=ast.Attribute(value=text, attr=method, ctx=ast.Load()), args=list(args), keywords=[])


FUNCTIONS: dict[str, Callable[[ast.Call, str, Scope], Checked]] = {
    "minutes": span,
    "hours": span,
    "days": span,
    "starts": affix,
    "ends": affix,
    "lower": lower,
    "len": length,
    "abs": magnitude,
    "min": extreme,
    "max": extreme,
    "any": quantifier,
    "all": quantifier,
    "sum": total,
}
