"""Fresh: what was decided on facts that have moved on meanwhile is decided again."""

from collections.abc import Callable
from typing import TypeVar

from segue.engine.wave import TRIES_MAX
from segue.ports import OutOfStock, StaleOrder

Done = TypeVar("Done")


def until_fresh(attempt: Callable[[], Done]) -> Done:
    """Do it; again if orders, carts or stock have moved on meanwhile."""
    for _ in range(TRIES_MAX - 1):
        try:
            return attempt()
        except (StaleOrder, OutOfStock):
            continue
    return attempt()
