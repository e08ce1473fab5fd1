"""Adjusting: after the sale a price is lowered, or an apology is given in money. Both lower what the order is worth.

Neither is ever more than what is left of it, and what was given once is not given again when the goods come back.
"""

from fractions import Fraction

from msgspec.structs import replace

from segue.core.aftersale import Adjustment
from segue.core.amounts import half_up, money, of_units
from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.order import Line, Order, line_of, units_in
from segue.core.reclaim import net_of
from segue.core.tally import Units, lowest, numbers, ranked, size
from segue.core.worth import KEPT, keeps


class AdjustPrice(Command):
    """Lower the price of units of a line, after the sale: all that are kept, or so many (the lowest-numbered first)."""

    line: int
    amount_minor: int  # off all of them together, with its tax
    quantity: int = 0  # 0: all units that are kept
    reason: str = ""


class GiveGoodwill(Command):
    """Give the customer an amount as an apology."""

    amount_minor: int
    reason: str


class PriceAdjusted(Event):
    """These units cost less than they were sold for."""

    line: int
    units: Units
    amount_minor: int
    tax_minor: int = 0  # of this
    reason: str = ""


class GoodwillGiven(Event):
    """The customer pays so much less, as an apology."""

    amount_minor: int
    reason: str = ""


def adjust_price(order: Order, command: AdjustPrice, context: Context) -> list[Event]:
    """Refused if the line or so many units of it are not there, or less is left of what was paid for one of them."""
    line = line_of(order, command.line)
    if line is None:
        raise Refused(Refusal.LINE_NOT_FOUND, str(command.line))
    kept = units_in(order, *KEPT).get(line.number, ())
    units = lowest(kept, command.quantity) if command.quantity > 0 else kept
    if not units or not 0 <= command.quantity <= size(kept):
        raise Refused(Refusal.UNITS_NOT_THERE, f"{command.quantity or 'all'} asked for, {size(kept)} are kept")
    _refuse_too_much(order, command.amount_minor)
    for number in numbers(units):
        own: Units = ((number, number),)
        off, left = of_units(command.amount_minor, size(units), ranked(own, units)), net_of(order, {line.number: own})
        if off > left:
            there = money(left, order.currency)
            detail = f"{money(off, order.currency)} off unit {number}, {there} is left of what was paid for it"
            raise Refused(Refusal.AMOUNT_TOO_LARGE, detail)
    because = Because("adjusted", {"left": net_of(order, {line.number: units}), "amount": command.amount_minor})
    tax = _tax_in(order, line, command.amount_minor)
    return [PriceAdjusted(line.number, units, command.amount_minor, tax, command.reason, because=because)]


def _tax_in(order: Order, line: Line, amount_minor: int) -> int:
    """The tax in an amount of what was paid for a line: that in all that it was lowered by, half up, less what was said."""
    before = [each for each in order.adjustments if each.line == line.number]
    lowered = amount_minor + sum(each.amount_minor for each in before)
    tax = half_up(Fraction(lowered * line.tax_minor, line.paid_minor)) if line.paid_minor else 0
    return tax - sum(each.tax_minor for each in before)


def give_goodwill(order: Order, command: GiveGoodwill, context: Context) -> list[Event]:
    """Refused if it is more than what is left of the order's worth."""
    _refuse_too_much(order, command.amount_minor)
    because = Because("goodwill", {"left": keeps(order), "amount": command.amount_minor})
    return [GoodwillGiven(command.amount_minor, command.reason, because=because)]


def _refuse_too_much(order: Order, amount_minor: int) -> None:
    if amount_minor < 1:
        raise Refused(Refusal.AMOUNT_MISSING, str(amount_minor))
    left = keeps(order)
    if amount_minor > left:
        detail = f"{money(amount_minor, order.currency)} asked for, the order is worth {money(left, order.currency)}"
        raise Refused(Refusal.AMOUNT_TOO_LARGE, detail)


def evolve_adjusted(order: Order, event: PriceAdjusted, at_s: int) -> Order:
    """The units cost less from now on."""
    adjusted = Adjustment(event.line, event.units, event.amount_minor, event.tax_minor, event.reason)
    return replace(order, adjustments=(*order.adjustments, adjusted))


def evolve_goodwill(order: Order, event: GoodwillGiven, at_s: int) -> Order:
    """The order is worth less from now on."""
    return replace(order, goodwill_minor=order.goodwill_minor + event.amount_minor)


DECISIONS = {AdjustPrice: adjust_price, GiveGoodwill: give_goodwill}
EVOLUTIONS = {PriceAdjusted: evolve_adjusted, GoodwillGiven: evolve_goodwill}
