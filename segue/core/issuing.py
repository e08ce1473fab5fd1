"""Issuing: digital goods are delivered by a message, once they are paid: a code, a license key, a link, a gift card.

An issuer makes a code for each unit, under a key that never makes another. The codes are never in the order: whoever sends
the message asks the issuer for them.
"""

from msgspec.structs import replace

from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.context import Context, refuse_if_held
from segue.core.cover import refuse_without_cover
from segue.core.digital import digital, not_asked_for
from segue.core.grace import refuse_in_grace
from segue.core.hold import held_lines
from segue.core.issued import BY_MESSAGE, Issue
from segue.core.moving import moved
from segue.core.order import Order, Shipment, money_in, units_in
from segue.core.tally import LEFT, Units
from segue.core.transactions import Outcome
from segue.core.worth import earned

LIKE, OWN = "release", "issue_codes"  # what keeps goods from leaving keeps codes from it; and what keeps them alone


class IssueCodes(Command):
    """Begin the delivery of what is digital; ask for the codes of what of it is paid."""


class RecordIssued(Command):
    """The issuer's answer: there is a code for each unit, or there is none."""

    issue: str
    outcome: Outcome
    reference: str = ""
    detail: str = ""


class IssuingBegun(Event):
    """These units are to be paid now, and delivered by a message then."""

    units: dict[int, Units]


class CodesRequested(Event):
    """The issuer is being asked for a code for each of these units."""

    issue: str
    units: dict[int, Units]


class UnitsIssued(Event):
    """There is a code for each of these units: they are the customer's."""

    issue: str
    units: dict[int, Units]
    reference: str = ""


class IssueDeclined(Event):
    """The issuer makes no codes for these units."""

    issue: str
    units: dict[int, Units]
    detail: str = ""


def issue_codes(order: Order, command: IssueCodes, context: Context) -> list[Event]:
    """Nothing is digital, or not paid yet: nothing happens. Refused while a hold keeps goods from leaving, or in grace."""
    if not order.digital:
        return []
    for action in (LIKE, OWN):
        refuse_if_held(order, context, action)
    waiting = digital(order, units_in(order, "new"))
    events, held = held_lines(order, waiting, LIKE, context)
    new = {number: units for number, units in waiting.items() if number not in held}
    if new:
        refuse_in_grace(order, context)
        begun = IssuingBegun(new)
        order = evolve_begun(order, begun, context.now_s)
        refuse_without_cover(order, context)
        events.append(begun)
    units = not_asked_for(order, units_in(order, "issuing"))
    needed, paid = earned(order, (*LEFT[:3], "issuing")), money_in(order, "captured")
    if units and paid >= needed:
        because = Because("paid", {"needed": needed, "paid": paid})
        events.append(CodesRequested(f"D{len(order.issues) + 1}", units, because=because))
    return events


def record_issued(order: Order, command: RecordIssued, context: Context) -> list[Event]:
    """Refused if nobody was asked for these codes; the same answer again changes nothing."""
    known = order.issues.get(command.issue)
    if known is None:
        raise Refused(Refusal.ISSUE_NOT_FOUND, command.issue)
    if known.outcome != "asked":
        return []
    if command.outcome == "declined":
        return [IssueDeclined(command.issue, known.units, command.detail)]
    return [UnitsIssued(command.issue, known.units, command.reference)]


def evolve_begun(order: Order, event: IssuingBegun, at_s: int) -> Order:
    """They wait to be paid."""
    return moved(order, "new", "issuing", event.units)


def evolve_requested(order: Order, event: CodesRequested, at_s: int) -> Order:
    """What is asked for is not asked for again."""
    return replace(order, issues=order.issues | {event.issue: Issue(event.units)})


def evolve_issued(order: Order, event: UnitsIssued, at_s: int) -> Order:
    """The units are the customer's, as one parcel that never was under way."""
    order = moved(order, "issuing", "delivered", event.units)
    parcel = Shipment("", event.units, at_s, BY_MESSAGE, delivered_at_s=at_s)
    done = replace(order.issues[event.issue], outcome="done", reference=event.reference)
    return replace(order, issues=order.issues | {event.issue: done}, shipments=order.shipments | {event.issue: parcel})


def evolve_declined(order: Order, event: IssueDeclined, at_s: int) -> Order:
    """They may be asked for again, as another request, or canceled."""
    return replace(order, issues=order.issues | {event.issue: replace(order.issues[event.issue], outcome="declined")})


def said_by_issuers(order: Order) -> list[Command]:
    """There are codes, or there are none."""
    names = [name for name, issue in order.issues.items() if issue.outcome == "asked"]
    return [RecordIssued(name, outcome, f"issue-{name}") for name in names for outcome in OUTCOMES]


OUTCOMES: tuple[Outcome, ...] = ("done", "declined")
DECISIONS = {IssueCodes: issue_codes, RecordIssued: record_issued}
EVOLUTIONS = {
    IssuingBegun: evolve_begun,
    CodesRequested: evolve_requested,
    UnitsIssued: evolve_issued,
    IssueDeclined: evolve_declined,
}
EFFECTS = {IssuingBegun: {"issuing": ("new",)}, UnitsIssued: {"delivered": ("issuing",)}}
ANSWERS = {CodesRequested: said_by_issuers}
TROUBLES = (IssueDeclined,)
