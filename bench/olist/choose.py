"""Choosing look-ahead's settings: on the months before those that are played, which the choice never sees."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bench.olist.backtest import periods
from bench.olist.forecast import Settings
from bench.olist.routes import Route, exactly, looking_ahead
from bench.olist.sales import Sale
from bench.olist.world import USUAL, Alike, world
from segue.planning.contest import copied

SEEDS = (0, 1, 2)  # each setting is tried with several draws: their difference says how much of a gain is chance
CANDIDATES = (
    *(Settings(category=category, everyone=20.0) for category in (0.0, 20.0, 60.0)),
    *(Settings(category=20.0, everyone=everyone) for everyone in (5.0, 60.0)),
    *(Settings(months=months) for months in (1, 6)),
    *(Settings(samples=samples) for samples in (4, 64)),
)


class Tried(NamedTuple):
    """What a setting came to."""

    settings: Settings
    below: list[float]  # exact, by seed

    @property
    def mean(self) -> float:
        """Of all seeds."""
        return sum(self.below) / len(self.below)


def first_of(sales: Sequence[Sale], first: str, months: int) -> str:
    """The month from which so many are played to choose by, the last of them that before `first`."""
    return sorted({sale.month for sale in sales if sale.month < first})[-months]


def tried(
    sales: Sequence[Sale],
    first: str,
    months: int,
    limit: int = 0,
    alike: Alike = USUAL,
    candidates: Sequence[Settings] = CANDIDATES,
    seeds: Sequence[int] = SEEDS,
) -> Iterator[Tried]:
    """Each setting on the months before `first`, with a network, rates and a stock made as for those from it on."""
    known = [sale for sale in sales if sale.month < first]
    began = first_of(known, first, months)
    made = world(known, [sale for sale in known if sale.month < began], alike)
    (period,) = periods(made, began, months, limit)
    stocked = made.net._replace(stock=made.stock_of(period.orders))

    def mills(route: Route) -> int:
        return sum(plan.cost_mills for plan in route(made, copied(stocked), period))

    exact = mills(exactly)
    for settings in candidates:
        yield Tried(settings, [1 - mills(looking_ahead(settings, seed)) / exact for seed in seeds])


def best(found: Sequence[Tried]) -> Settings:
    """The setting that saves most; of equal ones the first."""
    return max(found, key=lambda each: each.mean).settings
