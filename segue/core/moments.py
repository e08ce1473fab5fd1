"""Moments: which instants an order can have, and how people read one, in the time of a place."""

from datetime import UTC, datetime, tzinfo

FIRST_S = 946_684_800  # 2000-01-01: no order has an instant before
LAST_S = 4_102_444_800  # 2100-01-01: nor one after
BETWEEN = "2000 and 2100"


def is_possible(at_s: int) -> bool:
    """Whether an order can have this instant."""
    return FIRST_S <= at_s <= LAST_S


def moment(at_s: int, zone: tzinfo = UTC) -> str:
    """An instant and the name of the time that it is in: `2026-11-23 02:10 UTC`, `2026-11-22 21:10 EST`.

    What no calendar has is shown as the number that it is.
    """
    try:
        return f"{datetime.fromtimestamp(at_s, zone):%Y-%m-%d %H:%M %Z}"
    except (ValueError, OverflowError, OSError):  # by how far it is out
        return f"{at_s} s after 1970"
