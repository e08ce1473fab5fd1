"""The count: which orders there have to be, worked out without a line of Segue.

Days by plain arithmetic of the calendar, instants by the standard library's time zones. Of what the scheduler could not see
at its time, because it was down or its clock had jumped ahead, each customer's agreement says what is made up for.
"""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bench.subscriptions.people import Customer, Plan

DAY_S = 86_400


class Gap(NamedTuple):
    """A time that nobody saw: what became due after its begin, up to its end, was seen at its end."""

    from_s: int
    until_s: int


def expected(customers: Iterable[Customer], gaps: Sequence[Gap], until_s: int) -> set[str]:
    """The names of all orders that are due until an instant, the last one seen."""
    return {name for customer in customers for name in _of(customer, gaps, until_s)}


def _of(customer: Customer, gaps: Sequence[Gap], until_s: int) -> set[str]:
    zone, at = ZoneInfo(customer.zone), time.fromisoformat(customer.at)
    found: set[str] = set()
    for plan in customer.plans:
        late: dict[Gap, date] = {}
        for day in _days(plan, customer.ends_on):
            due_s = int(datetime.combine(day, at, zone).timestamp())
            if due_s > until_s:
                break
            gap = _gap_of(due_s, gaps)
            if gap is None or customer.catch_up == "all":
                found.add(f"{customer.id}.{day:%Y%m%d}")
            elif customer.catch_up == "latest":
                late[gap] = day
            elif gap.until_s - due_s <= DAY_S:
                found.add(f"{customer.id}.{day:%Y%m%d}")
        found |= {f"{customer.id}.{day:%Y%m%d}" for day in late.values()}
    return found


def _gap_of(due_s: int, gaps: Sequence[Gap]) -> Gap | None:
    at = bisect_left(gaps, due_s, key=lambda gap: gap.until_s)
    return gaps[at] if at < len(gaps) and gaps[at].from_s < due_s else None


def _days(plan: Plan, ends_on: date | None) -> Iterator[date]:
    for number in count() if plan.times is None else range(plan.times):
        if plan.weeks:
            day = plan.starts_on + timedelta(7 * plan.weeks * number)
        else:
            month = plan.starts_on.month - 1 + plan.months * number
            year, month = plan.starts_on.year + month // 12, month % 12 + 1
            day = date(year, month, min(plan.starts_on.day, monthrange(year, month)[1]))
        if ends_on is not None and day > ends_on:
            return
        yield day
