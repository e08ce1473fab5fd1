"""Who has subscribed to what: drawn from a seed, in words that both the shop and the count understand."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

FIRST = date(2026, 1, 1)
ZONES = ("Europe/Berlin", "America/New_York", "UTC")
CATCH_UP = ("latest", "all", "none")
# How often, in months or in weeks; and of a hundred subscriptions so many.
RHYTHMS = ((12, 0, 68), (3, 0, 22), (2, 0, 4), (1, 0, 4), (0, 2, 1), (0, 1, 1))
PRICE_MINOR = 12_00
LAST_DAYS = (28, 29, 30, 31)


class Plan(NamedTuple):
    """An article of a subscription: every so many months or weeks from a day on, so often."""

    months: int
    weeks: int
    starts_on: date
    times: int | None = None

    @property
    def rule(self) -> str:
        """As RFC 5545 writes it."""
        if self.weeks:
            text = f"FREQ=WEEKLY;INTERVAL={self.weeks}"
        elif self.months % 12 == 0:
            text = f"FREQ=YEARLY;INTERVAL={self.months // 12}"
        else:
            text = f"FREQ=MONTHLY;INTERVAL={self.months}"
        return text if self.times is None else f"{text};COUNT={self.times}"


class Customer(NamedTuple):
    """A subscription: its articles, its clock, and what is made up for."""

    id: str
    zone: str
    at: str
    catch_up: str
    plans: tuple[Plan, ...]
    ends_on: date | None = None


def customers(number: int, seed: int) -> list[Customer]:
    """So many of them."""
    dice = Random(f"subscriptions {seed}")
    return [_customer(f"S{each}", dice) for each in range(1, number + 1)]


def _customer(id: str, dice: Random) -> Customer:
    plans = [_plan(dice)]
    if dice.random() < 0.1:  # a second article, on days of its own or on the same ones
        plans.append(
            _plan(dice)
            if dice.random() < 0.5
            else plans[0]._replace(months=plans[0].months * 2, weeks=plans[0].weeks * 2)
        )
    ends_on = FIRST + timedelta(dice.randrange(400, 3_000)) if dice.random() < 0.05 else None
    return Customer(
        id, dice.choice(ZONES), dice.choice(("09:00", "00:00", "02:30")), dice.choice(CATCH_UP), tuple(plans), ends_on
    )


def _plan(dice: Random) -> Plan:
    months, weeks, _ = dice.choices(RHYTHMS, [share for *_, share in RHYTHMS])[0]
    day = date(2026, dice.randint(1, 12), dice.randint(1, 28))
    if dice.random() < 0.3:
        day = date(2026, dice.choice((1, 3, 5, 7, 8, 10, 12)), dice.choice(LAST_DAYS))
    return Plan(months, weeks, day, dice.randint(1, 30) if dice.random() < 0.1 else None)
