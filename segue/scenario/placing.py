"""Placing: an order in a few words becomes a document of the canonical channel, and comes in as every other does."""

from collections.abc import Iterable
from typing import Any

from segue.core.draft import TENDER_KINDS
from segue.core.issued import GIFT_CARD
from segue.loader.shop import Shop
from segue.loader.tree import Node
from segue.scenario.charging import IN_FULL, TAXES, charges_of, said_instead, sum_of, taxes_of
from segue.scenario.forms import Field, Form, Kind, Words, either, filled, list_of
from segue.scenario.kinds import (
    AMOUNT_MINOR,
    COPIES,
    COUNT,
    DEGREES,
    FLAG,
    INSTANT_S,
    ORDER,
    TEXT,
    TEXTS,
    UNITS_OF,
    named,
    one_of,
)

CARD = "card"
REST = "rest"
UNLISTED_PRICE_MINOR = 1000  # of what the catalog does not know, where the scenario says no price

ORDER_LINE: Form = {
    "sku": Field(named("SKU"), "what is ordered", required=True),
    "quantity": Field(COUNT, "how many; 1"),
    "price": Field(AMOUNT_MINOR, "list price of one unit; that of the catalog"),
    "discount": Field(AMOUNT_MINOR, "on the whole line"),
    "tax": Field(AMOUNT_MINOR, "on the whole line; what its taxes come to"),
    "taxes": Field(TAXES, "what the tax is made up of: `[{name: VAT, amount: 1.92, rate: 0.16}]`"),
    "title": Field(TEXT, "what the channel calls it"),
    "location": Field(named("location"), "the only location that may serve it"),
    "deliver_on": Field(TEXT, "the date on which it shall arrive, where it is not the order's"),
    "properties": Field(
        Kind(lambda node, words: node.plain_value(), {"type": "object"}, "a mapping"), "what was chosen"
    ),
}
CARD_OF: Form = {
    "order": Field(ORDER, "with which it was bought", required=True),
    "line": Field(COUNT, "of which line; 1"),
    "unit": Field(COUNT, "which unit of it; 1"),
}
TENDER: Form = {
    "kind": Field(one_of("way of payment", CARD, *TENDER_KINDS), "how it is paid", required=True),
    "method": Field(TEXT, "the means of payment: `gift_card`, `store_credit`; `card` where a gateway charges it"),
    "amount": Field(AMOUNT_MINOR, "how much of it; all that is left"),
    "card": Field(filled(CARD_OF), "a gift card that the shop has sold: `{order: A}`; its method is `gift_card`"),
    "reference": Field(TEXT, "the channel's own id of it; of an adopted one the authorization's"),
}
ADDRESS: Form = {
    "name": Field(TEXT, "who gets it"),
    "street": Field(TEXT, "street and number"),
    "city": Field(TEXT, "city"),
    "postcode": Field(TEXT, "postcode"),
    "region": Field(TEXT, "state or province"),
    "country": Field(TEXT, "ISO 3166-1"),
    "latitude": Field(DEGREES, "in degrees"),
    "longitude": Field(DEGREES, "in degrees"),
}
CUSTOMER: Form = {
    "id": Field(TEXT, "how the channel knows them"),
    "name": Field(TEXT, "their name"),
    "email": Field(TEXT, "their e-mail address"),
    "phone": Field(TEXT, "their telephone number"),
}
ADA = {"id": "ada", "name": "Ada Lovelace", "email": "ada@example.com"}
STREET = {"street": "Torstrasse 1", "city": "Berlin", "postcode": "10119"}
HOME = {**STREET, "country": "DE", "latitude": 52.5, "longitude": 13.4}


def _pay(node: Node, words: Words) -> list[dict[str, Any]]:
    """`card`, or `{card: 20.00, account: rest}`, or a list of tenders in full."""
    kinds = one_of("way of payment", CARD, *TENDER_KINDS)
    if node.kind == "scalar":
        return [{"kind": kinds.read(node, words)}]
    if node.kind == "list":
        return [filled(TENDER).read(item, words) for item in node.content]
    tenders = []
    for kind, amount in node.content.items():
        if kind not in (CARD, *TENDER_KINDS):
            words.problems.add_unknown(amount.place, "way of payment", kind, (CARD, *TENDER_KINDS))
        is_rest = amount.kind == "scalar" and amount.content == REST
        tenders.append({"kind": kind} if is_rest else {"kind": kind, "amount": AMOUNT_MINOR.read(amount, words)})
    return tenders


