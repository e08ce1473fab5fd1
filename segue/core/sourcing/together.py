"""Together: the algorithm `wave`. What is planned for an order together with others that want the same stock.

The plan comes from outside, as a fact, and is taken only as far as the rules go: a plan that they do not allow, or for which
too little is left, gives way to the order's own cheapest. So does one that no wave has been made for.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import json
from msgspec.structs import replace

from segue.core.amounts import decimal
from segue.core.base import Because, NeedFacts
from segue.core.facts import Facts
from segue.core.lanes import MILLS
from segue.core.rates import Rates
from segue.core.sourcing.cheapest import by_cost
from segue.core.sourcing.extras import Extras
from segue.core.sourcing.goods import Demand, Parcel, Plan, Room, may_serve
from segue.core.sourcing.taking import Ask, Made, split_refusal
from segue.core.waves import Proposal, Wish

ALONE = "exact, as no other order was planned with it"
LATE_BY_UNIT = "exact, as some of it would be late in another way than the rest"
KEPT = "exact, as it keeps stock from others already"
NOT_FOR_WAVES = "exact, as its rules say how parcels are divided or what ships complete"


def by_wave(ask: Ask) -> Made:
    """The plan of the wave, if there is one and it may be used; else the cheapest. Raises NeedFacts for the plan."""
    if ask.context.facts.price_list.rates is None:
        return by_cost(ask)
    if ask.strategy.divide or ask.goods.whole or ask.goods.kits:
        return _noted(by_cost(ask), NOT_FOR_WAVES)
    late = _late_mills(ask, ask.context.facts.price_list.rates)
    if _is_its_own(ask) or late is None:
        return _noted(by_cost(ask), KEPT if late is not None else LATE_BY_UNIT)
    proposal = proposed(ask.context.facts, wish_of(ask, late))
    alone = by_cost(ask)
    if proposal is None or alone.bills is None:
        return _noted(alone, ALONE)
    plan = _plan_of(ask, proposal)
    if isinstance(plan, str):
        return _noted(alone, f"exact, as the wave's plan cannot be used: {plan}")
    gap = f"{proposal.gap_ppm / 10_000:.2f} %"
    figures = {"wave": {"id": proposal.wave, "orders": proposal.orders, "gap": gap}}
    if _sources(plan) == _sources(alone.plan):
        return replace(alone, figures=figures)
    currency = ask.context.facts.price_list.currency or ask.order.currency
    return _otherwise(alone, plan, figures, currency)


def _noted(made: Made, note: str) -> Made:
    return replace(made, figures={"algorithm": note} | made.figures)


def proposed(facts: Facts, wish: Wish) -> Proposal | None:
    """What is planned for an order together with others; None if it is planned alone."""
    key = json.encode(wish).decode()
    if key not in facts.proposals:
        raise NeedFacts("proposal", frozenset((key,)))
    return facts.proposals[key]


def _late_mills(ask: Ask, rates: Rates) -> dict[str, int] | None:
    """What each location's parcels cost more because they would be late; None if that depends on what is in them."""
    extras = Extras(ask.order, ask.goods.skus, rates, ask.context)
    if rates.late is None or not extras.is_due:
        return {}
    late = {each.id: extras[each.id].days_late for each in ask.candidates if extras[each.id].days_late}
    if late and (rates.late.unit_day_minor or not all(map(all, late.values()))):
        return None
    return dict.fromkeys(late, rates.late.parcel_minor * MILLS)


def wish_of(ask: Ask, late_mills: dict[str, int]) -> Wish:
    """What the order wants, and which locations that have some of it may not send it, or only what no other has."""
    order, goods = ask.order, ask.goods
    units: dict[str, int] = {}
    for number, count in goods.wanted.items():
        units[goods.skus[number]] = units.get(goods.skus[number], 0) + count
    may = {
        each.id
        for each in ask.candidates
        if each.id not in goods.strained and any(_serves(ask, number, each.id) for number in goods.wanted)
    }
    barred = {place for held in goods.free.values() for place, free in held.items() if free > 0} - may
    return Wish(order.id, order.ship_to, order.ship_method, units, order.channel, tuple(sorted(barred)), late_mills)


