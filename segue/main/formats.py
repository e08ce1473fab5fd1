"""Formats: amounts, instants, spans and counts as people read them."""

from contextvars import ContextVar
from datetime import UTC, datetime, tzinfo

EXPONENTS_USUAL = 2
MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
ZONE: ContextVar[tzinfo] = ContextVar("zone", default=UTC)  # the shop's, while a command is done
UNITS = ((DAY_S, "d"), (HOUR_S, "h"), (MINUTE_S, "min"), (1, "s"))


def money(amount_minor: int, currency: str) -> str:
    """An amount with its currency: 1,234.50 EUR, 1,234 JPY."""
    from segue.core.amounts import exponent

    digits = exponent(currency)
    whole, rest = divmod(abs(amount_minor), 10**digits)
    fraction = f".{rest:0{digits}}" if digits else ""
    return f"{'-' if amount_minor < 0 else ''}{whole:,}{fraction} {currency}"


def show_in(time_zone: str) -> None:
    """From now on instants are shown in the time of this zone, until the command is done."""
    from zoneinfo import ZoneInfo

    ZONE.set(ZoneInfo(time_zone))


def instant(at_s: int | None) -> str:
    """An instant in the shop's time: 2026-03-01 10:15 CET. Nothing for none."""
    from segue.core.moments import moment

    return moment(at_s, ZONE.get()) if at_s else ""


def received(at_s: int) -> str:
    """When something came in: a shop with a virtual clock has no time of its own before anything is done in it."""
    return instant(at_s) or "before the first work"


def iso(at_s: int | None) -> str | None:
    """An instant as JSON has it: 2026-03-01T09:15:00Z."""
    if at_s is None:
        return None
    try:
        return f"{datetime.fromtimestamp(at_s, UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError):  # no calendar has it
        return f"{at_s} s after 1970"


def span(seconds: int) -> str:
    """A span in its two largest units: 3 d 4 h."""
    parts: list[str] = []
    left = max(0, seconds)
    for size, name in UNITS:
        if left >= size and len(parts) < 2:
            parts.append(f"{left // size} {name}")
            left %= size
        elif parts:
            break
    return " ".join(parts) or "0 s"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its word: 1 order, 2,000 orders."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def words(name: str) -> str:
    """A name of the engine as words: `waiting_for_stock` is waiting for stock."""
    return name.replace("_", " ")
