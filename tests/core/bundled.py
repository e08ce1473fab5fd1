"""Bundles for the tests: a draft that was made into parts, and what an order with them must never be."""

from collections import Counter
from typing import Any

from segue.core.bundles import Bundle, Rules
from segue.core.draft import Draft, DraftLine
from segue.core.order import Order
from segue.core.tally import core_state, numbers
from tests.core.shop import draft, sold

WAITING = ("new", "preordered", "backordered")
HELD = ("reserved", "allocated", "released")


def bundle(sku: str, quantity: int, parts: dict[int, int], inside: str = "", **rules: Any) -> Bundle:
    """A bundle whose parts are these lines."""
    return Bundle(sku, quantity, parts, inside=inside, rules=Rules(**rules))


def made(*lines: DraftLine, kind: str = "prepaid", **bundles: Any) -> Draft:
    """A draft with bundles B1, B2; their lines know them."""
    of = {number: key for key, each in bundles.items() for number in each.parts}
    known = [
        DraftLine(line.sku, line.quantity, line.price_minor, location=line.location, bundle=of.get(number, ""))
        for number, line in enumerate(lines, 1)
    ]
    return draft(*known, kind=kind, bundles=bundles)


def desk(ship: str = "together", quantity: int = 2, prepacked: bool = False, **rules: Any) -> Draft:
    """Desks of a top and two legs each, and legs alone."""
    parts = bundle("DESK", quantity, {1: 1, 2: 2}, ship=ship, prepacked=prepacked, **rules)
    return made(sold("TOP", quantity), sold("LEG", 2 * quantity), sold("LEG", 1), B1=parts)


def where(order: Order) -> dict[tuple[int, int], tuple[str, str, str]]:
    """By line and unit: its core state, its fulfillment and its location."""
    found: dict[tuple[int, int], tuple[str, str, str]] = {}
    for line in order.lines:
        for state, units in line.tally.items():
            for unit in numbers(units):
                found[line.number, unit] = (core_state(state), "", "")
    for name, each in order.fulfillments.items():
        for number, units in each.units.items():
            for unit in numbers(units):
                assert found[number, unit][1] == "", "a unit is in one fulfillment"
                found[number, unit] = (found[number, unit][0], name, each.location)
    return found


def halves(order: Order) -> list[str]:
    """What of the order is half a bundle; units are looked at one by one."""
    units, wrong = where(order), []
    for key, each in order.bundles.items():
        for nth in range(each.quantity):
            own = [units[n, nth * per + unit] for n, per in each.parts.items() for unit in range(1, per + 1)]
            open_units = [state for state in own if state[0] != "canceled"]
            if len(open_units) < len(own) or each.rules.ship == "independently":
                continue
            firm = HELD if each.rules.ship == "together" else HELD[:2]
            held = [state for state in own if state[0] in firm]
            left = [state for state in own if state[0] not in (*firm, *WAITING)]  # the rest stands for itself
            if not left and any(s[0] in firm for s in own) and any(s[0] in WAITING for s in own):
                wrong.append(f"{key} {nth + 1} is half held: {own}")
            if each.rules.ship != "whole" and not left and len({place for _, _, place in held}) > 1:
                wrong.append(f"{key} {nth + 1} is in several places: {own}")
            if each.rules.ship == "together" and len({name for _, name, _ in held}) > 1:
                wrong.append(f"{key} {nth + 1} is in several parcels: {own}")
    return wrong


def in_counters(order: Order, states: tuple[str, ...]) -> Counter[tuple[str, str]]:
    """How many units of each SKU its fulfillments have at each location in these states, unit by unit."""
    units, found = where(order), Counter[tuple[str, str]]()
    for each in order.fulfillments.values():
        inside: set[tuple[int, int]] = set()
        for key, ready in each.packed.items():
            kit = order.bundles[key]
            for nth in numbers(ready):
                own = [(n, (nth - 1) * per + unit) for n, per in kit.parts.items() for unit in range(1, per + 1)]
                assert len({units[one][0] for one in own}) == 1, "a ready packed bundle goes as one"
                assert set(own) <= {(n, unit) for n, held in each.units.items() for unit in numbers(held)}
                inside |= set(own)
                if units[own[0]][0] in states:
                    found[kit.sku, each.location] += 1
        for number, held in each.units.items():
            for unit in numbers(held):
                if (number, unit) not in inside and units[number, unit][0] in states:
                    found[order.lines[number - 1].sku, each.location] += 1
    return found
