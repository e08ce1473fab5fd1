"""Taking stock: orders give back what is not there, the youngest first; nothing that locations report is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from segue.app import App, open_app
from segue.connectors.clock import VirtualClock
from segue.core.facts import Item, StockMove
from segue.core.order import count_in
from segue.core.stocktaking import UNDATED, UNITS_MAX, Report
from segue.engine.replay import deviations
from segue.engine.stocktaking import count, drop, move_stock, take_reports, take_waiting
from segue.engine.supplying import transfer
from segue.engine.taking import AHEAD_S, Desk, Taken
from segue.ports import Batch, NotThere, OutOfStock
from segue.settings import read_shop
from segue.store.overview import Overview, StockFound
from segue.store.reading import stories
from tests.engine.shops import NOW, arrive, bought, leave, message_of, open_shop, order_of, write_shop

KEPT = "name: kept\nextends: standard\non:\n  units_allocated: []\n"
BY = "person:eve"
DAY_S = 86_400


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A shop with 10 mugs in Berlin and 10 teas in Munich; its warehouse is never asked to ship."""
    folder = write_shop(tmp_path)
    (folder / "workflows").mkdir()
    (folder / "workflows" / "kept.yaml").write_text(KEPT, encoding="utf-8")
    app = open_shop(folder, mug=10, tea=10, workflow="kept")
    yield app
    assert app.audit() == []
    leave(app)


def desk(app: App) -> Desk:
    return app.stock_desk(BY)


def allocated(app: App, *quantities: int) -> None:
    """Orders 1, 2, 3 ... for so many mugs; each is allocated, and nobody is asked to ship it."""
    arrive(app, *(message_of(bought(number, quantity=units)) for number, units in enumerate(quantities, 1)))
    until_s = app.clock.now_s() + 2 * 3600
    while app.clock.now_s() < until_s:
        if not app.worker.round().any:
            app.clock.sleep_until(min(app.worker.next_at_s() or until_s, until_s))


def there(app: App, sku: str = "MUG", location: str = "BER") -> StockFound:
    (found,) = Overview(app.reader()).stock(sku, location)
    return found


def report(id: str, at_s: int, on_hand: int | None = 10, **more: object) -> Report:
    usual = {"source": "wms", "kind": "snapshot", "sku": "MUG", "location": "BER", "on_hand": on_hand}
    return Report(id=id, at_s=at_s, **usual | more)  # type: ignore[arg-type]


def said(taken: Taken) -> list[str]:
    return [each.outcome for each in taken.told]


def test_a_count_below_what_is_allocated_takes_it_from_the_youngest(app: App) -> None:
    allocated(app, 4, 3, 2)
    taken = count(desk(app), ("MUG", "BER"), 6)
    assert taken.given_back == {"canonical-3": 2, "canonical-2": 1}
    assert [count_in(order_of(app, number), "allocated") for number in (1, 2, 3)] == [4, 2, 0]
    assert [count_in(order_of(app, number), "backordered") for number in (1, 2, 3)] == [0, 1, 2]
    assert (there(app).on_hand, there(app).allocated, there(app).free) == (6, 6, 0)
    assert deviations(stories(app.reader())) == []


def test_what_was_asked_to_be_shipped_stays_counted_until_the_location_answers(tmp_path: Path) -> None:
    app = open_shop(tmp_path, mug=10)
    allocated(app, 4, 3)
    released = there(app).allocated
    taken = count(desk(app), ("MUG", "BER"), 1, safety=2)
    assert (taken.given_back, taken.told[0].detail.partition(" ")[0]) == ({}, str(released + 2 - 1))
    assert (there(app).on_hand, there(app).free, there(app).safety) == (released + 2, 0, 2)
    app.worker.run()
    assert (there(app).on_hand, there(app).allocated) == (2, 0)
    assert app.audit() == []
    leave(app)


def test_a_raised_safety_stock_takes_from_orders_too(app: App) -> None:
    allocated(app, 4, 3)
    assert count(desk(app), ("MUG", "BER"), 10, safety=5).given_back == {"canonical-2": 2}
    assert (there(app).allocated, there(app).safety) == (5, 5)


