"""Base: what the rest of the core is made of: values, commands, events, reasons, and the three kinds of failure."""

import re
from collections.abc import Container, Iterable
from enum import StrEnum
from typing import Any, dataclass_transform

from msgspec import Struct, field


def snake(name: str) -> str:
    """The name of a class as the shop writes it: `PaymentCaptured` is `payment_captured`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Value(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A frozen value. A change is a new value, made with `msgspec.structs.replace`."""


class Because(Value):
    """Why an event was decided: the rule, its figures, and for a choice what was passed over and why."""

    rule: str
    figures: dict[str, Any] = {}
    passed_over: dict[str, str] = {}


class Command(Value, tag_field="command", tag=snake):
    """Something that is asked of an order. Named as an order: `Capture`, `LiftHold`."""


class Event(Value, tag_field="event", tag=snake, kw_only=True):
    """Something that happened to an order. Named in the past: `PaymentCaptured`."""

    because: Because | None = None


class Refusal(StrEnum):
    """Every way in which a command can be refused. Nothing has changed when one of these is answered."""

    ORDER_NOT_FOUND = "there is no such order"
    ORDER_EXISTS = "this channel order is here already, with other content"
    LINES_MISSING = "an order needs at least one line"
    LINES_TOO_MANY = "an order may have at most 10,000 lines"
    AMOUNTS_UNREADABLE = "amounts of this order could not be read, and no check `well_formed` would hold it"
    CORRECTION_OF_ANOTHER = "the corrected document is of another order"
    CORRECTION_TOO_LATE = "something of this order is under way, so its document cannot be taken for another any more"
    LINE_NOT_FOUND = "the order has no such line"
    BUNDLE_NOT_FOUND = "the order has no such bundle"
    BUNDLE_INCOMPLETE = "this bundle comes back as a whole, or not at all"
    UNITS_NOT_THERE = "the units are not in a state that allows this"
    BUNDLE_BROKEN = "these units are only a part of a bundle that is handled as one"
    UNDEFINED_TRANSITION = "the workflow has no such transition"
    ITEM_STATE_UNKNOWN = "the workflow declares no such item state"
    HOLD_BLOCKS = "a hold blocks this"
    HOLD_UNKNOWN = "the workflow declares no such hold"
    HOLD_NOT_FOUND = "the order has no such hold"
    HOLD_EXISTS = "the order has this hold already"
    FULFILLMENT_NOT_FOUND = "the order has no such fulfillment"
    SHIPMENT_NOT_FOUND = "the order has no such shipment"
    ISSUE_NOT_FOUND = "nobody was asked for these codes"
    TAKEBACK_NOT_FOUND = "nobody was asked to take this code back"
    NOT_RETURNABLE = "it is delivered by a message, and cannot be given back like this"
    NOT_COLLECTED_HERE = "the customer does not collect it; it is sent"
    NOT_PURCHASED = "no purchase order was placed for it"
    SHIPMENT_EXISTS = "this shipment was recorded before"
    NOT_COVERED = "the goods are not covered by a payment"
    TENDER_NOT_FOUND = "the order has no such tender"
    TRANSACTION_NOT_FOUND = "the order has no such transaction"
    TRANSACTION_SETTLED = "this transaction was answered before"
    REFERENCE_MISSING = "the gateway's own id is needed for what follows"
    AMOUNT_DIFFERS = "the answer names another amount than was asked"
    NOTHING_TO_CANCEL = "no unit of this can be canceled any more"
    NOTHING_TO_RELEASE = "nothing is allocated that could be released"
    AMOUNT_MISSING = "an amount above zero is needed"
    MONEY_UNDER_WAY = "money of this tender is on its way; what is left of it is known once that is answered"
    CASE_DIFFERS = "a bank's case of this reference is on record with another amount or tender"
    AMOUNT_TOO_LARGE = "less is left of what was paid"
    REFUND_TOO_LARGE = "a refund may not exceed what was captured"
    SCREENING_NOT_ASKED = "no fraud screening is under way"
    NOT_AGREED = "the customer has not agreed to get another article"
    NOT_SELLABLE = "more of it is wanted than may be sold"
    NOT_ASKED = "the customer is not asked whether they wait"
    NO_SUBSTITUTE = "no other article can take the place of this one"
    LOCATION_UNKNOWN = "the shop has no such location"
    MESSAGE_UNKNOWN = "the workflow has no such message"
    DIFFERENCE_NOT_FOUND = "the order has no such difference of a settlement"
    NOT_ACCEPTABLE = "only an amount that differs can be accepted as it was paid"
    PRICED_ALREADY = "the order has its prices"
    PRICE_UNKNOWN = "a price is missing, or a hold in which the order could wait for it"
    INSTANT_IMPOSSIBLE = "no order has an instant that is so far away"
    NUMBER_TOO_BIG = "a number is bigger than any that can be meant"
    NOTE_EMPTY = "a note needs a text"
    IN_GRACE = "the customer may still change their mind"
    NOT_IN_GRACE = "the order is in no grace period"
    NOT_DUE = "it is not time yet for it to arrive on the date that was chosen"
    DATE_UNKNOWN = "there is no such date"
    DATE_IMPOSSIBLE = "nothing can arrive on that date"
    PICKUP_CLOSED = "the store is not open at this time"
    RESCHEDULE_TOO_LATE = "nothing of this waits for a date any more"
    ORDER_MOVED_ON = "the order has moved on since it was previewed"
    PREVIEW_UNREADABLE = "this names no preview"
    COMMAND_DIFFERS = "what was previewed was another command, of another order or with other values"
    FIGURES_DIFFER = "what would come of it now is not what was previewed"
    SUBSCRIPTION_NOT_FOUND = "there is no such subscription"
    SUBSCRIPTION_EXISTS = "there is a subscription of this id already"
    SUBSCRIPTION_OVER = "the subscription has ended"
    SUBSCRIPTION_ID_UNUSABLE = "the id of a subscription has up to 40 letters, digits and underscores"
    SUBSCRIPTION_EMPTY = "a subscription needs at least one line, of at least one unit"
    SUBSCRIPTION_LINE_NOT_FOUND = "the subscription has no such line"
    SUBSCRIPTION_TERMS_UNUSABLE = "these terms of a subscription cannot be kept"
    SUBSCRIPTION_PRICES_MIXED = "the prices of a subscription are fixed for all of its lines, or for none"
    SUBSCRIPTION_PAUSED = "the subscription is paused already"
    SUBSCRIPTION_NOT_PAUSED = "the subscription is not paused"
    SUBSCRIPTION_ON_HOLD = "its payment has failed; it needs another way to pay first"
    CYCLE_NOT_FOUND = "the subscription has no such cycle ahead"
    TIME_ZONE_UNKNOWN = "there is no such time zone"
    RECURRENCE_UNREADABLE = "this is no recurrence that can be used"
    RECURRENCE_NEVER_FIRES = "a recurrence that never fires"
    END_BEFORE_START = "it would end before it starts"


class Refused(Exception):
    """Expected, enumerated, nothing changed: the refusal and what in particular it is about."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(f"{refusal.value}: {detail}" if detail else refusal.value)
        self.refusal = refusal
        self.detail = detail


# What wrong code raises, ours or that of a shop's own policy. It costs the one step that it happens in, and is never hidden.
MISTAKES = (AssertionError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class NeedFacts(Exception):
    """A step lacks facts. The engine loads what is named and runs the step again."""

    def __init__(self, kind: str, keys: frozenset[str]) -> None:
        super().__init__(f"{kind}: {', '.join(sorted(keys))}")
        self.kind = kind
        self.keys = keys


def missing_of(keys: Iterable[str], known: Container[str]) -> frozenset[str]:
    """The keys that are not known; `keys - known.keys()` would go through all that is known."""
    return frozenset([key for key in keys if key not in known])
