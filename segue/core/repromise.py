"""Repromise: when units that wait for stock are to be had, worked out anew as soon as what is on its way changes.

An order watches the supply of what it waits for. If that slips, shrinks, is split or canceled, the order is woken, sees
what it is to have now, and says so if a date has changed: sooner or as late by StockExpected, later by StockDelayed.
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from segue.core.allocate import allocated_now
from segue.core.arriving import Source, applied, expected, later
from segue.core.base import Because, Command, Event
from segue.core.calendar import Promised
from segue.core.context import Context
from segue.core.expected import Awaited, Expected, is_later
from segue.core.facts import Facts
from segue.core.imagined import imagined
from segue.core.order import Order, units_in
from segue.core.street_dates import day_of, waiting_lines
from segue.core.supply import Inbound
from segue.core.tally import AWAITING, Units, size


class Repromise(Command):
    """Work out anew when the units that wait for stock are to be had."""


class StockExpected(Event):
    """What brings units that wait for stock is known, or is another supply now; none of them comes later for it."""

    lines: dict[int, Expected]


class StockDelayed(Event):
    """Units that wait for stock are to be had later than it was said, or nobody expects them any more."""

    lines: dict[int, Expected]
    before_s: dict[int, int]  # by line: when it was to be had


def repromise(order: Order, command: Repromise, context: Context) -> list[Event]:
    """Nothing has changed, or nothing waits: nothing happens."""
    return dates_changed(order, context)


def dates_changed(order: Order, context: Context) -> list[Event]:
    """What of the dates of waiting units is another one than the order has on record."""
    skus = frozenset(order.lines[number - 1].sku for number in units_in(order, *AWAITING))
    if not skus:
        return []
    inbound = context.facts.inbound(skus)
    if not order.expected and not any(inbound.values()):
        return []
    known: dict[int, Expected] = {}
    delayed: dict[int, Expected] = {}
    for number, found in outlook(order, context).items():
        before = order.expected.get(number, Expected())
        if found.arrivals == before.arrivals and bool(found.missing) == bool(before.missing):
            continue
        if is_later(found.due_s, before.due_s) and not _is_for_the_day(found):
            delayed[number] = found
        elif found.arrivals or number in order.expected:
            known[number] = found
    if (known or delayed) and order.expected and _is_too_soon(order, context):
        known, delayed = {number: found for number, found in known.items() if number not in order.expected}, {}
    events: list[Event] = [StockExpected(known)] if known else []
    if delayed:
        before_s = {number: due_s for number in delayed if (due_s := order.expected[number].due_s) is not None}
        events.append(StockDelayed(delayed, before_s, because=_reason(order, delayed, inbound)))
    return events


def _is_for_the_day(found: Expected) -> bool:
    """Whether units wait for nothing but their street date: who moves that says so, and no supply is late."""
    return not found.missing and not any(each.supplies for each in found.awaited)


def _is_too_soon(order: Order, context: Context) -> bool:
    """Whether supply that an order was told of was moved lately, and nothing is said until it was quiet for a while."""
    quiet_s = context.workflow.quiet_s
    since_s = context.facts.supply_moved_at(order.id) if quiet_s else None
    return since_s is not None and context.now_s < since_s + quiet_s


def outlook(order: Order, context: Context) -> dict[int, Expected]:
    """By line, what the units that wait for stock are to have, but for those that could have free stock now."""
    then = replace(context, facts=imagined(context.facts))
    order = applied(order, _allocated(order, context), then)
    awaiting, wanted = units_in(order, *AWAITING), _wanted(order)
    sources, _ = later(order, then, expected(order, then), _allocated)
    return {number: _expected(number, wanted[number], sources, context.facts) for number in awaiting}


def _allocated(order: Order, context: Context) -> list[Event]:
    """Holds do not matter: what is expected for units that they keep waiting is expected all the same."""
    waiting = _wanted(order)
    return allocated_now(order, waiting, context) if waiting else []


def _wanted(order: Order) -> dict[int, Units]:
    """The units that wait for stock, and those of dated lines for which stock is set aside until their day."""
    wanted = units_in(order, *AWAITING)
    if dated := {line.number for line in waiting_lines(order)}:
        held = units_in(order, *AWAITING, "reserved")
        wanted = {number: units for number, units in held.items() if number in wanted or number in dated}
    return wanted


def _expected(number: int, units: Units, sources: Iterable[Source], facts: Facts) -> Expected:
    mine = [source for source in sources if number in source.units]
    awaited = tuple(Awaited(each.at_s, each.location, each.units[number], each.supplies) for each in mine)
    missing = size(units) - sum(each.units for each in awaited)
    dated = [(each.promised, each.location) for each in mine if each.promised]
    promised, location = max(dated, key=lambda each: _arrives_s(each[0]), default=(None, ""))
    found = Expected(awaited, missing, promised)
    if found.due_s is None:
        return found
    is_morning = promised is None  # a street date, and a supply, come with their day; a promise ends with its own
    zone = facts.locations[location or awaited[-1].location].time_zone
    return replace(found, day=day_of(found.due_s + is_morning, zone, facts))


def _arrives_s(made: Promised) -> tuple[int, int]:
    return (made.deliver_by_s or made.ship_by_s, made.ship_by_s)


def _reason(order: Order, delayed: Mapping[int, Expected], inbound: Mapping[str, Inbound]) -> Because:
    """The supplies that it waited for and that come at another time, or not at all; or less of them is left for it."""
    figures: dict[str, dict[str, int | str]] = {}
    for number in delayed:
        now: dict[str, list[int]] = {}
        for at_s, _, _, reference in inbound[order.lines[number - 1].sku]:
            now.setdefault(reference, []).append(at_s)
        before = order.expected[number].awaited
        if not any(each.supplies for each in before):  # it waited for its street date only
            figures |= {name: {"now_at_s": each.at_s} for each in delayed[number].awaited for name in each.supplies}
        for each in before:
            for reference in each.supplies:
                if each.at_s not in now.get(reference, ()):
                    then: dict[str, int | str] = (
                        {"now_at_s": max(now[reference])} if reference in now else {"now": "not expected any more"}
                    )
                    figures[reference] = {"was_at_s": each.at_s, **then}
    return Because("supply_changed", dict(figures)) if figures else Because("less_is_left_for_it")


def evolve_expected(order: Order, event: StockExpected | StockDelayed, at_s: int) -> Order:
    """The order knows what it is to have; what was said of other lines stays. The date that is said first is remembered."""
    said = {number: known.due_s for number, known in event.lines.items() if known.due_s is not None}
    return replace(order, expected=order.expected | event.lines, agreed=said | order.agreed)


DECISIONS = {Repromise: repromise}
EVOLUTIONS = {StockExpected: evolve_expected, StockDelayed: evolve_expected}
