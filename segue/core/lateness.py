"""Lateness: by when an order was to leave and to arrive, and which of its units come later than that."""

from segue.core.order import Fulfillment, Order, units_in
from segue.core.tally import AWAITING, Units, common, size, union

AT_THE_LOCATION = ("allocated", "released")
COMING = (*AT_THE_LOCATION, "in_transit", "ready", "shipped")


def ship_by(order: Order) -> int | None:
    """By when the first of the parcels that have not left yet was to leave."""
    dated = [made for made in order.fulfillments.values() if made.promised is not None]
    if not dated:
        return None
    there = units_in(order, *AT_THE_LOCATION)
    return min((made.promised.ship_by_s for made in dated if made.promised and _of(made, there)), default=None)


def promised_at(order: Order) -> int | None:
    """When all of an order was to arrive: as its channel has said, else as it was allocated first."""
    if order.promised_at_s is not None:
        return order.promised_at_s
    return max((line.deliver_by_s for line in order.lines if line.deliver_by_s is not None), default=None)


def expected_at(order: Order) -> int | None:
    """When the last of the units that wait for stock is to be had; None while nobody knows."""
    waiting = units_in(order, *AWAITING)
    dates = [known.due_s if (known := order.expected.get(number)) else None for number in waiting]
    return None if None in dates else max((at_s for at_s in dates if at_s is not None), default=None)


def supply_at(order: Order) -> int | None:
    """When the first supply that units wait for is expected; None if they wait for none."""
    known = (order.expected.get(number) for number in units_in(order, *AWAITING))
    return min((awaited.at_s for each in known if each for awaited in each.awaited), default=None)


def late_units(order: Order) -> int:
    """How many of the units that are still to arrive left later than promised, or will arrive later."""
    dated = {name: made for name, made in order.fulfillments.items() if made.promised is not None}
    if not dated:
        return 0
    coming = units_in(order, *COMING)
    late: dict[int, Units] = {}
    for made in dated.values():
        for number, units in _of(made, coming).items():
            if _comes_late(order, made, number):
                late[number] = union(late.get(number, ()), units)
    for shipment in order.shipments.values():
        parted = dated.get(shipment.fulfillment)
        if parted and parted.promised and shipment.shipped_at_s > parted.promised.ship_by_s:
            for number, units in shipment.units.items():
                late[number] = union(late.get(number, ()), common(units, coming.get(number, ())))
    return sum(map(size, late.values()))


def _of(made: Fulfillment, units: dict[int, Units]) -> dict[int, Units]:
    """Those of some units that a fulfillment has."""
    return {n: here for n, held in made.units.items() if (here := common(held, units.get(n, ())))}


def _comes_late(order: Order, made: Fulfillment, number: int) -> bool:
    """Whether a fulfillment will arrive after what was promised of a line."""
    date = order.promised_at_s if order.promised_at_s is not None else order.lines[number - 1].deliver_by_s
    arrives = made.promised.deliver_by_s if made.promised else None
    return date is not None and arrives is not None and arrives > date
