"""Chargebacks: a bank has taken money back that we had. What was paid is not edited; a person sees to it."""

from msgspec.structs import replace

from segue.core.base import Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.order import Chargeback, Order
from segue.core.transactions import money_moved


class RecordChargeback(Command):
    """A bank has taken back an amount of what a tender paid. `reference` is its own id of the case."""

    tender: str
    amount_minor: int
    reference: str
    reason: str = ""


class ChargebackRecorded(Event):
    """The amount is not ours any more; the bank has given it to the customer."""

    tender: str
    amount_minor: int
    reference: str
    reason: str = ""


def record_chargeback(order: Order, command: RecordChargeback, context: Context) -> list[Event]:
    """Refused if there is no such tender, or less of it was taken. The same case again changes nothing."""
    tender = order.tenders.get(command.tender)
    if tender is None:
        raise Refused(Refusal.TENDER_NOT_FOUND, command.tender)
    if command.reference in order.chargebacks:
        return []
    if command.amount_minor < 1:
        raise Refused(Refusal.AMOUNT_MISSING, str(command.amount_minor))
    there = tender.tally.get("captured", 0)
    if command.amount_minor > there:
        raise Refused(Refusal.AMOUNT_TOO_LARGE, f"{command.amount_minor} charged back, {there} is captured")
    return [ChargebackRecorded(command.tender, command.amount_minor, command.reference, command.reason)]


def evolve_charged_back(order: Order, event: ChargebackRecorded, at_s: int) -> Order:
    """The amount is the customer's, by the bank."""
    order = money_moved(order, event.tender, "captured", "charged_back", event.amount_minor)
    case = Chargeback(event.tender, event.amount_minor, event.reason)
    return replace(order, chargebacks=order.chargebacks | {event.reference: case})


DECISIONS = {RecordChargeback: record_chargeback}
EVOLUTIONS = {ChargebackRecorded: evolve_charged_back}
EFFECTS = {ChargebackRecorded: {"charged_back": ("captured",)}}
TROUBLES = (ChargebackRecorded,)
