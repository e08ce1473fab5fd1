"""Moments: an instant as people read it, in the time of a place."""

from datetime import UTC, datetime, tzinfo


def moment(at_s: int, zone: tzinfo = UTC) -> str:
    """An instant and the name of the time that it is in: `2026-11-23 02:10 UTC`, `2026-11-22 21:10 EST`."""
    return f"{datetime.fromtimestamp(at_s, zone):%Y-%m-%d %H:%M %Z}"
