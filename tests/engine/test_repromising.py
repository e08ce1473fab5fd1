"""Supply that slips: who waits for it is found by an index, and nobody else is looked at. Covers E-7, E-11."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from segue.app import App
from segue.core.lateness import expected_at
from segue.engine.stocktaking import HOWS, move_stock
from segue.engine.supplying import cancel, expect, put_off
from segue.engine.taking import Desk
from segue.store.reading import stories
from tests.engine.shops import (
    DATABASE,
    NOW,
    arrive,
    bought,
    leave,
    message_of,
    open_shop,
    order_of,
    reopen_shop,
    write_shop,
)

HOUR_S, DAY_S = 3_600, 86_400
SOON_S, LATER_S = NOW + 9 * DAY_S, NOW + 12 * DAY_S


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A shop without a mug, and with tea."""
    app = open_shop(tmp_path, mug=0)
    yield app
    assert app.audit() == []
    leave(app)


def desk(app: App) -> Desk:
    return app.stock_desk("person:eve")


def work(app: App, for_s: int = 2 * HOUR_S) -> None:
    until_s = app.clock.now_s() + for_s
    while app.clock.now_s() < until_s:
        if not app.worker.round().any:
            app.clock.sleep_until(min(app.worker.next_at_s() or until_s, until_s))


def delayed(app: App, number: int) -> int:
    """How often the customer of an order was told that it takes longer."""
    (story,) = stories(app.reader(), f"canonical-{number}")
    return sum(step.record.count(b'"event":"message_requested","message":"delayed"') for step in story.steps)


def test_those_who_wait_for_a_supply_are_woken_by_its_change_and_told_once(app: App) -> None:
    expect(desk(app), "PO-1", ("MUG", "BER"), 5, SOON_S)
    expect(desk(app), "PO-2", ("TEA", "MUC"), 5, SOON_S)
    arrive(app, message_of(bought(1, quantity=3)), message_of(bought(2, quantity=2)), message_of(bought(3, "TEA")))
    work(app)
    assert [expected_at(order_of(app, number)) for number in (1, 2, 3)] == [SOON_S, SOON_S, None]
    put_off(desk(app), "PO-2", "TEA", 0, LATER_S)
    assert app.store.due(app.clock.now_s(), 99).wakes == ()
    put_off(desk(app), "PO-1", "MUG", 0, LATER_S)
    assert app.store.due(app.clock.now_s(), 99).wakes == ("canonical-1", "canonical-2")
    work(app)
    assert [expected_at(order_of(app, number)) for number in (1, 2)] == [LATER_S, LATER_S]
    cancel(desk(app), "PO-1", "MUG", 1, "shrunk")
    work(app, 2 * DAY_S)
    assert [expected_at(order_of(app, number)) for number in (1, 2)] == [LATER_S, None]
    assert [delayed(app, number) for number in (1, 2, 3)] == [1, 2, 0]


def test_a_new_rule_for_scarce_stock_holds_for_who_waits_already(tmp_path: Path) -> None:
    app = open_shop_on_disk(tmp_path)
    arrive(app, *(message_of(bought(number, tier=tier)) for number, tier in ((1, ""), (2, "silver"), (3, "gold"))))
    work(app)
    leave(app)
    with (tmp_path / "shop.yaml").open("a", encoding="utf-8") as file:
        file.write("scarce_stock: [{tier: [gold, silver]}]\n")
    app = reopen_shop(tmp_path, NOW + 3 * HOUR_S)
    move_stock(desk(app), [HOWS["receive"]("MUG", "BER", 2, "")])
    work(app, HOUR_S)
    waiting = [number for number in (1, 2, 3) if "backordered" in order_of(app, number).lines[0].tally]
    assert waiting == [1]
    assert app.audit() == []
    leave(app)


def open_shop_on_disk(folder: Path) -> App:
    write_shop(folder, mug=0)
    assert not (folder / DATABASE).exists()
    return reopen_shop(folder)
