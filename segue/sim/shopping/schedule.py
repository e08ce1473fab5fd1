"""The schedule: when orders are placed, with the rhythm of days and weeks, and which of them repeat another."""

from bisect import bisect
from itertools import accumulate
from typing import NamedTuple

from segue.sim.shopping.cities import UTC_OFFSET_HOURS
from segue.sim.shopping.dice import Dice
from segue.sim.shopping.shop import DAY_S, Plan

HOURS = (2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 13, 13, 14, 13, 12, 12, 13, 14, 16, 19, 21, 18, 11, 5)  # local time, from 0:00
WEEKDAYS = (11, 10, 10, 10, 10, 12, 14)  # from Monday
EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday
TWICE_RATE = 0.008  # of orders that come again, a little different, within minutes: the customer pressed twice
BURST_RATE = 0.003  # of orders that are followed by four more of the same customer within the hour
BURST = 4


class Slot(NamedTuple):
    """An order to be made up."""

    at_s: int
    made: int  # a number of its own, by which others may point to it
    repeats: int = -1  # the order of which this one is a near duplicate
    follows: int = -1  # the order whose customer orders again


def schedule(plan: Plan) -> list[Slot]:
    """As many slots as the plan has orders, by time."""
    dice = Dice(f"{plan.seed}/schedule")
    slots: list[Slot] = []
    for at_s in _times(plan, dice):
        first = len(slots)
        slots.append(Slot(at_s, first))
        if dice.happens(TWICE_RATE * plan.trouble):
            slots.append(Slot(at_s + dice.whole(40, 540), first + 1, repeats=first))
        if dice.happens(BURST_RATE * plan.trouble):
            slots += [Slot(at_s + n * dice.whole(200, 700), first + 1 + n, follows=first) for n in range(1, 1 + BURST)]
    return sorted(slots[: plan.orders])


def _times(plan: Plan, dice: Dice) -> list[int]:
    """Instants spread over the days as customers are: one in each of as many equal parts of their attention."""
    edges = list(accumulate(_attention(plan)))
    found = []
    for number in range(plan.orders):
        point = (number + dice.share()) / plan.orders * edges[-1]
        hour = min(bisect(edges, point), len(edges) - 1)
        before = edges[hour - 1] if hour else 0
        found.append(plan.start_s + int((hour + (point - before) / (edges[hour] - before)) * 3600))
    return found


def _attention(plan: Plan) -> list[int]:
    """How many customers are about in each hour of the plan."""
    first = plan.start_s // 3600 + UTC_OFFSET_HOURS[plan.region]
    hours = range(first, first + plan.days * DAY_S // 3600)
    return [HOURS[hour % 24] * WEEKDAYS[(hour // 24 + EPOCH_WEEKDAY) % 7] for hour in hours]
