"""Reclaiming: what is withheld of refunds when a promotion's condition does not hold any more (M8).

A promotion that reclaims gave its discount on a condition: that all units of its group are kept, or that what is kept
of the group is worth enough. Once it does not hold, what is kept costs what it would have cost without the promotion,
and the difference is withheld of what is given back. Two bounds make it fair, whatever comes back in which order:

- no more is withheld than was paid for what came back of the groups, so nobody pays more because something came back;
- an order is never worth more than it was worth before. What is withheld is therefore the least that would have been
  withheld at any point on any way to where the order is now.
"""

from collections.abc import Collection, Iterator
from functools import reduce
from itertools import combinations

from segue.core.amounts import of_units
from segue.core.bundling import dissolved
from segue.core.draft import Grant
from segue.core.order import Order, value_of
from segue.core.tally import Units, common, minus, numbers, ranked, size, union, whole

SHARED_MAX = 6  # promotions whose groups share units; of more of them only one withholds, the one that does most
UNITS_MAX = 200  # units that are tried, to see how little more than is kept reaches a threshold
SUMS_MAX = 2000  # sums of them that are kept in mind; beyond either, to reach it is taken to cost what is lacking

Kept = dict[int, Units]
Grants = Collection[Grant]


def withheld_of(order: Order, kept: Kept) -> int:
    """What is withheld of all refunds as long as these units are kept; nothing if none are. Minor units."""
    if not kept:
        return 0
    broken = broken_of(order, kept)
    return sum(_least(order, together, kept) for together in _sharing(order, broken))


def broken_of(order: Order, kept: Kept) -> list[Grant]:
    """What was given on a condition that does not hold for what is kept: by promotions, and off bundles."""
    broken = [grant for grant in order.grants if grant.on_return == "reclaim" and not is_met(order, grant, kept)]
    return broken + dissolved(order) if order.bundles else broken


def group_of(order: Order, grant: Grant) -> Kept:
    """The units that a promotion is about: those that it names, else all of the lines that it gave to, else all.

    A channel may name what the order has not; that is left out.
    """
    lines = {line.number: whole(line.quantity) for line in order.lines}
    if grant.units:
        return _both(grant.units, lines)
    return {number: units for number, units in lines.items() if number in grant.given or not grant.given}


def condition_of(order: Order, grant: Grant) -> Kept:
    """The units that have to be kept, or to be worth enough: those that it names, else all that it is about."""
    return grant.condition or group_of(order, grant)


def is_met(order: Order, grant: Grant, kept: Kept) -> bool:
    """Whether the condition holds for what is kept: all of its units, or enough of them by what was paid."""
    needed = condition_of(order, grant)
    if not _without(needed, kept):
        return True
    return grant.from_minor > 0 and value_of(order, _both(needed, kept)) >= grant.from_minor


def discount_of(order: Order, grant: Grant, units: Kept) -> int:
    """What these units would cost more without the promotion, as far as they are of its group. Minor units."""
    amount, group = 0, group_of(order, grant)
    for number, here in _both(group, units).items():
        line, of_line = order.lines[number - 1], group[number]
        paid = of_units(line.paid_minor, line.quantity, of_line)
        without = grant.without.get(number, paid + grant.given.get(number, 0))
        costs = of_units(without, size(of_line), ranked(here, of_line))
        amount += max(0, costs - of_units(line.paid_minor, line.quantity, here))
    return amount


def shipping_of(grant: Grant) -> int:
    """What the shipping would cost more without the promotion, with its tax. Minor units."""
    return grant.shipping_minor + grant.shipping_tax_minor


def _sharing(order: Order, grants: list[Grant]) -> list[list[Grant]]:
    """The promotions in sets whose groups have no units in common with each other's."""
    sets: list[list[Grant]] = []
    for grant in grants:
        group, joined, apart = group_of(order, grant), [grant], []
        for there in sets:
            if any(_both(group, group_of(order, other)) for other in there):
                joined = there + joined
            else:
                apart.append(there)
        sets = [*apart, joined]
    return sets


