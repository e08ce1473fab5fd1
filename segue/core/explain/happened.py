"""Happened: a sentence for each event, the past of an order in plain words."""

from collections.abc import Callable, Iterable
from typing import Any

from segue.core import (
    allocate,
    assign,
    cancel,
    converting,
    deallocate,
    deliver,
    fulfill,
    grade,
    hold,
    intake,
    item_state,
    note,
    notify,
    paid_otherwise,
    price,
    repromise,
    returns,
    screen,
    substitute,
    wake,
)
from segue.core.amounts import money
from segue.core.base import Event
from segue.core.expected import Expected
from segue.core.explain.awaited import SENTENCES as AWAITED
from segue.core.explain.bundled import bought
from segue.core.explain.collected import SENTENCES as COLLECTED
from segue.core.explain.discounts import discounts
from segue.core.explain.issued import SENTENCES as ISSUED
from segue.core.explain.paid import SENTENCES as PAID
from segue.core.explain.waited import SENTENCES as WAITED
from segue.core.explain.words import Tale, because, listed, plain
from segue.core.stock_effect import GONE, STOCK_EFFECTS, UNCHANGED
from segue.core.tally import size

VERDICTS = {
    "pending": "The fraud vendor is still thinking",
    "accepted": "The fraud vendor accepts the order",
    "review": "The fraud vendor wants a person to look at the order",
    "rejected": "The fraud vendor rejects the order",
    "timed_out": "The fraud vendor has not answered in time",
}


def placed(event: intake.OrderPlaced, tale: Tale) -> str:
    """An order begins."""
    total = tale.money(event.draft.total_minor)
    off = discounts(event.draft, tale)
    goods = bought(event.draft)
    return f"Order {event.draft.channel_order_id} came in from {event.draft.channel}: {goods}, for {total}{off}"


def corrected(event: intake.OrderCorrected, tale: Tale) -> str:
    """An order that could not be used as it was came again."""
    total = money(event.draft.total_minor, event.draft.currency)
    figures = event.because.figures if event.because else {}
    told = f"The document of the order is corrected: {bought(event.draft)}, for {total}"
    before = figures.get("currency", [tale.order.currency])[0]
    pairs = ((name, each) for name, each in figures.items() if isinstance(each, list))  # the others are of its price
    changed = [_instead(name, was, now, before, event.draft.currency) for name, (was, now) in pairs]
    return f"{told}; {listed(changed)}" if changed else told


def cart_taken(event: converting.CartTaken, tale: Tale) -> str:
    """What a cart had is the order's, or free."""
    held = listed(f"{each.units} of {each.sku} at {tale.place(each.location)}" for each in event.held)
    return f"The order takes over what its cart {event.cart} had reserved: {held}"


MISSED = {
    "nothing_reserved": "it has nothing reserved",
    "over": "its time was over",
    "another_channel": "it is one of another channel",
}


def cart_missed(event: converting.CartMissed, tale: Tale) -> str:
    """Nothing of a cart is the order's."""
    return f"Nothing is taken over of its cart {event.cart}: {MISSED[event.why]}"


def _instead(name: str, was: Any, now: Any, before: str, after: str) -> str:
    """What a figure is now and was: an amount each in the currency that the order had at that time."""
    label = name.removesuffix("_minor")
    if label == name:
        return f"{plain(label)} {now} instead of {was}"
    return f"{plain(label)} {money(now, after)} instead of {money(was, before)}"


def validated(event: intake.OrderValidated, tale: Tale) -> str:
    """What the checks found."""
    if not event.failures:
        return "The order passes all checks now"
    found = listed(f"{plain(f.check)}{f' on line {f.line}' if f.line else ''} ({f.detail})" for f in event.failures)
    return f"The order fails {len(event.failures)} of its checks: {found}"


def hold_placed(event: hold.HoldPlaced, tale: Tale) -> str:
    """Something stands in the way."""
    until = f", until {tale.moment(event.until_s)}" if event.until_s is not None else ""
    return f"The order is on hold, {tale.hold(event.hold)}{until}{because(event.reason)}"


def graded(event: grade.OrderGraded, tale: Tale) -> str:
    """The score, and which rules gave it."""
    rules = f": {listed(f'{plain(rule)} {points}' for rule, points in event.fired.items())}" if event.fired else ""
    return f"The grade is {event.score}{f', {event.band}' if event.band else ''}{rules}"


def screened(event: screen.ScreeningRecorded, tale: Tale) -> str:
    """The vendor's verdict."""
    return VERDICTS[event.verdict] + (", after the time was up" if event.late else "")


