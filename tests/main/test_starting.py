"""Starting: help, and reading, do not wait for what only the engine needs. Counted in modules, not in seconds."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

OURS = ("engine", "connectors", "loader", "policies", "app", "sim", "settings")
HEAVY = (*(f"segue.{part}" for part in OURS), "cryptography", "yaml")
SCRIPT = """
import contextlib, io, json, sys
from segue.main import run
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    code = run(sys.argv[1:]) if sys.argv[1:] else 0
print(json.dumps([code, sorted(sys.modules)]))
"""


def modules_after(*tokens: str) -> set[str]:
    """What a fresh process has imported after a command."""
    ran = subprocess.run([sys.executable, "-c", SCRIPT, *tokens], capture_output=True, text=True, check=True)
    code, modules = json.loads(ran.stdout)
    assert code == 0, ran
    return set(modules)


def belonging(modules: set[str], names: tuple[str, ...]) -> set[str]:
    return {name for name in modules if name.startswith(names)}


def test_the_command_line_alone_imports_nothing_of_the_engine() -> None:
    modules = modules_after()
    assert belonging(modules, (*HEAVY, "segue.core", "segue.store", "segue.ports", "msgspec", "rich")) == set()
    assert {name for name in modules if name.startswith("segue.main.")} == {
        "segue.main.commands", "segue.main.examples", "segue.main.failing",
    }  # fmt: skip


@pytest.mark.parametrize("tokens", [("--help",), ("hold", "--help"), ("demo", "--help"), ("init", "--help")])
def test_help_imports_nothing_of_the_engine(tokens: tuple[str, ...]) -> None:
    assert belonging(modules_after(*tokens), HEAVY) == set()


READING = [("orders",), ("stock",), ("orders", "--json"), ("folders",), ("trouble",), ("why", "web-1001")]


@pytest.mark.parametrize("tokens", READING)
def test_commands_that_only_read_import_the_store_and_no_more(made: Path, tokens: tuple[str, ...]) -> None:
    assert belonging(modules_after(*tokens, "--shop", str(made)), HEAVY) == set()


def test_an_order_is_shown_without_reading_the_shops_files_or_looking_for_plug_ins(made: Path) -> None:
    modules = modules_after("order", "web-1001", "--shop", str(made))
    assert belonging(modules, ("segue.settings", "segue.app", "segue.loader.shop", "cryptography")) == set()
