"""Paid otherwise: what of a tender is still due is asked for in another way, because the customer has given one."""

from msgspec.structs import replace

from segue.core.base import Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.order import Order


class ChangeTender(Command):
    """Ask for what is due of a tender by another method, or under another reference of the gateway, from now on."""

    method: str
    reference: str = ""
    tender: str = "P1"


class TenderChanged(Event):
    """What is due of a tender will be asked for like this."""

    tender: str
    method: str
    reference: str = ""


def change_tender(order: Order, command: ChangeTender, context: Context) -> list[Event]:
    """Refused if some of it was asked for or is held: that is answered first. What it is already changes nothing."""
    tender = order.tenders.get(command.tender)
    if tender is None:
        raise Refused(Refusal.TENDER_NOT_FOUND, command.tender)
    if tender.tally.keys() - {"due"}:
        raise Refused(Refusal.MONEY_UNDER_WAY, command.tender)
    if (tender.method, tender.reference) == (command.method, command.reference):
        return []
    return [TenderChanged(tender=command.tender, method=command.method, reference=command.reference)]


def evolve_changed(order: Order, event: TenderChanged, at_s: int) -> Order:
    """The tender is paid like this."""
    tender = replace(order.tenders[event.tender], method=event.method, reference=event.reference)
    return replace(order, tenders=order.tenders | {event.tender: tender})


DECISIONS = {ChangeTender: change_tender}
EVOLUTIONS = {TenderChanged: evolve_changed}
