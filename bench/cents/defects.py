"""Defects: mistakes that lose or make cents, each put into the product for a while. The comparison has to find them all."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from segue.core import (
    amounts,
    cancel,
    capture,
    decide,
    order,
    proration,
    reclaim,
    refund,
    returns,
    transactions,
    void,
    worth,
)
from segue.core.amounts import half_up
from segue.core.draft import Draft
from segue.core.order import Order, count_in, money_in
from segue.core.pricing import taxing
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

    def shares(draft: Draft) -> Any:
        quantities = [line.quantity for line in draft.lines]
        return amounts.spread(draft.discount_minor, quantities), *usual(draft)[1:]

    usual = proration._shares
    yield proration, "_shares", shares


def _ties_to_the_last() -> Iterator[Change]:
    """Of equal remainders the higher position gets the cent."""

    def spread(amount: int, weights: Sequence[int]) -> list[int]:
        return amounts.spread(amount, weights[::-1])[::-1]

    yield proration, "spread", spread


def _refund_beyond_tender() -> Iterator[Change]:
    """All that is owed is given back to the last tender, however much was taken from it."""

    def refunded(of: Order, command: refund.Refund, context: Any) -> list[Any]:
        owed = money_in(of, "captured", "capturing") - keeps(of)
        last = next((name for name in reversed(of.tenders) if of.tenders[name].tally.get("captured", 0)), "")
        if owed <= 0 or not last:
            return []
        taking = next((n for n, done in of.transactions.items() if (done.kind, done.tender) == ("capture", last)), "")
        if not taking:
            return [
                refund.PaymentRefunded(transaction=transactions.next_id(of, "R", []), tender=last, amount_minor=owed)
            ]
        name = transactions.next_id(of, "R", [])
        return [refund.RefundRequested(transaction=name, tender=last, amount_minor=owed, capture=taking)]

    yield decide.DECISIONS, refund.Refund, refunded


def _shipping_refunded_twice() -> Iterator[Change]:
    """What was given back of the shipping before is not remembered when more is canceled or comes back."""

    def effect(of: Order, after: Order, context: Any, fee_minor: int = 0) -> worth.Effect:
        return worth.effect_of(replace(of, shipping_back_minor=0), after, context, fee_minor)

    yield cancel, "effect_of", effect
    yield returns, "effect_of", effect


def _gift_charged_in_full() -> Iterator[Change]:
    """A promotion that reclaims withholds all that it gave, even more than was paid for what came back."""

    def withheld(of: Order, kept: dict[int, Units]) -> int:
        broken = [grant for grant in of.grants if grant.on_return == "reclaim" and not reclaim.is_met(of, grant, kept)]
        return sum(reclaim.discount_of(of, grant, kept) + grant.shipping_minor for grant in broken) if kept else 0

    yield worth, "withheld_of", withheld


def _fee_beyond_refund() -> Iterator[Change]:
    """A return costs its fee, even if it brings back less."""

    def effect(of: Order, after: Order, context: Any, fee_minor: int = 0) -> worth.Effect:
        return replace(worth.effect_of(of, after, context), fee_minor=fee_minor)

    yield returns, "effect_of", effect


def _lowered_price_back_again() -> Iterator[Change]:
    """A unit whose price was lowered brings back, when it returns, what was paid for it at first."""
    yield worth, "net_of", order.value_of


def _capture_in_flight_forgotten() -> Iterator[Change]:
    """What is being taken is not counted as taken, so that it may be taken once more."""

    def without_flight(of: Order, *states: str) -> int:
        return money_in(of, *(state for state in states if state != "capturing"))

    yield capture, "money_in", without_flight


def _needed_money_let_go() -> Iterator[Change]:
    """Money that is secured is let go of, although goods that are still to be paid are kept."""
    yield void, "keeps", lambda of: keeps(of) // 2


def _tax_rounded_down() -> Iterator[Change]:
    """A tax that Segue quotes itself loses what is less than a cent."""
    yield taxing, "half_up", int


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
    "gift_charged_in_full": _gift_charged_in_full,
    "fee_beyond_refund": _fee_beyond_refund,
    "lowered_price_back_again": _lowered_price_back_again,
    "capture_in_flight_forgotten": _capture_in_flight_forgotten,
    "needed_money_let_go": _needed_money_let_go,
    "tax_rounded_down": _tax_rounded_down,
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
