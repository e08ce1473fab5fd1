"""Purity: the core touches nothing of the world, SQL stays in the store, and no failure is swallowed."""

import ast
import re
from collections.abc import Iterator

from tests.tidy.source import Offense, docstring_nodes, imports, is_code, is_pure, nodes

PURE_LIBRARY = {  # of the standard library, what neither reads nor changes the world; lengthen it with care
    "__future__", "abc", "ast", "base64", "bisect", "calendar", "collections", "copy", "dataclasses", "datetime",
    "decimal", "difflib", "enum", "fractions", "functools", "hashlib", "heapq", "itertools", "json", "keyword",
    "math", "numbers", "operator", "re", "statistics", "string", "textwrap", "types", "typing", "unicodedata",
}  # fmt: skip
PURE_IMPORTS = PURE_LIBRARY | {"inspect.getdoc", "inspect.signature", "msgspec", "segue.core"}
CONNECTOR_IMPORTS = ("segue.core", "segue.ports", "segue.connectors")

IMPURE_CALLS = {"open", "print", "input", "breakpoint", "hash", "id"}  # `hash` and `id` differ from run to run
CLOCK_CALLS = {"now", "utcnow", "today"}
CLOCK_OWNERS = {"datetime", "date"}
SWALLOWED = {"Exception", "BaseException"}

SQL = re.compile(
    r"\bSELECT\s|\bINSERT\s+(OR\s+\w+\s+)?INTO\b|\bDELETE\s+FROM\b|^\s*UPDATE\s|\bUPDATE\s+\S+\s+SET\b"
    r"|^\s*(select\s.+\sfrom\s|insert\s+into\s|delete\s+from\s|update\s+\w+\s+set\s)",
    re.DOTALL,
)


def pure_imports(path: str, text: str) -> Iterator[Offense]:
    """The core and the policies import the core, msgspec and the pure part of the standard library, nothing else."""
    if not is_pure(path):
        return
    own = "segue.policies" if path.startswith("segue/policies/") else "segue.core"
    allowed = PURE_IMPORTS | {own}
    for line, name in imports(text):
        if not is_within(name, allowed):
            yield Offense(path, line, f"imports {name}")


def connector_imports(path: str, text: str) -> Iterator[Offense]:
    """A connector knows its port and its system: of ours it imports the core and the ports only."""
    if not path.startswith("segue/connectors/") or not is_code(path):
        return
    for line, name in imports(text):
        if name.startswith("segue.") and not is_within(name, set(CONNECTOR_IMPORTS)):
            yield Offense(path, line, f"imports {name}")


def is_within(name: str, packages: set[str]) -> bool:
    """Whether a module or name lies in one of these packages."""
    return any(name == package or name.startswith(package + ".") for package in packages)


def pure_calls(path: str, text: str) -> Iterator[Offense]:
    """The core and the policies ask for no clock, file or screen, nor for what differs from run to run."""
    if not is_pure(path):
        return
    for node in nodes(text):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
            yield Offense(path, node.lineno, f"calls {node.func.id}")
        elif isinstance(node, ast.Attribute) and node.attr in CLOCK_CALLS and last_name(node.value) in CLOCK_OWNERS:
            yield Offense(path, node.lineno, f"reads the clock: {ast.unparse(node)}")


def last_name(node: ast.AST) -> str:
    """The last word of a dotted name: `datetime` of `datetime.datetime`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def named_failures(path: str, text: str) -> Iterator[Offense]:
    """Whoever catches a failure names it: never `except Exception`, never a bare `except`."""
    if not is_code(path):
        return
    for node in nodes(text):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(each is None or last_name(each) in SWALLOWED for each in caught):
                yield Offense(path, node.lineno, f"except {ast.unparse(node.type) if node.type else ''}".strip())


def sql_in_the_store(path: str, text: str) -> Iterator[Offense]:
    """SQL stands in segue/store only."""
    if not (is_code(path) and path.startswith("segue/")) or path.startswith("segue/store"):
        return
    docstrings = docstring_nodes(text)
    for node in nodes(text):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings:
            found = SQL.search(node.value)
            if found:
                yield Offense(path, node.lineno, f"SQL: {' '.join(found.group().split())}")


RULES = (pure_imports, connector_imports, pure_calls, named_failures, sql_in_the_store)