def test_units_go_elsewhere_if_there_are_some(app: App) -> None:
    count(desk(app), ("MUG", "MUC"), 5)
    allocated(app, 4, 3)
    assert move_stock(desk(app), [StockMove("MUG", "BER", 0, 0, "mold", quarantined=8)]).given_back == {
        "canonical-2": 3, "canonical-1": 2,
    }  # fmt: skip
    assert (there(app).allocated, there(app, location="MUC").allocated) == (2, 5)
    assert there(app).free == 0


def test_what_is_free_again_goes_to_who_waits(app: App) -> None:
    allocated(app, 4)
    count(desk(app), ("MUG", "BER"), 0)
    assert count_in(order_of(app, 1), "backordered") == 4
    move_stock(desk(app), [StockMove("MUG", "BER", 4, 0, "found")])
    app.worker.run()
    assert count_in(order_of(app, 1), "allocated") == 4


def test_a_count_of_what_is_there_changes_nothing(app: App) -> None:
    assert said(count(desk(app), ("MUG", "BER"), 10)) == ["unchanged"]
    assert said(count(desk(app), ("MUG", "BER"), 9)) == ["applied"]
    assert said(count(desk(app), ("MUG", "BER"), 9, safety=1)) == ["applied"]
    assert (there(app).on_hand, there(app).safety) == (9, 1)


def test_reports_come_in_any_order_twice_and_late(app: App) -> None:
    early, late = report("S1", NOW - 50, 30), report("S2", NOW - 20, 20)
    inside = report("D1", NOW - 30, -4, kind="delta")
    after = report("D2", NOW - 10, -3, kind="delta", damaged=1)
    assert said(take_reports(desk(app), [after, late, inside, early])) == ["applied", "applied", "contained", "older"]
    assert (there(app).on_hand, there(app).damaged) == (17, 1)
    assert said(take_reports(desk(app), [late, after, early, inside])) == ["repeated", "repeated", "older", "contained"]
    assert (there(app).on_hand, there(app).damaged) == (17, 1)


def test_a_snapshot_counts_with_what_has_left_since(tmp_path: Path) -> None:
    app = open_shop(tmp_path, mug=10)
    arrive(app, message_of(bought(1, quantity=2)))
    before_s = app.clock.now_s()
    app.worker.run()
    assert there(app).on_hand == 8
    assert said(take_reports(desk(app), [report("S1", before_s, 11)])) == ["applied"]
    assert there(app).on_hand == 9
    leave(app)