LINES = Kind(
    lambda node, words: (list_of(filled(ORDER_LINE)) if node.kind == "list" else UNITS_OF).read(node, words),
    {"anyOf": [UNITS_OF.schema, list_of(filled(ORDER_LINE)).schema]},
    "`2 MUG, 1 TEA`, or a list of lines in full",
)
PAY = Kind(
    _pay,
    {"anyOf": [{"type": "string"}, {"type": "object"}, list_of(filled(TENDER)).schema]},
    "`card`, `{card: 20.00, account: rest}`, or a list in full",
)
PLACED: Form = {
    "lines": Field(LINES, "what is ordered", required=True),
    "id": Field(TEXT, "the channel's number of the order, and its name in this scenario; 1, 2 ... in their order"),
    "copies": Field(
        COPIES, "so many orders like this at once, numbered on; each by another customer, unless one is named"
    ),
    "channel": Field(named("channel"), "the channel that it comes from; the shop's first"),
    "customer": Field(either(TEXT, filled(CUSTOMER)), "who orders: a name, or in full; `ada`"),
    "to": Field(either(TEXT, filled(ADDRESS)), "where it goes: a country, or an address; a street in Berlin"),
    "bill_to": Field(either(TEXT, filled(ADDRESS)), "the billing address; where it goes"),
    "pay": Field(PAY, "how it is paid; `card`"),
    "method": Field(named("shipping method"), "the shipping method; the shop's first"),
    "shipping": Field(AMOUNT_MINOR, "what shipping costs; nothing"),
    "discount": Field(AMOUNT_MINOR, "on the whole order"),
    "tax": Field(AMOUNT_MINOR, "on the whole order"),
    "taxes_included": Field(FLAG, "whether prices include the taxes"),
    **IN_FULL,
    "total": Field(AMOUNT_MINOR, "what the channel says it costs; what its parts add up to"),
    "placed": Field(INSTANT_S, "when the customer ordered; now"),
    "promised": Field(INSTANT_S, "when it was promised to be delivered"),
    "deliver_on": Field(TEXT, "the date on which it shall arrive: 2026-12-24"),
    "pickup_from": Field(INSTANT_S, "from when the customer will collect it"),
    "pickup_until": Field(INSTANT_S, "until when"),
    "tags": Field(TEXTS, "its tags"),
    "priced": Field(FLAG, "`false`: it comes without prices, and Segue prices it"),
    "codes": Field(TEXTS, "the coupon codes that the customer gave"),
    "tier": Field(TEXT, "the customer's tier"),
    "locale": Field(TEXT, "the customer's language"),
    "cart": Field(TEXT, "the key of the cart that it comes from"),
}


def _short(node: Node, words: Words) -> dict[str, Any]:
    return {"lines": UNITS_OF.read(node, words)}


PLACING = either(Kind(_short, UNITS_OF.schema, UNITS_OF.called), filled(PLACED, "in full"))


