"""Measuring: a small run gives all figures, and they fit together. How high they are is not tested."""

from pathlib import Path

from segue.app import owned
from segue.core.order import is_open
from segue.sim.measuring.core import facts_for, life_of, live
from segue.sim.measuring.run import measure
from segue.sim.measuring.shop import LINES, document, drafts, write_shop
from tests.effort import calls_of

# six commands, some 25 events, 25 locations to choose from, an invoice with its taxes, dates: 2,258 calls in Python 3.11
CALLS_OF_A_LIFE = 2_350


def test_a_run_brings_every_order_to_its_end_and_counts_each_row_that_it_wrote(tmp_path: Path) -> None:
    figures = measure(7, 3, tmp_path, lambda done, total: None)
    assert figures["statuses"] == {"delivered": 7}
    assert min(figures[name] for name in ("orders_per_s", "floor_orders_per_s", "floor_ratio", "core_us")) > 0
    rows = figures["rows"]
    assert rows["orders"] == {"inserted": 7, "updated": rows["steps"]["inserted"] - 7}
    assert rows["stock_moves"]["inserted"] == 7 * LINES * 2, "allocated, and shipped"
    assert rows["tasks"]["inserted"] == rows["tasks"]["updated"]
    assert rows["stock"]["updated"] > 0


def test_the_same_seed_gives_the_same_orders() -> None:
    assert drafts(5, 1) == drafts(5, 1)
    assert drafts(5, 1) != drafts(5, 2)
    assert [len(draft.lines) for draft in drafts(5, 1)] == [LINES] * 5
    assert document(drafts(1, 1)[0])["channel_order_id"] == "0"


def test_a_whole_life_in_the_core_takes_no_more_calls_than_it_needs(tmp_path: Path) -> None:
    write_shop(tmp_path, 1, 1, 3_600)
    (draft,) = drafts(1, 1)
    with owned(tmp_path) as app:
        workflow = app.shop.workflows[app.shop.workflow]
        facts, life = facts_for(draft, dict(app.shop.locations)), life_of(draft)
    order = live(life, workflow, facts)
    assert order is not None
    assert not is_open(order)
    calls = calls_of(lambda: live(life, workflow, facts))
    assert calls < CALLS_OF_A_LIFE, calls
