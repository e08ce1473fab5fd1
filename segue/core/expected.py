"""Expected: when units that wait for stock are to be had, and what brings them. Recorded, so that a slip can be seen."""

from typing import Literal

from segue.core.base import Value
from segue.core.calendar import Promised


class Awaited(Value):
    """Units that wait for one arrival."""

    at_s: int  # when it is expected
    location: str
    units: int
    supplies: tuple[str, ...]  # what they come with


class Expected(Value):
    """What the units of a line that wait for stock are to have."""

    awaited: tuple[Awaited, ...] = ()
    missing: int = 0  # units that nobody expects
    promised: Promised | None = None  # when the last of them leaves and arrives, where the shop has calendars
    day: str = ""  # of the date that is known best, where it comes from: 2026-03-05

    @property
    def due_s(self) -> int | None:
        """When the last of them is to be had, as exactly as it is known; None while some are expected by nobody."""
        if self.missing or not self.awaited:
            return None
        if self.promised is None:
            return max(each.at_s for each in self.awaited)
        return self.promised.ship_by_s if self.promised.deliver_by_s is None else self.promised.deliver_by_s

    @property
    def arrivals(self) -> frozenset[tuple[int, str, tuple[str, ...]]]:
        """What is waited for, however many units of it."""
        return frozenset((each.at_s, each.location, each.supplies) for each in self.awaited)


class Asked(Value):
    """What the customer is asked: whether they wait for lines that come later than they know."""

    lines: tuple[int, ...]
    answer_by_s: int
    unanswered: Literal["wait", "cancel"]  # what is done without an answer: wait, or cancel
    day: str = ""  # of the deadline: 2026-03-05


def is_later(due_s: int | None, before_s: int | None) -> bool:
    """Whether a date is later than another one; one that nobody knows is the latest."""
    return before_s is not None and (due_s is None or due_s > before_s)
