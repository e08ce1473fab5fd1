"""The past as a problem: what was wanted, what there was for it, what it cost; and no bound is above what was paid."""

from pathlib import Path

import pytest

from segue.app import App, open_app
from segue.connectors.clock import VirtualClock
from segue.core.facts import StockMove
from segue.engine.backtest import Unreadable, tried
from segue.engine.backtest.past import Past, gathered
from segue.engine.stocktaking import move_stock
from segue.planning.losing import losses
from segue.settings import read_shop
from segue.store.history import history_of
from segue.store.reading import Finder
from tests.engine.backtests import EVER, after_a_history, bring, buy
from tests.engine.shops import NOW, leave, open_shop

RATES = """
zones: {BER: {DE: near}, MUC: {DE: far}}
methods: {standard: {near: {steps: [[500, 400], [1500, 500]], beyond: 90}, far: {steps: [[500, 700]], beyond: 190}}}
fallback: {parcel: 1500, per_kg: 100}
handling: {"*": {parcel: 100, unit: 20}}
unfilled: 3000
"""
UNITS_MAX = 127


@pytest.fixture
def rated(tmp_path: Path) -> Path:
    """A folder for a shop that knows what parcels cost."""
    (tmp_path / "rates.yaml").write_text(RATES, encoding="utf-8")
    return tmp_path


def past_of(app: App, period: tuple[int, int] = EVER, units_max: int = UNITS_MAX) -> Past:
    return gathered(history_of(app.reader()), app.worker.rules, Finder(app.reader()).workflow_text, period, units_max)


def test_what_came_in_the_period_was_there_and_what_others_had_before_was_not(rated: Path) -> None:
    """Covers F-16."""
    app = open_shop(rated, mug=5)
    buy(app, 1, 2)
    begins_s = app.clock.now_s()
    buy(app, 2, 1)
    bring(app, "MUC", 4)
    move_stock(app.stock_desk("person:eve"), [StockMove("MUG", "MUC", -2, 0, "lost")])
    buy(app, 3, 4)
    past = past_of(app, (begins_s, EVER[1]))
    assert [(wish.order, wish.units) for wish in past.wishes] == [
        ("canonical-2", {"MUG": 1}),
        ("canonical-3", {"MUG": 4}),
    ]
    assert past.stock == {"MUG": {"BER": 3, "MUC": 4}}
    assert past.weights == {"MUG": 400}
    near, far = 400 + 120, 700 + 190 + 100 + 40
    assert past.paid_mills == 1000 * (near + (500 + 140) + far)
    leave(app)


def test_what_nobody_has_costs_what_the_shop_says(rated: Path) -> None:
    """Covers F-16."""
    app = open_shop(rated, mug=1)
    buy(app, 1, 2)
    past = past_of(app)
    assert past.wishes[0].units == {"MUG": 2}
    assert past.paid_mills == 1000 * (520 + 3000)
    assert past_of(app, units_max=1)[0] == []
    assert past_of(app, units_max=1).left_out == 1
    leave(app)


def test_locations_that_no_strategy_allows_are_barred(rated: Path) -> None:
    """Covers F-16."""
    app = open_shop(rated, mug=1)
    places = rated / "locations.yaml"
    text = places.read_text("utf-8").replace("latitude: 48", "ships_to: [AT], latitude: 48")
    places.write_text(text, encoding="utf-8")
    leave(app)
    app = open_shop_again(rated)
    buy(app, 1)
    assert past_of(app).wishes[0].barred == ("MUC",)
    leave(app)


def open_shop_again(folder: Path) -> App:
    return open_app(folder, read_shop(folder), None, VirtualClock(NOW, 60))


@pytest.mark.parametrize("seed", range(8))
def test_no_bound_is_above_what_was_paid(seed: int, rated: Path) -> None:
    """Covers F-16."""
    app = after_a_history(rated, seed)
    past, rates = past_of(app), app.shop.rates
    assert rates is not None
    assert past.wishes
    found = losses(rates, past.stock, past.weights, past.wishes, past.capacity, past.paid_mills, compiled=False)
    steps = (found.paid_mills, found.bound_mills, found.without_rules_mills, found.without_capacity_mills)
    assert list(steps) == sorted(steps, reverse=True)
    assert found.anywhere_mills <= found.without_capacity_mills
    leave(app)


def test_what_cannot_have_happened_is_not_looked_back_on(rated: Path) -> None:
    app = open_shop(rated, mug=5)
    buy(app, 1, 2)
    connection = app.reader()
    connection.execute("DROP TRIGGER steps_are_not_changed")
    connection.execute("""UPDATE steps SET record = replace(record, '"tender":"P1"', '"tender":"P9"')""")
    rules, history = app.worker.rules, history_of(app.reader())
    with pytest.raises(Unreadable, match="canonical-1: the step to version "):
        past_of(app)
    with pytest.raises(Unreadable, match="canonical-1: the step to version "):
        tried(history, rules, EVER)
    leave(app)
