"""The command `segue work`: own the shop and do what is due, for oneself and for whoever comes to the door."""

import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated, Any

from cyclopts import Parameter

from segue.app import App, owned
from segue.connectors.clock import VirtualClock
from segue.engine.worker import Progress
from segue.main.activating import activated
from segue.main.door import Door
from segue.main.failing import WRONG_USE, Failed, failing
from segue.main.formats import count, instant, iso, show_in, words
from segue.main.obeying import answered
from segue.main.output import errors, print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.passing import Passing
from segue.main.progress import Bar
from segue.main.shops import folder_of
from segue.main.when import instant_of
from segue.store.overview import Overview
from segue.store.trouble import Trouble


class Stopped(Exception):
    """Somebody has asked us to stop: after this round."""


class Shift:
    """One run of the worker: between rounds the door is served, and when nothing is due it is waited at."""

    def __init__(
        self, app: App, door: Door, bar: Bar, until_idle: bool, until_s: int | None = None, quiet: bool = False
    ) -> None:
        self.app = app
        self.door = door
        self.bar = bar
        self.until_idle = until_idle
        self.until_s = until_s
        self.quiet = quiet
        self.passing = Passing(app, until_s)
        self.stopping = threading.Event()
        self.steps = 0
        self.calls = 0
        self._overview = Overview(app.reader())

    def run(self) -> None:
        """Work until it is enough."""
        try:
            self.app.worker.run(self._wait, self._tell)
        except Stopped:
            return

    def stop(self) -> None:
        """Stop after this round."""
        self.stopping.set()
        self.door.wake()

    def _tell(self, progress: Progress) -> None:
        self.steps += progress.steps
        self.calls += progress.calls
        for planned in () if self.quiet else progress.planned:
            errors().print(str(planned))
        self.door.serve()
        if self.stopping.is_set():
            raise Stopped
        if self.bar.is_due:
            closed, all_orders = self._overview.progress()
            self.bar.show(closed, all_orders)

    def _wait(self, next_at_s: int | None) -> bool:
        is_virtual = isinstance(self.app.clock, VirtualClock)
        if is_virtual and self.passing.jump(next_at_s):
            return True
        if self.until_idle or (is_virtual and self.until_s is not None):
            return False
        known = [at_s for at_s in (None if self.passing.is_held else next_at_s, self.until_s) if at_s is not None]
        self.door.wait(max(0.001, min(known) - time.time()) if known else None)
        return not self.stopping.is_set() and (self.until_s is None or time.time() < self.until_s)


def work(
    *,
    until_idle: Annotated[
        bool,
        Parameter(
            negative=(),
            help="Stop when nothing is left to do: a virtual clock jumps to what time will bring, but not on and on from "
            "one order of a subscription without an end to the next; a real one does not wait.",
        ),
    ] = False,
    until: Annotated[
        str, Parameter(help="Stop then: 2026-06-01, or an instant. A virtual clock does what is due by then.")
    ] = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Do what is due, and go on until told to stop."""
    folder = folder_of(shop)
    with failing():
        read = activated(folder, quiet=json)
    with failing(), owned(folder, shop=read) as app:
        show_in(app.shop.time_zone)
        until_s = _end(app, until)
        started_s = time.monotonic()
        door = Door(folder, lambda wanted: answered(app, wanted))
        shift = Shift(app, door, Bar("Orders closed", "orders", quiet=json), until_idle, until_s, quiet=json)
        with _signals(shift), door, shift.bar:
            if not (until_idle or until or json):
                errors().print(
                    "Working. Other commands are handed to this one; Ctrl-C ends it after the round under way."
                )
            shift.run()
        _summary(app, shift, time.monotonic() - started_s, json)


def _end(app: App, until: str) -> int | None:
    """When the shift is to end, if that was said. Raises Failed for what is over."""
    if not until:
        return None
    until_s, now_s = instant_of(until), app.clock.now_s()
    if until_s <= now_s:
        raise Failed(f"It is {instant(now_s)} in this shop: `--until {until}` is over.", WRONG_USE)
    return until_s


@contextmanager
def _signals(shift: Shift) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the shift after its round; a second Ctrl-C ends it at once."""

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before[signal.SIGINT])
        shift.stop()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: dict[int, Any] = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _summary(app: App, shift: Shift, seconds: float, json: bool) -> None:
    overview = Overview(app.reader())
    statuses = overview.statuses()
    next_at_s = app.worker.next_at_s()
    left = Counter[str]()
    for each in Trouble(app.reader()).reasons():
        left[each.state] += each.messages
    if json:
        figures = {"steps": shift.steps, "calls": shift.calls, "seconds": round(seconds, 3)}
        print_json(
            {
                **figures,
                "now": iso(app.clock.now_s()),
                "next_at": iso(next_at_s),
                "statuses": statuses,
                "messages": left,
            }
        )
        return
    table(("status", ">orders"), [(words(status), f"{orders:,}") for status, orders in statuses.items()])
    done = f"{count(shift.steps, 'step')} and {count(shift.calls, 'call')} in {seconds:.1f} s"
    now = instant(app.clock.now_s())
    say(f"{done}. The shop's clock: {now}." if now else f"{done}.")
    if next_at_s is not None:
        say(f"The next thing is due at {instant(next_at_s)}.")
    if shift.passing.is_held:
        say("Subscriptions without an end go on from there: `segue work --until 2026-06-01` lets time pass to a day.")
    if left:
        said = " and ".join(f"{number:,} {state}" for state, number in sorted(left.items()))
        say(f"Of the messages {said}: `segue trouble` lists them, and says what can be done.")
    say("Next: `segue folders` shows where people are needed, `segue orders` the orders.")
