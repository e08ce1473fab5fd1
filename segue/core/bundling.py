"""Bundling: which units of an order belong to one bundle, and what follows from that when some of them go or come back.

The rules are those of the bundle that was sold; what is inside it follows them. Of each of its lines the units belong to
one bundle after the other, so that whatever takes the lowest-numbered units of several lines takes whole bundles.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from segue.core.amounts import half_up, of_units
from segue.core.base import Refusal, Refused
from segue.core.bundle_units import Found, parts_of, touched, without
from segue.core.bundles import Bundle
from segue.core.draft import Grant
from segue.core.order import Line, Order
from segue.core.tally import Units, common, in_state, minus, numbers, size, union

Which = Units  # numbers of bundles instead of units: of three, the first and the second are ((1, 2),)
ONE_BY_ONE_MAX = 200  # bundles of one line that are dissolved one by one; more of them are as one

BACK = ("canceled", "returned")


def sold_of(order: Order) -> Iterator[tuple[str, Bundle]]:
    """The bundles that were sold, each with its key: those that are inside no other."""
    return ((key, bundle) for key, bundle in order.bundles.items() if not bundle.inside)


def bundle_of(order: Order, key: str) -> Bundle:
    """The bundle with this key. Refused if there is none."""
    if key not in order.bundles:
        raise Refused(Refusal.BUNDLE_NOT_FOUND, f"{key}; there: {', '.join(order.bundles) or 'none'}")
    return order.bundles[key]


def sold_with(order: Order, line: Line) -> Bundle | None:
    """The bundle that a line was sold in, the outermost."""
    bundle = order.bundles.get(line.bundle)
    while bundle is not None and bundle.inside:
        bundle = order.bundles[bundle.inside]
    return bundle


def bundles_with(bundle: Bundle, units: Mapping[int, Units]) -> Which:
    """Which of so many bundles these units are of."""
    found: Which = ()
    for number, per in bundle.parts.items():
        found = union(found, touched(units.get(number, ()), per))
    return found


def in_states(order: Order, bundle: Bundle, *states: str) -> Found:
    """Its units that are in one of these states, by line; lines without any are left out."""
    found: Found = {}
    for number in bundle.parts:
        here: Units = ()
        for state in states:
            here = union(here, in_state(order.lines[number - 1].tally, state))
        if here:
            found[number] = here
    return found


def canceled_with(order: Order, units: Found, cancelable: Found) -> Found:
    """Units that are to be canceled, with those that go with them since their bundle is canceled as a whole."""
    found = dict(units)
    for _, bundle in sold_of(order):
        if bundle.rules.on_short == "cancel" and (which := bundles_with(bundle, units)):
            for number, more in common_of(cancelable, parts_of(bundle, which)).items():
                found[number] = union(found.get(number, ()), more)
    return found


def common_of(units: Found, others: Found) -> Found:
    """The units that are in both, by line; lines of which none are, are left out."""
    return {number: both for number, here in units.items() if (both := common(here, others.get(number, ())))}


def incomplete(order: Order, bundle: Bundle) -> Found:
    """The units that are back, of bundles of which not all is: by line."""
    back = without(in_states(order, bundle, "returned"), order.lost)
    return common_of(back, parts_of(bundle, bundles_with(bundle, missing_in(order, bundle)))) if back else {}


def missing_in(order: Order, bundle: Bundle) -> Found:
    """What is neither back nor canceled, of bundles of which something has come back."""
    back = without(in_states(order, bundle, "returned"), order.lost)
    all_of = parts_of(bundle, bundles_with(bundle, back))
    return without(all_of, in_states(order, bundle, *BACK))


def awaited(order: Order) -> Found:
    """The units that are back, and that the customer still pays for: the rest of their bundle has to come back first."""
    found: Found = {}
    for _, bundle in sold_of(order):
        if bundle.rules.returns != "any":
            found |= incomplete(order, bundle)
    return found


def missing_of(order: Order) -> dict[str, int]:
    """What has to come back before what is back already is refunded: SKU -> how many."""
    found: dict[str, int] = {}
    for _, bundle in sold_of(order):
        for number, units in missing_in(order, bundle).items() if bundle.rules.returns != "any" else ():
            sku = order.lines[number - 1].sku
            found[sku] = found.get(sku, 0) + size(units)
    return found


def waiting_in(order: Order) -> list[tuple[str, Bundle]]:
    """The bundles of which something is back that is refunded once all of it is, each with its key."""
    found = sold_of(order)
    return [(key, bundle) for key, bundle in found if bundle.rules.returns != "any" and incomplete(order, bundle)]


def told_units(order: Order, units: Found, as_bundles: bool = True) -> str:
    """Units for people: `1 x Tea, 2 x Mug`; what is a whole bundle is told as that."""
    said: list[tuple[int, str]] = []
    rest = units
    for _, bundle in sold_of(order) if as_bundles else ():
        every = parts_of(bundle, ((1, bundle.quantity),))
        if which := minus(((1, bundle.quantity),), bundles_with(bundle, without(every, units))):
            said.append((size(which), bundle.title or bundle.sku))
            rest = without(rest, parts_of(bundle, which))
    lines = ((order.lines[number - 1], here) for number, here in rest.items())
    said += [(size(here), line.title or line.sku) for line, here in lines]
    return ", ".join(f"{count} x {title}" for count, title in said)


def dissolved(order: Order) -> list[Grant]:
    """What bundles had off, of which a part was canceled: what is kept of them is priced by the piece (M8: reclaim).

    The bundle's price was given on the condition that all of it is bought. It is as a promotion that does not hold any more.
    """
    found: list[Grant] = []
    for _, bundle in sold_of(order):
        if bundle.rules.on_short != "dissolve" or not bundle.saved_minor:
            continue
        canceled = in_states(order, bundle, "canceled")
        which = bundles_with(bundle, canceled)
        if size(which) <= ONE_BY_ONE_MAX:
            found += [_by_the_piece(order, bundle, ((one, one),)) for one in numbers(which)]
        else:
            found.append(_by_the_piece(order, bundle, which))
    return found


def _by_the_piece(order: Order, bundle: Bundle, which: Which) -> Grant:
    units = parts_of(bundle, which)
    without: dict[int, int] = {}
    for number, ranges in units.items():
        line = order.lines[number - 1]
        saved = bundle.saved_minor.get(number, 0)
        more = saved if order.taxes_included else saved + _tax_on(line, saved)
        without[number] = of_units(line.paid_minor, line.quantity, ranges) + of_units(more, line.quantity, ranges)
    return Grant(f"bundle {bundle.sku}", on_return="reclaim", units=units, without=without)


def _tax_on(line: Line, amount_minor: int) -> int:
    """The tax on an amount more for a line, in proportion to that which it has (M2)."""
    net = line.paid_minor - line.tax_minor
    return half_up(Fraction(amount_minor * line.tax_minor, net)) if net > 0 else 0
