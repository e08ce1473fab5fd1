"""Open orders: timers fire once, new facts wake those who wait for them, and no order is ever left alone."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from segue.app import App
from segue.core.facts import Item, StockMove
from segue.core.note import Note
from segue.core.order import count_in, is_open
from segue.ports import Batch, Person
from segue.store.reading import every_order
from tests.engine.shops import (
    NOW,
    arrive,
    bought,
    leave,
    message_of,
    open_shop,
    order_of,
    reopen_shop,
    rounds,
    well,
    write_shop,
)  # fmt: skip

FAULTY = (
    "{gateway: {decline_rate: 0.1, capture_decline_rate: 0.05, refund_decline_rate: 0.1, lost_before_rate: 0.1,"
    " lost_after_rate: 0.1}, fraud: {pending_rate: 0.3, silent_rate: 0.3, lost_after_rate: 0.1},"
    " warehouse: {short_pick_rate: 0.1, reject_rate: 0.1, duplicate_rate: 0.2, lost_after_rate: 0.1},"
    " store: {short_pick_rate: 0.1, reject_rate: 0.1, duplicate_rate: 0.2},"
    " carrier: {lost_rate: 0.05, duplicate_rate: 0.2, lost_before_rate: 0.1}, mailer: {lost_after_rate: 0.1}}"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shop")


def test_a_grace_period_ends_once_though_the_worker_starts_again_and_again(tmp_path: Path) -> None:
    folder = write_shop(tmp_path)
    app = reopen_shop(folder)
    arrive(app, message_of(bought(1)))
    for _ in range(40):
        rounds(app, 1)
        now_s = app.clock.now_s()
        leave(app)
        app = reopen_shop(folder, now_s)
    app.worker.run()
    record = "".join(text for (text,) in app.reader().execute("SELECT record FROM steps"))
    assert record.count('"event":"grace_ended"') == record.count('"event":"units_allocated"') == 1
    assert order_of(app, 1).timers == {}
    assert not is_open(order_of(app, 1))
    assert app.reader().execute("SELECT wake_at_s FROM orders").fetchall() == [(None,)]
    well(app)
    leave(app)


def test_an_order_goes_on_when_what_it_waits_for_is_known(tmp_path: Path) -> None:
    folder = write_shop(tmp_path, mug=0)
    app = reopen_shop(folder)
    waiting = {"stock": bought(1), "item": bought(2, "PEN"), "method": bought(3, "TEA", ship_method="drone")}
    arrive(app, *map(message_of, waiting.values()))
    app.worker.run()
    assert [count_in(order_of(app, n), "delivered") for n in (1, 2, 3)] == [0, 0, 0]
    app.shelf.receive_stock([StockMove("MUG", "BER", 5, 0, "received"), StockMove("PEN", "BER", 5, 0, "received")], NOW)
    app.submit("canonical-1", Note("they ask where it is"), "person:eve")
    app.shelf.put_items([Item("PEN", "Pen", 1000)], app.clock.now_s())
    app.worker.run()
    assert [count_in(order_of(app, n), "delivered") for n in (1, 2, 3)] == [1, 1, 0]
    leave(app)
    write_shop(tmp_path, methods="standard, drone")
    app = reopen_shop(folder, app.clock.now_s())
    app.worker.run()
    assert [count_in(order_of(app, n), "delivered") for n in (1, 2, 3)] == [1, 1, 1]
    well(app)
    leave(app)


@pytest.mark.parametrize("seed", range(3))
def test_in_every_round_of_a_run_with_all_faults_no_order_is_left_alone(folder: Path, seed: int) -> None:
    app = open_shop(folder, behavior=FAULTY, seed=seed, mug=60, tea=60, workflow="fraud_review")
    people = tuple(Person(f"p{n}", "Ada", "ada@example.com") for n in range(40))
    drafts = [bought(n, ("MUG", "TEA", "PEN")[n % 19 % 3], 1 + n % 3 * 9, person=f"p{n % 40}") for n in range(150)]
    app.store.commit(Batch(NOW, people=people))
    arrive(app, *(replace(message_of(draft), due_at_s=draft.placed_at_s) for draft in drafts))
    seen = 0
    while app.worker.round().any or app.worker.answered or app.worker.settled or further(app):
        seen += 1
        if seen % 3 == 0:
            assert app.audit() == []
    well(app)
    assert seen > 100
    assert [order.id for order in every_order(app.reader()) if is_open(order) and not order.places] == []


def further(app: App) -> bool:
    next_at_s = app.worker.next_at_s()
    return next_at_s is not None and jumped(app, next_at_s)


def jumped(app: App, next_at_s: int) -> bool:
    app.clock.sleep_until(next_at_s)
    return True
