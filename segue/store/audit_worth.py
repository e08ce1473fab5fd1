"""What an order is worth, as the audit sees it: what is owed beside the goods, lowered prices, groups of promotions.

It has the same arithmetic as the core, and none of its code: what the core works out wrongly is what it should find.
"""

from collections.abc import Iterable, Iterator

from segue.store.audit_orders import Bundle, Grant, Line, Order, Ranges

CHARGEBACK = "chargebacks"
BACK = ("canceled", "returned")


def charged_of(order: Order) -> int:
    """What the customer was charged beside the goods when the order came in."""
    return order.shipping_minor + sum([charge.amount_minor for charge in order.charges])


def owed_since(order: Order) -> int:
    """What is owed beside the goods more than that now; less, if negative."""
    more = order.withheld_minor + order.fees_minor - order.shipping_back_minor - order.goodwill_minor
    return more + sum([amount for since, amount in order.capped.items() if since != CHARGEBACK])


def share_of(amount: int, quantity: int, first: int, last: int) -> int:
    """What these units have of an amount: equal shares, the odd cents on the lowest numbers."""
    if last - first + 1 == quantity:
        return amount
    share, odd = divmod(amount, max(1, quantity))
    return share * (last - first + 1) + max(0, min(last, odd) - first + 1)


def lowered_of(order: Order) -> dict[tuple[int, int], int]:
    """By how much the price of each unit was lowered since, where it was: (line, unit) -> minor units."""
    lowered: dict[tuple[int, int], int] = {}
    for each in order.adjustments:
        units = list(_numbers(each.units))
        for rank, unit in enumerate(units, 1):
            off = share_of(each.amount_minor, len(units), rank, rank)
            lowered[each.line, unit] = lowered.get((each.line, unit), 0) + off
    return lowered


def came_back_of(order: Order) -> int:
    """What was paid for all that was canceled or came back of the groups of promotions that reclaim, and of bundles that
    are priced by the piece once a part is canceled.
    """
    lines = {line.number: line for line in order.lines}
    group: set[tuple[int, int]] = set()
    for bundle in order.bundles.values():
        if not bundle.inside and bundle.rules.on_short == "dissolve":
            group |= {unit for one in range(bundle.quantity) for unit in _of_one(bundle, one)}
    for grant in order.grants:
        if grant.on_return == "reclaim":
            group |= set(_group(grant, lines))
    return sum(share_of(lines[n].paid_minor, lines[n].quantity, u, u) for n, u in group if u in _back(lines[n]))


def awaited_of(order: Order) -> set[tuple[int, int]]:
    """The units that are back and still paid for, since of their bundle not all is back: (line, unit)."""
    lines = {line.number: line for line in order.lines}
    found: set[tuple[int, int]] = set()
    for bundle in order.bundles.values():
        if bundle.inside or bundle.rules.returns == "any":
            continue
        back = {(n, unit) for n in bundle.parts if n in lines for unit in _back(lines[n])}
        returned = {(n, unit) for n in bundle.parts if n in lines for unit in _back(lines[n], ("returned",))}
        returned -= {(n, unit) for n, ranges in order.lost.items() for unit in _numbers(ranges)}  # that has no rest
        for one in range(bundle.quantity if returned else 0):
            here = _of_one(bundle, one)
            if not here <= back:
                found |= here & returned
    return found


def _of_one(bundle: Bundle, one: int) -> set[tuple[int, int]]:
    """The units of one of several bundles, counted from 0."""
    return {(n, one * per + unit) for n, per in bundle.parts.items() for unit in range(1, per + 1)}


def _group(grant: Grant, lines: dict[int, Line]) -> Iterator[tuple[int, int]]:
    for number, line in lines.items():
        if number in grant.units:
            yield from ((number, unit) for unit in _numbers(grant.units[number]))
        elif not grant.units and (number in grant.given or not grant.given):
            yield from ((number, unit) for unit in range(1, line.quantity + 1))


def _back(line: Line, states: tuple[str, ...] = BACK) -> set[int]:
    return {u for state, units in line.tally.items() if state.partition(".")[0] in states for u in _numbers(units)}


def _numbers(units: Iterable[tuple[int, int]] | Ranges) -> Iterator[int]:
    for first, last in units:
        yield from range(first, last + 1)
