"""What the tests of backtests are written with: shops in which things happen, strategies, and replays of both."""

from pathlib import Path
from random import Random
from typing import Any

from msgspec.structs import replace

from segue.app import App
from segue.core.base import Command
from segue.core.facts import StockMove
from segue.core.policy import Rule
from segue.core.workflow import Workflow
from segue.engine.backtest import Compared, Replay, backtested
from segue.engine.stocktaking import move_stock
from segue.policies.routing import closest, store_first
from segue.policies.splitting import one_shipment
from segue.store.history import history_of
from segue.store.reading import Finder
from tests.engine.shops import arrive, bought, message_of, open_shop
from tests.engine.test_stock_histories import DEEDS, deed

EVER = (0, 10**12)
HISTORIES = 10


def unchanged(workflow: Workflow) -> Workflow:
    return workflow


def stores_first(workflow: Workflow) -> Workflow:
    return replace(workflow, rank=(Rule("store_first", store_first),), routing=())


def nearest(workflow: Workflow) -> Workflow:
    return replace(workflow, rank=(Rule("closest", closest),), routing=())


def replayed(app: App, strategy: Any, period: tuple[int, int] = EVER) -> Replay:
    made = Replay(history_of(app.reader()), app.worker.rules, texts(app), strategy, period)
    made.run()
    return made


def compared(app: App, strategy: Any, period: tuple[int, int] = EVER) -> Compared:
    return backtested(history_of(app.reader()), app.worker.rules, texts(app), strategy, period)


def texts(app: App) -> Any:
    return Finder(app.reader()).workflow_text


def buy(app: App, number: int, quantity: int = 1, **more: Any) -> None:
    """An order comes in and goes as far as it goes in two hours."""
    arrive(app, message_of(bought(number, "MUG", quantity, placed_at_s=app.clock.now_s(), **more)))
    wait(app, 7_200)


def wait(app: App, span_s: int) -> None:
    end_s = app.clock.now_s() + span_s
    app.worker.run(lambda next_at_s: _slept(app, next_at_s, end_s))
    app.clock.sleep_until(end_s)


def _slept(app: App, next_at_s: int | None, end_s: int) -> bool:
    if next_at_s is None or next_at_s > end_s:
        return False
    app.clock.sleep_until(next_at_s)
    return True


def bring(app: App, location: str, units: int) -> None:
    move_stock(app.stock_desk("person:eve"), [StockMove("MUG", location, units, 0, "received")])


def do(app: App, number: int, command: Command) -> None:
    result = app.submit(f"canonical-{number}", command, "person:eve")
    assert not result.refused, result.refused


def after_a_history(folder: Path, seed: int) -> App:
    """A shop in which things have happened at random."""
    chance = Random(seed)
    app = open_shop(folder, mug=12, tea=12, behavior="lifelike", seed=seed)
    for number in range(DEEDS):
        deed(app, chance, number)
        app.worker.round()
        app.clock.sleep_until(app.clock.now_s() + chance.randint(0, 3 * 3600))
    app.worker.run()
    return app


def one_parcel(workflow: Workflow) -> Workflow:
    """All of an order comes from one place, or all of it waits."""
    return replace(workflow, split=(Rule("one_shipment", one_shipment),), routing=())
