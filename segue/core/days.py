"""Days: how much a location takes on in one of them, how much it has taken on, and when nothing is sent to it at all."""

from segue.core.base import Value
from segue.core.moments import moment


class Capacity(Value):
    """How much a location takes on in one of its days; what is not said is not limited."""

    orders: int | None = None
    lines: int | None = None
    units: int | None = None


class Load(Value):
    """What a location has taken on in one of its days."""

    orders: int = 0
    lines: int = 0
    units: int = 0


class LoadChange(Value):
    """What a step adds to a location's day, or gives back. The counters are the sum over the orders that are there."""

    location: str
    day: int
    by: Load
    most: Capacity | None = None


class Closure(Value):
    """A location that nothing is sent to, although the shop's files have it: until an instant, or until somebody says so."""

    location: str
    until_s: int | None = None
    reason: str = ""
    by: str = ""
    since_s: int = 0

    def objection(self, now_s: int) -> str | None:
        """Why nothing is sent there at this moment; None once its time is over."""
        if self.until_s is not None and self.until_s <= now_s:
            return None
        how = "off" if self.until_s is None else f"frozen until {moment(self.until_s)}"
        return f"{how}: {self.reason or 'no reason given'} ({self.by})"


def plus(one: Load, other: Load) -> Load:
    """Both together."""
    return Load(one.orders + other.orders, one.lines + other.lines, one.units + other.units)
