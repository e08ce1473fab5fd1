"""Reading: from text to Python's syntax tree, with a limit on everything that could be big."""

import ast
import re

from segue.core.conditions.limits import DEPTH_MAX, NODES_MAX, TEXT_MAX
from segue.core.conditions.mistakes import ConditionError, shortened

LINE_END = re.compile(r"\r\n?|\n")  # as Python reads them; str.splitlines() knows more

FORBIDDEN = {"\\": "a backslash", "\0": "a null character"}

TOKENS = re.compile(r"""'[^'\n]*'|"[^"\n]*"|\#[^\n]*|(?<!\w)(?P<number>\.?\d[\w.]*)""")
WHOLE = re.compile(r"\d[\d_]*|0[xX][\da-fA-F_]+|0[oObB][\d_]+")  # of `1and` Python would warn on the screen

HABITS = {
    "&&": "write `and`",
    "||": "write `or`",
    "<>": "write `!=`",
    "!": "write `not`",
    "=": "write `==` to compare",
}  # of other languages, looked for once a text is known to be wrong


def read(text: str) -> ast.expr:
    """The tree of the text, its positions counted in characters. Raises ConditionError."""
    _check_text(text)
    tree = _parse(text)
    _check_size(tree)
    _count_in_characters(tree, text)
    return tree


def _check_text(text: str) -> None:
    if len(text) > TEXT_MAX:
        raise ConditionError(f"a condition has at most {TEXT_MAX} characters, this one has {len(text)}")
    if not text.strip():
        raise ConditionError("a condition is missing")
    for character, name in FORBIDDEN.items():
        if character in text:
            raise _mistake_at(text, text.index(character), f"{name} is not allowed in a condition")
    for token in TOKENS.finditer(text):
        if token["number"] and not WHOLE.fullmatch(token["number"]):
            raise _mistake_at(text, token.start(), f"`{shortened(token['number'])}` is not a whole number")


def _mistake_at(text: str, offset: int, message: str) -> ConditionError:
    before = LINE_END.split(text[:offset])
    return ConditionError(message, None, len(before), len(before[-1]))


def _parse(text: str) -> ast.expr:
    """Parse within brackets of our own, so that a condition may go over several lines of YAML."""
    try:
        tree = ast.parse(f"({text}\n)", mode="eval").body
    except SyntaxError as error:
        raise _syntax_mistake(error, text) from None
    except (RecursionError, MemoryError):
        raise ConditionError(f"a condition is nested at most {DEPTH_MAX} deep") from None
    except ValueError:
        raise ConditionError("a condition has a character that no text can have") from None
    closed_ours = (tree.lineno, tree.col_offset) == (1, 0) and not isinstance(tree, ast.Tuple | ast.GeneratorExp)
    if closed_ours:
        raise ConditionError("a bracket is closed that was not opened")
    return tree


def _syntax_mistake(error: SyntaxError, text: str) -> ConditionError:
    lines = LINE_END.split(text.rstrip())
    line, column = error.lineno or 1, (error.offset or 1) - 1
    if line > len(lines):  # the parser stumbled over our own closing bracket
        line, column = len(lines), len(lines[-1])
    elif line == 1:
        column = max(0, column - 1)
    hint = next((hint for habit, hint in HABITS.items() if habit in _without_comparisons(text)), None)
    message = error.msg.split(". ")[0].split(" (")[0]
    return ConditionError(f"this is not an expression: {message}", hint, line, column)


def _without_comparisons(text: str) -> str:
    for comparison in ("==", "!=", "<=", ">="):
        text = text.replace(comparison, "")
    return text


def _check_size(tree: ast.expr) -> None:
    """Count nodes and depth without recursion, since the tree is not known to be small yet."""
    count, left = 0, [(tree, 1)]
    while left:
        node, depth = left.pop()
        count += 1
        if depth > DEPTH_MAX:
            raise ConditionError(f"a condition is nested at most {DEPTH_MAX} deep")
        if count > NODES_MAX:
            raise ConditionError(f"a condition has at most {NODES_MAX} names, literals and operations")
        left.extend((child, depth + 1) for child in _parts(node))


def _parts(node: ast.AST) -> list[ast.expr]:
    """The expressions directly within a node; those of `for ... in ...` count as directly within."""
    parts: list[ast.expr] = []
    for child in ast.iter_child_nodes(node):
        parts.extend([child] if isinstance(child, ast.expr) else _parts(child))
    return parts


def _count_in_characters(tree: ast.expr, text: str) -> None:
    """Python counts columns in bytes, and from our own bracket."""
    lines = [line.encode() for line in LINE_END.split(f"({text}")]
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            before = lines[node.lineno - 1][: node.col_offset].decode()
            node.col_offset = max(0, len(before) - (node.lineno == 1))
