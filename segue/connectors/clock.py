"""Clocks: the real one, and one for tests and simulations that jumps."""

import time


class SystemClock:
    """The computer's clock."""

    def now_s(self) -> int:
        """Seconds since 1970, UTC."""
        return int(time.time())

    def sleep_until(self, instant_s: int) -> None:
        """Wait until then; not at all if it has passed."""
        while (left := instant_s - time.time()) > 0:
            time.sleep(left)


class VirtualClock:
    """A clock that stands still until it is told to jump, and never goes back.

    It jumps to whole ticks, so that what happens within one tick is done together.
    """

    def __init__(self, start_s: int, tick_s: int = 1) -> None:
        self._now_s = start_s
        self._tick_s = tick_s

    def now_s(self) -> int:
        """Seconds since 1970, UTC, as simulated."""
        return self._now_s

    def sleep_until(self, instant_s: int) -> None:
        """Jump there; an instant that has passed changes nothing."""
        self._now_s = max(self._now_s, -(-instant_s // self._tick_s) * self._tick_s)
