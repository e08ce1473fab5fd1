"""Sooner: why a promise is not better than it is: for each parcel the smallest change with which it would be."""

from collections.abc import Iterator, Mapping
from itertools import islice

from msgspec.structs import replace

from segue.core.base import Value
from segue.core.calendar import Promised
from segue.core.context import Context
from segue.core.delivery import missed_s, promised
from segue.core.facts import StockMove
from segue.core.imagined import imagined
from segue.core.order import Order
from segue.core.promise import Promise, promise

NEVER_S = 2**53
PLACES_MAX = 50  # whose safety stock of a SKU is looked at
Withheld = Mapping[tuple[str, str], int]  # units of a SKU at a location that are there and never promised


class Sooner(Value):
    """One small change with which units would leave, or arrive, sooner."""

    change: str  # cut_off: had it come in earlier; supply: were it here already; safety_stock: were it promised
    location: str
    at_s: int | None = None  # before when it would have had to come in; when the supply is there
    promised: Promised | None = None  # what it would be then
    sku: str = ""
    units: int = 0  # of the safety stock that it would take
    supplies: tuple[str, ...] = ()  # what it waits for


def sooner(order: Order, made: Promise, context: Context, withheld: Withheld, now_s: int) -> tuple[Sooner, ...]:
    """What keeps each parcel of a promise that is made now from being here sooner. `withheld` stock is never promised."""
    return (*_by_time(order, made, context, made.at_s - now_s), *_by_stock(order, made, context, withheld))


def _by_time(order: Order, made: Promise, context: Context, pause_s: int) -> Iterator[Sooner]:
    for source in made.sources:
        location = context.facts.locations[source.location]
        if source.supplies:
            yield Sooner("supply", source.location, source.at_s, supplies=source.supplies)
        elif (before_s := missed_s(location, context.facts, source.at_s)) is not None:
            then = promised(location, order, context.facts, before_s - 1)
            yield Sooner("cut_off", source.location, before_s - pause_s, then)


def _by_stock(order: Order, made: Promise, context: Context, withheld: Withheld) -> Iterator[Sooner]:
    """Each stock that is held back, if with it some of its SKU would be promised sooner. Of many places only a few."""
    context = replace(context, explains=False)
    for sku in dict.fromkeys(line.sku for line in order.lines):
        here = {key: units for key, units in sorted(withheld.items()) if key[0] == sku and units > 0}
        all_of_it = imagined(context.facts, [StockMove(*key, units, 0, "safety stock") for key, units in here.items()])
        lines = [line.number for line in order.lines if line.sku == sku]
        best = promise(order, replace(context, facts=all_of_it)) if here else made
        if _last(best, lines) < _last(made, lines):
            yield from _each(order, made, context, dict(islice(here.items(), PLACES_MAX)), lines)


def _each(order: Order, made: Promise, context: Context, here: Withheld, lines: list[int]) -> Iterator[Sooner]:
    """Each of these stocks by itself."""
    for (sku, name), units in here.items():
        facts = imagined(context.facts, [StockMove(sku, name, units, 0, "safety stock")])
        other = promise(order, replace(context, facts=facts))
        if _last(other, lines) >= _last(made, lines):
            continue
        taken = sum(
            source.units.get(number, 0) for source in other.sources for number in lines if source.location == name
        )
        free = max(0, context.facts.free(frozenset((sku,)), order.channel)[sku].get(name, 0))
        there = next((source.promised for source in other.sources if source.location == name), None)
        yield Sooner("safety_stock", name, promised=there, sku=sku, units=taken - free)


def _last(made: Promise, lines: list[int]) -> tuple[int, int]:
    """How many units of some lines are missing, and when the last of the others is here."""
    missing = sum(made.missing.get(number, 0) for number in lines)
    dates = [_date(source.promised, source.at_s) for source in made.sources if any(n in source.units for n in lines)]
    return missing, max(dates, default=NEVER_S)


def _date(dates: Promised | None, at_s: int) -> int:
    if dates is None:
        return at_s
    return dates.ship_by_s if dates.deliver_by_s is None else dates.deliver_by_s
