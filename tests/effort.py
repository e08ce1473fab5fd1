"""Effort: how many calls something makes. The same on every machine and on every day, as a time never is."""

import sys
from collections.abc import Callable
from types import FrameType

CALLS_AT_ONCE = 20_000  # a few milliseconds


def calls_of(work: Callable[[], object]) -> int:
    """The calls of Python and built-in functions that some work makes."""
    count = 0

    def seen(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
