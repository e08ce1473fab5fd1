"""Goals of time and sets: rare situations of preorders, of dates that slip, of grace, of bundles that share their parts."""

from segue.core.bundling import awaited
from segue.core.order import any_in, count_in
from segue.core.tally import size
from segue.sim.trial.glimpse import Glimpse, Seen

LEFT = ("shipped", "delivered", "returned")


def _of_bundles(glimpse: Glimpse, *states: str) -> bool:
    """Whether units of bundles are in one of these states now."""
    return any(state.partition(".")[0] in states for line in glimpse.after.lines if line.bundle for state in line.tally)


def _shared(glimpse: Glimpse) -> bool:
    """Whether the order has an article both in a bundle and in another one, or alone."""
    within = {line.sku for line in glimpse.after.lines if line.bundle}
    places = [(line.sku, line.bundle) for line in glimpse.after.lines if line.sku in within]
    return len({sku for sku, _ in places}) < len(set(places))


def _all_gone(glimpse: Glimpse) -> bool:
    """Whether nothing of the bundles is kept."""
    return not _of_bundles(glimpse, "new", "reserved", "preordered", "backordered", "allocated", "released", *LEFT)


def _packed(glimpse: Glimpse) -> int:
    """How many ready packed bundles its locations had before."""
    before = glimpse.before.fulfillments.values() if glimpse.before else ()
    return sum(size(numbers) for each in before for numbers in each.packed.values())


