"""Correcting: whether an order may still be made of another document, and what differs then."""

from typing import Any

from msgspec.structs import replace

from segue.core.authorization import is_brought
from segue.core.order import Order, Transaction, left_of
from segue.core.transactions import OPEN

START_STATES = {"adopted": "authorized", "prepaid": "captured"}  # money that the channel has brought along


def under_way_of(order: Order) -> str:
    """What has been done for an order already, so that its document cannot be another any more; empty if nothing."""
    for line in order.lines:
        for state in line.tally:
            if state != "new":
                return f"units of line {line.number} are {state}"
    for name, tender in order.tenders.items():
        for state in tender.tally:
            if state != START_STATES.get(tender.kind, "due"):
                return f"{name} is {state}"
    for name, done in order.transactions.items():
        if done.outcome in OPEN or (done.outcome == "done" and _is_held_by_us(order, name)):
            return f"{name} is {done.outcome}"
    if order.goodwill_minor or order.fees_minor or order.adjustments or order.chargebacks:
        return "its price was changed, or money taken back"
    return "the fraud vendor is being asked" if order.screening in ("asked", "pending") else ""


def may_be_corrected(order: Order) -> bool:
    """Whether it waits because of a check that a corrected document may pass, and nothing is under way."""
    return any(failure.blocks for failure in order.failures) and not under_way_of(order)


def _is_held_by_us(order: Order, name: str) -> bool:
    """Whether this is an authorization that we have asked for, of which the gateway still holds something."""
    done = order.transactions[name]
    return done.kind == "authorize" and not is_brought(order, done) and left_of(order, name) > 0


def booked_otherwise(before: Order, after: Order) -> str:
    """What is in the ledger in another currency than the corrected order has; empty if nothing."""
    brought = [name for name, known in before.tenders.items() if known.kind in START_STATES and known.amount_minor]
    return f"{brought[0]} is booked in {before.currency}" if brought and before.currency != after.currency else ""


def brought_anew(before: Order, after: Order) -> dict[str, Transaction]:
    """The transactions of an order with those that its corrected document brings along.

    An authorization of the channel whose tender is another one now holds nothing for us any more; no id is used twice.
    """
    found = dict(before.transactions)
    changed = [name for name in (*before.tenders, *after.tenders) if not _is_the_same(before, after, name)]
    for name, done in before.transactions.items():
        if done.tender in changed and is_brought(before, done):
            found[name] = replace(done, lapsed_minor=done.amount_minor)
    for brought in after.transactions.values():
        if brought.tender in changed:
            found[f"A{1 + sum(done.kind == brought.kind for done in found.values())}"] = brought
    return found


def _is_the_same(before: Order, after: Order, tender: str) -> bool:
    was, now = before.tenders.get(tender), after.tenders.get(tender)
    return was is not None and now is not None and replace(was, tally={}) == replace(now, tally={})


def made_of(order: Order) -> tuple[Any, ...]:
    """Of an order what its document says, and nothing of what has been done for it since."""
    tenders = tuple((each.kind, each.method, each.amount_minor, each.reference) for each in order.tenders.values())
    said = (getattr(order, name) for name in SAID)
    return (*said, *(tuple(getattr(line, name) for name in SAID_OF_LINES) for line in order.lines), tenders)


def differences(before: Order, after: Order) -> dict[str, list[int | str]]:
    """The figures that differ, each as it was and as it is."""
    was, now = _figures(before), _figures(after)
    return {name: [was[name], now[name]] for name in was if was[name] != now[name]}


def _figures(order: Order) -> dict[str, int | str]:
    return {
        "currency": order.currency,
        "lines": len(order.lines),
        "units": sum(line.quantity for line in order.lines),
        "total_minor": order.total_minor,
        "goods_minor": sum(line.paid_minor for line in order.lines),
        "tenders_minor": sum(tender.amount_minor for tender in order.tenders.values()),
        "mistakes": len(order.mistakes),
    }


SAID = (
    "placed_at_s", "currency", "total_minor", "shipping_minor", "charges", "shipping_tax_minor", "taxes_included", "grants",
    "tier", "person", "ship_to", "ship_to_digest", "bill_country", "ship_method", "promised_at_s", "tags", "locale",
    "shipping_taxes", "mistakes", "unpriced", "deliver_on", "dated", "bundles", "digital",
    "pickup_from_s", "pickup_until_s",
)  # fmt: skip
SAID_OF_LINES = (
    "sku", "quantity", "price_minor", "discount_minor", "tax_minor", "paid_minor", "title", "properties", "location",
    "taxes", "deliver_on", "bundle", "kind",
)  # fmt: skip
# What has become of an order since it came, and stays with it. Of its fulfillments no unit is left; but no id is used twice.
KEPT = (
    "holds", "failures", "screening", "waiting", "places", "fulfillments", "documents", "uncredited", "settlements",
    "differences", "grace_ends_s", "grace_over", "counted",
)  # fmt: skip
# What begins again, or was nothing: as long as any of it is something, the order is under way and is not corrected.
ANEW = (
    "covered", "score", "band", "shipments", "timers", "shipping_back_minor", "withheld_minor", "fees_minor",
    "fees_tax_minor", "goodwill_minor", "adjustments", "chargebacks", "capped", "corrections",
    "expected", "agreed", "asked", "issues", "takebacks", "lost", "redated",
)  # fmt: skip