def test_what_came_with_other_content_is_kept_for_a_person(app: App) -> None:
    take_reports(desk(app), [report("S1", NOW - 50, 30)])
    assert said(take_reports(desk(app), [report("S1", NOW - 50, 31)] * 2)) == ["altered", "altered"]
    assert there(app).on_hand == 30
    (kept,) = desk(app).room.unapplied()
    assert (kept.state, kept.report.on_hand) == ("refused", 31)
    drop(desk(app), kept.number)
    assert desk(app).room.unapplied() == []
    with pytest.raises(NotThere, match="no report"):
        drop(desk(app), kept.number)


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"on_hand": -1}, "-1 units cannot be there"),
        ({"on_hand": 1, "damaged": -2}, "-2 units cannot be there"),
        ({"on_hand": UNITS_MAX + 1}, "more than 1,000,000,000 units"),
        ({"on_hand": None}, "it says nothing of any units"),
        ({"at_s": NOW + AHEAD_S + 1}, "its instant lies in the future"),
        ({"row": "MUG;x", "reason": "on_hand: `x` is no whole number"}, "on_hand: `x` is no whole number"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(app: App, changes: dict[str, object], detail: str) -> None:
    taken = take_reports(desk(app), [report("S1", **{"at_s": NOW - 50} | changes)])  # type: ignore[arg-type]
    assert [(each.outcome, each.detail) for each in taken.told] == [("refused", detail)]
    assert [each.detail for each in desk(app).room.unapplied()] == [detail]
    assert there(app).on_hand == 10


def test_what_is_not_known_yet_waits_until_it_is(app: App) -> None:
    taken = take_reports(desk(app), [report("S1", NOW - 50, 7, sku="PEN"), report("S2", NOW - 50, 7, location="HAM")])
    assert [each.detail for each in taken.told] == ["no SKU PEN in the catalog", "no location HAM"]
    assert take_waiting(desk(app)) == Taken()
    app.shelf.put_items([Item("PEN")], NOW)
    assert said(take_waiting(desk(app))) == ["applied"]
    assert there(app, "PEN").on_hand == 7
    assert [each.report.location for each in desk(app).room.unapplied()] == ["HAM"]


def test_without_a_catalog_any_sku_may_be_real(tmp_path: Path) -> None:
    folder = write_shop(tmp_path)
    (folder / "catalog.csv").unlink()
    (folder / "stock.csv").unlink()
    app = open_app(folder, read_shop(folder), None, VirtualClock(NOW, 60))
    assert said(take_reports(desk(app), [report("S1", NOW - 50, 7, sku="PEN")])) == ["applied"]
    leave(app)


def test_more_than_is_there_is_not_taken_away_until_it_is(app: App) -> None:
    gone, come = report("D1", NOW - 20, -12, kind="delta"), report("D2", NOW - 30, 5, kind="delta")
    taken = take_reports(desk(app), [gone])
    assert (said(taken), there(app).on_hand) == (["waiting"], 10)
    assert said(take_reports(desk(app), [come])) == ["applied", "applied"]
    assert (there(app).on_hand, desk(app).room.unapplied()) == (3, [])


def test_what_waited_and_is_in_a_snapshot_by_now_is_not_needed_any_more(app: App) -> None:
    take_reports(desk(app), [report("D1", NOW - 20, -12, kind="delta")])
    assert said(take_reports(desk(app), [report("S1", NOW - 10, 4)])) == ["applied", "contained"]
    assert (there(app).on_hand, desk(app).room.unapplied()) == (4, [])


def test_a_report_without_an_instant_is_of_now(app: App) -> None:
    count(desk(app), ("MUG", "BER"), 4)
    undated = report("S1", UNDATED, 6)
    assert said(take_reports(desk(app), [undated])) == ["applied"]
    assert said(take_reports(desk(app), [undated])) == ["repeated"]
    assert there(app).on_hand == 6


@pytest.mark.parametrize("parts", [{"on_hand": -11}, {"on_hand": 0, "quarantined": 11}, {"on_hand": 0, "damaged": -1}])
def test_people_cannot_move_what_is_not_there(app: App, parts: dict[str, int]) -> None:
    with pytest.raises(NotThere, match="MUG at BER"):
        move_stock(desk(app), [StockMove("MUG", "BER", allocated=0, reason="x", **parts)])
    assert there(app).on_hand == 10


def test_people_cannot_move_what_has_to_be_shipped(tmp_path: Path) -> None:
    app = open_shop(tmp_path, mug=5)
    allocated(app, 4)
    assert there(app).allocated == 4
    with pytest.raises(NotThere, match="3 of them have to be shipped"):
        transfer(desk(app), "MUG", ("BER", "MUC"), 4, "T-1", NOW + DAY_S)
    assert there(app).on_hand == 5
    leave(app)


def test_a_taking_that_others_were_quicker_than_is_done_again(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    real, tried = app.store.commit, []

    def commit(batch: Batch) -> object:
        tried.append(batch)
        if len(tried) == 1:
            app.shelf.receive_stock([StockMove("MUG", "BER", 3, 0, "received")], NOW)
        return real(batch)

    monkeypatch.setattr(app.store, "commit", commit)
    move_stock(desk(app), [StockMove("MUG", "BER", -1, 0, "lost")])
    assert (there(app).on_hand, len(tried)) == (12, 2)


def test_who_is_never_quick_enough_is_told(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def commit(batch: Batch) -> object:
        raise OutOfStock("MUG at BER")

    monkeypatch.setattr(app.store, "commit", commit)
    with pytest.raises(OutOfStock):
        move_stock(desk(app), [StockMove("MUG", "BER", -1, 0, "lost")])
