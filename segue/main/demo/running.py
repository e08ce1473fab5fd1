"""Running the demonstration: orders in, then the virtual clock through all that follows, mends at their time."""

import time
from typing import Any, NamedTuple

from segue.app import App
from segue.connectors.importing import Counts
from segue.core.facts import Item, StockMove
from segue.engine.worker import Progress
from segue.main.demo.making import Scene
from segue.main.progress import Bar
from segue.store.overview import Overview


class Ran(NamedTuple):
    """How it went."""

    counts: Counts
    import_s: float
    work_s: float
    steps: int
    calls: int


def run(app: App, scene: Scene, quiet: bool) -> Ran:
    """Import and work until nothing is left to do."""
    started_s = time.monotonic()
    with Bar("Importing", "rows", scene.rows, quiet) as bar:
        counts = app.receive(scene.paths, scene.channel, None, lambda rows, orders: bar.show(rows))
    imported_s = time.monotonic()
    with Bar("Orders closed", "orders", counts.orders, quiet) as bar:
        month = Month(app, scene, bar)
        app.worker.run(month.wait, month.tell)
    return Ran(counts, imported_s - started_s, time.monotonic() - imported_s, month.steps, month.calls)


class Month:
    """The time that passes: it jumps to whatever is next, and at the time of a mend the mend is made."""

    def __init__(self, app: App, scene: Scene, bar: Bar) -> None:
        self.app = app
        self.bar = bar
        self.steps = 0
        self.calls = 0
        self._mends = sorted(scene.mends, key=lambda mend: -int(mend["at_s"]))  # the next one is the last
        self._overview = Overview(app.reader())

    def tell(self, progress: Progress) -> None:
        """Count what a round did."""
        self.steps += progress.steps
        self.calls += progress.calls
        if self.bar.is_due:
            self.bar.show(self._overview.progress()[0])

    def wait(self, next_at_s: int | None) -> bool:
        """Jump to the next instant, if there is one."""
        mend_at_s = int(self._mends[-1]["at_s"]) if self._mends else None
        instants = [instant for instant in (next_at_s, mend_at_s) if instant is not None]
        if not instants:
            return False
        self.app.clock.sleep_until(min(instants))
        while self._mends and self._mends[-1]["at_s"] <= self.app.clock.now_s():
            self._make(self._mends.pop())
        return True

    def _make(self, mend: dict[str, Any]) -> None:
        now_s = self.app.clock.now_s()
        if mend["what"] == "list_item":
            self.app.shelf.put_items([Item(**mend["item"])], now_s)
        else:
            move = StockMove(mend["sku"], mend["location"], mend["quantity"], 0, "received")
            self.app.shelf.receive_stock([move], now_s)
