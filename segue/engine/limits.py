"""Limits: how much a provider is asked at once, and when it is left alone because it does not answer."""

from segue.core.base import Value


class Limit(Value):
    """What a provider stands."""

    per_second: float = 1000.0
    burst: int = 1000
    attempts_max: int = 8  # of one task, before its outcome is a person's to find out
    failures_max: int = 5  # in a row, before the provider is left alone
    rest_s: int = 30  # how long it is left alone, at first; twice as long each time, up to rest_max_s
    rest_max_s: int = 900


class Gate:
    """A token bucket and a circuit breaker for one provider. Time comes from outside."""

    def __init__(self, limit: Limit, now_s: int) -> None:
        self.limit = limit
        self.tokens = float(limit.burst)
        self.filled_at_s = now_s
        self.failures = 0
        self.rests = 0
        self.closed_until_s = 0

    def room(self, now_s: int) -> int:
        """How many calls may be made now. After a rest one call tries whether the provider is back."""
        self.filled_at_s = min(self.filled_at_s, now_s)  # clocks may be set back
        self.closed_until_s = min(self.closed_until_s, now_s + self.limit.rest_max_s)
        if now_s < self.closed_until_s:
            return 0
        self.tokens = min(float(self.limit.burst), self.tokens + (now_s - self.filled_at_s) * self.limit.per_second)
        self.filled_at_s = now_s
        return min(1, int(self.tokens)) if self.rests else int(self.tokens)

    def called(self, count: int) -> None:
        """So many calls are made."""
        self.tokens -= count

    def answered(self) -> None:
        """The provider is well."""
        self.failures = 0
        self.rests = 0
        self.closed_until_s = 0

    def failed(self, now_s: int) -> None:
        """The provider did not answer. After too many of these it is left alone for a while."""
        self.failures += 1
        if self.failures >= self.limit.failures_max or self.rests:
            rest_s = min(self.limit.rest_max_s, self.limit.rest_s * 2**self.rests)
            self.closed_until_s = now_s + rest_s
            self.rests = min(self.rests + 1, 10)
            self.failures = 0

    def opens_at_s(self, now_s: int) -> int | None:
        """When there will be room again, if there is none now."""
        if now_s < self.closed_until_s:
            return self.closed_until_s
        return None if self.tokens >= 1 else now_s + 1
