"""Taking back: what a message delivered cannot be sent back. It is made worthless, and what was left on it refunded."""

from msgspec.structs import replace

from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.issued import GIFT_CARD, Takeback
from segue.core.moving import moved
from segue.core.order import Line, Order, line_of, value_of
from segue.core.returns import UnitsReturned, returned_units
from segue.core.tally import Units, in_state, numbers, size
from segue.core.transactions import Outcome
from segue.core.workflow import ALL_KINDS, GIFT_CARDS
from segue.core.worth import effect_of


class TakeBack(Command):
    """Have the codes of some units of a line made worthless, the lowest-numbered first, so that they can be refunded."""

    line: int
    quantity: int = 1
    reason: str = ""


class RecordTakenBack(Command):
    """The issuer's answer: the code is worthless, and so much was left on it; or it cannot be taken back."""

    takeback: str
    outcome: Outcome
    left_minor: int = 0
    detail: str = ""


class TakebackRequested(Event):
    """The issuer is being asked to make the code of a unit worthless."""

    takeback: str
    line: int
    unit: int
    issue: str
    reason: str = ""


class TakebackDeclined(Event):
    """The code keeps its worth, and the unit stays the customer's."""

    takeback: str
    line: int
    unit: int
    detail: str = ""


def take_back(order: Order, command: TakeBack, context: Context) -> list[Event]:
    """Refused if the line is no digital goods, the workflow does not take them back, or fewer of it are delivered."""
    line = line_of(order, command.line)
    if line is None:
        raise Refused(Refusal.LINE_NOT_FOUND, str(command.line))
    if not line.kind or not _is_taken_back(line, context):
        how = f"digital_returns is {context.workflow.digital_returns}" if line.kind else "it is sent back"
        raise Refused(Refusal.NOT_RETURNABLE, f"line {line.number}; {how}")
    there = in_state(line.tally, "delivered")
    if not 1 <= command.quantity <= size(there):
        raise Refused(Refusal.UNITS_NOT_THERE, f"{command.quantity} asked for, {size(there)} are delivered")
    first = len(order.takebacks) + 1
    units = [*numbers(there)][: command.quantity]
    return [
        TakebackRequested(f"B{number}", line.number, unit, issue_of(order, line.number, unit), command.reason)
        for number, unit in enumerate(units, first)
    ]


def _is_taken_back(line: Line, context: Context) -> bool:
    allowed = context.workflow.digital_returns
    return allowed == ALL_KINDS or (allowed == GIFT_CARDS and line.kind == GIFT_CARD)


def issue_of(order: Order, line: int, unit: int) -> str:
    """By which issue a delivered unit has its code."""
    return next(
        name
        for name, issue in order.issues.items()
        if issue.outcome == "done" and any(first <= unit <= last for first, last in issue.units.get(line, ()))
    )


def record_taken_back(order: Order, command: RecordTakenBack, context: Context) -> list[Event]:
    """The unit is returned, and what was used of it is kept of its refund. The same answer again changes nothing."""
    known = order.takebacks.get(command.takeback)
    if known is None:
        raise Refused(Refusal.TAKEBACK_NOT_FOUND, command.takeback)
    if known.outcome != "asked":
        return []
    if command.outcome == "declined":
        return [TakebackDeclined(command.takeback, known.line, known.unit, command.detail)]
    units: dict[int, Units] = {known.line: ((known.unit, known.unit),)}
    paid, face = value_of(order, units), order.lines[known.line - 1].price_minor
    left = max(0, min(command.left_minor, face))
    fee = max(0, paid - left)
    money = effect_of(order, returned_units(order, units), context, fee)
    why = Because("taken_back", {"worth": face, "left": left} | (money.because.figures if money.because else {}))
    return [
        UnitsReturned(
            units, "", False, command.takeback, money.withheld_minor, money.shipping_minor, money.fee_minor,
            used_minor=face - left, takeback=command.takeback, because=why,
        )
    ]  # fmt: skip


def evolve_asked(order: Order, event: TakebackRequested, at_s: int) -> Order:
    """It is on its way back, and asked for once."""
    order = moved(order, "delivered", "returning", {event.line: ((event.unit, event.unit),)})
    return replace(order, takebacks=order.takebacks | {event.takeback: Takeback(event.line, event.unit)})


def evolve_declined(order: Order, event: TakebackDeclined, at_s: int) -> Order:
    """It stays the customer's."""
    order = moved(order, "returning", "delivered", {event.line: ((event.unit, event.unit),)})
    declined = replace(order.takebacks[event.takeback], outcome="declined")
    return replace(order, takebacks=order.takebacks | {event.takeback: declined})


def said_by_issuers(order: Order) -> list[Command]:
    """The code is worthless, with all or nothing left on it; or it cannot be taken back."""
    found: list[Command] = []
    for name, known in order.takebacks.items():
        if known.outcome == "asked":
            whole = order.lines[known.line - 1].price_minor
            found += [
                RecordTakenBack(name, "done", whole),
                RecordTakenBack(name, "done"),
                RecordTakenBack(name, "declined"),
            ]
    return found


def wished_by_customers(order: Order) -> list[Command]:
    """The customer wants money for a code, or for all of a line."""
    if not order.digital:
        return []
    there = [(line, size(in_state(line.tally, "delivered"))) for line in order.lines if line.kind]
    return [TakeBack(line.number, count) for line, most in there if most for count in sorted({1, most})]


DECISIONS = {TakeBack: take_back, RecordTakenBack: record_taken_back}
EVOLUTIONS = {TakebackRequested: evolve_asked, TakebackDeclined: evolve_declined}
EFFECTS = {TakebackRequested: {"returning": ("delivered",)}, TakebackDeclined: {"delivered": ("returning",)}}
ANSWERS = {TakebackRequested: said_by_issuers}
UNPROMPTED = {"customer": wished_by_customers}