def _least(order: Order, broken: list[Grant], kept: Kept) -> int:
    """The least that is withheld with any choice of these promotions still met, by what has come back meanwhile."""
    if len(broken) > SHARED_MAX:
        return max(_least(order, [grant], kept) for grant in broken)
    choices = [choice for count in range(len(broken) + 1) for choice in combinations(broken, count)]
    return min(_withheld(order, met, [grant for grant in broken if grant not in met], kept) for met in choices)


def _withheld(order: Order, met: Grants, broken: Grants, kept: Kept) -> int:
    """What would be withheld if these were met: what that needs, and what the others gave to what is kept."""
    there = kept
    for grant in met:
        needed = condition_of(order, grant)
        if not 0 < grant.from_minor <= value_of(order, needed):  # nothing but all of it will do
            there = _either(there, needed)
    amount = net_of(order, _without(there, kept))
    amount += sum(shipping_of(grant) + discount_of(order, grant, there) for grant in broken)
    lacking = [grant for grant in met if _lack(order, grant, there) > 0]
    return amount + (_reaching(order, lacking, there, broken) if lacking else 0)


def _lack(order: Order, grant: Grant, there: Kept) -> int:
    """What is lacking of a promotion's threshold; nothing, where all that counts is there."""
    needed = condition_of(order, grant)
    return grant.from_minor - value_of(order, _both(needed, there)) if _without(needed, there) else 0


def _reaching(order: Order, lacking: list[Grant], there: Kept, broken: Grants) -> int:
    """The least that units cost which together reach all of these thresholds; that of all units, if fewer do not.

    Every way to be below the thresholds is kept in mind once, with the least that it costs.
    """
    lacks = tuple(_lack(order, grant, there) for grant in lacking)
    groups = [_without(condition_of(order, grant), there) for grant in lacking]
    rest = reduce(_either, groups)
    at_least = max(0, max(lacks) - adjusted_of(order, rest))
    if sum(map(size, rest.values())) > UNITS_MAX:
        return at_least
    best, sums = _costs(order, rest, broken), {(0,) * len(lacks): 0}
    for one in _one_by_one(rest):
        value, cost = value_of(order, one), _costs(order, one, broken)
        adds = [value if _both(one, group) else 0 for group in groups]
        for reached, so_far in list(sums.items()):
            now = tuple(min(lack, before + more) for lack, before, more in zip(lacks, reached, adds, strict=True))
            if now == lacks:
                best = min(best, so_far + cost)
            else:
                sums[now] = min(sums.get(now, so_far + cost), so_far + cost)
        if len(sums) > SUMS_MAX:
            return at_least
    return best


def _costs(order: Order, units: Kept, broken: Grants) -> int:
    """What these units cost without the promotions that are broken."""
    return net_of(order, units) + sum(discount_of(order, grant, units) for grant in broken)


def _one_by_one(units: Kept) -> Iterator[Kept]:
    for number, ranges in units.items():
        for unit in numbers(ranges):
            yield {number: ((unit, unit),)}


def net_of(order: Order, units: Kept) -> int:
    """What the customer pays for these units, less what their prices were lowered by after the sale. Minor units."""
    value = value_of(order, units)
    return value - adjusted_of(order, units) if order.adjustments else value


def adjusted_of(order: Order, units: Kept) -> int:
    """By how much the prices of these units were lowered after the sale. Minor units."""
    amount = 0
    for adjustment in order.adjustments:
        if here := common(units.get(adjustment.line, ()), adjustment.units):
            amount += of_units(adjustment.amount_minor, size(adjustment.units), ranked(here, adjustment.units))
    return amount


def _both(units: Kept, others: Kept) -> Kept:
    return {n: here for n, ranges in units.items() if (here := common(ranges, others.get(n, ())))}


def _either(units: Kept, others: Kept) -> Kept:
    return units | {n: union(ranges, units.get(n, ())) for n, ranges in others.items()}


def _without(units: Kept, others: Kept) -> Kept:
    return {n: rest for n, ranges in units.items() if (rest := minus(ranges, others.get(n, ())))}
