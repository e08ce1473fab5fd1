"""Parsing: from what a document holds to values of ours: money, counts, instants, countries. Nothing is guessed."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, tzinfo
from fractions import Fraction
from typing import Any

from segue.core.amounts import CURRENCIES, MINOR_MAX, half_up
from segue.core.moments import BETWEEN, is_possible

Parser = Callable[[Any, int], Any]
"""Takes the raw value and how many digits the currency has; raises Unreadable."""

TEXT_MAX = 2_000  # characters of one text
COUNT_MAX = 1_000_000  # of one line

MONEY = re.compile(r"([+-]?)([0-9]{1,15})(?:\.([0-9]{0,30}))?")
HUGE = re.compile(r"[+-]?0*[1-9][0-9]{15,}(?:\.[0-9]*)?")  # from MINOR_MAX on
WHOLE = re.compile(r"([+-]?[0-9]{1,15})(?:\.0*)?")
COUNTRY = re.compile("[A-Z]{2}")
TRUTHS = {
    "true": True, "yes": True, "1": True, "y": True, "false": False, "no": False, "0": False, "n": False,
}  # fmt: skip
AMOUNT = "an amount such as 12.50"
POWERS = (1, 10, 100, 1_000)


class Unreadable(ValueError):
    """A value that is not of the kind that is wanted. The message says why, and reads on from the field's name.

    With a `code` (`segue.core.mistakes`) it is an amount: the order is taken in all the same, and waits until corrected.
    """

    def __init__(self, reason: str, code: str = "", expected: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.expected = expected


def text(raw: Any, digits: int = 0) -> str:
    """A text without blanks around it. Numbers are taken as they are written; lists and objects are no texts."""
    if raw.__class__ is str:
        found: str = raw.strip()
    elif raw.__class__ is bool:
        found = "true" if raw else "false"
    elif raw.__class__ is float or (raw.__class__ is int and abs(raw) < MINOR_MAX**2):
        found = str(raw)
    else:
        raise Unreadable("is not a text")
    if len(found) > TEXT_MAX:
        raise Unreadable(f"has more than {TEXT_MAX} characters")
    if "\0" in found:
        raise Unreadable("has a character that no text may have (U+0000)")
    return found


def money(raw: Any, digits: int) -> int:
    """Minor units of a decimal text or a number. More digits than the currency has are refused, never rounded (M1)."""
    sign, whole, part = _money_parts(raw)
    if len(part) > digits:
        part = part.rstrip("0")
        if len(part) > digits:
            reason = f"has more than the {digits} digits of the currency behind the point"
            raise Unreadable(reason, "too_many_digits", f"{digits} digits behind the point at most")
    minor = int(whole + part.ljust(digits, "0"))
    return _bounded(-minor if sign == "-" else minor)


def rounded_money(raw: Any, digits: int) -> int:
    """Minor units of a number that carries float noise, rounded half up; only where a mapping says `round: half_up`."""
    sign, whole, part = _money_parts(raw)
    if len(part) <= digits:
        return money(raw, digits)
    exact = Fraction(f"{whole}.{part}") * POWERS[digits]
    return _bounded(half_up(-exact if sign == "-" else exact))


def minor(raw: Any, digits: int) -> int:
    """An amount that is in minor units already."""
    if _is_huge(raw):
        raise _too_big()
    try:
        found = whole(raw, digits)
    except Unreadable as reason:
        code = "too_many_digits" if MONEY.fullmatch(str(raw).strip()) else "amount_unreadable"
        raise Unreadable(str(reason), code, "a whole number of minor units") from None
    return _bounded(found)


def _money_parts(raw: Any) -> tuple[str, str, str]:
    if _is_huge(raw):
        raise _too_big()
    if raw.__class__ is str:
        written = raw.strip()
    elif raw.__class__ is int:
        written = str(raw)
    elif raw.__class__ is float:
        written = repr(raw)
    else:
        raise Unreadable("is not an amount", "amount_unreadable", AMOUNT)
    found = MONEY.fullmatch(written)
    if found is None:
        raise Unreadable("is not an amount such as 12.50", "amount_unreadable", AMOUNT)
    return found[1], found[2], found[3] or ""


def _bounded(amount: int) -> int:
    if abs(amount) >= MINOR_MAX:
        raise _too_big()
    return amount


def _too_big() -> Unreadable:
    return Unreadable("is too big for an amount", "amount_unreadable", f"at most {MINOR_MAX - 1} minor units")


def _is_huge(raw: Any) -> bool:
    """Whether this is a number, and one that is too big for anything."""
    if raw.__class__ is int or raw.__class__ is float:
        return bool(abs(raw) >= MINOR_MAX)
    return raw.__class__ is str and HUGE.fullmatch(raw.strip()) is not None


def whole(raw: Any, digits: int = 0) -> int:
    """A whole number: 3, "3", also "17850.0" as spreadsheets write it."""
    if raw.__class__ is int and abs(raw) < MINOR_MAX:
        return int(raw)
    if raw.__class__ is float or raw.__class__ is str:
        found = WHOLE.fullmatch(str(raw).strip())
        if found:
            return int(found[1])
    raise Unreadable("is too big" if _is_huge(raw) else "is not a whole number")


def count(raw: Any, digits: int = 0) -> int:
    """How many units: a whole number, and not an absurd one. May be negative: a rule decides what that means."""
    try:
        number = COUNT_MAX + 1 if _is_huge(raw) else whole(raw)
    except Unreadable as reason:
        raise Unreadable(str(reason), "quantity_unreadable", "a whole number") from None
    if abs(number) > COUNT_MAX:
        raise Unreadable(f"is more than {COUNT_MAX} units", "quantity_unreadable", f"1 to {COUNT_MAX}")
    return number


def rate(raw: Any, digits: int = 0) -> str:
    """A tax rate as a decimal fraction, as it is written; whether it is one, the order's checks say."""
    return text(raw)


