"""A measured run: orders go from a channel's file to delivered and paid, on disk, through the simulated world."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from msgspec import json
from msgspec.structs import replace

from segue.app import App, owned
from segue.connectors.simulated.behavior import CALM
from segue.connectors.simulated.world import World
from segue.core.decide import Decision
from segue.core.order import Order
from segue.core.step import fold
from segue.engine.calls import Ports
from segue.engine.worker import Progress, Worker
from segue.ports import Source, Store
from segue.sim.measuring.core import core_us
from segue.sim.measuring.pricing import pricing_us
from segue.sim.measuring.shop import CHANNEL, drafts, write_shop
from segue.store.floor import bodies_now, changes_so_far, rows_written, write_floor
from segue.store.overview import Overview
from segue.store.reading import every_story

TICK_S = 4 * 3_600  # of the virtual clock: what falls due within one goes through one wave, if it is not too much
SAMPLE = 100  # orders whose size is looked at after each step
DECISIONS = json.Decoder(list[Decision])

Tell = Callable[[int, int], None]  # orders that are closed, all orders


class Timed:
    """Does what another object does, and adds up the CPU time of its methods by name."""

    def __init__(self, inner: Any, spent: dict[str, float], stage: str = "") -> None:
        self._inner = inner
        self._spent = spent
        self._stage = stage

    def __getattr__(self, name: str) -> Any:
        method, spent, stage = getattr(self._inner, name), self._spent, self._stage or name

        def timed(*given: Any) -> Any:
            began = time.process_time()
            try:
                return method(*given)
            finally:
                spent[stage] = spent.get(stage, 0.0) + time.process_time() - began

        setattr(self, name, timed)
        return timed


def measure(orders: int, seed: int, folder: Path, tell: Tell) -> dict[str, Any]:
    """Run so many orders in a folder that is empty; returns all figures, as `segue bench --json` prints them."""
    file = write_shop(folder, orders, seed, TICK_S)
    with owned(folder) as app:
        (draft,) = drafts(1, seed)
        workflow = app.shop.workflows[app.shop.workflow]
        core = core_us(workflow, dict(app.shop.locations), replace(draft, person="core"))
        figures = _run(app, file, orders, tell)
    pricing = pricing_us()
    return (
        {"orders": orders, "seed": seed} | figures | pricing | {"core_us": core.pop("life"), "core_us_by_command": core}
    )


def _run(app: App, file: Path, orders: int, tell: Tell) -> dict[str, Any]:
    spent: dict[str, float] = {}
    worker = _timed_worker(app, spent)
    with app.database.snapshot() as cursor:
        changes_before = changes_so_far(cursor)
    began, began_cpu = time.perf_counter(), time.process_time()
    app.receive([file], CHANNEL, None)
    imported, imported_cpu = time.perf_counter(), time.process_time()
    with app.database.snapshot() as cursor:
        bodies = bodies_now(cursor)
    done = _Done(app, orders, tell)
    started, started_cpu = time.perf_counter(), time.process_time()
    worker.run(tell=done.add)
    ended, ended_cpu = time.perf_counter(), time.process_time()
    seconds = imported - began + ended - started
    cpu = {"import": imported_cpu - began_cpu} | spent
    cpu["decide and encode"] = ended_cpu - started_cpu - sum(spent.values())
    with app.database.snapshot() as cursor:
        changes = changes_so_far(cursor) - changes_before
    connection = app.reader()
    rows = rows_written(connection, changes)
    floor = write_floor(connection, app.folder / "floor.db", rows, bodies, _growth(app))
    return {
        "orders_per_s": round(orders / seconds, 1),
        "floor_orders_per_s": round(orders / floor.seconds, 1),
        "floor_ratio": round(floor.seconds / seconds, 3),
        "seconds": round(seconds, 3),
        "import_s": round(imported - began, 3),
        "floor_s": round(floor.seconds, 3),
        "tasks_per_s": round(done.calls / seconds, 1),
        "steps_per_s": round(done.steps / seconds, 1),
        "rounds": done.rounds,
        "cpu_us_per_order": {stage: round(each / orders * 1e6, 1) for stage, each in cpu.items()},
        "rows": rows,
        "statuses": Overview(connection).statuses(),
    }


def _timed_worker(app: App, spent: dict[str, float]) -> Worker:
    """A worker of this shop with a stopwatch on its store and its ports, and with a world that keeps nothing on disk."""
    world = World(behavior=CALM, clock=app.clock)
    timed = {name: Timed(getattr(world, name), spent, "calls") for name in Ports._fields if name != "sources"}
    store = cast(Store, Timed(app.store, spent))
    ports = Ports(**timed, sources=(cast(Source, Timed(world, spent, "messages")),))
    return Worker(store, app.worker.rules, ports, app.clock)


class _Done:
    """What has been done so far."""

    def __init__(self, app: App, orders: int, tell: Tell) -> None:
        self.overview = Overview(app.reader())
        self.orders = orders
        self.tell = tell
        self.steps = self.calls = self.rounds = 0

    def add(self, progress: Progress) -> None:
        """One round more."""
        self.steps += progress.steps
        self.calls += progress.calls
        self.rounds += 1
        if self.rounds % 100 == 0:
            self.tell(self.overview.progress()[0], self.orders)


def _growth(app: App) -> list[float]:
    """How long an order is after each of its steps, as a share of how long it is at the end; on average."""
    lengths: dict[str, list[int]] = {}
    folded: dict[str, Order] = {}
    for order, at_s, record in every_story(app.reader()):
        if order in lengths or len(lengths) < SAMPLE:
            folded[order] = fold(folded.get(order), DECISIONS.decode(record), at_s)
            lengths.setdefault(order, []).append(len(json.encode(folded[order])))
    shares = [[length / each[-1] for length in each] for each in lengths.values()]
    return [sum(at) / len(at) for at in zip(*shares, strict=False)] or [1.0]
