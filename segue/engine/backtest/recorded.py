"""Recorded: what a choice looked at that no ledger has, as its reason tells it: the plan of a wave, and prices of units."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from msgspec.structs import replace

from segue.core.allocate import UnitsAllocated, UnitsReserved
from segue.core.base import Event
from segue.core.opportunity import Prices
from segue.core.order import Order
from segue.core.sourcing.ahead import NO_PRICES
from segue.core.tally import size
from segue.core.waves import Proposal
from segue.engine.backtest.ledger import Ledger
from segue.ports import Loaded, Needs

AS_OF = "as of %Y-%m-%d %H:%M UTC"  # how reasons tell from when prices are


class Seen(NamedTuple):
    """What a choice knew from planning."""

    proposal: Proposal | None = None
    prices: dict[str, Prices] | None = None  # by SKU, of none {}; None: the choice says nothing of prices


class Shelf:
    """A ledger, and the prices of units as a choice has them on record."""

    def __init__(self, ledger: Ledger, prices: dict[str, Prices]) -> None:
        self.ledger, self.prices = ledger, prices

    def load(self, needs: Needs) -> Loaded:
        """What a decision may look at."""
        return replace(self.ledger.load(needs), prices={sku: self.prices.get(sku) for sku in needs.prices})


def seen(order: Order, events: Sequence[Event]) -> Seen:
    """What is on record with the events of a choice."""
    return Seen(proposal_of(order, events), prices_of(order, events))


def proposal_of(order: Order, events: Sequence[Event]) -> Proposal | None:
    """What a wave had for an order, as its choice tells it: the reason names the wave, the parcels are what it had."""
    told = [(event, event.because.figures) for event in events if event.because]
    of_wave = [event for event, figures in told if "wave" in figures]
    waves = [figures[key] for _, figures in told for key in ("wave", "nothing_of_wave") if key in figures]
    if not waves:
        return None
    wave = waves[0]
    gap_ppm = round(float(wave["gap"].removesuffix(" %")) * 10_000)
    parcels = []
    for event in of_wave:
        if isinstance(event, UnitsAllocated | UnitsReserved):
            units: dict[str, int] = {}
            for number, held in event.units.items():
                sku = order.lines[number - 1].sku
                units[sku] = units.get(sku, 0) + size(held)
            parcels.append((event.location, units))
    return Proposal(wave["id"], wave["orders"], gap_ppm, tuple(parcels))


def prices_of(order: Order, events: Sequence[Event]) -> dict[str, Prices] | None:
    """What units were worth, as a choice tells it: {} if nothing was known of that, None if it says nothing of it.

    Of other locations than those that the choice had before it nothing is on record.
    """
    told = [event.because.figures for event in events if event.because]
    worth = [figures["opportunity"] for figures in told if "opportunity" in figures]
    if not worth:
        was_unknown = any(str(figures.get("algorithm", "")).startswith(NO_PRICES) for figures in told)
        return {} if was_unknown else None
    at_s = next((_at_s(figures["prices"]) for figures in told if "prices" in figures), 0)
    found: dict[str, dict[str, int]] = {line.sku: {} for line in order.lines}
    for figures in worth:
        for sku, mills in figures.items():
            found[sku] |= mills
    return {sku: Prices(at_s, mills) for sku, mills in found.items()}


def _at_s(told: str) -> int:
    return int(datetime.strptime(told, AS_OF).replace(tzinfo=UTC).timestamp())
