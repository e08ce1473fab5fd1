"""Documents as people ask for them: `segue invoices ORDER` and `segue invoice NUMBER`."""

import sqlite3
from importlib.resources import files
from pathlib import Path

from segue.store.database import MIGRATIONS
from tests.main.calling import Call


def test_the_documents_of_an_order_are_listed_with_what_settles_them(look: Call) -> None:
    said = look("invoices", "1002")
    assert said.code == 0
    assert "INV-2026-000" in said.out
    assert "C1 98.00 USD, done" in said.out
    assert "1 document; invoices less credit memos come to 98.00 USD." in said.out


def test_one_document_says_all_that_it_is_made_of(look: Call) -> None:
    (listed,) = look("invoices", "web-1002", "--json").json
    shown = look("invoice", listed["number"], "--json").json
    assert shown == listed
    assert (shown["order"], shown["kind"], shown["total_minor"]) == ("web-1002", "invoice", 9800)
    assert [(line["sku"], line["units"], line["amount_minor"]) for line in shown["lines"]] == [
        ("LAMP-1", [[1, 2]], 9800)
    ]
    assert shown["outcomes"] == {"C1": "done"}
    text = look("invoice", listed["number"].lower()).out
    assert all(part in text for part in (listed["number"], "LAMP-1", "49.00 USD", "total  98.00 USD", "web-1002"))


def test_a_credit_memo_names_the_invoice_that_it_reverses(call: Call) -> None:
    assert call("do", "web-1002", "record_return", "line=1", "quantity=1").code == 0
    assert call("work", "--until-idle").code == 0
    invoice, memo = call("invoices", "web-1002", "--json").json
    assert memo["number"].startswith("CM-")
    assert memo["reverses"] == {invoice["number"]: 4900}
    text = call("invoice", memo["number"]).out
    assert all(part in text for part in ("Credit memo CM-", f"{invoice['number']} 49.00 USD", "R1 49.00 USD, done"))
    assert "invoices less credit memos come to 49.00 USD" in call("invoices", "web-1002").out
    assert call("audit").code == 0


def test_a_number_that_was_never_given_is_wrong_use_and_the_last_ones_are_named(look: Call) -> None:
    for number in ("INV-2026-999999", "INV-1-2-3", "nonsense"):
        said = look("invoice", number)
        assert (said.code, "the last ones are INV-" in said.err) == (2, True)


def test_an_order_of_which_nothing_left_has_no_documents(look: Call) -> None:
    assert look("invoices", "web-1004", "--json").json == []
    assert "0 documents" in look("invoices", "web-1004").out


def as_it_was_first(database: sqlite3.Connection) -> None:
    """Take away whatever came after the first version of the schema."""
    first = sqlite3.connect(":memory:")
    first.executescript(files("segue.store").joinpath(MIGRATIONS[0]).read_text("utf-8"))
    made = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'table' DESC"
    known = list(first.execute(made))
    later = {(kind, name) for kind, name, *_ in database.execute(made)} - {(kind, name) for kind, name, *_ in known}
    for kind, name in sorted(
        later, key=lambda each: each[0] == "table"
    ):  # a table takes its indexes and triggers along
        database.execute(f"DROP {kind} IF EXISTS {name}")
    database.execute("PRAGMA legacy_alter_table = ON")
    for table in [name for kind, name, *_ in known if kind == "table"]:
        columns = ", ".join(row[1] for row in first.execute(f"PRAGMA table_info({table})"))
        database.execute(f"ALTER TABLE {table} RENAME TO later")
        for kind, name, of, sql in known:
            if of == table:
                database.execute(f"DROP {kind} IF EXISTS {name}")
                database.execute(sql)
        database.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM later")
        database.execute("DROP TABLE later")
    database.execute("PRAGMA user_version = 1")


def test_a_database_of_an_earlier_segue_is_brought_up_to_date_by_its_owner(call: Call, shop: Path) -> None:
    with sqlite3.connect(shop / "segue.db") as database:
        as_it_was_first(database)
    said = call("invoices", "web-1002")
    assert (said.code, "An earlier Segue" in said.err, "segue work" in said.err) == (1, True, True)
    assert call("work", "--until-idle").code == 0
    assert call("invoices", "web-1002", "--json").json == []
