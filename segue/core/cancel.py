"""Canceling: units that have not been given out to a location's pickers are taken back; their stock is free at once."""

from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.bundle_units import parts_of
from segue.core.bundling import bundle_of, bundles_with, canceled_with, common_of, sold_of
from segue.core.context import Context, refuse_if_held
from segue.core.deallocate import given_back, torn
from segue.core.digital import not_asked_for
from segue.core.hold import HoldLifted
from segue.core.moving import moved_from, without_units
from segue.core.order import Order, count_in, line_of, units_in
from segue.core.tally import WAITING, Units, lowest, minus, size
from segue.core.worth import effect_of, settled

CANCELABLE = (*WAITING, "allocated", "ready", "issuing")


class Cancel(Command):
    """Cancel all that can be, or a line or bundle, or some units of that (the lowest-numbered first).

    With a part of a bundle goes what the bundle's rule `on_short` says.
    """

    reason: str = ""
    line: int = 0  # 0: all lines
    quantity: int = 0  # 0: all units
    only_ready: bool = False  # only what the customer could have collected by now
    bundle: str = ""  # the key of a bundle: all of its lines; `quantity` then is a number of bundles
    only_backordered: bool = False  # only what waits for stock


class UnitsCanceled(Event):
    """These units will not be delivered."""

    units: dict[int, Units]
    reason: str = ""
    withheld_minor: int = 0  # of what is given back for them, since a promotion's condition does not hold any more
    shipping_minor: int = 0  # given back with them


def cancel(order: Order, command: Cancel, context: Context) -> list[Event]:
    """Refused if nothing of it, or not so many units, can be canceled any more. Where nothing is left, the holds go too."""
    refuse_if_held(order, context, "cancel")
    if command.line and line_of(order, command.line) is None:
        raise Refused(Refusal.LINE_NOT_FOUND, str(command.line))
    if command.quantity and not command.line and not command.bundle:
        raise Refused(Refusal.LINE_NOT_FOUND, "a quantity needs a line")
    states = ("ready",) if command.only_ready else ("backordered",) if command.only_backordered else CANCELABLE
    there = cancelable(order, *states)
    units = _of_bundle(order, command, there) if command.bundle else _of_lines(order, command, there)
    return canceled(order, units, there, command.reason, context)


def cancelable(order: Order, *states: str) -> dict[int, Units]:
    """The units in these states that can be canceled: no codes were asked for them."""
    there = units_in(order, *states)
    return not_asked_for(order, there) if order.issues else there


def canceled(
    order: Order, units: dict[int, Units], there: dict[int, Units], reason: str, context: Context
) -> list[Event]:
    """These units are canceled, of those `there` with them what a bundle does not go without, and their holds."""
    asked = units
    if order.bundles:
        units = canceled_with(order, asked, there)
    back = given_back(order, torn(order, units)) if order.bundles else []
    money = effect_of(order, _taken_back(order, units), context)
    why = money.because if units == asked else _as_a_whole(order, asked, money.because)
    event = UnitsCanceled(units, reason, money.withheld_minor, money.shipping_minor, because=why)
    return [*back, event, *_pointless_holds(order, units)]


def _as_a_whole(order: Order, units: dict[int, Units], because: Because | None) -> Because:
    """With the bundles that are canceled as a whole since these units are."""
    whole = [each.sku for _, each in sold_of(order) if each.rules.on_short == "cancel" and bundles_with(each, units)]
    return Because("given_back", (because.figures if because else {}) | {"as_a_whole": whole})


def _of_lines(order: Order, command: Cancel, there: dict[int, Units]) -> dict[int, Units]:
    units = {n: ranges for n, ranges in there.items() if command.line in (0, n)}
    if not units:
        gone = count_in(order, "released", "in_transit", "shipped", "delivered")
        raise Refused(Refusal.NOTHING_TO_CANCEL, f"{gone} units have been released or have left")
    if not command.quantity:
        return units
    count = size(units[command.line])
    if not 0 < command.quantity <= count:
        raise Refused(Refusal.UNITS_NOT_THERE, f"{command.quantity} asked for, {count} can be canceled")
    return {command.line: lowest(units[command.line], command.quantity)}


def _of_bundle(order: Order, command: Cancel, there: dict[int, Units]) -> dict[int, Units]:
    """What can be canceled of a bundle, of so many of it the first ones of which anything can."""
    bundle = bundle_of(order, command.bundle)
    which = bundles_with(bundle, there)
    if not which:
        raise Refused(Refusal.NOTHING_TO_CANCEL, f"of {command.bundle}")
    if not 0 <= command.quantity <= size(which):
        raise Refused(Refusal.UNITS_NOT_THERE, f"{command.quantity} asked for, {size(which)} can be canceled")
    wanted = parts_of(bundle, lowest(which, command.quantity) if command.quantity else which)
    return common_of(there, wanted)


def canceled_unfound(order: Order, units: dict[int, Units], because: Because, context: Context) -> list[Event]:
    """Units for which no location was found are canceled, if no hold keeps them from it."""
    if any("cancel" in context.workflow.holds[hold.type].blocks for hold in order.holds.values()):
        return []
    if order.bundles:
        units = canceled_with(order, units, units_in(order, *CANCELABLE))
    money = effect_of(order, _taken_back(order, units), context)
    figures = because.figures | (money.because.figures if money.because else {})
    why = Because(because.rule, figures, because.passed_over)
    event = UnitsCanceled(units, "no_location", money.withheld_minor, money.shipping_minor, because=why)
    return [event, *_pointless_holds(order, units)]


def _pointless_holds(order: Order, canceled: dict[int, Units]) -> list[Event]:
    """The holds of lines, or of the order, that have nothing left to keep from going on."""
    here = units_in(order, *CANCELABLE, "released", "in_transit")
    left = {number for number, ranges in here.items() if minus(ranges, canceled.get(number, ()))}
    because = Because("nothing_left_to_hold")
    return [
        HoldLifted(name, "canceled", because=because)
        for name, hold in order.holds.items()
        if not left or (hold.line in canceled and hold.line not in left)
    ]


def evolve_canceled(order: Order, event: UnitsCanceled, at_s: int) -> Order:
    """The units are canceled, and no fulfillment's any more."""
    order = without_units(_taken_back(order, event.units), event.units)
    return settled(order, event.withheld_minor, event.shipping_minor)


def _taken_back(order: Order, units: dict[int, Units]) -> Order:
    return moved_from(order, CANCELABLE, "canceled", units)


def asked_by_customers(order: Order) -> list[Command]:
    """The customer cancels all, or one unit of a line."""
    open_units = cancelable(order, *CANCELABLE)
    if not open_units:
        return []
    wishes: list[Command] = [Cancel("customer")]
    return wishes + [Cancel("customer", number, 1) for number in open_units] if _several(open_units) else wishes


def _several(units: dict[int, Units]) -> bool:
    return sum(map(size, units.values())) > 1


DECISIONS = {Cancel: cancel}
EVOLUTIONS = {UnitsCanceled: evolve_canceled}
EFFECTS = {UnitsCanceled: {"canceled": CANCELABLE}}
UNPROMPTED = {"customer": asked_by_customers}
