"""Words: amounts, units, places and moments, as a customer-service agent reads them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, tzinfo
from typing import NamedTuple

from segue.core.amounts import money
from segue.core.facts import Location
from segue.core.moments import moment
from segue.core.order import Order
from segue.core.tally import Units, size


class Tale(NamedTuple):
    """What a sentence may look at: the order at that point of its story, and the shop's locations."""

    order: Order
    locations: Mapping[str, Location]
    asked: Mapping[str, str] = {}  # the workflow's reactions so far, and the command that each gives
    zone: tzinfo = UTC  # the shop's

    def doing(self, reactions: Iterable[str]) -> str:
        """What some reactions do: `allocate and release`."""
        return listed(dict.fromkeys(plain(self.asked.get(reaction, reaction)) for reaction in reactions))

    def moment(self, at_s: int) -> str:
        """An instant in the shop's time: `2026-11-22 21:10 EST`."""
        return moment(at_s, self.zone)

    def money(self, amount_minor: int) -> str:
        """An amount with its currency: `34.99 USD`."""
        return money(amount_minor, self.order.currency)

    def units(self, units: Mapping[int, Units]) -> str:
        """Some units of some lines: `2 of line 1 (SHIRT) and 1 of line 2 (CAP)`."""
        return self.counts({number: size(ranges) for number, ranges in units.items()})

    def counts(self, counts: Mapping[int, int]) -> str:
        """The same, where only their numbers are known."""
        return listed(f"{count} of line {n} ({self.order.lines[n - 1].sku})" for n, count in counts.items())

    def place(self, location: str) -> str:
        """A location with its name, where it has one: `Dallas warehouse (DAL)`."""
        known = self.locations.get(location)
        return f"{known.name} ({location})" if known and known.name else location or "an unknown place"

    def tender(self, name: str) -> str:
        """A tender by what the customer calls it: `card (P1)`."""
        return f"{self.order.tenders[name].method} ({name})"

    def hold(self, name: str) -> str:
        """A hold by its name, and the line that it is on."""
        kind, _, line = name.partition(":")
        return f"{plain(kind)} on line {line}" if line else plain(kind)


def listed(items: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`; `nothing` if there is none."""
    *most, last = list(items) or ["nothing"]
    return f"{', '.join(most)} and {last}" if most else last


def plain(name: str) -> str:
    """A name of the workflow as words: `waiting_for_stock` is `waiting for stock`."""
    return name.replace("_", " ")


def because(reason: str) -> str:
    """A reason behind a colon, where there is one."""
    return f": {reason}" if reason else ""