TIME: dict[str, dict[str, Seen]] = {
    "order_placed": {
        "presale is used up": lambda g: g.says(b"may be sold"),
        "one customer wants more than one may have": lambda g: g.says(b"for each customer"),
        "what is sold in bundles only is ordered alone": lambda g: g.says(b'"check":"sold_only_in_bundles"'),
        "what was put together does not fit": lambda g: g.says(b'"check":"whole_bundles"'),
        "an order has a part twice, in a bundle and beside it": _shared,
        "a date that cannot be kept": lambda g: g.says(b'"check":"possible_date"'),
        "a time at which the store is closed": lambda g: g.says(b'"check":"pickup_window"'),
        "goods for several dates": lambda g: len({line.deliver_on for line in g.after.lines}) > 1,
    },
    "delivery_rescheduled": {
        "another date is chosen": lambda g: True,
        "another date is chosen while stock is set aside": lambda g: g.units("reserved", "allocated") > 0,
        "another date for some of it": lambda g: (
            len(g.after.fulfillments) > len(g.before.fulfillments if g.before else ())
        ),
    },
    "fulfillment_due": {
        "it is time to ask for what has a date": lambda g: True,
        "it is time, and something lies ready packed": lambda g: _packed(g) > 0,
    },
    "pickup_rescheduled": {
        "a customer comes at another time": lambda g: True,
        "a customer comes at another time to what is ready": lambda g: g.units("ready") > 0,
    },
    "units_ready": {
        "goods are ready at the store": lambda g: True,
    },
    "units_collected": {
        "goods are collected": lambda g: True,
        "a part of the goods is collected": lambda g: (
            g.units("new", "backordered", "allocated", "released", "in_transit") > 0
        ),
    },
    "sale_counted": {
        "sold before it is there": lambda g: True,
        "sold after it was sold out": lambda g: "hold_lifted" in g.events,
    },
    "units_preordered": {
        "preordered": lambda g: True,
        "a bundle waits for the street date of a part": lambda g: _of_bundles(g, "preordered"),
    },
    "street_date_moved": {
        "a street date moves under who has preordered": lambda g: True,
        "a street date moves after the payment was let go of": lambda g: g.had("payment_voided"),
    },
    "street_date_come": {
        "the street date has come, and there is stock": lambda g: "units_allocated" in g.events,
        "the street date has come, and there is none": lambda g: "units_backordered" in g.events,
        "the street date has come, and stock was set aside": lambda g: g.units("reserved") > 0,
    },
    "stock_delayed": {
        "a preorder's supply slipped after its payment was reversed": lambda g: (
            g.had("units_preordered", "payment_voided") and g.units("backordered") > 0
        ),
        "what a part of a bundle waits for slipped": lambda g: _of_bundles(g, "backordered"),
        "a supply slipped twice": lambda g: g.had("stock_delayed"),
        "a supply slipped while the customer was being asked": lambda g: (
            g.before is not None and g.before.asked is not None
        ),
    },
    "wait_asked": {
        "a customer is asked to wait": lambda g: True,
        "a customer is asked once more": lambda g: g.had("delay_answered"),
    },
    "delay_answered": {
        "a customer waits": lambda g: g.says(b'"answer":"wait"') and not g.says(b'"in_time":false'),
        "a customer does not wait": lambda g: g.says(b'"answer":"cancel"'),
        "a customer has not answered in time": lambda g: g.says(b'"in_time":false'),
    },
    "grace_ended": {
        "a grace period is over": lambda g: True,
        "somebody ends a grace period": lambda g: g.says(b'"early":true'),
        "a release waited for the end of the grace period": lambda g: "fulfillment_released" in g.events,
    },
    "units_canceled": {
        "an order is canceled within its grace period": lambda g: g.before is not None and g.before.in_grace,
        "a bundle is canceled with a part of it": lambda g: g.says(b'"as_a_whole":["'),
        "a bundle without a part is priced by the piece": lambda g: g.says(b'"withheld_minor":') and g.says(b"bundle "),
        "a bundle is kept without a part": lambda g: bool(g.after.bundles) and g.units(*LEFT) == 0 and not _all_gone(g),
        "what nobody has collected goes back": lambda g: g.units("ready") > count_in(g.after, "ready"),
        "preordered units are canceled": lambda g: g.units("preordered") > count_in(g.after, "preordered"),
    },
    "units_backordered": {
        "a bundle's part is short": lambda g: (
            _of_bundles(g, "backordered") and any_in(g.after, "allocated", "released")
        ),
    },
    "units_allocated": {
        "a bundle lies ready packed": lambda g: g.says(b'"packed":{'),
        "the last pre-packed ones, and others are assembled": lambda g: (
            g.says(b'"packed":{') and g.record.count(b'"event":"units_allocated"') > 1
        ),
        "a bundle that had waited for a part is whole": lambda g: (
            g.had("units_backordered") and _of_bundles(g, "allocated", "released")
        ),
    },
    "units_deallocated": {
        "of a bundle all is given back since a part is gone": lambda g: bool(g.after.bundles),
    },
    "units_short_picked": {
        "a part of a bundle is not found": lambda g: bool(g.after.bundles),
        "a pre-packed bundle is not found": lambda g: _packed(g) > 0,
    },
    "fulfillment_shipped": {
        "a pre-packed bundle has left": lambda g: _packed(g) > 0,
    },
    "units_returned": {
        "a part is back, and waits for the rest of its bundle": lambda g: bool(awaited(g.after)),
        "the rest of a bundle is back": lambda g: (
            g.before is not None and bool(awaited(g.before)) and not awaited(g.after)
        ),
    },
}

# What is counted where it happens.
COUNTED_IN_TIME: dict[str, str] = {
    "commit:UsedUp": "what may be sold was used up between plan and commit",
    "stock:moved again": "a promise moved twice within the quiet time",
    "stock:packed": "bundles are packed",
    "stock:unpacked": "bundles are unpacked",
    "stock:pack refused": "bundles are to be packed of what is not free",
    "asked:refused:IN_GRACE": "somebody asks for what waits for the end of the grace period",
    "asked:refused:NOT_ASKED": "a customer answers what nobody has asked, or too late",
    "asked:refused:DATE_IMPOSSIBLE": "a date is asked for that cannot be kept",
    "asked:refused:RESCHEDULE_TOO_LATE": "another date is asked for too late",
    "asked:refused:PICKUP_CLOSED": "a time is asked for at which the store is closed",
    "handled:refused:BUNDLE_INCOMPLETE": "a part comes back alone that is only taken back with the rest",
}
