"""Stock histories: orders, counts, reports, moves and transfers at random, in a world in which things go wrong.

Nothing is ever oversold or lost, and every order can be told from its record.
"""

from pathlib import Path
from random import Random

import pytest

from segue.app import App
from segue.core.facts import StockMove
from segue.core.stocktaking import Report
from segue.engine.replay import deviations
from segue.engine.stocktaking import HOWS, count, move_stock, take_reports
from segue.engine.supplying import receive, transfer
from segue.ports import NotThere
from segue.store.overview import Overview
from segue.store.reading import stories
from tests.engine.shops import arrive, bought, leave, message_of, open_shop

HISTORIES = 12
DEEDS = 40
PLACES = ("BER", "MUC")
GOODS = ("MUG", "TEA")


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_nothing_is_oversold_or_lost_whatever_happens(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    app = open_shop(tmp_path, mug=12, tea=12, behavior="lifelike", seed=seed)
    for number in range(DEEDS):
        deed(app, chance, number)
        app.worker.round()
        app.clock.sleep_until(app.clock.now_s() + chance.randint(0, 3 * 3600))
        _nothing_is_oversold(app)
    app.worker.run()
    assert app.audit() == []
    assert deviations(stories(app.reader())) == []
    leave(app)


def deed(app: App, chance: Random, number: int) -> None:
    desk = app.stock_desk("person:eve")
    sku, place, units = chance.choice(GOODS), chance.choice(PLACES), chance.randint(0, 15)
    now_s = app.clock.now_s()
    match chance.randint(0, 5):
        case 0:
            count(desk, (sku, place), units, chance.choice((None, 0, 2)))
        case 1:
            at_s = now_s - chance.randint(0, 86_400)
            take_reports(desk, [Report("wms", f"S{number}", "snapshot", sku, place, at_s, on_hand=units)])
        case 2:
            at_s = now_s - chance.randint(0, 86_400)
            take_reports(
                desk, [Report("wms", f"D{number}", "delta", sku, place, at_s, on_hand=units - 7, damaged=units % 2)]
            )
        case 3:
            _tried(app, HOWS[chance.choice(list(HOWS))](sku, place, units - 3, ""))
        case 4:
            _transferred(app, sku, place, units, chance)
        case _:
            arrive(app, message_of(bought(number, sku, chance.randint(1, 4), placed_at_s=now_s)))


def _tried(app: App, move: StockMove) -> None:
    before = Overview(app.reader()).stock()
    try:
        move_stock(app.stock_desk("person:eve"), [move])
    except NotThere:
        assert Overview(app.reader()).stock() == before


def _transferred(app: App, sku: str, place: str, units: int, chance: Random) -> None:
    desk, now_s = app.stock_desk("person:eve"), app.clock.now_s()
    other = PLACES[1 - PLACES.index(place)]
    reference = f"T-{now_s}-{chance.random()}"
    try:
        transfer(desk, sku, (place, other), units + 1, reference, now_s + 3600)
    except NotThere:
        return
    receive(desk, reference, sku, chance.randint(0, units), chance.random() < 0.5)


def _nothing_is_oversold(app: App) -> None:
    for each in Overview(app.reader()).stock():
        fit = each.on_hand - each.damaged - each.quarantined
        assert each.allocated <= max(fit - each.safety, 0), each