def _is_its_own(ask: Ask) -> bool:
    """Whether what is free for the order is more, or less, than what is free for others: it has taken, or gives back."""
    free = ask.goods.free
    known = ask.context.facts.free(frozenset(free), ask.order.channel)
    return any(held[place] != known[sku].get(place, 0) for sku, held in free.items() for place in held)


def _serves(ask: Ask, number: int, place: str) -> bool:
    return (number, place) not in ask.goods.barred and may_serve(ask.order.lines[number - 1], place)


def _plan_of(ask: Ask, proposal: Proposal) -> Plan | str:
    """What is proposed, by line; or why it cannot be."""
    places = {each.id: each for each in ask.candidates}
    left, free = dict(ask.goods.wanted), {sku: dict(held) for sku, held in ask.goods.free.items()}
    rooms, parcels = dict(ask.goods.rooms), list[Parcel]()
    for place, units in proposal.parcels:
        if place not in places:
            return f"{place} may not serve the order any more"
        given = _given(ask, place, units, left)
        if given is None:
            return f"not all of these lines may come from {place}"
        if any(free[sku].get(place, 0) < count for sku, count in units.items()):
            return f"too little is left at {place}"
        if not _fits(given, rooms.get(place, Room())):
            return f"the day of {place} has no room left"
        for sku, count in units.items():
            free[sku][place] -= count
        left = {number: rest for number, count in left.items() if (rest := count - given.get(number, 0))}
        rooms = _after(rooms, place, given)
        parcels.append(Parcel(places[place], given))
    plan = Plan(tuple(parcels), left, Because("cost"))
    if left and ask.goods.strained:
        return "some of it only those locations have that are asked last"
    return split_refusal(plan, ask) or plan


def _given(ask: Ask, place: str, units: Mapping[str, int], left: Demand) -> Demand | None:
    """The units of each line that these are; None if lines that may come from there do not want so many."""
    given: Demand = {}
    rest = dict(units)
    for number, count in left.items():
        sku = ask.goods.skus[number]
        taken = min(count, rest.get(sku, 0)) if _serves(ask, number, place) else 0
        if taken:
            given[number] = taken
            rest[sku] -= taken
    return None if any(rest.values()) else given


def _fits(units: Demand, room: Room) -> bool:
    return room.orders > 0 and len(units) <= room.lines and sum(units.values()) <= room.units


def _after(rooms: dict[str, Room], place: str, units: Demand) -> dict[str, Room]:
    if place not in rooms:
        return rooms
    room = rooms[place]
    return rooms | {place: Room(room.orders, room.lines - len(units), room.units - sum(units.values()))}


def _sources(plan: Plan) -> list[tuple[str, list[tuple[int, int]]]]:
    return sorted((parcel.location.id, sorted(parcel.units.items())) for parcel in plan.parcels)


def _otherwise(alone: Made, plan: Plan, figures: dict[str, Any], currency: str) -> Made:
    """The wave's plan, with the reason of the order's own, from which it differs."""
    why, bills = alone.because, alone.bills
    assert why is not None, "the cheapest plan has its reason"
    assert bills is not None, "and its costs"

    def because(tried: dict[str, Any] | None) -> Because:
        own, parcels = why(tried), bills(plan)
        chosen: dict[str, int] = {}
        for parcel in plan.parcels:
            chosen[parcel.location.id] = chosen.get(parcel.location.id, 0) + sum(parcel.units.values())
        cost, least = sum(parcel["total_mills"] for parcel in parcels), int(own.figures.get("cost_mills", 0))
        cheaper = f", {decimal((cost - least) // MILLS, currency)} {currency} cheaper" if cost > least else ""
        given_up = {
            parcel.location.id: f"in the cheapest plan of this order alone{cheaper}; others of the wave need it more"
            for parcel in alone.plan.parcels
            if parcel.location.id not in chosen
        }
        told = {"chosen": chosen, "cost_mills": cost, "parcels": parcels, "alone_mills": least}
        passed = {place: text for place, text in own.passed_over.items() if place not in chosen}
        return replace(own, figures=own.figures | told, passed_over=given_up | passed)

    return replace(alone, plan=plan, because=because, figures=figures)
