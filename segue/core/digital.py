"""Digital goods: what of an order is delivered by a message. It has no stock, no location and no parcel.

The catalog says what is: articles of a kind. `digital` is a code or a link, `gift_card` a code that is worth its price.
"""

from msgspec.structs import replace

from segue.core.draft import Draft
from segue.core.facts import Facts
from segue.core.order import Order
from segue.core.tally import Units, minus, union


def with_kinds(draft: Draft, facts: Facts) -> Draft:
    """A draft whose lines say the kind of their articles, as far as the catalog's entries are known."""
    kinds = {sku: item.kind for sku, item in facts.items.items() if item is not None and item.kind}
    if not kinds:  # as it mostly is
        return draft
    lines = [replace(line, kind=kinds[line.sku]) if line.sku in kinds else line for line in draft.lines]
    return replace(draft, lines=tuple(lines))


def tangible(order: Order, units: dict[int, Units]) -> dict[int, Units]:
    """Of these units those that are goods of a location."""
    return {number: here for number, here in units.items() if not order.lines[number - 1].kind}


def digital(order: Order, units: dict[int, Units]) -> dict[int, Units]:
    """Of these units those that are delivered by a message."""
    return {number: here for number, here in units.items() if order.lines[number - 1].kind}


def asked_for(order: Order) -> dict[int, Units]:
    """The units whose codes an issuer is being asked for."""
    found: dict[int, Units] = {}
    for issue in order.issues.values():
        if issue.outcome == "asked":
            found |= {number: union(found.get(number, ()), units) for number, units in issue.units.items()}
    return found


def not_asked_for(order: Order, units: dict[int, Units]) -> dict[int, Units]:
    """Those of these units of which nobody was asked for a code yet: they may still be canceled."""
    asked = asked_for(order)
    return {number: rest for number, here in units.items() if (rest := minus(here, asked.get(number, ())))}