def moved_places(event: wake.PlacesChanged, tale: Tale) -> str:
    """Statuses and folders."""
    into = [f"Now: {listed(plain(name) for name in event.entered)}"] if event.entered else []
    out = [f"No longer: {listed(plain(name) for name in event.left)}"] if event.left else []
    return ". ".join(into + out)


def allocated(event: allocate.UnitsAllocated, tale: Tale) -> str:
    """Which location gives units, and when they leave and arrive."""
    told, made = moving("{units} will come from {place}")(event, tale), event.promised
    if made is None:
        return told
    if event.release_at_s is not None:
        told += f", asked on {tale.moment(event.release_at_s)}"
    arrives = f" and arrive by {tale.moment(made.deliver_by_s)}" if made.deliver_by_s is not None else ""
    return f"{told}, to leave by {tale.moment(made.ship_by_s)}{arrives}"


def stock_arrived(event: allocate.StockArrived, tale: Tale) -> str:
    """Stock that was waited for."""
    return f"There is stock now for {tale.counts(event.units)}"


def expected(event: repromise.StockExpected, tale: Tale) -> str:
    """What brings units that wait."""
    return _by_line(f"{_line(n, tale)} is {_when(each, tale)}{_with(each)}" for n, each in event.lines.items())


def delayed(event: repromise.StockDelayed, tale: Tale) -> str:
    """What brings them comes later."""
    return _by_line(
        f"{_line(n, tale)} is delayed: {_when(each, tale)} instead of {tale.moment(event.before_s[n])}{_with(each)}"
        for n, each in event.lines.items()
    )


def _by_line(found: Iterable[str]) -> str:
    text = "; ".join(found)
    return text[:1].upper() + text[1:]


def _line(number: int, tale: Tale) -> str:
    return f"line {number} ({tale.order.lines[number - 1].sku})"


def _when(each: Expected, tale: Tale) -> str:
    return "not all of it expected" if each.due_s is None else f"to be had {tale.moment(each.due_s)}"


def _with(each: Expected) -> str:
    """The supplies that bring it."""
    names = listed(dict.fromkeys(name for awaited in each.awaited for name in awaited.supplies))
    return f", with {names}" if each.awaited else ""


def lines_of(event: fulfill.SourcingFailed, tale: Tale) -> str:
    """Enough locations have failed."""
    lines = listed(f"line {number} ({tale.order.lines[number - 1].sku})" for number in event.lines)
    return f"{event.attempts} attempts to deliver {lines} have failed: a person has to decide"


def released(event: fulfill.FulfillmentReleased, tale: Tale) -> str:
    """A location is asked for goods; a supplier by a purchase order."""
    by = f" by purchase order {event.purchase_order}" if event.purchase_order else ""
    return f"{tale.place(event.location)} is asked{by} to ship {tale.units(event.units)}"


def shipped(event: fulfill.FulfillmentShipped, tale: Tale) -> str:
    """A parcel has left."""
    by = f" with {event.carrier}" if event.carrier else ""
    tracking = f", tracking {event.tracking}" if event.tracking else ""
    units, place = tale.units(event.units), tale.place(event.location)
    return f"{place} has shipped {units}{by} as {event.shipment}{tracking}"


def returned(event: returns.UnitsReturned, tale: Tale) -> str:
    """Units are back."""
    state = "" if event.sellable else ", not fit to be sold again"
    came = f"{tale.units(event.units)} came back to {tale.place(event.location)}{state}{because(event.reason)}"
    if event.lost:
        came = f"{tale.units(event.units)} never reached the customer{because(event.reason)}"
    return came + costing(event, event.fee_minor, tale)


def canceled(event: cancel.UnitsCanceled, tale: Tale) -> str:
    """Units will not be delivered."""
    return f"{tale.units(event.units)} are canceled{because(plain(event.reason))}{costing(event, 0, tale)}"


def costing(event: cancel.UnitsCanceled | returns.UnitsReturned, fee_minor: int, tale: Tale) -> str:
    """What else it does to the money, where it does anything."""
    promotions = event.because.figures.get("promotions", ()) if event.because else ()
    amounts = {
        f"{{}} is withheld, since {listed(promotions)} does not hold any more": event.withheld_minor,
        "{} is not withheld any more": -event.withheld_minor,
        "{} of the shipping is given back": event.shipping_minor,
        "{} is charged for the return": fee_minor,
    }
    return "".join(f"; {text.format(tale.money(amount))}" for text, amount in amounts.items() if amount > 0)


