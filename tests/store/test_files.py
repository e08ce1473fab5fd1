"""A shop in files: readers beside the owner, one owner at a time, what was acknowledged survives a kill."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import pytest

from segue.store.audit import audit
from segue.store.database import MIGRATIONS, Database, DatabaseTooNew, open_reader
from segue.store.lock import LOCK_FILE, OwnerLock, ShopIsOwned, owner_of
from segue.store.reading import Finder
from tests.store.shops import a_step, an_order, free, open_shop, order_in, rows, stepped

WRITER = """
from tests.store.shops import a_life, live, open_shop, stepped
shop = open_shop({path!r})
live(shop)
for number in range(100000):
    stepped(shop, *a_life(f"web-{{number}}")[:2])
    print(number, flush=True)
"""
HOLDER = """
import sys, time
from pathlib import Path
from segue.store.lock import OwnerLock
OwnerLock(Path({folder!r})).take()
print("taken", flush=True)
time.sleep(60)
"""


def run(program: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=Path.cwd())


def test_a_shop_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    path = str(tmp_path / "segue.db")
    shop = open_shop(path)
    stepped(shop, a_step(an_order()))
    shop.database.close()
    again = open_shop(path)
    assert order_in(again) == an_order()
    again.database.close()


def test_a_database_of_a_later_segue_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "segue.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(DatabaseTooNew, match="version 99"):
        Database(path)


def test_a_reader_sees_what_is_committed_while_the_owner_writes(tmp_path: Path) -> None:
    path = tmp_path / "segue.db"
    shop = open_shop(str(path))
    stepped(shop, a_step(an_order()))
    reader = open_reader(path)
    with shop.database.transaction() as cursor:
        cursor.execute("UPDATE orders SET status = 'other'")
        assert Finder(reader).orders()[0].status == "pending"
    assert Finder(reader).orders()[0].status == "other"
    reader.close()
    shop.database.close()


def test_a_reader_needs_no_owner_and_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "segue.db"
    shop = open_shop(str(path))
    stepped(shop, a_step(an_order()))
    shop.database.close()
    reader = open_reader(path)
    assert Finder(reader).order("web-1") == an_order()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM orders")
    reader.close()


def test_one_process_owns_a_shop_and_the_next_is_told_which(tmp_path: Path) -> None:
    holder = run(HOLDER.format(folder=str(tmp_path)))
    assert holder.stdout is not None
    assert holder.stdout.readline() == "taken\n"
    assert owner_of(tmp_path) == holder.pid
    with pytest.raises(ShopIsOwned, match=f"process {holder.pid}"):
        OwnerLock(tmp_path).take()
    holder.kill()
    holder.communicate()
    with OwnerLock(tmp_path):
        assert (tmp_path / LOCK_FILE).read_text() == f"{os.getpid()}\n"
    assert owner_of(tmp_path) is None


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    path = str(tmp_path / "segue.db")
    writer = run(WRITER.format(path=path))
    assert writer.stdout is not None
    acknowledged = [int(writer.stdout.readline()) for _ in range(30)]
    writer.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in writer.communicate()[0].splitlines()]
    shop = open_shop(path)
    assert all(order_in(shop, f"web-{number}") is not None for number in acknowledged)
    assert audit(shop.database.reader()) == []
    shop.database.close()


def test_stock_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "segue.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for name in MIGRATIONS[:3]:
            connection.executescript(files("segue.store").joinpath(name).read_text("utf-8"))
        connection.execute("INSERT INTO stock VALUES ('A', 'BER', 9, 4, 2)")
        connection.execute("INSERT INTO stock_moves VALUES ('', 1, 0, 'A', 'BER', 9, 0, 'counted', 5)")
        connection.execute("PRAGMA user_version = 3")
    shop = open_shop(str(path))
    assert rows(shop, "SELECT on_hand, allocated, safety, reserved, damaged FROM stock") == [(9, 4, 2, 0, 0)]
    assert rows(shop, "SELECT on_hand, quarantined, actor, report FROM stock_moves") == [(9, 0, "", "")]
    assert free(shop) == {"BER": 3}
    with pytest.raises(sqlite3.IntegrityError), shop.database.transaction() as cursor:
        cursor.execute("UPDATE stock SET damaged = 4")
    shop.database.close()
