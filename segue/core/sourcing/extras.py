"""Extras: what a unit costs beside its parcel, by where it comes from. All of it in mills.

What it is worth more where it is (opportunity), what it loses in value if it stays there (markdown, which is taken off),
and what it costs if it arrives after it was promised.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from segue.core.calendar import DAY_S
from segue.core.context import Context
from segue.core.delivery import promised
from segue.core.facts import Location
from segue.core.lanes import MILLS
from segue.core.order import Order
from segue.core.rates import ANY, Rates
from segue.core.sourcing.goods import Demand

NEVER_DAYS = 366  # as late as that is what a location sends that does not work for years


class Extra(NamedTuple):
    """What comes on top of the parcels of one location, by line in the order of the demand; (): nothing."""

    opportunity: tuple[int, ...] = ()  # mills of a unit
    markdown: tuple[int, ...] = ()  # mills of a unit, taken off
    days_late: tuple[int, ...] = ()


NOTHING = Extra()


class Sums(NamedTuple):
    """The extras of one parcel."""

    opportunity: int = 0
    markdown: int = 0  # taken off
    late: int = 0

    @property
    def total(self) -> int:
        """All together."""
        return self.opportunity - self.markdown + self.late


NO_SUMS = Sums()


class Extras(dict[str, Extra]):
    """The extras of a demand, by location; each is found out when it is first asked for."""

    def __init__(self, order: Order, skus: Mapping[int, str], rates: Rates, context: Context) -> None:
        super().__init__()
        self.order = order
        self.skus = skus
        self.rates = rates
        self.context = context
        self.places = {number: place for place, number in enumerate(skus)}
        self.prices = [context.facts.opportunity.get(sku, {}) for sku in skus.values()]
        self.due_s = _due_s(order, skus)
        is_timed = rates.late is not None and context.facts.timetables.is_known
        self.is_due = is_timed and any(due is not None for due in self.due_s)
        self.is_any = self.is_due or bool(rates.markdown) or any(self.prices)
        self.arrivals: dict[tuple[str, str, int, int, str], int | None] = {}

    def __missing__(self, location: str) -> Extra:
        found = self._of(location) if self.is_any else NOTHING
        self[location] = found
        return found

    def _of(self, location: str) -> Extra:
        losses = self.rates.markdown.get(location) or self.rates.markdown.get(ANY, {})
        extra = Extra(
            _any(prices.get(location, 0) for prices in self.prices),
            _any(losses.get(sku, losses.get(ANY, 0)) * MILLS for sku in self.skus.values()) if losses else (),
            _any(self._days_late(self.context.facts.locations[location])) if self.is_due else (),
        )
        return extra if any(extra) else NOTHING

    def _days_late(self, location: Location) -> list[int]:
        """For each line how many days, begun ones counted, what is sent from there arrives after it was promised."""
        timing = self.context.facts.timetables.timing
        transit = timing.transit.get(self.order.ship_method)
        own = location.id if transit is not None and location.id in transit.origins else ""
        key = (location.calendar, location.time_zone, location.handling_days, location.handling_s, own)
        if key not in self.arrivals:
            self.arrivals[key] = self._arrives_s(location)
        at_s = self.arrivals[key]
        if at_s is None:
            return [0 if due is None else NEVER_DAYS for due in self.due_s]
        return [0 if due is None else max(0, -(-(at_s - due) // DAY_S)) for due in self.due_s]

    def _arrives_s(self, location: Location) -> int | None:
        """When what is sent from there now arrives; when it leaves, where nobody knows how long it is under way."""
        made = promised(location, self.order, self.context.facts, self.context.now_s)
        if made is None:
            return None
        return made.ship_by_s if made.deliver_by_s is None else made.deliver_by_s

    def sums(self, location: str, units: Demand) -> Sums:
        """The extras of a parcel of these units."""
        extra = self[location]
        if extra is NOTHING:
            return NO_SUMS
        return Sums(
            self._summed(extra.opportunity, units),
            self._summed(extra.markdown, units),
            self._late(extra.days_late, units),
        )

    def _summed(self, figures: tuple[int, ...], units: Demand) -> int:
        return sum(figures[self.places[number]] * count for number, count in units.items()) if figures else 0

    def _late(self, days: tuple[int, ...], units: Demand) -> int:
        terms, count = self.rates.late, self._summed(days, units)
        if terms is None or not count:
            return 0
        return (terms.parcel_minor + terms.unit_day_minor * count) * MILLS


def _any(figures: Iterable[int]) -> tuple[int, ...]:
    """These figures; nothing, if all are 0."""
    found = tuple(figures)
    return found if any(found) else ()


def _due_s(order: Order, skus: Mapping[int, str]) -> tuple[int | None, ...]:
    """By when each line was to arrive: as its channel has said, else as it was promised when it was allocated first."""
    if order.promised_at_s is not None:
        return (order.promised_at_s,) * len(skus)
    return tuple(order.lines[number - 1].deliver_by_s for number in skus)