def assigned(event: assign.LocationAssigned, tale: Tale) -> str:
    """A person says where lines come from."""
    lines = listed(f"line {number} ({tale.order.lines[number - 1].sku})" for number in event.lines)
    if not event.location:
        return f"The rules say again where {lines} will come from{because(event.reason)}"
    return f"From {tale.place(event.location)} and nowhere else will come {lines}{because(event.reason)}"


def moving(text: str) -> Callable[[Any, Tale], str]:
    """A sentence about units at a location, which stand for {units} and {place}."""
    return lambda event, tale: text.format(
        units=tale.units(event.units),
        place=tale.place(getattr(event, "location", "")),
        reason=because(plain(getattr(event, "reason", ""))),
    )


def failing(text: str, usual: str) -> Callable[[Any, Tale], str]:
    """A sentence about units that a location does not give, and what that says of its stock, if not the usual."""
    sentence = moving(text)
    return lambda event, tale: (
        sentence(event, tale) + ("" if event.effect == usual else f"; {STOCK_EFFECTS[event.effect]}")
    )


SENTENCES: dict[type[Event], Callable[[Any, Tale], str]] = {
    intake.OrderPlaced: placed,
    intake.OrderCorrected: corrected,
    intake.OrderValidated: validated,
    price.OrderPriced: lambda e, tale: (
        f"It came without prices; now it costs {tale.money(e.draft.total_minor)}{discounts(e.draft, tale)}"
    ),
    hold.HoldPlaced: hold_placed,
    hold.HoldLifted: lambda e, tale: f"The hold {tale.hold(e.hold)} is lifted{because(e.reason)}",
    grade.OrderGraded: graded,
    screen.ScreeningRequested: lambda e, tale: (
        f"The fraud vendor is asked about an order of {tale.money(e.total_minor)}"
    ),
    screen.ScreeningRecorded: screened,
    converting.CartTaken: cart_taken,
    converting.CartMissed: cart_missed,
    allocate.UnitsReserved: moving("{units} are set aside at {place}"),
    allocate.ReservationDropped: moving("What was set aside is free again: {units}"),
    allocate.UnitsAllocated: allocated,
    deallocate.UnitsDeallocated: moving("{place} keeps {units} for others again"),
    allocate.StockArrived: stock_arrived,
    repromise.StockExpected: expected,
    repromise.StockDelayed: delayed,
    assign.LocationAssigned: assigned,
    substitute.LineSubstituted: lambda e, tale: (
        f"{e.sku} takes the place of {e.was} on line {e.line}, {size(e.units)} of it, for what was paid"
    ),
    fulfill.FulfillmentReleased: released,
    fulfill.FulfillmentShipped: shipped,
    fulfill.UnitsShortPicked: failing("{place} could not deliver {units}{reason}", GONE),
    fulfill.FulfillmentRejected: failing("{place} will not deliver {units}{reason}", UNCHANGED),
    fulfill.SourcingFailed: lines_of,
    deliver.ShipmentDelivered: lambda e, tale: f"Shipment {e.shipment} has arrived: {tale.units(e.units)}",
    cancel.UnitsCanceled: canceled,
    returns.UnitsReturned: returned,
    notify.MessageRequested: lambda e, tale: f"The customer is sent the message {plain(e.message)}",
    notify.ChannelUpdateRequested: lambda e, tale: f"{tale.order.channel} is told: {plain(e.update)}",
    note.NoteAdded: lambda e, tale: f"Note: {e.text}",
    paid_otherwise.TenderChanged: lambda e, tale: f"What is due of {e.tender} is asked for by {e.method} from now on",
    item_state.StateEntered: lambda e, tale: f"{tale.units(e.units)} are in {plain(e.state.partition('.')[2])} now",
    item_state.StateLeft: lambda e, tale: f"{tale.units(e.units)} have left {plain(e.state.partition('.')[2])}",
    wake.TimerSet: lambda e, tale: f"Planned for {tale.moment(e.due_at_s)}: {plain(e.does)}",
    wake.TimerFired: lambda e, tale: f"The time has come to {plain(e.does)}",
    wake.TimersDropped: lambda e, tale: f"No longer waited for: {listed(t.partition('#')[0] for t in e.timers)}",
    wake.ReactionsResumed: lambda e, tale: f"What was held up is tried again: {tale.doing(e.reactions)}",
    wake.PlacesChanged: moved_places,
    **AWAITED,
    **COLLECTED,
    **ISSUED,
    **PAID,
    **WAITED,
}
