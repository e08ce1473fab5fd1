"""Source: the project's own files, and what the rules look for in them."""

import ast
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
CODE = ("segue/", "tests/", "bench/", "docs/", "examples/")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


class Offense(NamedTuple):
    """One place where a rule is broken, printed as an editor can open it."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


Rule = Callable[[str, str], Iterator[Offense]]  # (path inside the project, text) -> offenses


@cache
def own_files() -> dict[str, str]:
    """Every text file that git tracks or would track, by its path inside the project."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    paths = listing.stdout.decode().split("\0") if listing.returncode == 0 else paths_without_git()
    return {path: text for path in sorted(filter(None, paths)) if (text := read(ROOT / path)) is not None}


def paths_without_git() -> list[str]:
    """The code alone, where the project was unpacked from an archive."""
    return [path.relative_to(ROOT).as_posix() for folder in CODE for path in (ROOT / folder).rglob("*.py")]


def read(path: Path) -> str | None:
    """The text of a file; nothing for what is not text, or was deleted and not committed yet."""
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
        return None


def is_code(path: str) -> bool:
    """Whether this is Python of ours."""
    return path.endswith(".py") and path.startswith(CODE)


def is_pure(path: str) -> bool:
    """Whether this belongs to the folders that touch nothing of the world."""
    return path.endswith(".py") and path.startswith(("segue/core/", "segue/policies/"))


@cache
def parse(text: str) -> ast.Module:
    """The syntax tree of a file, parsed once for all rules."""
    return ast.parse(text)


@cache
def nodes(text: str) -> tuple[ast.AST, ...]:
    """Every node of a file."""
    return tuple(ast.walk(parse(text)))


def functions(text: str) -> Iterator[Function]:
    """Every function and method of a file."""
    return (node for node in nodes(text) if isinstance(node, Function))


def imports(text: str) -> Iterator[tuple[int, str]]:
    """The line and full name of everything that a file imports, `from a import b` as `a.b`."""
    for node in nodes(text):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module or ''}.{alias.name}") for alias in node.names)


def docstring_nodes(text: str) -> set[ast.AST]:
    """The string constants of a file that are docstrings."""
    owners = (node for node in nodes(text) if isinstance(node, ast.Module | Definition))
    return {owner.body[0].value for owner in owners if ast.get_docstring(owner) and isinstance(owner.body[0], ast.Expr)}
