"""Returns: units that had left have come back. What customers ask for builds on this."""

from fractions import Fraction

from msgspec.structs import replace

from segue.core.amounts import half_up, of_units
from segue.core.base import Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.moving import moved_from
from segue.core.order import Order, line_of, units_in, value_of
from segue.core.tally import LEFT, Units, common, lowest, size
from segue.core.worth import effect_of, settled

RETURNABLE = LEFT[:3]  # shipped, delivered, returning


class RecordReturn(Command):
    """Units of a line are back, the lowest-numbered first."""

    line: int
    quantity: int
    location: str = ""  # where they are now; the location that gave them if none is named
    sellable: bool = True
    reason: str = ""


class UnitsReturned(Event):
    """The units are back. Sellable ones are stock again at this location."""

    units: dict[int, Units]
    location: str
    sellable: bool = True
    reason: str = ""
    withheld_minor: int = 0  # of what is given back for them, since a promotion's condition does not hold any more
    shipping_minor: int = 0  # given back with them
    fee_minor: int = 0  # for the return, of what is given back
    fee_tax_minor: int = 0  # of this


def record_return(order: Order, command: RecordReturn, context: Context) -> list[Event]:
    """Refused if there is no such line or location, or fewer of its units have left."""
    if line_of(order, command.line) is None:
        raise Refused(Refusal.LINE_NOT_FOUND, str(command.line))
    gone = units_in(order, *RETURNABLE).get(command.line, ())
    if command.quantity < 1 or size(gone) < command.quantity:
        raise Refused(Refusal.UNITS_NOT_THERE, f"{command.quantity} asked for, {size(gone)} have left")
    if command.location and command.location not in context.facts.locations:
        raise Refused(Refusal.LOCATION_UNKNOWN, f"{command.location}; there: {', '.join(context.facts.locations)}")
    units = lowest(gone, command.quantity)
    location = command.location or _giver(order, command.line, units)
    return [_returned(order, {command.line: units}, location, command, context)]


def _returned(
    order: Order, units: dict[int, Units], location: str, command: RecordReturn, context: Context
) -> UnitsReturned:
    rule = context.workflow.return_fee
    fee = max(0, rule.call(order, units, command.reason)) if rule else 0
    money = effect_of(order, _back(order, units), context, fee)
    return UnitsReturned(
        units, location, command.sellable, command.reason,
        money.withheld_minor, money.shipping_minor, money.fee_minor, _tax_in(order, units, money.fee_minor),
        because=money.because,
    )  # fmt: skip


def _tax_in(order: Order, units: dict[int, Units], fee_minor: int) -> int:
    """The tax in a fee: in proportion to that of the units, rounded half up."""
    paid = value_of(order, units)
    if not fee_minor or not paid:
        return 0
    taxes = sum(of_units(order.lines[n - 1].tax_minor, order.lines[n - 1].quantity, here) for n, here in units.items())
    return half_up(Fraction(fee_minor * taxes, paid))


def _giver(order: Order, line: int, units: Units) -> str:
    return next(
        (f.location for f in order.fulfillments.values() if common(f.units.get(line, ()), units)),
        "",
    )


def evolve_returned(order: Order, event: UnitsReturned, at_s: int) -> Order:
    """The units are back."""
    order = _back(order, event.units)
    if event.fee_tax_minor:
        order = replace(order, fees_tax_minor=order.fees_tax_minor + event.fee_tax_minor)
    return settled(order, event.withheld_minor, event.shipping_minor, event.fee_minor)


def _back(order: Order, units: dict[int, Units]) -> Order:
    return moved_from(order, RETURNABLE, "returned", units)


def brought_back(order: Order) -> list[Command]:
    """The customer sends one unit back, or all of a line."""
    counts = {number: size(units) for number, units in units_in(order, *RETURNABLE).items()}
    return [RecordReturn(number, count) for number, all_of in counts.items() for count in sorted({1, all_of})]


DECISIONS = {RecordReturn: record_return}
EVOLUTIONS = {UnitsReturned: evolve_returned}
EFFECTS = {UnitsReturned: {"returned": RETURNABLE}}
UNPROMPTED = {"customer": brought_back}
