"""Outcomes: what the choices of locations came to in a world, and which orders differ between two."""

from collections.abc import Iterable, Mapping

from segue.core.base import Because, Value
from segue.core.lanes import charged, lanes
from segue.core.order import Fulfillment, Order, units_in
from segue.core.rates import Rates
from segue.core.sourcing import FAR_KM, distance_between
from segue.core.tally import size
from segue.engine.backtest.history import Catalog
from segue.engine.backtest.world import Made, World


class Sent(Value):
    """What one location gives of an order in one parcel."""

    location: str
    units: dict[str, int]  # by SKU
    at_s: int  # when it was chosen
    cost_mills: int | None = None  # None: the shop has no rates
    distance_km: float | None = None  # None: one of the places is not known
    deliver_by_s: int | None = None
    because: Because | None = None


class Result(Value):
    """What became of one order."""

    sent: tuple[Sent, ...] = ()
    waiting: int = 0  # units that wait for stock at the end
    backordered: int = 0  # how often units found no location
    because: Because | None = None  # why units found none, the last time
    is_late: bool | None = None  # None: nothing was promised

    @property
    def places(self) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
        """What goes from where, to compare."""
        return tuple(sorted((each.location, tuple(sorted(each.units.items()))) for each in self.sent))


class Figures(Value):
    """What became of all orders."""

    orders: int = 0
    parcels: int = 0
    units: int = 0
    cost_mills: int | None = None
    distance_km: float = 0.0  # of all parcels whose places are known
    promised: int = 0  # orders to which a date was promised
    late: int = 0  # orders whose goods would arrive after it
    backordered: int = 0  # orders of which units found no location at once
    waiting_units: int = 0  # that still wait at the end


class Difference(Value):
    """An order for which another strategy would have chosen otherwise."""

    order: str
    was: Result
    would_be: Result


def promised_to(order: Order) -> int | None:
    """When an order was to arrive, as its channel or the first allocation said."""
    dates = [line.deliver_by_s for line in order.lines if line.deliver_by_s is not None]
    return order.promised_at_s if order.promised_at_s is not None else max(dates, default=None)


def result_of(world: World, name: str, promised_s: int | None, end_s: int) -> Result:
    """What became of an order in a world, since the beginning of the period until an instant."""
    order, told = world.orders[name], world.told[name]
    sent = tuple(_sent(world, order, each, made) for each, made in _parcels(order, told.made))
    waiting = sum(size(units) for units in units_in(order, "backordered").values())
    is_late = None
    if promised_s is not None:
        arrivals = [each.at_s if each.deliver_by_s is None else each.deliver_by_s for each in sent]
        is_late = max((*arrivals, end_s if waiting else 0)) > promised_s
    because = told.backordered[-1] if told.backordered else None
    return Result(sent, waiting, len(told.backordered), because, is_late)


def _parcels(order: Order, made: Mapping[str, Made]) -> list[tuple[Fulfillment, Made]]:
    """Those that were made in the period and have units. What was released in pieces is one parcel again."""
    found: dict[str, list[Fulfillment]] = {}
    for name, each in order.fulfillments.items():
        whole = name if name in made else next((n for n in found if found[n][0].location == each.location), "")
        if each.units and whole:
            found.setdefault(whole, []).append(each)
    return [(_joined(pieces), made[name]) for name, pieces in found.items()]


def _joined(pieces: list[Fulfillment]) -> Fulfillment:
    units = {number: held for piece in pieces for number, held in piece.units.items()}
    for number in units:
        units[number] = tuple(sorted(span for piece in pieces for span in piece.units.get(number, ())))
    first = pieces[0]
    return Fulfillment(first.location, units, first.released_at_s, first.day, first.promised)


def _sent(world: World, order: Order, parcel: Fulfillment, made: Made) -> Sent:
    units: dict[str, int] = {}
    for number, held in parcel.units.items():
        sku = order.lines[number - 1].sku
        units[sku] = units.get(sku, 0) + size(held)
    place = world.rules.locations.get(parcel.location)
    away_km = distance_between(place, order.ship_to) if place else FAR_KM
    rates = world.rules.price_list.rates
    return Sent(
        parcel.location,
        units,
        made.at_s,
        cost_mills(rates, world.ledger.catalog, order, parcel.location, units) if rates else None,
        away_km if away_km < FAR_KM else None,
        parcel.promised.deliver_by_s if parcel.promised else None,
        made.because,
    )


def cost_mills(rates: Rates, catalog: Catalog, order: Order, location: str, units: Mapping[str, int]) -> int:
    """What a parcel costs by the shop's rates: carriage by weight and zone, and handling."""
    items = catalog(frozenset(units))
    ways = lanes(rates, order.ship_to, order.ship_method)
    grams = volume_cm3 = 0
    for sku, count in units.items():
        item = items[sku]
        grams += count * ((item.weight_g if item else 0) or rates.weight_g)
        volume_cm3 += count * (item.volume_cm3 if item else 0)
    handling = ways[location].parcel_mills + ways[location].unit_mills * sum(units.values())
    return charged(ways, location, grams, volume_cm3).mills + handling


def figures_of(results: Iterable[Result]) -> Figures:
    """The sum of many results."""
    every = list(results)
    sent = [each for result in every for each in result.sent]
    costs = [each.cost_mills for each in sent if each.cost_mills is not None]
    return Figures(
        orders=len(every),
        parcels=len(sent),
        units=sum(sum(each.units.values()) for each in sent),
        cost_mills=sum(costs) if len(costs) == len(sent) and sent else None,
        distance_km=round(sum(each.distance_km or 0.0 for each in sent), 1),
        promised=sum(each.is_late is not None for each in every),
        late=sum(bool(each.is_late) for each in every),
        backordered=sum(bool(each.backordered) for each in every),
        waiting_units=sum(each.waiting for each in every),
    )
