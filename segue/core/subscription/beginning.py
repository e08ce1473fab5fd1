"""How a subscription begins, and its lines: what of them cannot be kept is refused by name."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from msgspec.structs import replace

from segue.core.base import Event, Refusal, Refused
from segue.core.calendar import Zone
from segue.core.subscription.commands import Begin, NewLine
from segue.core.subscription.events import Subscribed
from segue.core.subscription.recurrence import Rule, following, rule_of
from segue.core.subscription.standing import Circumstances, Line, Subscription, Terms, seconds_of, today

ID = re.compile(r"[A-Za-z0-9_]{1,40}")
LINES_MAX = 50
QUANTITY_MAX = 10_000
MINOR_MAX = 10**12
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)  # between these a subscription starts


def begin(subscription: Subscription | None, command: Begin, circumstances: Circumstances) -> list[Event]:
    """Refused if it is here already, or if its terms or lines cannot be kept."""
    if subscription is not None:
        raise Refused(Refusal.SUBSCRIPTION_EXISTS, command.id)
    if not ID.fullmatch(command.id):
        raise Refused(Refusal.SUBSCRIPTION_ID_UNUSABLE, command.id)
    zone = zone_of(command.terms, circumstances)
    refuse_terms(command.terms)
    now = today(circumstances.now_s, zone)
    lines = {number: _begun(number, line, command.terms, now) for number, line in enumerate(command.lines, 1)}
    refuse_lines(lines)
    return [Subscribed(id=command.id, terms=command.terms, lines=lines)]


def _begun(number: int, new: NewLine, terms: Terms, now: date) -> Line:
    """One of its lines. What is refused of it says which one it is."""
    try:
        return begun(new, terms, now, now)
    except Refused as refused:
        raise Refused(refused.refusal, f"line {number}: {refused.detail}") from refused


def zone_of(terms: Terms, circumstances: Circumstances) -> Zone:
    """Its time zone. Refused with TIME_ZONE_UNKNOWN if there is none."""
    if circumstances.zone is None:
        raise Refused(Refusal.TIME_ZONE_UNKNOWN, f"{terms.time_zone}; they are called as Europe/Berlin is")
    return circumstances.zone


def refuse_terms(terms: Terms) -> None:
    """Refused if something of them cannot be."""
    seconds_of(terms.at)
    if terms.orders_max is not None and terms.orders_max < 1:
        raise _unusable(f"orders_max is at least 1, and not {terms.orders_max}")
    if not terms.channel:
        raise _unusable("it names no channel")
    for name in ("shipping_minor", "shipping_tax_minor"):
        _refuse_amount(name, getattr(terms, name))


def begun(new: NewLine, terms: Terms, start: date, not_before: date) -> Line:
    """A line with the day on which it is due first. Refused if it never is."""
    starts_on = new.starts_on or start
    if not FIRST <= starts_on <= LAST:
        raise _unusable(f"it starts between {FIRST} and {LAST}, and not on {starts_on}")
    line = Line(
        new.sku, new.quantity, new.rule, starts_on, None, 0, new.price_minor, new.tax_minor, new.title, new.properties
    )
    return due_first(line, terms, not_before)


def due_first(line: Line, terms: Terms, not_before: date) -> Line:
    """A line with the first of its days that is not before another. Refused if there is none."""
    rule = rule_of(line.rule)
    on: date | None = _first(rule, line, terms)
    passed = 0
    if rule.count is None:
        on = following(rule, line.starts_on, not_before - timedelta(1))
    else:
        while on is not None and on < not_before and passed < rule.count:
            passed += 1
            on = following(rule, line.starts_on, on)
    last = terms.ends_on or date.max
    if on is None or on > last or (rule.count is not None and passed >= rule.count):
        raise Refused(
            Refusal.END_BEFORE_START, f"the last of {line.rule} from {line.starts_on} was before {not_before}"
        )
    return replace(line, next_on=on, passed=passed)


def _first(rule: Rule, line: Line, terms: Terms) -> date:
    """The first day of all. Refused if there is none, or if the end is before the start."""
    for what, end in (("UNTIL", rule.until), ("ends_on", terms.ends_on)):
        if end is not None and end < line.starts_on:
            raise Refused(Refusal.END_BEFORE_START, f"{what} {end} is before {line.starts_on}")
    first = following(rule, line.starts_on, line.starts_on - timedelta(1))
    if first is None:
        raise Refused(Refusal.RECURRENCE_NEVER_FIRES, f"{line.rule} from {line.starts_on}")
    return first


def refuse_lines(lines: Mapping[int, Line]) -> None:
    """Refused if there is none, or too many; if one is of nothing; if only some have a fixed price."""
    if not lines:
        raise Refused(Refusal.SUBSCRIPTION_EMPTY)
    if len(lines) > LINES_MAX:
        raise _unusable(f"it has at most {LINES_MAX} lines, and not {len(lines)}")
    for line in lines.values():
        _refuse_line(line)
    if len({line.price_minor is None for line in lines.values()}) > 1:
        raise Refused(Refusal.SUBSCRIPTION_PRICES_MIXED, _without_price(lines.values()))


def _refuse_line(line: Line) -> None:
    if not line.sku or line.quantity < 1:
        raise Refused(Refusal.SUBSCRIPTION_EMPTY, f"{line.quantity} of {line.sku or 'no SKU'}")
    if line.quantity > QUANTITY_MAX:
        raise _unusable(f"at most {QUANTITY_MAX:,} units of an article, and not {line.quantity:,}")
    _refuse_amount("price_minor", line.price_minor or 0)
    _refuse_amount("tax_minor", line.tax_minor)


def _without_price(lines: Iterable[Line]) -> str:
    return ", ".join(line.sku for line in lines if line.price_minor is None) + " without one"


def _refuse_amount(name: str, amount_minor: int) -> None:
    if not 0 <= amount_minor <= MINOR_MAX:
        raise _unusable(f"{name} is between 0 and {MINOR_MAX:,}, and not {amount_minor:,}")


def _unusable(why: str) -> Refused:
    return Refused(Refusal.SUBSCRIPTION_TERMS_UNUSABLE, why)


DECISIONS = {Begin: begin}
