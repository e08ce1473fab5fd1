"""Passing time: how far a virtual clock may jump, so that what has no end does not keep it jumping for ever."""

from segue.app import App
from segue.settings import simulation_of
from segue.store.endless import is_anything_else_left, is_endless_due, is_made_since

ALL_ON_THEIR_WAY = 1_000_000  # messages from outside
FOR_EVER_S = 1 << 60


class Passing:
    """Lets a virtual clock jump to whatever is due next, up to an instant if one is named.

    Without one it stops before the next order of a subscription that has no end, once nothing else is left: then all
    that was there when such an order was first due is done, with the orders that subscriptions had made by then.
    """

    def __init__(self, app: App, until_s: int | None) -> None:
        self.until_s = until_s
        self.is_held = False  # whether only what has no end is left
        self._app = app
        self._reader = app.reader()
        self._tick_s = simulation_of(app.shop).tick_s
        self._since_s: int | None = None  # when it first stood before an order of what has no end

    def jump(self, next_at_s: int | None) -> bool:
        """Jump there, unless that is too far. Whether time has passed."""
        if next_at_s is None or self._is_too_far(next_at_s):
            return False
        self._app.clock.sleep_until(next_at_s)
        return True

    def _is_too_far(self, next_at_s: int) -> bool:
        if self.until_s is not None:
            return next_at_s > self.until_s
        if self._since_s is None and is_endless_due(self._reader, next_at_s + self._tick_s):
            self._since_s = self._app.clock.now_s()
        self.is_held = self._since_s is not None and not self._is_awaited(self._since_s)
        return self.is_held

    def _is_awaited(self, since_s: int) -> bool:
        """Whether there is anything that time brings beside what has no end."""
        if is_anything_else_left(self._reader, since_s):
            return True
        coming = self._app.world.collect(FOR_EVER_S, ALL_ON_THEIR_WAY)
        return any(not is_made_since(self._reader, message.order, since_s) for message in coming)
