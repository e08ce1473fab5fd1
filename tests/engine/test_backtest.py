"""Backtests: every choice of the past comes out again, and another strategy chooses from the stock that it leaves itself."""

from pathlib import Path
from typing import Any

import pytest

from segue.core.cancel import Cancel
from segue.core.days import Closure
from segue.core.draft import DraftLine
from segue.core.order import units_in
from segue.core.returns import RecordReturn
from segue.core.tally import HOLDING, common, size
from segue.engine.backtest import Unreadable
from segue.engine.carting import reserve
from segue.store.closing import Closing
from segue.store.database import Connection
from segue.store.dump import database_digest
from tests.engine.backtests import (
    HISTORIES,
    after_a_history,
    bring,
    buy,
    compared,
    do,
    nearest,
    one_parcel,
    replayed,
    stores_first,
    unchanged,
    wait,
)
from tests.engine.shops import NOW, arrive, bought, leave, message_of, open_shop


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_whatever_has_happened_every_choice_comes_out_again(seed: int, tmp_path: Path) -> None:
    """Covers F-16."""
    app = after_a_history(tmp_path, seed)
    same = compared(app, unchanged)
    assert (same.unlike, same.reworded, same.differences) == ([], 0, [])
    assert same.was == same.would_be
    leave(app)


@pytest.mark.parametrize("seed", range(HISTORIES))
@pytest.mark.parametrize("strategy", [stores_first, nearest])
def test_the_stock_of_another_strategy_is_what_its_orders_hold(seed: int, strategy: Any, tmp_path: Path) -> None:
    """Covers F-16."""
    app = after_a_history(tmp_path, seed)
    replay = replayed(app, strategy)
    for world in (replay.was, replay.would_be):
        assert world is not None
        held: dict[tuple[str, str], int] = {}
        for order in world.orders.values():
            holding = units_in(order, *HOLDING)
            for fulfillment in order.fulfillments.values():
                for number, units in fulfillment.units.items():
                    key = (order.lines[number - 1].sku, fulfillment.location)
                    held[key] = held.get(key, 0) + size(common(units, holding.get(number, ())))
        counted = {
            (sku, place): each.allocated
            for sku, places in world.ledger.counters.items()
            for place, each in places.items()
        }
        assert {key: units for key, units in held.items() if units} == {k: n for k, n in counted.items() if n}
    leave(app)


def test_what_another_strategy_has_taken_is_not_there_later(tmp_path: Path) -> None:
    """Covers F-16."""
    app = open_shop(tmp_path, mug=3)
    bring(app, "MUC", 1)
    buy(app, 1)  # the warehouse has more; the store has one
    buy(app, 2)
    found = compared(app, stores_first)
    assert found.choices == 2
    assert [each.order for each in found.differences] == ["canonical-1"], "the store's only one is gone for the second"
    (first,) = found.differences
    assert [(sent.location, sent.units) for sent in first.was.sent] == [("BER", {"MUG": 1})]
    assert [(sent.location, sent.units) for sent in first.would_be.sent] == [("MUC", {"MUG": 1})]
    assert first.would_be.sent[0].because is not None
    assert first.would_be.sent[0].because.passed_over == {"BER": "store_first: 1 against 0 of MUC"}
    leave(app)


def test_an_order_that_waited_is_served_when_the_strategy_has_stock_for_it(tmp_path: Path) -> None:
    """Covers F-16."""
    app = open_shop(tmp_path, mug=2)
    bring(app, "MUC", 2)
    buy(app, 1, 1)
    buy(app, 2, 3)  # of which one comes from the store
    replay = replayed(app, one_parcel)
    assert replay.would_be is not None
    assert size(units_in(replay.would_be.orders["canonical-2"], "backordered")[1]) == 3
    bring(app, "MUC", 1)
    buy(app, 3, 1)
    replay = replayed(app, one_parcel)
    assert replay.would_be is not None
    order = replay.would_be.orders["canonical-2"]
    assert [each.location for each in order.fulfillments.values()] == ["MUC"]
    assert not units_in(order, "backordered")
    assert replay.compared().would_be.waiting_units == 0
    leave(app)


def test_what_is_canceled_gives_back_what_it_has_here(tmp_path: Path) -> None:
    """Covers F-16."""
    app = open_shop(tmp_path, mug=1)
    bring(app, "MUC", 1)
    buy(app, 1, 3)  # has both; as one parcel it would wait
    buy(app, 2, 1)  # waits; it would have the warehouse's one
    held = replayed(app, one_parcel).would_be
    assert held is not None
    assert held.ledger.counters["MUG"]["BER"].allocated == 1
    do(app, 2, Cancel("customer"))
    replay = replayed(app, one_parcel)
    assert replay.would_be is not None
    assert size(units_in(replay.would_be.orders["canonical-2"], "canceled")[1]) == 1
    assert replay.would_be.ledger.counters["MUG"]["BER"].allocated == 0
    assert [each.would_be.places for each in replay.compared().differences] == [()]
    leave(app)


