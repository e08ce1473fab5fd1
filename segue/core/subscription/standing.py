"""The subscription as a value: its terms, its lines, and what of it is made, unpaid, paused, on hold or over."""

from datetime import date
from typing import Literal

from msgspec.structs import replace

from segue.core.base import Refusal, Refused, Value
from segue.core.calendar import DAY_S, EPOCH, Clock, Zone, ahead_s
from segue.core.draft import Destination
from segue.core.subscription.recurrence import following, rule_of

HOUR_S = 3600
CatchUp = Literal["latest", "all", "none"]


class Payment(Value):
    """How its orders are paid: a way that the customer has agreed to once."""

    method: str = "card"
    reference: str = ""  # under which the gateway keeps it
    kind: Literal["gateway", "account", "on_delivery"] = "gateway"


class Address(Value):
    """Where its orders go. The street is the person's."""

    ship_to: Destination = Destination()
    ship_to_digest: str = ""
    bill_country: str = ""
    person: str = ""  # another one, if it goes to somebody else now


class Terms(Value):
    """What is agreed with the customer, and lasts."""

    channel: str
    currency: str
    person: str = ""
    time_zone: str = "UTC"
    at: str = "09:00"  # by the clock on the wall there: when its orders are made
    address: Address = Address()
    payment: Payment = Payment()
    ship_method: str = ""
    shipping_minor: int = 0  # of each order, where its prices are fixed
    shipping_tax_minor: int = 0
    taxes_included: bool = False
    codes: tuple[str, ...] = ()
    tier: str = ""
    locale: str = ""
    merge: bool = True  # what is due on one day comes in one order
    catch_up: CatchUp = "latest"  # which cycles are made that became due while nobody was at work
    ends_on: date | None = None  # no cycle after this day
    orders_max: int | None = None  # so many orders in all


class Once(Value):
    """What a line is the next time only."""

    quantity: int
    sku: str
    price_minor: int | None = None
    tax_minor: int = 0


class Line(Value):
    """An article of a subscription, and when it comes."""

    sku: str
    quantity: int
    rule: str  # a recurrence of RFC 5545
    starts_on: date
    next_on: date | None = None  # none: it does not come any more
    passed: int = 0  # how many of its days are behind it
    price_minor: int | None = None  # of one unit, if it is fixed
    tax_minor: int = 0  # of one unit at that price
    title: str = ""
    properties: dict[str, str] = {}
    once: Once | None = None


class Unpaid(Value):
    """An order of it that could not be paid so far."""

    order: str
    declines: int
    retry_at_s: int | None = None  # none: it is under way, or was tried often enough


class Subscription(Value):
    """A standing order of a customer."""

    id: str
    version: int
    terms: Terms
    lines: dict[int, Line]
    numbered: int = 0  # the highest number that a line ever had
    made: int = 0  # how many orders
    extras: int = 0  # of those, made on no day of theirs
    settled_on: date | None = None  # the last day of a cycle that was made or passed over
    paused: bool = False
    paused_until: date | None = None
    held: bool = False  # until another way to pay is there
    unpaid: dict[str, Unpaid] = {}  # by cycle
    noticed_on: date | None = None  # the day of the cycle of which the customer was told last
    over: str = ""  # why it has ended

    @property
    def state(self) -> str:
        """What it is, in a word."""
        if self.over:
            return "ended"
        if self.held:
            return "on_hold"
        return "paused" if self.paused else "active"


class Circumstances(Value):
    """What a decision about a subscription may look at beside it: the time, and what the shop says."""

    now_s: int
    zone: Zone | None  # of the subscription; none: there is no such zone
    retries_s: tuple[int, ...] = ()  # how long after a declined payment it is tried again, each time
    notice_days: int = 0  # before an order: when its customer is told; 0: never


class Cycle(Value):
    """A day on which lines are due, together."""

    on: date
    lines: tuple[int, ...]
    alone: bool = False  # apart from whatever else is due on that day

    @property
    def name(self) -> str:
        """Of one subscription no two are called the same: 20260331, or 20260331.2 where line 2 is the first of it."""
        return f"{self.on:%Y%m%d}{f'.{self.lines[0]}' if self.alone else ''}"


def next_cycle(subscription: Subscription, line: int = 0) -> Cycle | None:
    """What comes next: all lines of the nearest day, or one of them where each has an order of its own, or is asked for."""
    days = {number: each.next_on for number, each in subscription.lines.items() if each.next_on}
    if line:
        on = days.get(line)
        return Cycle(on, (line,), alone=True) if on else None
    nearest = min(days.values(), default=None)
    if nearest is None:
        return None
    due = tuple(sorted(number for number, on in days.items() if on == nearest))
    return Cycle(nearest, due) if subscription.terms.merge else Cycle(nearest, due[:1], alone=True)


def instant_of(on: date, terms: Terms, zone: Zone) -> int:
    """When the orders of a day are made. A time that the clocks skip is the moment at which they are put forward."""
    return Clock(zone).utc((on.toordinal() - EPOCH) * DAY_S + seconds_of(terms.at))


def midnight_of(on: date, zone: Zone) -> int:
    """When a day begins."""
    return Clock(zone).utc((on.toordinal() - EPOCH) * DAY_S)


def today(now_s: int, zone: Zone) -> date:
    """The day that it is there."""
    return date.fromordinal(EPOCH + (now_s + ahead_s(zone, now_s)) // DAY_S)


def seconds_of(at: str) -> int:
    """The seconds since midnight of a time of the day. Refused if it is none."""
    hours, colon, minutes = at.partition(":")
    is_time = colon and len(at) == 5 and (hours + minutes).isascii() and (hours + minutes).isdigit()
    if not is_time or int(hours) > 23 or int(minutes) > 59:
        raise Refused(Refusal.SUBSCRIPTION_TERMS_UNUSABLE, f"at is a time of the day as in 09:00, and not {at}")
    return int(hours) * HOUR_S + int(minutes) * 60


def next_on(line: Line, terms: Terms, after: date, passed: int) -> date | None:
    """When a line is due next after a day, if so many of its days have passed by then."""
    rule = rule_of(line.rule)
    if rule.count is not None and passed >= rule.count:
        return None
    on = following(rule, line.starts_on, after)
    return None if on is None or (terms.ends_on and on > terms.ends_on) else on


def advanced(subscription: Subscription, cycle: Cycle) -> Subscription:
    """The subscription with this cycle behind it."""
    lines = dict(subscription.lines)
    for number in cycle.lines:
        line = lines[number]
        passed = line.passed + 1
        after = next_on(line, subscription.terms, cycle.on, passed)
        lines[number] = replace(line, passed=passed, next_on=after, once=None)
    settled = max(subscription.settled_on or cycle.on, cycle.on)
    return replace(subscription, lines=lines, settled_on=settled)
