"""Goals of money: rare situations of payments that must really come up, under the event at which each can be seen."""

from segue.sim.trial.glimpse import Seen, done_of

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
        "refunded what was captured twice over": lambda g: len(done_of(g.after, "capture")) > 1,
    },
    "refund_declined": {"refund declined": lambda g: True},
    "outcome_unknown": {
        "an outcome is unknown": lambda g: True,
        "a provider named another amount": lambda g: g.says(b"differs") or g.says(b"answered"),
        "the outcome of a refund is unknown": lambda g: g.money("refunding") > 0,
    },
    "tender_dropped": {"an amount is not asked for any more": lambda g: True},
    "units_returned": {
        "a threshold was lost by a return": lambda g: g.says(b'"withheld_minor":') and g.says(b'"threshold"'),
        "the goods to a gift came back, and the gift was charged": lambda g: (
            g.says(b'"withheld_minor":') and g.says(b'"gift"')
        ),
        "less is withheld since more came back": lambda g: g.says(b'"withheld_minor":-'),
        "shipping was given back": lambda g: g.says(b'"shipping_minor":'),
        "a return had its fee": lambda g: g.says(b'"fee_minor":'),
    },
    "units_canceled": {
        "a promotion was reclaimed by a cancellation": lambda g: g.says(b'"withheld_minor":'),
    },
    "authorization_ending": {
        "an authorization ends soon, and goods still wait": lambda g: g.units("new", "backordered", "allocated") > 0,
    },
    "payment_reauthorized": {"authorized anew before the old authorization ended": lambda g: True},
    "reauthorization_declined": {
        "a re-authorization was declined": lambda g: True,
        "a re-authorization was declined twice": lambda g: g.had("reauthorization_declined"),
    },
    "spare_authorized": {"a new authorization that is not needed any more": lambda g: True},
    "authorization_expired": {
        "an authorization expired with goods unshipped": lambda g: g.units("backordered", "allocated", "released") > 0,
        "a capture met an authorization that had expired": lambda g: g.says(b'"capture":"C'),
        "an authorization expired after a new one was declined": lambda g: g.had("reauthorization_declined"),
        "an authorization expired while goods are on their way": lambda g: g.units("shipped", "delivered") > 0,
    },
    "void_requested": {
        "let go of for now, since nothing is ready": lambda g: g.says(b'"due_again":true'),
        "a spare authorization was let go of": lambda g: g.says(b'"rule":"spare"'),
    },
    "authorization_requested": {
        "the balance is asked for when goods are ready": lambda g: g.money("captured") > 0 and g.money("due") > 0,
    },
    "price_adjusted": {
        "a price was lowered before the goods left": lambda g: g.units("new", "allocated", "released") > 0,
        "a price was lowered, and money went back": lambda g: "refund_requested" in g.events,
    },
    "goodwill_given": {
        "an apology, and money went back": lambda g: "refund_requested" in g.events,
        "an apology while a refund is in flight": lambda g: g.money("refunding") > 0,
    },
    "refund_requested": {
        "refunded to two tenders": lambda g: (
            g.record.count(b'"event":"refund_requested"') > 1 and len(g.after.tenders) > 1
        ),
    },
    "authorization_released": {
        "one capture, and the rest had to be authorized anew": lambda g: "authorization_requested" in g.events,
    },
}