def test_what_came_back_is_there_again_in_both_worlds(tmp_path: Path) -> None:
    """Covers F-16."""
    app = open_shop(tmp_path, mug=3)
    bring(app, "MUC", 3)
    buy(app, 1, 2)
    app.worker.run()
    do(app, 1, RecordReturn(1, 1, "MUC"))
    replay = replayed(app, stores_first)
    assert replay.would_be is not None
    assert size(units_in(replay.would_be.orders["canonical-1"], "returned")[1]) == 1
    assert replay.would_be.ledger.counters["MUG"]["MUC"].on_hand == 3 - 2 + 1
    assert replay.was.ledger.counters["MUG"]["MUC"].on_hand == 3 + 1
    leave(app)


def test_what_happens_in_the_same_second_is_put_where_it_explains_the_record(tmp_path: Path) -> None:
    """Covers F-16."""
    app = open_shop(tmp_path, mug=0)
    buy(app, 1)
    now_s = app.clock.now_s()
    arrive(app, message_of(bought(2, placed_at_s=now_s)))
    app.worker.round()
    bring(app, "BER", 1)  # in the same second, and after it
    app.worker.run()
    assert app.clock.now_s() >= now_s
    found = compared(app, unchanged)
    assert (found.unlike, found.differences) == ([], [])
    assert found.choices >= 2
    leave(app)


def test_a_location_that_was_closed_is_closed_again(tmp_path: Path) -> None:
    """Covers F-16."""
    app = open_shop(tmp_path, mug=3)
    bring(app, "MUC", 3)
    closing = Closing(app.database)
    closing.close(Closure("BER", None, "flood", "person:eve", app.clock.now_s()))
    buy(app, 1)
    closing.open("BER", "dry", "person:eve", app.clock.now_s())
    buy(app, 2)
    found = compared(app, unchanged)
    assert (found.choices, found.unlike) == (2, [])
    leave(app)


def test_what_carts_had_is_not_there_for_others(tmp_path: Path) -> None:
    """Covers F-16."""
    app = open_shop(tmp_path, mug=2)
    bring(app, "MUC", 2)
    reserve(app.stock_desk("person:eve"), bought(9, "MUG", 2, cart="C-1", placed_at_s=NOW), 600)
    buy(app, 1, 2)
    buy(app, 2, 2)
    found = compared(app, unchanged)
    assert (found.choices, found.unlike) == (2, [])
    leave(app)


def test_what_was_planned_in_a_wave_comes_out_again(tmp_path: Path) -> None:
    """Covers F-16."""
    (tmp_path / "workflows").mkdir()
    policies = "policies: {algorithm: wave}"
    (tmp_path / "workflows/waves.yaml").write_text(f"name: waves\nextends: standard\n{policies}\n", encoding="utf-8")
    (tmp_path / "rates.yaml").write_text(RATES, encoding="utf-8")
    app = open_shop(tmp_path, mug=2, tea=2, workflow="waves")
    bring(app, "MUC", 2)
    lines = (DraftLine("MUG", 1, 1000), DraftLine("TEA", 1, 1000))
    arrive(app, *(message_of(bought(n, lines=lines if n % 2 else lines[:1], placed_at_s=NOW)) for n in range(1, 6)))
    wait(app, 7_200)
    replay = replayed(app, unchanged)
    found = replay.compared()
    assert (found.choices, found.unlike, found.reworded, found.differences) == (5, [], 0, [])
    reasons = [made.because for told in replay.was.told.values() for made in told.made.values()]
    assert any(why and "wave" in why.figures for why in reasons)
    leave(app)


RATES = """
zones: {BER: {DE: near}, MUC: {DE: far}}
methods: {standard: {near: [[500, 400], [1500, 500]], far: [[500, 700], [1500, 720]]}}
fallback: {parcel: 1500, per_kg: 100}
"""


def test_a_period_leaves_what_was_before_it_as_it_was(tmp_path: Path) -> None:
    """Covers F-16."""
    app = open_shop(tmp_path, mug=3)
    bring(app, "MUC", 3)
    buy(app, 1)
    begins_s = app.clock.now_s()
    buy(app, 2)
    ends_s = app.clock.now_s()
    buy(app, 3)
    found = compared(app, stores_first, (begins_s, ends_s))
    assert (found.choices, [each.order for each in found.differences]) == (1, ["canonical-2"])
    leave(app)


def test_a_backtest_changes_nothing(tmp_path: Path) -> None:
    """Covers F-16."""
    app = after_a_history(tmp_path, 3)
    before = database_digest(app.reader(), app.seal)
    compared(app, stores_first)
    assert database_digest(app.reader(), app.seal) == before
    leave(app)


def test_a_record_with_a_gap_is_not_replayed(tmp_path: Path) -> None:
    """Covers F-16."""
    app = open_shop(tmp_path, mug=3)
    buy(app, 1)
    _forget(app.reader(), "version_before = 0")
    with pytest.raises(Unreadable, match="canonical-1: its record has 0 of the"):
        compared(app, unchanged)
    leave(app)


def _forget(connection: Connection, which: str) -> None:
    connection.execute("DROP TRIGGER steps_are_not_deleted")
    connection.execute(f"DELETE FROM steps WHERE {which}")
