"""Parcels: from a plan in counts of units to the units themselves, and back."""

from collections.abc import Iterable
from typing import Protocol

from segue.core.base import Because
from segue.core.bundle_parcels import Numbered, numbered
from segue.core.bundle_units import in_stock
from segue.core.context import Context
from segue.core.order import Order
from segue.core.schedule import by_date
from segue.core.sourcing import Demand, Parcel, Plan
from segue.core.tally import Units, lowest, minus, size

Given = tuple[str, str, dict[int, Units]]  # a fulfillment, its location, its units


class GivingBack(Protocol):
    """An event by which units of a fulfillment give their stock back."""

    @property
    def fulfillment(self) -> str:
        """Which one."""
        ...

    @property
    def units(self) -> dict[int, Units]:
        """The units by line."""
        ...


def freed_by(order: Order, dropped: Iterable[GivingBack]) -> dict[tuple[str, str], int]:
    """The stock that dropped reservations give back, by (SKU, location)."""
    freed: dict[tuple[str, str], int] = {}
    for event in dropped:
        given = order.fulfillments[event.fulfillment]
        for sku, count in in_stock(order, event.units, given.packed):
            key = (sku, given.location)
            freed[key] = freed.get(key, 0) + count
    return freed


def demand_of(waiting: dict[int, Units]) -> Demand:
    """How many units these are, by line."""
    return {number: size(units) for number, units in waiting.items()}


def parcels_of(
    order: Order, made: Plan, waiting: dict[int, Units], context: Context, before: int = 0
) -> list[tuple[Given, Because, int | None, str, dict[str, Units]]]:
    """The parcels of a plan with unit numbers; why, the day of a limited location, to which store, what is ready packed."""
    parcels = []
    found = numbered(order, made.parcels, waiting) if order.bundles else _lowest(made, waiting)
    pairs: Iterable[tuple[Parcel, Numbered]] = zip(made.parcels, found, strict=True)
    if order.dated:
        pairs = [(parcel, each) for parcel, (units, packed) in pairs for each in by_date(order, units, packed)]
    for position, (parcel, (units, packed)) in enumerate(pairs, len(order.fulfillments) + before + 1):
        place = parcel.location
        day = place.day_of(context.now_s) if place.capacity is not None else None
        given = (f"F{position}", place.id, units)
        parcels.append((given, parcel.because or made.because, day, parcel.to, packed))
    return parcels


def _lowest(made: Plan, waiting: dict[int, Units]) -> list[Numbered]:
    """The units of each parcel of an order without bundles, the lowest first."""
    left = dict(waiting)
    found: list[Numbered] = []
    for parcel in made.parcels:
        units = {}
        for number, count in parcel.units.items():
            units[number] = lowest(left[number], count)
            left[number] = minus(left[number], units[number])
        found.append((units, {}))
    return found
