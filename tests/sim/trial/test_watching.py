"""What trials are made of: who dies leaves nothing behind but what was committed; who is not entitled settles nothing."""

from pathlib import Path

import pytest

from segue.core.tasks import Task
from segue.ports import Batch, Handled, Settled
from segue.sim.trial.death import BETWEEN, Died, Fate, Mortal, WorkerDied
from segue.sim.trial.deeds import DEEDS, deeds
from segue.sim.trial.orders import placed
from segue.sim.trial.setting import Setting
from segue.sim.trial.watch import Watch
from segue.store.database import Database

META = "INSERT INTO meta (name, value) VALUES (?, ?)"
TASK = Task("t1", "web-1", "capture", "gateway", {"transaction": "C1"}, attempt=1)


def an_end() -> None:
    raise Died("between two statements")


def write_five(database: Database) -> None:
    with database.transaction() as cursor:
        cursor.execute(META, ("a", "1"))
        cursor.executemany(META, [(name, "2") for name in "bcde"])


@pytest.mark.parametrize("statements", range(5))
def test_who_dies_between_two_statements_of_a_commit_leaves_nothing_behind(tmp_path: Path, statements: int) -> None:
    database = Database(tmp_path / "segue.db")
    mortal = Mortal(database._connection)
    database._connection = mortal  # type: ignore[assignment]
    mortal.doom(statements, an_end)
    with pytest.raises(Died):
        write_five(database)
    database.close()
    again = Database(tmp_path / "segue.db")
    assert again.look_up("SELECT count(*) FROM meta", ()) == (0,)
    again.close()


def test_who_is_spared_goes_on(tmp_path: Path) -> None:
    database = Database(tmp_path / "segue.db")
    mortal = Mortal(database._connection)
    database._connection = mortal  # type: ignore[assignment]
    mortal.doom(9, an_end)
    for name in "ab":
        with database.transaction() as cursor:
            cursor.execute(META, (name, "1"))
        mortal.spare()
    assert database.look_up("SELECT count(*) FROM meta", ()) == (2,)
    database.close()


def test_deaths_are_drawn_by_what_they_are_about_and_told() -> None:
    told: list[tuple[str, str, str, bool]] = []
    for workers, kind in ((1, Died), (2, WorkerDied)):
        fate = Fate(5, 10_000, workers, frozenset(), lambda *each: told.append(each))
        dead = 0
        for number in range(3000):
            try:
                fate.meet("before_send", [(f"t{number}#1", "refund")])
            except Died as died:
                dead += isinstance(died, kind)
        assert dead > 5
    assert {point for point, *_ in told} == {"before_send"}
    safe = Fate(5, 10_000, 2, frozenset({"death.before_send", f"death.{BETWEEN}"}), lambda *each: None)
    safe.meet("before_send", [(f"t{number}#1", "refund") for number in range(3000)])
    assert not any(safe.statement(f"s{number}") for number in range(1000))


def test_an_answer_counts_from_who_holds_the_claim_and_once() -> None:
    watch = Watch([])
    watch.committed(Batch(1), [TASK], 0)
    watch.committed(Batch(2, settled=(Settled("web-1", "t1", 1, "done"),)), [], 0)
    assert watch.findings == []
    watch.committed(Batch(3, settled=(Settled("web-1", "t1", 1, "done"),)), [], 1)
    watch.committed(Batch(4, settled=(Settled("web-1", "t1", 2, "retry"),)), [], 1)
    assert [(finding.id, finding.offender) for finding in watch.findings] == [("fence", "web-1")] * 3


def test_what_was_put_out_of_a_wave_by_a_mistake_is_found() -> None:
    watch = Watch([])
    reason = "put out of the wave: KeyError: 'F1'"
    watch.committed(Batch(1, handled=(Handled("warehouse", "m1", "parked", reason, "web-1"),)), [], 0)
    assert [finding.id for finding in watch.findings] == ["mistake"]


def test_leaving_orders_or_deeds_out_changes_no_other() -> None:
    whole = deeds(Setting(7, 30))
    some = deeds(Setting(7, 30, only=(3, 9)))
    assert {deed.about for deed in some} - {""} == {placed(Setting(7, 30), number).id for number in (3, 9)}
    assert [deed for deed in whole if deed in some] == some
    without = deeds(Setting(7, 30, without=frozenset({"deed.cancel", "deed.visit"})))
    assert [deed for deed in whole if deed.kind not in ("cancel", "visit")] == without


def test_every_kind_of_deed_is_done_now_and_then() -> None:
    assert {deed.kind for deed in deeds(Setting(1, 400))} >= DEEDS.keys()
