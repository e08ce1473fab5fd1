"""When: a day or an instant as somebody writes it on the command line."""

import re
from datetime import datetime
from typing import Any

import msgspec

from segue.main.failing import WRONG_USE, Failed
from segue.main.formats import ZONE

INSTANT = re.compile("from_s|until_s|.*_(at|before)_s")  # what a command calls an instant; other seconds are a span


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


def with_instants(fields: dict[str, Any]) -> dict[str, Any]:
    """What a command takes, with days and instants as seconds: `from=2026-03-07T10:00` is its `from_s`. Raises Failed."""
    from segue.core.decide import COMMANDS

    kind = COMMANDS.get(str(fields.get("command", "")))
    known = {each.name for each in msgspec.structs.fields(kind)} if kind is not None else set()
    found: dict[str, Any] = {}
    for name, value in fields.items():
        whole = name if name in known or f"{name}_s" not in known else f"{name}_s"
        is_said = whole in known and INSTANT.fullmatch(whole) and isinstance(value, str) and not value.isdigit()
        found[whole] = instant_of(value) if is_said else value
    return found
