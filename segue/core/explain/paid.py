"""Paid: a sentence for each event that is about money: payments, what is given back, documents, settlements."""

from collections.abc import Callable
from typing import Any

from segue.core import (
    adjust,
    capture,
    chargeback,
    invoice,
    lapse,
    pay,
    refund,
    replacing,
    settlement,
    void,
)
from segue.core.amounts import money
from segue.core.base import Event
from segue.core.explain.words import Tale, because, listed, plain


def adjusted(event: adjust.PriceAdjusted, tale: Tale) -> str:
    """A price is lowered."""
    units = tale.units({event.line: event.units})
    return f"The price of {units} is lowered by {tale.money(event.amount_minor)}{because(event.reason)}"


def captured(event: capture.PaymentCaptured, tale: Tale) -> str:
    """Money is ours."""
    return f"{tale.money(event.amount_minor)} were taken from {tale.tender(event.tender)}"


def invoiced(event: invoice.InvoiceIssued, tale: Tale) -> str:
    """What has left is charged."""
    of = f"shipment {event.shipment}" if event.shipment else "what is owed beyond what was invoiced"
    return f"Invoice {event.document} of {tale.money(event.total_minor)} is issued for {of}"


def credited(event: invoice.CreditMemoIssued, tale: Tale) -> str:
    """What was invoiced is not owed any more."""
    paid = f"with refund {event.refund}" if event.refund else "for what was never paid"
    of = f", of invoice {listed(event.reverses)}" if event.reverses else ""
    return f"Credit memo {event.document} of {tale.money(event.total_minor)} is issued {paid}{of}"


def settled(event: settlement.SettlementRecorded, tale: Tale) -> str:
    """The gateway has paid, or kept it from what it pays."""
    fee = f", for a fee of {tale.money(event.fee_minor)}" if event.fee_minor else ""
    return f"The gateway has settled {tale.money(event.amount_minor)} of {event.transaction}{fee} (line {event.line})"


def differs(event: settlement.SettlementDiffers, tale: Tale) -> str:
    """The gateway's report does not fit."""
    of = event.transaction or "nothing that we know of"
    amount = money(event.amount_minor, event.currency)
    return f"The settlement of {amount} is of {of} and {plain(event.difference)} (line {event.line})"


def resolved(event: settlement.SettlementResolved, tale: Tale) -> str:
    """A person has found out."""
    booked = f" and {tale.money(event.amount_minor)} booked as paid" if event.amount_minor else ""
    return f"The difference in line {event.line} is resolved{booked}{because(event.reason)}"


def charged_back(event: chargeback.ChargebackRecorded, tale: Tale) -> str:
    """What a bank took; and what of it the customer has twice now."""
    taken = (
        f"A bank has taken back {tale.money(event.amount_minor + event.beyond_minor)} of {tale.tender(event.tender)}"
    )
    twice = f"; {tale.money(event.beyond_minor)} of it was refunded before" if event.beyond_minor else ""
    return f"{taken}, case {event.reference}{because(event.reason)}{twice}"


def authorized(event: pay.PaymentAuthorized | replacing.PaymentReauthorized, tale: Tale) -> str:
    """Money is held, perhaps not for ever."""
    until = f", until {tale.moment(event.expires_at_s)}" if event.expires_at_s is not None else ""
    more = " under a new authorization" if isinstance(event, replacing.PaymentReauthorized) else ""
    return f"{tale.money(event.amount_minor)} are held on {tale.tender(event.tender)}{more}{until}"


def voiding(event: void.VoidRequested, tale: Tale) -> str:
    """Money is let go of, for good or for now."""
    now = " for now" if event.due_again else ""
    return f"The gateway is asked to let go of {tale.money(event.amount_minor)} on {tale.tender(event.tender)}{now}"


def declined(what: str) -> Callable[[Any, Tale], str]:
    """A provider has said no."""
    return lambda event, tale: (
        f"{what} {tale.money(event.amount_minor)} on {tale.tender(event.tender)} was declined{because(event.detail)}"
    )


def paying(text: str) -> Callable[[Any, Tale], str]:
    """A sentence about an amount of a tender, which stand for {amount} and {tender}."""
    return lambda event, tale: text.format(amount=tale.money(event.amount_minor), tender=tale.tender(event.tender))


SENTENCES: dict[type[Event], Callable[[Any, Tale], str]] = {
    pay.AuthorizationRequested: paying("The gateway is asked to hold {amount} on {tender}"),
    pay.TenderAccepted: paying("{amount} will be paid by {tender}, without a gateway"),
    pay.PaymentAuthorized: authorized,
    pay.AuthorizationDeclined: declined("Holding"),
    pay.OrderCovered: lambda e, tale: "The payment of the whole order is secured",
    pay.OutcomeUnknown: lambda e, tale: f"Nobody knows what became of {e.transaction}{because(e.detail)}",
    replacing.ReauthorizationRequested: paying("The gateway is asked to hold {amount} on {tender} once more"),
    replacing.PaymentReauthorized: authorized,
    replacing.SpareAuthorized: paying("{amount} are held on {tender} once more, and not needed"),
    replacing.ReauthorizationDeclined: declined("Holding once more"),
    lapse.AuthorizationEnding: lambda e, tale: (
        f"{tale.money(e.amount_minor)} on {tale.tender(e.tender)} are held until {tale.moment(e.expires_at_s)} only"
    ),
    lapse.AuthorizationExpired: paying("{amount} on {tender} are not held any more: the time is over"),
    lapse.AuthorizationReleased: paying("{amount} on {tender} went with the only capture, and are due again"),
    capture.CaptureRequested: paying("The gateway is asked to take {amount} from {tender}"),
    capture.PaymentCaptured: captured,
    capture.CaptureDeclined: declined("Taking"),
    void.VoidRequested: voiding,
    void.PaymentVoided: paying("{amount} on {tender} are the customer's again"),
    void.VoidDeclined: declined("Letting go of"),
    void.TenderDropped: paying("{amount} of {tender} will not be asked for"),
    refund.RefundRequested: paying("The gateway is asked to give back {amount} to {tender}"),
    refund.PaymentRefunded: paying("{amount} were given back to {tender}"),
    refund.RefundDeclined: declined("Giving back"),
    refund.RefundCapped: lambda e, tale: (
        f"{tale.money(e.amount_minor)} more is not given back: it was given before, as {e.since}"
    ),
    invoice.InvoiceIssued: invoiced,
    invoice.CreditMemoIssued: credited,
    invoice.NothingCredited: lambda e, tale: (
        f"{e.refund} gives back what no invoice had asked for: nothing is credited"
    ),
    adjust.PriceAdjusted: adjusted,
    chargeback.ChargebackRecorded: charged_back,
    adjust.GoodwillGiven: lambda e, tale: (
        f"The customer is given {tale.money(e.amount_minor)} as goodwill{because(e.reason)}"
    ),
    settlement.SettlementRecorded: settled,
    settlement.SettlementDiffers: differs,
    settlement.SettlementResolved: resolved,
}
