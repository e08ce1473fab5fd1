"""Answers: what decides a shop's flow, each with the choices there are. The first choice is the usual one."""

from typing import NamedTuple

from msgspec import Struct


class Choice(NamedTuple):
    """One way to answer: a word for it, what it means, and what it puts into the workflow."""

    word: str
    meaning: str
    values: tuple[str, ...] = ()


CHECKS = (
    Choice("known_skus", "every SKU is in the catalog"),
    Choice("known_shipping_method", "the shipping method is one of yours"),
    Choice("deliverable_address", "the address has all that a carrier needs"),
    Choice("not_a_duplicate", "the same customer has not just ordered the same"),
)
ALWAYS_CHECKED = (
    Choice("well_formed", "every amount can be read"),
    Choice("amounts_in_range", "quantities and prices make sense"),
    Choice("taxes_add_up", "taxes add up, and their rates make sense"),
    Choice("grants_fit", "what promotions gave is part of the discounts"),
    Choice("money_adds_up", "lines, shipping and payments add up to the cent"),
)
ROUTES = (
    Choice(
        "warehouse_first",
        "warehouses first, in as few parcels as possible",
        ("ship_complete", "warehouse_first", "fewest_shipments", "closest"),
    ),
    Choice("store_first", "stores first, the closest one", ("store_first", "ship_complete", "closest", "most_stock")),
    Choice("closest", "the closest place first, whatever it is", ("closest", "ship_complete", "most_stock")),
    Choice("one_parcel", "in one parcel, or not yet", ("warehouse_first", "closest", "most_stock")),
)
CAPTURES = (
    Choice("on_shipment", "as the goods leave"),
    Choice("on_release", "when a location is asked to ship"),
    Choice("at_once", "when the order is placed"),
    Choice("on_delivery", "when the goods have arrived"),
)
SOURCES = (
    Choice("web", "a web shop of your own, in Segue's order document", ("web",)),
    Choice("shopify", "Shopify", ("shopify",)),
    Choice("both", "both", ("web", "shopify")),
)
UPDATES = (
    Choice("all", "every step of an order", ("shipped", "delivered", "canceled", "returned", "refunded")),
    Choice("usual", "shipments, cancellations and refunds", ("shipped", "canceled", "refunded")),
    Choice("nothing", "nothing", ()),
)


class Answers(Struct, frozen=True):
    """What somebody answered; as it stands, what most shops do."""

    name: str
    country: str = "US"
    currency: str = "USD"
    checks: tuple[Choice, ...] = CHECKS
    route: Choice = ROUTES[0]
    capture: Choice = CAPTURES[0]
    review: bool = True
    sources: Choice = SOURCES[0]
    updates: Choice = UPDATES[0]
