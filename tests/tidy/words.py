"""Words: how things are spelled and tests are named, and what no file of ours mentions."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.tidy.source import Function, Offense, functions, imports, is_code, nodes, parse

TEST_WORDS_MIN = 3
BRITISH = re.compile(
    r"fulfil(?!l)|cancell(?!ation)|authoris|organis|normalis|serialis|finalis|initialis|recognis|synchronis|summaris"
    r"|categoris|capitalis|optimis[ei]|prioritis|minimis[ei]|maximis|customis|behaviour|colour|favour|honour|labell"
    r"|catalogue|licence|cheque|centre",
    re.IGNORECASE,
)
MACHINE_PATH = re.compile(r"(?<![\w.-])/(?:work|root|home)/")
MOCKS = {"monkeypatch", "mocker"}
MOCK_MODULES = ("unittest.mock", "mock", "pytest_mock")


def us_spelling(path: str, text: str) -> Iterator[Offense]:
    """Identifiers are spelled as in the United States: fulfillment, canceled, authorize."""
    if not (is_code(path) and path.startswith("segue/")):
        return
    if BRITISH.search(PurePosixPath(path).stem):
        yield Offense(path, 1, "the name of the file")
    for line, name in defined_names(text):
        if BRITISH.search(name):
            yield Offense(path, line, name)


def defined_names(text: str) -> Iterator[tuple[int, str]]:
    """Every name that a file gives to something, with its line. Names that others gave are theirs to spell."""
    for node in nodes(text):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.alias(asname=str(name)):
                yield node.lineno, name


def test_names(path: str, text: str) -> Iterator[Offense]:
    """The name of a test is a sentence, of three words at least."""
    if not (is_code(path) and path.startswith("tests/") and PurePosixPath(path).name.startswith("test_")):
        return
    for function in functions(text):
        words = [word for word in function.name.split("_") if word]
        if words[:1] == ["test"] and len(words) - 1 < TEST_WORDS_MIN:
            yield Offense(path, function.lineno, function.name)


def no_mocks_in_core_tests(path: str, text: str) -> Iterator[Offense]:
    """The core is tested with values: given events, when command, then events; never with a mock."""
    if not (is_code(path) and path.startswith("tests/core/")):
        return
    for line, name in imports(text):
        if name.startswith(MOCK_MODULES):
            yield Offense(path, line, f"imports {name}")
    for function in functions(text):
        for argument in mock_arguments(function):
            yield Offense(path, function.lineno, f"{function.name} takes {argument}")


def mock_arguments(function: Function) -> list[str]:
    """The arguments of a test that would let it change the code under test."""
    return [argument.arg for argument in function.args.args if argument.arg in MOCKS]


def machine_paths(path: str, text: str) -> Iterator[Offense]:
    """No file names a folder of the machine that it was written on."""
    for number, line in enumerate(text.splitlines(), start=1):
        found = MACHINE_PATH.search(line)
        if found:
            yield Offense(path, number, found.group())


def untested_refusals(path: str, text: str, tests: str) -> Iterator[Offense]:
    """Each refusal is mentioned by name in a test."""
    mentioned = set(re.findall(r"\w+", tests))
    for line, name in members(text, "Refusal"):
        if name not in mentioned:
            yield Offense(path, line, name)


def members(text: str, enumeration: str) -> Iterator[tuple[int, str]]:
    """The members of an enumeration, with their lines."""
    for node in parse(text).body:
        if isinstance(node, ast.ClassDef) and node.name == enumeration:
            for each in node.body:
                if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
                    yield each.lineno, each.targets[0].id


RULES = (us_spelling, test_names, no_mocks_in_core_tests, machine_paths)
