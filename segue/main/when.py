"""When: a day or an instant as somebody writes it on the command line."""

from datetime import datetime

from segue.main.failing import WRONG_USE, Failed
from segue.main.formats import ZONE


def instant_of(text: str) -> int:
    """The second that is meant by 2026-03-05, 2026-03-05T14:00 (in the shop's time), or 2026-03-05T14:00Z. Raises Failed."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Failed(f"`{text[:40]}` is no day: write it like 2026-03-05, or 2026-03-05T14:00.", WRONG_USE) from error
    try:
        at_s = int((at if at.tzinfo else at.replace(tzinfo=ZONE.get())).timestamp())
    except (OverflowError, OSError) as error:
        raise Failed(f"`{text[:40]}` is in no calendar.", WRONG_USE) from error
    if at_s < 0:
        raise Failed(f"`{text[:40]}` is too long ago.", WRONG_USE)
    return at_s
