"""What a database waits for: by default for the disk; on request only for the operating system."""

from pathlib import Path

import pytest

from segue.store.database import Database


@pytest.mark.parametrize(("power_cuts", "level"), [(True, 2), (False, 0)])
def test_only_who_fears_no_power_cut_does_not_wait_for_the_disk(tmp_path: Path, power_cuts: bool, level: int) -> None:
    database = Database(tmp_path / "segue.db", power_cuts=power_cuts)
    assert database.look_up("PRAGMA synchronous", ()) == (level,)
    database.close()


def test_what_was_committed_without_waiting_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    first = Database(tmp_path / "segue.db", power_cuts=False)
    with first.transaction() as cursor:
        cursor.execute("INSERT INTO meta (name, value) VALUES ('a', 'b')")
    second = Database(tmp_path / "segue.db")  # while the first has not been closed: as after a kill
    assert second.look_up("SELECT value FROM meta WHERE name = 'a'", ()) == ("b",)
    second.close()
    first.close()


def test_by_default_it_waits_for_the_disk(tmp_path: Path) -> None:
    database = Database(tmp_path / "segue.db")
    assert database.look_up("PRAGMA synchronous", ()) == (2,)
    database.close()
