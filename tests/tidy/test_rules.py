"""The tidy rules have teeth: each finds a planted offender, and leaves its tidy twin alone."""

import pytest

from tests.test_tidy import RULES
from tests.tidy import purity, shape, words
from tests.tidy.source import Rule

DOC = '"""Holds: nothing is shipped while there is one."""\n'
LONG_BODY = "    x = 1\n" * 40
SIX_METHODS = "class Gateway:\n" + "".join(f"    def call_{number}(self): ...\n" for number in range(6))
CORE, POLICY, STORE = "segue/core/hold.py", "segue/policies/grading.py", "segue/store/sqlite.py"
MAIN, CONNECTOR = "segue/main/cli.py", "segue/connectors/stripe.py"
TEST, CORE_TEST = "tests/test_hold.py", "tests/core/test_hold.py"

# (rule, path of the offender, the offender, path of its twin, the twin)
PLANTED: tuple[tuple[Rule, str, str, str, str], ...] = (
    (shape.file_length, CORE, "\n" * 301, CORE, "\n" * 300),
    (shape.function_length, CORE, "def f():\n" + LONG_BODY, CORE, "def f():\n    '''A\n    b.'''\n" + LONG_BODY[10:]),
    (shape.module_docstring, CORE, "x = 1", CORE, DOC),
    (shape.module_docstring, CORE, '"""holds stop an order."""', "docs/page.md", "x = 1"),
    (shape.module_docstring, CORE, '"""Holds"""', CORE, '"""Holds stop\nan order.\n\nAnd more"""'),
    (shape.file_name, "segue/engine/utils.py", DOC, CORE, DOC),
    (shape.file_name, "tests/test_helpers.py", DOC, "tests/test_tally.py", DOC),
    (shape.file_name, "segue/models/order.py", DOC, "segue/core/order.py", DOC),
    (shape.public_docstrings, CORE, "class Hold: pass", CORE, "class _Hold: pass"),
    (shape.public_docstrings, CORE, "def lift(): pass", TEST, "def lift(): pass"),
    (shape.port_size, "segue/ports.py", SIX_METHODS + "    def one_more(self): ...\n", "segue/ports.py", SIX_METHODS),
    (shape.imports_at_top, CORE, "def f():\n    import json", CORE, "import json"),
    (shape.imports_at_top, CORE, "def f():\n    from json import loads", MAIN, "def f():\n    from json import loads"),
    (shape.absolute_imports, CORE, "from . import base", CORE, "from segue.core import base"),
    (shape.absolute_imports, CORE, "from .base import Value", CORE, "from segue.core.base import Value"),
    (purity.pure_imports, CORE, "import time", CORE, "import itertools"),
    (purity.pure_imports, CORE, "from os import path", STORE, "from os import path"),
    (purity.pure_imports, CORE, "import logging.handlers", CORE, "from collections.abc import Iterator"),
    (purity.pure_imports, CORE, "from segue.policies import grading", POLICY, "from segue.policies import grading"),
    (purity.pure_imports, POLICY, "from segue.engine import wave", POLICY, "from segue.core.base import Value"),
    (purity.pure_imports, CORE, "from segue import core_secrets", CORE, "from segue import core"),
    (purity.connector_imports, CONNECTOR, "import segue.store", CONNECTOR, "import segue.ports\nimport stripe"),
    (purity.pure_calls, CORE, "open('x')", STORE, "open('x')"),
    (purity.pure_calls, CORE, "from datetime import datetime\ndatetime.now()", CORE, "context.now()"),
    (purity.pure_calls, POLICY, "import datetime\ndatetime.date.today()", POLICY, "order.date"),
    (purity.pure_calls, CORE, "hash(order)", CORE, "order.hash"),
    (purity.named_failures, CORE, "try: f()\nexcept: pass", CORE, "try: f()\nexcept KeyError: pass"),
    (purity.named_failures, STORE, "try: f()\nexcept Exception as e: pass", "docs/a.md", "except Exception"),
    (purity.named_failures, CORE, "try: f()\nexcept (KeyError, BaseException): pass", CORE, "raise Exception"),
    (purity.sql_in_the_store, CORE, "q = 'SELECT id FROM orders'", STORE, "q = 'SELECT id FROM orders'"),
    (purity.sql_in_the_store, CORE, "q = f'UPDATE {table} SET x = 1'", CORE, "q = 'Update the order'"),
    (purity.sql_in_the_store, CORE, "q = 'insert into orders values (1)'", CORE, "'''SELECT is for the store.'''"),
    (purity.sql_in_the_store, CORE, "q = 'x; DELETE FROM orders'", TEST, "q = 'DELETE FROM orders'"),
    (words.us_spelling, CORE, "def fulfilment(): pass", CORE, "def fulfillment(): pass"),
    (words.us_spelling, CORE, "class Cancelled: pass", CORE, "class Canceled: cancellation = 1"),
    (words.us_spelling, CORE, "def f(authorised): pass", CORE, "x = 'authorised'"),
    (words.us_spelling, CORE, "x.colour = 1", CORE, "x = y.cancelled()"),
    (words.us_spelling, "segue/policies/cancelling.py", DOC, "segue/policies/canceling.py", DOC),
    (words.test_names, TEST, "def test_lift(): pass", TEST, "def test_a_hold_is_lifted(): pass"),
    (words.test_names, TEST, "class TestHold:\n    def test_it_works(self): pass", TEST, "def lift(): pass"),
    (words.no_mocks_in_core_tests, CORE_TEST, "from unittest.mock import Mock", TEST, "from unittest.mock import Mock"),
    (words.no_mocks_in_core_tests, CORE_TEST, "def test(monkeypatch): pass", CORE_TEST, "def test(hold): pass"),
    (words.machine_paths, "Makefile", "cp x /" + "root/x", "Makefile", "curl https://example.com/home/x ./work/x"),
)


@pytest.mark.parametrize(("rule", "path", "offender"), [planted[:3] for planted in PLANTED])
def test_a_planted_offender_is_found(rule: Rule, path: str, offender: str) -> None:
    found = list(rule(path, offender))
    assert found
    assert str(found[0]).startswith(f"{path}:{found[0].line}: ")


@pytest.mark.parametrize(("rule", "path", "twin"), [(rule, path, twin) for rule, _, _, path, twin in PLANTED])
def test_the_tidy_twin_is_left_alone(rule: Rule, path: str, twin: str) -> None:
    assert list(rule(path, twin)) == []


def test_every_rule_has_a_planted_offender() -> None:
    assert {planted[0] for planted in PLANTED} == set(RULES)


def test_a_refusal_that_no_test_mentions_is_found() -> None:
    refusals = "class Refusal(StrEnum):\n    LATE = 'too late'\n    LATER = 'later still'\n"
    found = list(words.untested_refusals("base.py", refusals, "then_refused(Refusal.LATER)"))
    assert [str(offense) for offense in found] == ["base.py:2: LATE"]


def test_an_offense_names_its_line() -> None:
    found = list(purity.pure_imports(CORE, DOC + "import re\nimport time\n"))
    assert [str(offense) for offense in found] == ["segue/core/hold.py:3: imports time"]