def percentage(raw: Any, digits: int = 0) -> str:
    """A tax rate in percent, as a decimal fraction: 8.25 is 0.0825. What is no number is left as it is."""
    found = text(raw).removesuffix("%").rstrip()
    if not MONEY.fullmatch(found):
        return text(raw)
    sign, whole_part, part = _money_parts(found)
    padded = whole_part.zfill(3)
    return f"{sign}{padded[:-2].lstrip('0') or '0'}.{padded[-2:]}{part}".rstrip("0").rstrip(".") or "0"


def texts(raw: Any, digits: int = 0) -> tuple[str, ...]:
    """A list of texts; one text alone is a list of it."""
    return tuple(text(each) for each in (raw if isinstance(raw, list) else [raw]) if each not in (None, ""))


def boolean(raw: Any, digits: int = 0) -> bool:
    """True or false: as JSON has it, or true/false, yes/no, 1/0."""
    found = TRUTHS.get(str(raw).strip().lower()) if isinstance(raw, bool | int | str) else None
    if found is None:
        raise Unreadable("is neither true nor false")
    return found


def country(raw: Any, digits: int = 0) -> str:
    """An ISO 3166-1 code of two letters. Names are looked up in a table first."""
    found = text(raw).upper()
    if not COUNTRY.fullmatch(found):
        raise Unreadable("is not a country code of two letters")
    return found


def currency(raw: Any, digits: int = 0) -> str:
    """An ISO 4217 code that we know the digits of."""
    found = text(raw).upper()
    if found not in CURRENCIES:
        raise Unreadable("is not a currency", "currency_unknown", "a code of ISO 4217 such as EUR")
    return found


def latitude(raw: Any, digits: int = 0) -> float:
    """Degrees to a tenth, about 11 km: as much as routing needs, and no home address."""
    return _degrees(raw, 90.0)


def longitude(raw: Any, digits: int = 0) -> float:
    """Degrees to a tenth."""
    return _degrees(raw, 180.0)


def _degrees(raw: Any, limit: float) -> float:
    try:
        if raw.__class__ is bool:
            raise ValueError
        found = round(float(raw), 1)
    except (TypeError, ValueError):
        raise Unreadable("is not a number of degrees") from None
    if not -limit <= found <= limit:
        raise Unreadable("is beyond what degrees can be")
    return found


def one_of(known: Collection[str]) -> Parser:
    """A text that is one of a few."""

    def parse(raw: Any, digits: int = 0) -> str:
        found = text(raw)
        if found not in known:
            raise Unreadable(f"is none of {', '.join(known)}")
        return found

    return parse


def instant(formats: Sequence[str], zone: tzinfo | None) -> Parser:
    """Epoch seconds. A format is `iso`, `epoch_s` or as in `strptime`; the first that fits is taken.

    The zone is for times without an offset; at the hour that exists twice, the first of the two is meant.
    """

    def parse(raw: Any, digits: int = 0) -> int:
        for form in formats:
            found = _instant(raw, form, zone)
            if found is not None:
                return found
        raise Unreadable(f"is not a time as in {' or '.join(formats)}")

    return parse


def _instant(raw: Any, form: str, zone: tzinfo | None) -> int | None:
    if form == "epoch_s":
        return _possible(raw) if raw.__class__ is int else None
    if raw.__class__ is not str:
        return None
    try:
        found = datetime.fromisoformat(raw.strip()) if form == "iso" else datetime.strptime(raw.strip(), form)
        if found.tzinfo is None and zone is None:
            raise Unreadable("has no offset from UTC, and the mapping declares no time_zone")
        return _possible(int((found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC).timestamp()))
    except Unreadable:
        raise
    except (ValueError, OverflowError):
        return None


def _possible(instant_s: int) -> int:
    if not is_possible(instant_s):
        raise Unreadable(f"is not between {BETWEEN}")
    return instant_s


def pairs(raw: Any, digits: int = 0) -> dict[str, str]:
    """What a customer chose: a list of {name, value}, one such object, or an object of texts."""
    if isinstance(raw, dict) and raw.keys() >= {"name", "value"}:
        raw = [raw]
    if isinstance(raw, dict):
        found = list(raw.items())
        if not all(isinstance(value, str) for _, value in found):
            raise Unreadable("is neither a list of names and values nor an object of texts")
    elif isinstance(raw, list):
        found = [_pair(entry) for entry in raw]
    else:
        raise Unreadable("is neither a list of names and values nor an object of texts")
    named: dict[str, str] = {}
    for name, value in found:
        chosen = text("" if value is None else value)
        named[text(name)] = f"{named[text(name)]}; {chosen}" if text(name) in named else chosen
    return named


def _pair(entry: Any) -> tuple[str, Any]:
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str):
        raise Unreadable("has an entry without a name")
    return name, entry.get("value")
