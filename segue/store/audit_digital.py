"""What a message delivers, looked at by the auditor in its own way: one code for each unit, and none before it is paid."""

from collections import Counter
from collections.abc import Iterator

from segue.store.audit_orders import Order, Ranges
from segue.store.audit_rules import Check, Rule
from segue.store.audit_worth import lowered_of, share_of

DELIVERED = ("delivered", "returning", "returned")
PAID = ("captured", "refunding", "refunded", "charged_back")

RULES = (
    Rule(
        "I63",
        "what a message delivers has one code for each unit, and was paid before",
        (
            Check(
                "unit {} of line {} is {}, and {} codes are or will be made for it",
                "SELECT order_id, unit, line, state, codes FROM coded",
            ),
            Check("{} is delivered by messages, {} was paid", "SELECT order_id, worth, paid FROM given_away"),
        ),
    ),
)


def miscoded(order: Order) -> Iterator[tuple[int, int, str, int]]:
    """The units that have no code and are delivered, or have one and are not, or have several."""
    for line in order.lines:
        issued: Counter[int] = Counter()
        done: Counter[int] = Counter()
        for issue in order.issues.values():
            if issue.outcome != "declined":
                issued.update(_units(issue.units.get(line.number, ())))
            if issue.outcome == "done":
                done.update(_units(issue.units.get(line.number, ())))
        for state, units in line.tally.items() if line.kind else ():
            for unit in _units(units):
                if done[unit] != (state in DELIVERED) or issued[unit] > 1:
                    yield unit, line.number, state, issued[unit]


def given_away(order: Order) -> Iterator[tuple[int, int]]:
    """What was delivered is worth, and what was paid for the order, if that is less."""
    lowered = lowered_of(order) if order.adjustments else {}
    worth = 0
    for line in order.lines:
        for state, units in line.tally.items() if line.kind else ():
            for unit in _units(units) if state in DELIVERED else ():
                worth += share_of(line.paid_minor, line.quantity, unit, unit) - lowered.get((line.number, unit), 0)
    paid = sum([tender.tally.get(state, 0) for tender in order.tenders.values() for state in PAID])
    if worth - order.goodwill_minor > paid:
        yield worth, paid


def _units(ranges: Ranges) -> Iterator[int]:
    for first, last in ranges:
        yield from range(first, last + 1)
