"""Chargebacks: a bank has taken money back. What was paid is not edited; a person sees to it.

While some of a tender's money is on its way, nobody knows yet what the bank has taken: the case waits for the answer. What
it took beyond what we have, because that was refunded before, has gone out twice, and is on record as such.
"""

from msgspec.structs import replace

from segue.core.aftersale import Chargeback
from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.order import Order
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
    beyond_minor: int = 0  # taken by the bank on top of this, though it was refunded before: it has gone out twice


def record_chargeback(order: Order, command: RecordChargeback, context: Context) -> list[Event]:
    """Refused if there is no such tender, or less of it was ever taken; MONEY_UNDER_WAY as long as that is not known.

    The same case again changes nothing; with another amount or tender it is refused, since it cannot be both.
    """
    tender = order.tenders.get(command.tender)
    if tender is None:
        raise Refused(Refusal.TENDER_NOT_FOUND, command.tender)
    known = order.chargebacks.get(command.reference)
    if known is not None:
        _refuse_another(known, command)
        return []
    if command.amount_minor < 1:
        raise Refused(Refusal.AMOUNT_MISSING, str(command.amount_minor))
    there, gone = tender.tally.get("captured", 0), _refunded(order, command.tender)
    if command.amount_minor > there and (
        moving := sum(tender.tally.get(state, 0) for state in ("capturing", "refunding"))
    ):
        raise Refused(
            Refusal.MONEY_UNDER_WAY, f"{command.amount_minor} charged back, {there} is captured, {moving} moves"
        )
    if command.amount_minor > there + gone:
        detail = f"{command.amount_minor} charged back, {there} is captured and {gone} was refunded"
        raise Refused(Refusal.AMOUNT_TOO_LARGE, detail)
    taken = min(command.amount_minor, there)
    beyond = command.amount_minor - taken
    because = Because("went_out_twice", {"captured": there, "refunded": gone, "twice": beyond}) if beyond else None
    return [ChargebackRecorded(command.tender, taken, command.reference, command.reason, beyond, because=because)]


def _refuse_another(known: Chargeback, command: RecordChargeback) -> None:
    amount = known.amount_minor + known.beyond_minor
    if (known.tender, amount) != (command.tender, command.amount_minor):
        detail = f"{command.reference} is on record with {amount} of {known.tender}"
        raise Refused(Refusal.CASE_DIFFERS, f"{detail}, not {command.amount_minor} of {command.tender}")


def _refunded(order: Order, name: str) -> int:
    """What was refunded of a tender and has not gone out twice yet."""
    twice = sum(case.beyond_minor for case in order.chargebacks.values() if case.tender == name)
    return order.tenders[name].tally.get("refunded", 0) - twice


def evolve_charged_back(order: Order, event: ChargebackRecorded, at_s: int) -> Order:
    """The amount is the customer's, by the bank."""
    if event.amount_minor:
        order = money_moved(order, event.tender, "captured", "charged_back", event.amount_minor)
    case = Chargeback(event.tender, event.amount_minor, event.reason, event.beyond_minor)
    return replace(order, chargebacks=order.chargebacks | {event.reference: case})


DECISIONS = {RecordChargeback: record_chargeback}
EVOLUTIONS = {ChargebackRecorded: evolve_charged_back}
EFFECTS = {ChargebackRecorded: {"charged_back": ("captured",)}}
TROUBLES = (ChargebackRecorded,)
