"""Returns: units that had left have come back. What customers ask for builds on this."""

from fractions import Fraction

from msgspec.structs import replace

from segue.core.amounts import half_up, of_units
from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.bundle_units import joined, parts_of
from segue.core.bundling import (
    awaited,
    bundle_of,
    bundles_with,
    common_of,
    incomplete,
    missing_in,
    missing_of,
    sold_of,
    told_units,
)
from segue.core.context import Context
from segue.core.digital import tangible
from segue.core.moving import moved_from
from segue.core.order import Order, line_of, units_in, value_of
from segue.core.tally import LEFT, Units, common, lowest, size
from segue.core.worth import effect_of, settled

RETURNABLE = LEFT[:3]  # shipped, delivered, returning
LOSABLE = LEFT[:1]  # shipped


class RecordReturn(Command):
    """Units of a line are back, the lowest-numbered first; or bundles, with all of their parts that had left."""

    line: int = 0  # 0: a bundle
    quantity: int = 1  # of units, or of bundles
    location: str = ""  # where they are now; the location that gave them if none is named
    sellable: bool = True
    reason: str = ""
    bundle: str = ""  # the key of a bundle
    incomplete: bool = (
        False  # take in a part of a bundle that only comes back as a whole; its refund waits for the rest
    )
    lost: bool = False  # it has not arrived and will not: no stock, no fee, and its refund waits for nothing


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
    lost: bool = False  # they never reached the customer
    used_minor: int = 0  # of the worth of a gift card
    takeback: str = ""  # by which it was made worthless, if it was delivered by a message


def record_return(order: Order, command: RecordReturn, context: Context) -> list[Event]:
    """Refused if there is no such line, bundle or location, or fewer of its units have left.

    Of a bundle that is returned together, a part alone is refused, unless the command says that it is known. Only what is
    under way to the customer can be lost.
    """
    gone = units_in(order, *(LOSABLE if command.lost else RETURNABLE))
    units = _of_bundle(order, command, gone) if command.bundle else _of_line(order, command, gone)
    if command.location and command.location not in context.facts.locations:
        raise Refused(Refusal.LOCATION_UNKNOWN, f"{command.location}; there: {', '.join(context.facts.locations)}")
    if order.bundles and not command.incomplete and not command.lost:
        _refuse_incomplete(order, units)
    number, first = next(iter(units.items()))
    location = command.location or _giver(order, number, first)
    return [_returned(order, units, location, command, context)]


def _of_line(order: Order, command: RecordReturn, gone: dict[int, Units]) -> dict[int, Units]:
    if line_of(order, command.line) is None:
        raise Refused(Refusal.LINE_NOT_FOUND, str(command.line))
    if order.digital and order.lines[command.line - 1].kind:
        raise Refused(Refusal.NOT_RETURNABLE, f"line {command.line}; it may be taken back: take_back")
    there = gone.get(command.line, ())
    if command.quantity < 1 or size(there) < command.quantity:
        raise Refused(Refusal.UNITS_NOT_THERE, f"{command.quantity} asked for, {size(there)} have left")
    return {command.line: lowest(there, command.quantity)}


def _of_bundle(order: Order, command: RecordReturn, gone: dict[int, Units]) -> dict[int, Units]:
    """What has left of the first bundles of which anything has."""
    bundle = bundle_of(order, command.bundle)
    which = bundles_with(bundle, gone)
    if command.quantity < 1 or size(which) < command.quantity:
        raise Refused(Refusal.UNITS_NOT_THERE, f"{command.quantity} asked for, of {size(which)} something has left")
    return common_of(gone, parts_of(bundle, lowest(which, command.quantity)))


def _refuse_incomplete(order: Order, units: dict[int, Units]) -> None:
    """Refused if a bundle that is returned together were not all back by this."""
    after = returned_units(order, units)
    for key, bundle in sold_of(order):
        if bundle.rules.returns == "together" and common_of(incomplete(after, bundle), units):
            missing = told_units(after, missing_in(after, bundle))
            raise Refused(
                Refusal.BUNDLE_INCOMPLETE, f"{bundle.title or bundle.sku} ({key}): {missing} would be missing"
            )


def _returned(
    order: Order, units: dict[int, Units], location: str, command: RecordReturn, context: Context
) -> UnitsReturned:
    rule = context.workflow.return_fee
    fee = max(0, rule.call(order, units, command.reason)) if rule and not command.lost else 0
    after = returned_units(order, units, command.lost)
    money = effect_of(order, after, context, fee)
    return UnitsReturned(
        units, location, command.sellable and not command.lost, command.reason,
        money.withheld_minor, money.shipping_minor, money.fee_minor, _tax_in(order, units, money.fee_minor), command.lost,
        because=_waits(after, units, money.because) if order.bundles else money.because,
    )  # fmt: skip


def _waits(after: Order, units: dict[int, Units], because: Because | None) -> Because | None:
    """With what the refund of these units waits for, where it does."""
    if not common_of(awaited(after), units):
        return because
    figures = (because.figures if because else {}) | {"waits_for": missing_of(after)}
    return Because("given_back", figures)


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
    order = returned_units(order, event.units, event.lost)
    if event.takeback:
        done = replace(order.takebacks[event.takeback], outcome="done")
        order = replace(order, takebacks=order.takebacks | {event.takeback: done})
    if event.fee_tax_minor:
        order = replace(order, fees_tax_minor=order.fees_tax_minor + event.fee_tax_minor)
    return settled(order, event.withheld_minor, event.shipping_minor, event.fee_minor)


def returned_units(order: Order, units: dict[int, Units], lost: bool = False) -> Order:
    """The order with these units back, or known to be lost."""
    if lost and order.bundles:
        order = replace(order, lost=joined(order.lost, units))
    return moved_from(order, RETURNABLE, "returned", units)


def brought_back(order: Order) -> list[Command]:
    """The customer sends one unit back, or all of a line; or a bundle."""
    gone = units_in(order, *RETURNABLE)
    if order.digital:
        gone = tangible(order, gone)
    counts = {number: size(units) for number, units in gone.items()}
    wishes = [RecordReturn(number, count) for number, all_of in counts.items() for count in sorted({1, all_of})]
    return [*wishes, *(RecordReturn(bundle=key) for key, bundle in sold_of(order) if bundles_with(bundle, gone))]


DECISIONS = {RecordReturn: record_return}
EVOLUTIONS = {UnitsReturned: evolve_returned}
EFFECTS = {UnitsReturned: {"returned": RETURNABLE}}
UNPROMPTED = {"customer": brought_back}
