"""The document: an order as this web shop sends it. Its shape is the shop's own, for a channel mapping to translate.

    {
      "number": "W100001",                      unique; the channel's id of the order
      "created_at": "2026-03-01T08:15:30Z",     ISO 8601, UTC
      "currency": "USD",                        ISO 4217; all amounts are strings with its digits: "12.90"
      "prices_include_tax": false,              true in Europe: then every "tax" is contained in its amount
      "locale": "en-US",
      "tags": ["gift"],                         also: coupon
      "customer": {"id", "name", "email", "phone", "tags": ["vip"]},
      "shipping_address": {"name", "street", "street2", "city", "postcode", "region", "country",
                           "latitude", "longitude"},          numbers, to a tenth of a degree
      "billing_address":  {"name", "street", "street2", "city", "postcode", "region", "country"},
      "shipping_method": "standard",            or express
      "items": [{"sku", "title", "quantity",    quantity is a number
                 "unit_price",                  list price of one unit
                 "discount",                    of the whole line, the item's own only
                 "tax",                         of the whole line, after all discounts
                 "options": {"engraving": "For Ada"}}],
      "fees": [{"code": "gift_wrap", "amount": "4.50"}],
      "totals": {"goods",                       unit prices times quantities
                 "item_discount",               the items' own discounts
                 "coupon_discount",             on the whole order, beyond the items' own
                 "shipping", "shipping_tax", "fees",
                 "tax",                         of the items; without shipping_tax
                 "total"},                      goods - discounts + shipping + fees, + tax and shipping_tax if not included
      "payments": [{"method": "card", "amount": "62.31", "reference": ""}]
    }

Payment methods: card (to be authorized by our gateway), invoice (on account), cash_on_delivery (Europe only), gift_card
(paid already, with a reference; the rest by card). Payments add up to the total. Parts of an address that the customer
left out are empty strings.
"""

from datetime import UTC, datetime
from typing import Any

from segue.sim.shopping.baskets import Basket
from segue.sim.shopping.dice import Dice
from segue.sim.shopping.people import Customer

Document = dict[str, Any]
LOCALES = {
    "US": "en-US", "FR": "fr-FR", "ES": "es-ES", "DE": "de-DE", "IT": "it-IT", "PL": "pl-PL", "HU": "hu-HU",
    "PT": "pt-PT", "AT": "de-AT", "CZ": "cs-CZ", "NL": "nl-NL", "SE": "sv-SE", "BE": "fr-BE", "DK": "da-DK",
    "FI": "fi-FI", "IE": "en-IE",
}  # fmt: skip
INVOICE_RATE, GIFT_CARD_RATE, ON_DELIVERY_RATE = 0.03, 0.03, 0.02


def document(number: int, at_s: int, basket: Basket, currency: str, dice: Dice) -> Document:
    """An order without any trouble."""
    customer = basket.customer
    country = customer.city.country
    tags = [tag for tag, holds in (("gift", basket.gift_wrap_minor), ("coupon", basket.coupon)) if holds]
    return {
        "number": f"W{100_000 + number}",
        "created_at": datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "currency": currency,
        "prices_include_tax": country != "US",
        "locale": LOCALES[country],
        "tags": tags,
        "customer": {
            "id": customer.id,
            "name": customer.name,
            "email": customer.email,
            "phone": customer.phone,
            "tags": ["vip"] if customer.vip else [],
        },
        "shipping_address": address(customer) | {"latitude": customer.latitude, "longitude": customer.longitude},
        "billing_address": address(customer),
        "shipping_method": basket.method,
        "items": items(basket),
        "fees": [{"code": "gift_wrap", "amount": money(basket.gift_wrap_minor)}] if basket.gift_wrap_minor else [],
        "totals": totals(basket),
        "payments": payments(basket, dice),
    }


def address(customer: Customer) -> Document:
    """A customer's postal address."""
    return {
        "name": customer.name,
        "street": customer.street,
        "street2": customer.street2,
        "city": customer.city.name,
        "postcode": customer.postcode,
        "region": customer.city.region,
        "country": customer.city.country,
    }


def items(basket: Basket) -> list[Document]:
    """The lines."""
    return [
        {
            "sku": line.item.sku,
            "title": line.item.title,
            "quantity": line.quantity,
            "unit_price": money(line.price_minor),
            "discount": money(line.discount_minor),
            "tax": money(line.tax_minor),
            "options": line.options,
        }
        for line in basket.lines
    ]


def totals(basket: Basket) -> Document:
    """What the order comes to."""
    return {
        "goods": money(sum(line.price_minor * line.quantity for line in basket.lines)),
        "item_discount": money(sum(line.discount_minor for line in basket.lines)),
        "coupon_discount": money(basket.discount_minor),
        "shipping": money(basket.shipping_minor),
        "shipping_tax": money(basket.shipping_tax_minor),
        "fees": money(basket.gift_wrap_minor),
        "tax": money(sum(line.tax_minor for line in basket.lines)),
        "total": money(basket.total_minor),
    }


def payments(basket: Basket, dice: Dice) -> list[Document]:
    """How the order is paid: nearly always by card."""
    drawn = dice.share()
    total_minor = basket.total_minor
    if drawn < GIFT_CARD_RATE and total_minor > 2000:
        gift_minor = 1000 * dice.whole(1, min(5, (total_minor - 1) // 1000))
        reference = f"GC-{dice.whole(0, 10**8 - 1):08}"
        gift = {"method": "gift_card", "amount": money(gift_minor), "reference": reference}
        return [gift, {"method": "card", "amount": money(total_minor - gift_minor), "reference": ""}]
    method = "card"
    if GIFT_CARD_RATE <= drawn < GIFT_CARD_RATE + INVOICE_RATE:
        method = "invoice"
    elif drawn >= 1 - ON_DELIVERY_RATE and basket.customer.city.country != "US":
        method = "cash_on_delivery"
    return [{"method": method, "amount": money(total_minor), "reference": ""}]


def money(amount_minor: int) -> str:
    """An amount as text. Both of the shop's currencies have two digits."""
    return f"{amount_minor // 100}.{amount_minor % 100:02}"
