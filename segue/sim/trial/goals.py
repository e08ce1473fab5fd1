"""Goals: rare situations that must really come up. A run in which one never does has not tried what it claims to try.

Most are looked for in each step, with the order before and after it, and with marks of what was met before: `had:EVENT`,
`lost:OPERATION` (the answer got lost and is not settled yet), `dead:PORT`, `delayed:KIND` and so on. The others are counted
where they happen, under a name of their own.
"""

from collections.abc import Iterable, Iterator

from segue.core.order import count_in
from segue.sim.trial.glimpse import Glimpse, Seen, is_unknown
from segue.sim.trial.money_goals import MONEY
from segue.sim.trial.time_goals import COUNTED_IN_TIME, TIME

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
    "canceled while an outcome is unknown": lambda g: is_unknown(g.before),
    "canceled while the verdict is awaited": lambda g: g.before is not None and g.before.screening == "pending",
    "canceled by the time limit of a folder": lambda g: g.says(b'"reaction":"folders.'),
    "canceled by the channel": lambda g: g.by.startswith("channel:"),
    "canceled in part twice": lambda g: g.had("units_canceled"),
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
    "stock_expected": {"what is on order brings what is waited for": lambda g: True},
    "stock_delayed": {
        "what is on order comes later than was said": lambda g: True,
        "what is on order does not come": lambda g: g.says(b"not expected any more"),
    },
    "units_deallocated": {"stock was given back": lambda g: g.says(b"less_on_hand")},
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
BY_EVENT: dict[str, dict[str, Seen]] = {
    event: MONEY.get(event, {}) | GOODS.get(event, {}) | FLOW.get(event, {}) | TIME.get(event, {})
    for event in (*MONEY, *GOODS, *FLOW, *TIME)
}

# What is counted where it happens: the name that it is counted by, and what it is.
COUNTED: dict[str, str] = COUNTED_IN_TIME | {
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
    "asked:as previewed": "something was committed as it was previewed",
    "asked:refused:ORDER_MOVED_ON": "an order moved on after somebody had seen what a command would come to",
    "asked:refused:AMOUNT_TOO_LARGE": "more was to be given than is left",
    "asked:refused:HOLD_BLOCKS": "somebody asks for what a hold blocks",
    "settled:not asked": "a provider is left alone for a while",
    "settled:asked again": "a person has asked again what nobody knew",
    "settled:unknown": "a task whose attempts are used up",
    "settled:after death": "a task is done though its worker died",
    "settled:refused": "an answer that came by two ways",
    "stock:gave back": "less is there than orders have, and they give back",
    "stock:kept back": "less is counted than was asked to be shipped",
    "stock:repeated": "a report comes twice",
    "stock:older": "an older snapshot comes after a newer one",
    "stock:contained": "a delta comes after the snapshot that contains it",
    "stock:altered": "a report comes again and says another thing",
    "stock:waiting": "a report waits for what nobody knows yet",
    "stock:transfer": "goods are sent to another location",
    "stock:transfer refused": "goods are to be sent that are not free",
    "stock:supply refused": "more of a supply is named than is expected",
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


WITH_PAYMENTS: dict[str, str] = {
    "fault:gateway.doubled": "the gateway gets a request twice and answers twice",
    "fault:gateway.held_up": "a request arrives when nobody waits for its answer any more",
    "handled:done:heard first": "an answer that came as a message first",
    "handled:refused:TRANSACTION_SETTLED": "an answer that was heard twice",
    "call:look_up:no keys": "a gateway without keys is looked up",
    "call:look_up:forgotten": "a look-up finds what the gateway's keys have forgotten",
    "call:sent again": "a request that the gateway never saw is sent again",
}


def names(workers: int, faults: str = "usual") -> list[str]:
    """All goals of trials with so many workers and such faults."""
    counted = [*COUNTED.values(), *(WITH_TWO_WORKERS.values() if workers > 1 else ())]
    counted += WITH_PAYMENTS.values() if faults == "payments" else ()
    return sorted([*counted, *(name for seen in BY_EVENT.values() for name in seen)])


def reached(glimpse: Glimpse) -> Iterator[str]:
    """The goals that a step reaches."""
    for event in glimpse.events & BY_EVENT.keys():
        for name, is_seen in BY_EVENT[event].items():
            if is_seen(glimpse):
                yield name


def counted(names: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """The goals that were counted where they happened."""
    known = COUNTED | WITH_TWO_WORKERS | WITH_PAYMENTS
    for name, count in names:
        if name in known:
            yield known[name], count
