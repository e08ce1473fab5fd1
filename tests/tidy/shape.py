"""Shape: how long files and functions are, what they are called, and that each says what it is for."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.tidy.source import Definition, Offense, functions, is_code, nodes, parse

FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 40  # without its docstring
PORT_METHODS_MAX = 6
NAMES_THAT_SAY_NOTHING = {"utils", "util", "common", "helpers", "helper", "manager", "service", "models", "types"}


def file_length(path: str, text: str) -> Iterator[Offense]:
    """A file has at most 300 lines; beyond that it becomes a folder of the same name."""
    lines = len(text.splitlines())
    if is_code(path) and lines > FILE_LINES_MAX:
        yield Offense(path, FILE_LINES_MAX + 1, f"the file has {lines} lines")


def function_length(path: str, text: str) -> Iterator[Offense]:
    """A function has at most 40 lines, its docstring not counted."""
    if not is_code(path):
        return
    for function in functions(text):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1 - docstring_lines(function)
        if lines > FUNCTION_LINES_MAX:
            yield Offense(path, function.lineno, f"{function.name} has {lines} lines")


def docstring_lines(owner: Definition) -> int:
    """How many lines of a definition are its docstring."""
    if ast.get_docstring(owner) is None:
        return 0
    first = owner.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1


def module_docstring(path: str, text: str) -> Iterator[Offense]:
    """A file says what it is for: its docstring starts with a capital and is a sentence."""
    if not is_code(path):
        return
    docstring = ast.get_docstring(parse(text))
    if not docstring:
        yield Offense(path, 1, "the file has no docstring")
    elif not docstring[0].isupper():
        yield Offense(path, 1, "the docstring does not start with a capital")
    elif not docstring.split("\n\n")[0].rstrip().endswith((".", "?", "!")):
        yield Offense(path, 1, "the docstring does not start with a sentence")


def file_name(path: str, _text: str) -> Iterator[Offense]:
    """A name says what is in the file: no utils, common, helpers, manager, service, models, types."""
    if is_code(path):
        for part in PurePosixPath(path).with_suffix("").parts:
            if NAMES_THAT_SAY_NOTHING & {part, part.removeprefix("test_")}:
                yield Offense(path, 1, f"the name {part} says nothing")


def public_docstrings(path: str, text: str) -> Iterator[Offense]:
    """What a file of segue/ offers has a docstring: each function and class whose name has no underscore in front."""
    if not (is_code(path) and path.startswith("segue/")):
        return
    for node in parse(text).body:
        if isinstance(node, Definition) and not node.name.startswith("_") and not ast.get_docstring(node):
            yield Offense(path, node.lineno, f"{node.name} has no docstring")


def port_size(path: str, text: str) -> Iterator[Offense]:
    """A port has at most six methods."""
    if path != "segue/ports.py" and not path.startswith("segue/ports/"):
        return
    for node in parse(text).body:
        if isinstance(node, ast.ClassDef):
            methods = [each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
            if len(methods) > PORT_METHODS_MAX:
                yield Offense(path, node.lineno, f"{node.name} has {len(methods)} methods")


def imports_at_top(path: str, text: str) -> Iterator[Offense]:
    """Imports stand at the top of the file; only segue/main defers some, to start quickly."""
    if not is_code(path) or path.startswith("segue/main"):
        return
    found = {
        (node.lineno, function.name)
        for function in functions(text)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    for line, name in sorted(found):
        yield Offense(path, line, f"{name} imports something")


def absolute_imports(path: str, text: str) -> Iterator[Offense]:
    """Imports are absolute, so that a name can be found by searching for it."""
    if not is_code(path):
        return
    for node in nodes(text):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield Offense(path, node.lineno, "a relative import")


RULES = (
    file_length, function_length, module_docstring, file_name, public_docstrings, port_size,
    imports_at_top, absolute_imports,
)  # fmt: skip
