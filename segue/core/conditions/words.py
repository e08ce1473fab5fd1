"""The words of a condition: literals, names, names of a line, and the and, or, not between them."""

import ast

from segue.core.conditions.limits import INT_MAX, LITERAL_MAX
from segue.core.conditions.mistakes import mistake, unknown
from segue.core.conditions.scope import Checked, Scope
from segue.core.conditions.vocabulary import Name


def check_constant(node: ast.Constant, scope: Scope) -> Checked:
    """A literal: True or False, a whole number, a text."""
    if isinstance(node.value, bool):
        return Checked(node, node, "bool")
    if isinstance(node.value, int):
        return _check_int(node, node.value)
    if isinstance(node.value, str):
        return _check_text(node, node.value)
    raise mistake(node, f"`{node.value!r:.20}` is not allowed in a condition")


def _check_int(node: ast.Constant, value: int) -> Checked:
    if value > INT_MAX:
        raise mistake(node, f"a number has to be below 2**53, which is {INT_MAX + 1}")
    return Checked(node, node, "int")


def _check_text(node: ast.Constant, value: str) -> Checked:
    if len(value) > LITERAL_MAX:
        raise mistake(node, f"a text in a condition has at most {LITERAL_MAX} characters, this one has {len(value)}")
    return Checked(node, node, "text")


def check_name(node: ast.Name, scope: Scope) -> Checked:
    """A name of the vocabulary; it is read from the view."""
    word = node.id
    name = scope.vocabulary.names.get(word)
    if name is None:
        raise _unknown_name(node, scope)
    scope.use(word, name)
    nows = int(word == "now" and name.type == "instant")
    return Checked(_read("view", word, name), node, name.type, nows, word)


def _unknown_name(node: ast.Name, scope: Scope) -> Exception:
    lines = scope.vocabulary.line_names
    if lines and node.id in ("line", "lines"):
        return mistake(node, f"`{node.id}` cannot stand alone", "write any(line.NAME ... for line in lines)")
    if node.id in lines:
        return mistake(node, f"unknown name `{node.id}`", f"did you mean `line.{node.id}`?")
    return unknown(node, "name", node.id, [*scope.vocabulary.names, "True", "False"])


def check_attribute(node: ast.Attribute, scope: Scope) -> Checked:
    """`line.NAME`, the only dot there is."""
    if not (isinstance(node.value, ast.Name) and node.value.id == "line"):
        raise mistake(node, "a dot is only allowed in `line.NAME`")
    if not scope.in_line:
        raise mistake(node, "there is no `line` here", "write any(line.NAME ... for line in lines)")
    name = scope.vocabulary.line_names.get(node.attr)
    if name is None:
        raise _unknown_line_name(node, scope)
    word = f"line.{node.attr}"
    scope.use(word, name)
    return Checked(_read("line", node.attr, name), node, name.type, word=word)


def _unknown_line_name(node: ast.Attribute, scope: Scope) -> Exception:
    if node.attr in scope.vocabulary.names:
        return mistake(node, f"unknown name `line.{node.attr}`", f"did you mean `{node.attr}`?")
    return unknown(node, "name", f"line.{node.attr}", [f"line.{word}" for word in scope.vocabulary.line_names])


def _read(owner: str, word: str, name: Name) -> ast.expr:
    view = ast.Name(id=owner, ctx=ast.Load())
    if name.default is None:
        return ast.Attribute(value=view, attr=word, ctx=ast.Load())
    given: list[ast.expr] = [view, ast.Constant(word), ast.Constant(name.default)]
    return ast.Call(func=ast.Name(id="getattr", ctx=ast.Load()), args=given, keywords=[])


def check_and_or(node: ast.BoolOp, scope: Scope) -> Checked:
    """`and` and `or` look no further than they need, as in Python."""
    parts = [scope.expect(part, "bool").node for part in node.values]
    return Checked(ast.BoolOp(op=node.op, values=parts), node, "bool")
