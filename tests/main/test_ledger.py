"""Exporting the ledger: `segue ledger export`, judged by `bean-check` of beancount."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from segue.connectors.journal import account_of
from segue.core.amounts import exponent
from segue.main import run
from segue.ports.bookings import Span
from segue.store.bookings import OF_ORDER, OF_SHOP, balances, bookings
from segue.store.database import open_reader
from tests.connectors.beans import bean_check, bean_check_file
from tests.main.calling import Call, caller

ORDERS = 200
POSTING = re.compile(r"^ +([A-Z][A-Za-z0-9:-]+) +(-?[\d.]+) ([A-Z]{3})$", re.MULTILINE)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop of the demonstration, its month over."""
    folder = tmp_path_factory.mktemp("demo") / "shop"
    assert run(["demo", "--orders", str(ORDERS), "--folder", str(folder), "--json"]) == 0
    return folder


@pytest.fixture(scope="module")
def exported(demo: Path) -> str:
    """Its journal."""
    assert run(["ledger", "export", str(demo / "books.beancount"), "--shop", str(demo)]) == 0
    return (demo / "books.beancount").read_text("utf-8")


@pytest.fixture
def connection(demo: Path) -> Iterator[sqlite3.Connection]:
    """Its database."""
    opened = open_reader(demo / "segue.db")
    yield opened
    opened.close()


def sums_of(text: str) -> Counter[tuple[str, str]]:
    """What the postings of a journal add up to, by account and currency, in minor units."""
    found: Counter[tuple[str, str]] = Counter()
    for account, amount, currency in POSTING.findall(text):
        assert len(amount.partition(".")[2]) == exponent(currency)
        found[account, currency] += int(amount.replace(".", ""))
    return found


def test_bean_check_accepts_the_journal_of_the_demo_shop(demo: Path, exported: str) -> None:
    assert bean_check_file(demo / "books.beancount") == ""
    assert exported.count(" * ") > ORDERS


def test_every_entry_of_the_table_is_in_the_journal_and_accounts_add_up_to_the_same(
    exported: str, connection: sqlite3.Connection
) -> None:
    rows = connection.execute("SELECT debit, credit, amount_minor, currency FROM ledger").fetchall()
    expected: Counter[tuple[str, str]] = Counter()
    for debit, credit, amount, currency in rows:
        expected[account_of(debit), currency] += amount
        expected[account_of(credit), currency] -= amount
    assert len(POSTING.findall(exported)) == 2 * len(rows)
    assert sums_of(exported) == expected
    assert sum(expected.values()) == 0
    assert expected["Assets:Cash:Gateway:Taken", "USD"] > 0


def test_each_step_that_booked_is_one_transaction(exported: str, connection: sqlite3.Connection) -> None:
    steps = set(connection.execute("SELECT order_id, version FROM ledger").fetchall())
    told = re.findall(r'^  order: "(.*)"\n  version: (\d+)$', exported, re.MULTILINE)
    assert len(told) == len(steps)
    assert {(order, int(version)) for order, version in told} == steps


@pytest.mark.parametrize("legs", [1, 2])
def test_bean_check_refuses_a_journal_in_which_an_amount_was_changed(exported: str, legs: int) -> None:
    """Of one leg, the transaction does not balance; of both, its accounts no longer add up to what the ledger says."""
    debit, credit = list(POSTING.finditer(exported))[:2]
    assert bean_check(exported) == ""
    text = exported
    for found in (credit, debit)[:legs]:  # the later one first, so that places stay
        text = (
            text[: found.end(2)].removesuffix(found[2])
            + f"{found[2][:-1]}{int(found[2][-1]) ^ 1}"
            + text[found.end(2) :]
        )
    assert ("does not balance" if legs == 1 else "Balance failed") in bean_check(text)


def test_bean_check_refuses_a_journal_from_which_a_transaction_was_taken(exported: str) -> None:
    options, opened, taken, *rest = exported.split("\n\n20")
    assert " * " in taken
    assert "Balance failed" in bean_check("\n\n20".join([options, opened, *rest]))


