"""Defects: mistakes that lose or make cents, each put into the product for a while. The comparison has to find them all."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from typing import Any

from segue.core import amounts, decide, intake, order, refund, returns, transactions
from segue.core.amounts import half_up
from segue.core.draft import Draft
from segue.core.order import Order, count_in, money_in
from segue.core.tally import Units, size
from segue.core.worth import keeps

Change = tuple[Any, Any, Any]  # where, which part of it, what takes its place


def _refund_from_rate() -> Iterator[Change]:
    """A refund is worked out anew from the order's total, and not taken from the units."""

    def kept(of: Order) -> int:
        units = sum(line.quantity for line in of.lines)
        gone = count_in(of, "canceled", "returned")
        return half_up(Fraction(of.total_minor * (units - gone), units)) if 0 < gone < units else keeps(of)

    yield refund, "keeps", kept


def _rounded_per_unit() -> Iterator[Change]:
    """Each unit's share is rounded on its own, so that they do not add up to the line."""

    def share(amount: int, quantity: int, units: Units) -> int:
        return half_up(Fraction(amount, quantity)) * size(units)

    yield order, "of_units", share


def _cent_on_the_last() -> Iterator[Change]:
    """The extra cents lie on the highest unit numbers."""

    def share(amount: int, quantity: int, units: Units) -> int:
        turned = tuple(sorted((quantity + 1 - last, quantity + 1 - first) for first, last in units))
        return amounts.of_units(amount, quantity, turned)

    yield order, "of_units", share


def _spread_by_quantity() -> Iterator[Change]:
    """An order's discount is spread over its lines by how many units they have, and not by what is left of them."""

    def shares(draft: Draft) -> tuple[list[int], list[int]]:
        quantities = [line.quantity for line in draft.lines]
        return amounts.spread(draft.discount_minor, quantities), usual(draft)[1]

    usual = intake._shares
    yield intake, "_shares", shares


def _ties_to_the_last() -> Iterator[Change]:
    """Of equal remainders the higher position gets the cent."""

    def spread(amount: int, weights: Sequence[int]) -> list[int]:
        return amounts.spread(amount, weights[::-1])[::-1]

    yield intake, "spread", spread


def _refund_beyond_tender() -> Iterator[Change]:
    """All that is owed is given back to the last tender, however much was taken from it."""

    def refunded(of: Order, command: refund.Refund, context: Any) -> list[Any]:
        owed = money_in(of, "captured", "capturing") - keeps(of)
        last = next((name for name in reversed(of.tenders) if of.tenders[name].tally.get("captured", 0)), "")
        if owed <= 0 or not last:
            return []
        capture = next((n for n, done in of.transactions.items() if (done.kind, done.tender) == ("capture", last)), "")
        if not capture:
            return [
                refund.PaymentRefunded(transaction=transactions.next_id(of, "R", []), tender=last, amount_minor=owed)
            ]
        name = transactions.next_id(of, "R", [])
        return [refund.RefundRequested(transaction=name, tender=last, amount_minor=owed, capture=capture)]

    yield decide.DECISIONS, refund.Refund, refunded


def _shipping_refunded_twice() -> Iterator[Change]:
    """The shipping goes back with the first part that comes back, and again with the rest."""

    def kept(of: Order) -> int:
        return keeps(of) - (of.shipping_minor if count_in(of, "returned") else 0)

    yield refund, "keeps", kept


def _highest_returned_first() -> Iterator[Change]:
    """A return that names no units takes the highest-numbered ones."""

    def highest(units: Units, count: int) -> Units:
        numbers = [number for first, last in units for number in range(first, last + 1)][-count:]
        return tuple((number, number) for number in numbers)

    yield returns, "lowest", highest


DEFECTS: dict[str, Callable[[], Iterator[Change]]] = {
    "refund_from_rate": _refund_from_rate,
    "rounded_per_unit": _rounded_per_unit,
    "cent_on_the_last": _cent_on_the_last,
    "spread_by_quantity": _spread_by_quantity,
    "ties_to_the_last": _ties_to_the_last,
    "refund_beyond_tender": _refund_beyond_tender,
    "shipping_refunded_twice": _shipping_refunded_twice,
    "highest_returned_first": _highest_returned_first,
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """While this lasts the product has the defect; without a name it has none."""
    with ExitStack() as stack:
        for place, part, other in DEFECTS[name]() if name else ():
            if isinstance(place, dict):
                stack.callback(place.__setitem__, part, place[part])
                place[part] = other
            else:
                stack.callback(setattr, place, part, getattr(place, part))
                setattr(place, part, other)
        yield
