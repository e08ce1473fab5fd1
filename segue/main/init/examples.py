"""Examples: an order for each kind of channel, paid by card, of goods that the new shop has."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from segue.main.init.countries import Country

Example = Callable[[str, str, Country | None, int], dict[str, Any]]
LAMP_MINOR, BULB_MINOR, SHIPPING_MINOR = 49_00, 5_90, 4_90
BULBS = 2
TOTAL_MINOR = LAMP_MINOR + BULBS * BULB_MINOR + SHIPPING_MINOR


def _web(country: str, currency: str, known: Country | None, now_s: int) -> dict[str, Any]:
    address = {"name": "Ada Example", "street": "1 Example Street", "city": _city(known), "postcode": "10001"}
    return {
        "channel_order_id": "1001",
        "placed_at": _iso(now_s),
        "currency": currency,
        "lines": [
            {"sku": "LAMP-1", "title": "Desk lamp", "quantity": 1, "price_minor": LAMP_MINOR},
            {"sku": "BULB-E27", "title": "Bulb E27", "quantity": BULBS, "price_minor": BULB_MINOR},
        ],
        "shipping_minor": SHIPPING_MINOR,
        "total_minor": TOTAL_MINOR,
        "taxes_included": True,
        "ship_method": "standard",
        "tenders": [{"kind": "gateway", "method": "card", "amount_minor": TOTAL_MINOR}],
        "customer": {
            "id": "C-1",
            "name": "Ada Example",
            "email": "ada@example.com",
            "ship_to": address | {"country": country},
            "bill_to": address | {"country": country},
        },
    }


def _shopify(country: str, currency: str, known: Country | None, now_s: int) -> dict[str, Any]:
    from segue.main.formats import money

    def amount(minor: int) -> str:
        return money(minor, currency).split()[0].replace(",", "")

    address = {"name": "Ada Example", "address1": "1 Example Street", "city": _city(known), "zip": "10001"}
    address |= {"country_code": country}
    return {
        "id": 1001,
        "created_at": _iso(now_s),
        "currency": currency,
        "financial_status": "pending",
        "taxes_included": True,
        "total_price": amount(TOTAL_MINOR),
        "email": "ada@example.com",
        "line_items": [
            {"sku": "LAMP-1", "title": "Desk lamp", "quantity": 1, "price": amount(LAMP_MINOR)},
            {"sku": "BULB-E27", "title": "Bulb E27", "quantity": BULBS, "price": amount(BULB_MINOR)},
        ],
        "shipping_lines": [{"code": "standard", "price": amount(SHIPPING_MINOR)}],
        "customer": {"id": 1, "first_name": "Ada", "last_name": "Example"},
        "shipping_address": address,
        "billing_address": address,
    }


def _city(known: Country | None) -> str:
    return known.city if known else "Exampleton"


def _iso(at_s: int) -> str:
    return f"{datetime.fromtimestamp(at_s, UTC):%Y-%m-%dT%H:%M:%SZ}"


EXAMPLES: dict[str, Example] = {"web": _web, "shopify": _shopify}
