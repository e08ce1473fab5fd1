"""Goals: rare situations that must really come up. A run in which one never does has not tried what it claims to try.

Most are looked for in each step, with the order before and after it, and with marks of what was met before: `had:EVENT`,
`lost:OPERATION` (the answer got lost and is not settled yet), `dead:PORT`, `delayed:KIND` and so on. The others are counted
where they happen, under a name of their own.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from segue.core.order import Order, count_in, money_in

Marks = frozenset[str] | set[str]


class Glimpse(NamedTuple):
    """One step of one order, as the goals see it."""

    before: Order | None
    after: Order
    events: frozenset[str]
    record: bytes
    by: str
    marks: Marks  # what was seen about this order before

    def says(self, text: bytes) -> bool:
        """Whether the record of the step has this in it."""
        return text in self.record

    def had(self, *events: str) -> bool:
        """Whether all of these happened to the order before."""
        return all(f"had:{event}" in self.marks for event in events)

    def money(self, *states: str) -> int:
        """What was in these states before the step."""
        return money_in(self.before, *states) if self.before else 0

    def units(self, *states: str) -> int:
        """How many units were in these states before the step."""
        return count_in(self.before, *states) if self.before else 0


Seen = Callable[[Glimpse], bool]

CANCELED: dict[str, Seen] = {
    "canceled while the authorization is in flight": lambda g: g.money("authorizing") > 0,
    "canceled while a capture is in flight": lambda g: g.money("capturing") > 0,
    "canceled while a refund is in flight": lambda g: g.money("refunding") > 0,
    "canceled while a void is in flight": lambda g: g.money("voiding") > 0,
    "canceled while on hold": lambda g: g.before is not None and bool(g.before.holds),
    "canceled while waiting for stock": lambda g: g.units("backordered") > 0,
    "canceled while reserved": lambda g: g.units("reserved") > 0,
    "canceled while allocated and not released": lambda g: g.units("allocated") > 0,
    "canceled in part after another part was shipped": lambda g: g.units("shipped", "delivered") > 0,
    "canceled while part of it is at the warehouse": lambda g: g.units("released") > 0,
    "authorization answer lost while the order is being canceled": lambda g: "lost:authorize" in g.marks,
    "capture answer lost while the order is being canceled": lambda g: "lost:capture" in g.marks,
    "canceled while an outcome is unknown": lambda g: _unknown(g.before),
    "canceled while the verdict is awaited": lambda g: g.before is not None and g.before.screening == "pending",
    "canceled by the time limit of a folder": lambda g: g.says(b'"reaction":"folders.'),
    "canceled by the channel": lambda g: g.by.startswith("channel:"),
    "canceled in part twice": lambda g: g.had("units_canceled"),
}
MONEY: dict[str, dict[str, Seen]] = {
    "payment_authorized": {
        "authorized at the second try": lambda g: g.had("authorization_declined"),
        "authorized after all of it was canceled": lambda g: g.units("new", "canceled") == g.units("canceled") > 0,
        "authorization found by a person": lambda g: g.by == "person:payments",
        "authorized after the gateway was dead": lambda g: "dead:gateway" in g.marks,
        "authorized though the first answer was lost": lambda g: "lost:authorize" in g.marks,
    },
    "authorization_declined": {
        "one tender declined while another is held": lambda g: g.money("authorized") > 0,
        "declined twice": lambda g: g.had("authorization_declined"),
        "declined after it was canceled": lambda g: g.had("units_canceled"),
    },
    "payment_captured": {
        "captured though the first answer was lost": lambda g: "lost:capture" in g.marks,
        "captured after the gateway was dead": lambda g: "dead:gateway" in g.marks,
        "captured after a decline": lambda g: g.had("capture_declined"),
        "captured after units came back": lambda g: g.units("returned") > 0,
        "captured on delivery": lambda g: "shipment_delivered" in g.events,
        "captured in two parts": lambda g: g.had("payment_captured"),
        "capture found by a person": lambda g: g.by == "person:payments",
        "captured what was canceled meanwhile": lambda g: g.had("units_canceled") and "refund_requested" in g.events,
    },
    "capture_declined": {
        "capture declined": lambda g: True,
        "capture declined after the goods have left": lambda g: g.units("shipped", "delivered") > 0,
    },
    "payment_voided": {
        "void done though its answer was lost": lambda g: "lost:void" in g.marks,
        "one of two tenders let go of": lambda g: len(g.after.tenders) > 1 and g.money("authorized", "captured") > 0,
    },
    "payment_refunded": {
        "refunded though the answer was lost": lambda g: "lost:refund" in g.marks,
        "refunded without a gateway": lambda g: any(t.kind == "prepaid" for t in g.after.tenders.values()),
        "refunded in two parts": lambda g: g.had("payment_refunded"),
        "refunded after a decline": lambda g: g.had("refund_declined"),
        "refunded what was captured twice over": lambda g: len(_done(g.after, "capture")) > 1,
    },
    "refund_declined": {"refund declined": lambda g: True},
    "outcome_unknown": {
        "an outcome is unknown": lambda g: True,
        "a provider named another amount": lambda g: g.says(b"differs") or g.says(b"answered"),
        "the outcome of a refund is unknown": lambda g: g.money("refunding") > 0,
    },
    "tender_dropped": {"an amount is not asked for any more": lambda g: True},
}
GOODS: dict[str, dict[str, Seen]] = {
    "units_short_picked": {
        "short pick": lambda g: True,
        "short pick of all that was asked for": lambda g: g.units("released") > 0 == count_in(g.after, "released"),
        "damaged goods found while picking": lambda g: g.says(b'"reason":"damaged"'),
        "short pick after a part was canceled": lambda g: g.had("units_canceled"),
    },
    "sourcing_failed": {"several locations failed": lambda g: True},
    "fulfillment_rejected": {
        "rejected by a location": lambda g: True,
        "rejected after a short pick": lambda g: g.had("units_short_picked"),
        "declined by the warehouse at once": lambda g: g.by == "warehouse" and g.says(b'"reason":"declined"'),
    },
    "units_backordered": {
        "nobody has it": lambda g: True,
        "backordered in part": lambda g: "units_allocated" in g.events,
    },
    "stock_arrived": {"stock arrived for who waited": lambda g: True},
    "reservation_dropped": {"a reservation changed its mind": lambda g: True},
    "units_allocated": {
        "from two locations at once": lambda g: g.record.count(b'"event":"units_allocated"') > 1,
        "allocated after a hold was lifted": lambda g: "reactions_resumed" in g.events,
        "sourced again after it had failed": lambda g: g.had("sourcing_failed"),
    },
    "fulfillment_shipped": {
        "shipped though the answer to the release was lost": lambda g: "lost:release" in g.marks,
        "shipment told before the short pick": lambda g: "reversed:record_shipment" in g.marks,
        "shipped in two parcels": lambda g: len(g.after.shipments) > 1,
        "shipped while on hold": lambda g: bool(g.after.holds),
        "shipment told late": lambda g: "delayed:record_shipment" in g.marks,
        "shipped before the warehouse had answered": lambda g: "late:release" in g.marks,
    },
    "shipment_delivered": {
        "delivered before the capture is answered": lambda g: g.money("capturing") > 0,
        "delivery told late": lambda g: "delayed:record_delivery" in g.marks,
        "delivery of a parcel that seemed lost": lambda g: g.by == "person:service",
        "delivered though the answer to the tracking was lost": lambda g: "lost:track" in g.marks,
    },
    "units_returned": {
        "returned before it was delivered": lambda g: g.units("shipped") > count_in(g.after, "shipped"),
        "returned before the capture is answered": lambda g: g.money("capturing") > 0,
        "returned to another location": lambda g: g.says(b'"location":"MUC"'),
        "returned and not sellable": lambda g: g.says(b'"sellable":false'),
        "returned in two parts": lambda g: g.had("units_returned"),
    },
}
FLOW: dict[str, dict[str, Seen]] = {
    "units_canceled": CANCELED,
    "order_placed": {
        "an order without a known SKU": lambda g: g.says(b'"check":"known_skus"'),
        "an order whose amounts do not add up": lambda g: g.says(b'"check":"money_adds_up"'),
        "an order that was placed twice": lambda g: g.says(b'"check":"not_a_duplicate"'),
        "an order that cannot be delivered": lambda g: g.says(b'"check":"deliverable_address"'),
        "an order by an unknown method": lambda g: g.says(b'"check":"known_shipping_method"'),
    },
    "screening_recorded": {
        "a verdict that came late": lambda g: g.says(b'"late":true'),
        "no verdict in time": lambda g: g.says(b'"verdict":"timed_out"'),
        "rejected by the vendor": lambda g: g.says(b'"verdict":"rejected"'),
        "a verdict though the answer was lost": lambda g: "lost:screen" in g.marks,
        "a verdict after the order was canceled": lambda g: g.had("units_canceled"),
    },
    "hold_placed": {
        "held while a capture is in flight": lambda g: g.money("capturing") > 0,
        "a line is held and the others go on": lambda g: g.says(b'"line":') and len(g.after.lines) > 1,
        "held twice over": lambda g: len(g.after.holds) > 1,
    },
    "hold_lifted": {
        "a hold ends by its time": lambda g: g.says(b"its time is over"),
        "a hold ends by its condition": lambda g: g.says(b"its condition holds"),
        "a hold ends because its check passes": lambda g: g.says(b"the check passes now"),
        "a hold ends because nothing is left to hold": lambda g: g.says(b"nothing_left_to_hold"),
    },
    "reaction_blocked": {"a hold blocks what the workflow wants": lambda g: True},
    "state_left": {"engraved by a person": lambda g: g.by.startswith("person:")},
    "timers_dropped": {"timers end with their order": lambda g: not g.after.timers},
}
BY_EVENT: dict[str, dict[str, Seen]] = MONEY | GOODS | FLOW

# What is counted where it happens: the name that it is counted by, and what it is.
COUNTED: dict[str, str] = {
    "commit:StaleOrder": "an order moved on while its next step was decided",
    "commit:OutOfStock": "stock ran out between plan and commit",
    "handled:parked:ORDER_NOT_FOUND": "a message came before its order",
    "handled:parked:UNITS_NOT_THERE": "a return came before the units had left",
    "handled:parked:FULFILLMENT_NOT_FOUND": "a shipment of a fulfillment that is not there",
    "handled:parked:SHIPMENT_NOT_FOUND": "a delivery of a shipment that is not there",
    "handled:parked:unmatched": "a cancellation that fits no order yet",
    "handled:parked:unreadable": "a message that nobody understands",
    "handled:done:after parked": "a message that was parked is done",
    "handled:parked:ORDER_EXISTS": "an order came again with other content, which nothing corrects",
    "asked:refused:NOTHING_TO_CANCEL": "a cancellation that came too late",
    "asked:refused:HOLD_BLOCKS": "somebody asks for what a hold blocks",
    "settled:not asked": "a provider is left alone for a while",
    "settled:unknown": "a task whose attempts are used up",
    "settled:after death": "a task is done though its worker died",
    "settled:refused": "an answer that came by two ways",
    "stock:count refused": "less is counted than is allocated",
    "stock:damage refused": "more breaks than is free",
    "clock:forward": "the clock is set forward",
    "clock:back": "the clock is set back",
    "death:after_send:authorize": "died after the gateway held the money, before anything was written",
    "death:after_send:capture": "died between the capture and its commit",
    "death:after_send:refund": "died between the refund and its commit",
    "death:after_send:release": "died after the warehouse was asked, before anything was written",
    "death:after_intent:capture": "died with a capture asked for and not sent",
    "death:before_intent": "died before what was decided was written",
    "death:after_intent": "died after what was decided was written",
    "death:before_send": "died before a call",
    "death:after_send": "died after a call, its answer unread",
    "death:after_answer": "died with an answer in hand",
    "death:before_commit": "died before an answer was written",
    "death:after_commit": "died after an answer was written",
    "death:between_statements": "died between two statements of a commit",
    "death:before_settle": "died before a source heard that its messages are here",
    "fault:gateway.dead": "the gateway is dead",
    "fault:warehouse.dead": "the warehouse is dead",
    "fault:source.dead": "messages cannot be fetched",
    "fault:source.lost_after": "a source does not hear that its messages are here",
    "fault:warehouse.duplicated": "the warehouse says something twice",
    "fault:carrier.duplicated": "the carrier says something twice",
    "fault:carrier.never": "a parcel is never heard of again",
    "fault:warehouse.never": "a location says nothing any more",
    "fault:gateway.late": "the gateway answers after the lease",
}
WITH_TWO_WORKERS: dict[str, str] = {
    "commit:StaleMessage": "a message that another worker has handled",
    "commit:StaleTask": "an answer of a worker whose claim was over",
    "death:alone": "one worker died, and the other went on",
    "settled:taken over": "a task is settled by another worker than the one that claimed it first",
}


def names(workers: int) -> list[str]:
    """All goals."""
    counted = [*COUNTED.values(), *(WITH_TWO_WORKERS.values() if workers > 1 else ())]
    return sorted([*counted, *(name for seen in BY_EVENT.values() for name in seen)])


def reached(glimpse: Glimpse) -> Iterator[str]:
    """The goals that a step reaches."""
    for event in glimpse.events & BY_EVENT.keys():
        for name, is_seen in BY_EVENT[event].items():
            if is_seen(glimpse):
                yield name


def counted(names: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """The goals that were counted where they happened."""
    known = COUNTED | WITH_TWO_WORKERS
    for name, count in names:
        if name in known:
            yield known[name], count


def _unknown(order: Order | None) -> bool:
    return order is not None and any(done.outcome == "unknown" for done in order.transactions.values())


def _done(order: Order, kind: str) -> list[str]:
    return [name for name, done in order.transactions.items() if done.kind == kind and done.outcome == "done"]