def test_the_same_ledger_gives_the_same_journal(demo: Path, exported: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = caller(capsys, demo)("ledger", "export", "-")
    assert said.out == exported


def test_an_order_alone_and_a_part_of_the_time(demo: Path, exported: str, capsys: pytest.CaptureFixture[str]) -> None:
    call = caller(capsys, demo)
    (order, *_) = re.findall(r'^  order: "(.*)"$', exported, re.MULTILINE)
    alone = call("ledger", "export", "-", "--order", order).out
    assert set(re.findall(r'^  order: "(.*)"$', alone, re.MULTILINE)) == {order}
    assert bean_check(alone) == ""
    days = sorted(set(re.findall(r"^(20\S+) \*", exported, re.MULTILINE)))
    parts = []
    for between in (("--to", days[7]), ("--from", days[8])):
        part = call("ledger", "export", "-", *between).out
        assert bean_check(part) == ""
        parts.append(part)
    assert [max(re.findall(r"^(20\S+) \*", parts[0], re.MULTILINE))] == [days[7]]
    assert sums_of(parts[0]) + sums_of(parts[1]) == +sums_of(exported)


def test_what_belongs_to_no_step_is_told_and_nothing_is_written(call: Call, shop: Path, tmp_path: Path) -> None:
    assert call("ledger", "export", tmp_path / "a.journal", "--format", "hledger").code == 0
    written = (tmp_path / "a.journal").read_text("utf-8")
    assert "commodity 1000.00 USD\n" in written
    with sqlite3.connect(shop / "segue.db") as database:
        database.execute("INSERT INTO ledger VALUES ('web-1001', 999, 0, 'sales', 'customer', 1, 'USD', 0)")
    said = call("ledger", "export", tmp_path / "a.journal")
    assert (said.code, "1 entry belong" in said.err) == (1, True)
    assert (tmp_path / "a.journal").read_text("utf-8") == written
    assert [path.name for path in tmp_path.glob("*.new")] == []


def test_an_account_that_nobody_knows_is_told(call: Call, shop: Path, tmp_path: Path) -> None:
    with sqlite3.connect(shop / "segue.db") as database:
        database.execute(
            "INSERT INTO ledger SELECT order_id, version, 90, 'slush', 'customer', 1, 'USD', at_s FROM ledger LIMIT 1"
        )
    said = call("ledger", "export", tmp_path / "books.beancount")
    assert (said.code, "account slush" in said.err) == (1, True)
    assert not (tmp_path / "books.beancount").exists()


def test_a_folder_or_a_place_that_is_not_there_is_told_as_it_was_given(
    look: Call, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mail").mkdir()
    for folder in (".", "..", "mail", "mail/", tmp_path):
        said = look("ledger", "export", folder)
        assert (said.code, f"{folder} is a folder" in said.err) == (2, True)
    said = look("ledger", "export", "nowhere/books.journal")
    assert (said.code, "nowhere/books.journal cannot be written: No such file" in said.err) == (1, True)
    assert not any(tmp_path.glob("**/*.new"))


def test_an_end_before_the_beginning_is_wrong_use(look: Call) -> None:
    said = look("ledger", "export", "-", "--from", "2026-03-02", "--to", "2026-03-01")
    assert (said.code, "is after" in said.err) == (2, True)
    assert look("ledger", "export", "-", "--from", "March").code == 2


@pytest.mark.parametrize(("statement", "asked"), [(OF_SHOP, (0, 1)), (OF_ORDER, (0, 1, "x"))])
def test_the_ledger_is_read_along_its_indexes_and_never_sorted(
    connection: sqlite3.Connection, statement: str, asked: tuple[object, ...]
) -> None:
    plan = [row[-1] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", asked)]
    assert plan
    assert not [step for step in plan if "TEMP B-TREE" in step]


def test_bookings_are_read_one_after_the_other(connection: sqlite3.Connection) -> None:
    some = bookings(connection, Span())
    assert next(some).version < 100
    some.close()  # type: ignore[attr-defined]
    assert {each.currency for each in balances(connection, Span())} == {"USD"}