def document_of(values: dict[str, Any], id: str, shop: Shop, now_s: int) -> dict[str, Any]:
    """The order as a canonical document."""
    lines = [_line(line, shop) for line in values["lines"]]
    if not values.get("priced", True):
        lines = [{key: value for key, value in line.items() if not key.endswith("_minor")} for line in lines]
    total = values.get("total") if values.get("priced", True) else 0
    if total is None:
        total = _sum(lines, values)
    document = {
        "channel_order_id": id,
        "placed_at_s": values.get("placed", now_s),
        "promised_at_s": values.get("promised"),
        "deliver_on": values.get("deliver_on", ""),
        "pickup_from_s": values.get("pickup_from"),
        "pickup_until_s": values.get("pickup_until"),
        "currency": shop.currency,
        "lines": lines,
        "total_minor": total,
        "shipping_minor": values.get("shipping", 0),
        "discount_minor": values.get("discount", 0),
        "shipping_discount_minor": values.get("shipping_discount", 0),
        "shipping_taxes": taxes_of(values.get("shipping_taxes", [])),
        "tax_minor": values.get("tax", sum_of(values.get("taxes", []))),
        "taxes": taxes_of(values.get("taxes", [])),
        "taxes_included": values.get("taxes_included", False),
        "charges": charges_of(values),
        "tenders": _tenders(values.get("pay", [{"kind": CARD}]), total, id),
        "tags": values.get("tags", []),
        "codes": values.get("codes", []),
        "tier": values.get("tier", ""),
        "locale": values.get("locale", ""),
        "cart": values.get("cart", ""),
        "ship_method": values.get("method", next(iter(shop.shipping_methods), "")),
        "customer": _customer(values),
    }
    if not values.get("priced", True):
        document |= {"priced": False, "total_minor": values.get("total", 0), "tenders": _unpriced(document["tenders"])}
    document = {key: value for key, value in document.items() if value not in (None, "", [])}
    return said_instead(document, values.get("instead", {}))


def _unpriced(tenders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One tender alone pays whatever it comes to."""
    return [tender | {"amount_minor": 0} for tender in tenders] if len(tenders) == 1 else tenders


def _line(line: Any, shop: Shop) -> dict[str, Any]:
    given = {"sku": line[0], "quantity": line[1]} if isinstance(line, tuple) else dict(line)
    item = shop.items.get(given["sku"])
    listed = item.price_minor if item is not None and item.price_minor is not None else UNLISTED_PRICE_MINOR
    minor = {"price_minor": given.pop("price", listed)}
    if "taxes" in given:
        given |= {"tax": given.get("tax", sum_of(given["taxes"])), "taxes": taxes_of(given["taxes"])}
    minor |= {f"{name}_minor": given.pop(name) for name in ("discount", "tax") if name in given}
    return {"quantity": 1, **given, **minor}


def _sum(lines: Iterable[dict[str, Any]], values: dict[str, Any]) -> int:
    """What the parts add up to."""
    total: int = values.get("shipping", 0) - values.get("shipping_discount", 0) - values.get("discount", 0)
    total += sum(charge["amount_minor"] for charge in charges_of(values))
    taxes: int = values.get("tax", sum_of(values.get("taxes", []))) + sum_of(values.get("shipping_taxes", []))
    for line in lines:
        total += line["price_minor"] * line["quantity"] - line.get("discount_minor", 0)
        taxes += line.get("tax_minor", 0)
    return total if values.get("taxes_included") else total + taxes


def _tenders(pay: list[dict[str, Any]], total: int, id: str) -> list[dict[str, Any]]:
    """The tenders; one without an amount takes all that the others leave."""
    left = total - sum(tender.get("amount", 0) for tender in pay)
    made = []
    for number, tender in enumerate(pay, 1):
        kind = "gateway" if tender["kind"] == CARD else tender["kind"]
        reference = tender.get("reference", f"auth-{id}-{number}" if kind == "adopted" else "")
        amount = tender.get("amount", left)
        method = tender.get(
            "method", GIFT_CARD if "card" in tender else CARD if kind in ("gateway", "adopted") else kind
        )
        whole = {"kind": kind, "method": method, "amount_minor": amount}
        made.append(whole | ({"reference": reference} if reference else {}))
    return made


def _customer(values: dict[str, Any]) -> dict[str, Any]:
    who = values.get("customer", "ada")
    if isinstance(who, str):
        who = ADA if who == "ada" else {"id": who, "name": who.capitalize(), "email": f"{who}@example.com"}
    to = _address(values.get("to", HOME), who)
    return {**who, "ship_to": to, "bill_to": _address(values.get("bill_to", to), who)}


def _address(place: Any, who: dict[str, Any]) -> dict[str, Any]:
    """An address in full; a country alone is a street there. Each customer has a street of their own."""
    given = {**STREET, "country": place} if isinstance(place, str) else dict(place)
    if given.get("street") == STREET["street"] and who is not ADA:
        given["street"] = f"{STREET['street']}, at {who.get('name', '')}"
    return {"name": who.get("name", ""), **given}
