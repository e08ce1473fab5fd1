"""The draft: an order as its channel sent it, decoded. Segue's canonical order document.

No person's name, street, e-mail or telephone number is in here: those live in one erasable place, the store's `people`.
"""

from typing import Literal

from segue.core.base import Value
from segue.core.bundles import Bundles
from segue.core.tally import Units

NO_CURRENCY = "XXX"  # so ISO 4217 calls it; an order has it whose document names none that is known
POSTCODE_AREA = 3
TENDER_KINDS = ("gateway", "adopted", "prepaid", "account", "on_delivery")


class Destination(Value):
    """Where an order goes, as coarse as routing and taxes allow; the street is the person's."""

    country: str = ""  # ISO 3166-1 alpha-2
    region: str = ""
    latitude: float | None = None  # degrees, to a tenth
    longitude: float | None = None
    missing: tuple[str, ...] = ()  # parts of the address that the channel did not send: ("street", "city")
    postcode_area: str = ""  # the first signs of its postcode, POSTCODE_AREA of them: where carriers' zones begin


class Tax(Value):
    """One tax on a line, on the shipping or on a charge."""

    name: str  # VAT, NY STATE TAX ... as the channel or the rate table calls it
    amount_minor: int
    rate: str = ""  # an exact decimal fraction: "0.0825"; nothing where the channel names none


class Grant(Value):
    """What one promotion gave, to which lines, and what becomes of it when a part comes back (M8)."""

    promotion: str  # its name here, or as the channel calls it
    code: str = ""  # the coupon code that the customer gave
    given: dict[int, int] = {}  # line -> minor units off, as part of the line's discount
    shipping_minor: int = 0  # off the shipping
    on_return: Literal["prorate", "reclaim", "keep"] = "prorate"
    units: dict[int, Units] = {}  # its group: what had to be bought, and what was given
    without: dict[int, int] = {}  # line -> what its units of the group would cost without it, with their tax
    from_minor: int = 0  # the group's value, by what is paid for it, that has to stay
    condition: dict[int, Units] = {}  # of its group, what has to be kept; all of it where nothing is named here
    shipping_tax_minor: int = 0  # on top of what it took off the shipping, where taxes are not included


class Charge(Value):
    """What is charged beside the goods and the shipping: gift wrap, a fee, a tip. May be negative."""

    code: str
    amount_minor: int  # with its tax
    tax_minor: int = 0  # of this


class Mistake(Value):
    """An amount of a document that cannot be taken as it is, and that counts as nothing until it is corrected."""

    path: str  # where it stands in the document: line_items[2].price
    code: str  # which of MISTAKES it is
    found: str = ""
    expected: str = ""  # what stands there in a document that can be used


class DraftLine(Value):
    """One line as the channel sold it."""

    sku: str
    quantity: int
    price_minor: int  # list price of one unit
    discount_minor: int = 0  # on the whole line
    tax_minor: int = 0  # on the whole line
    title: str = ""
    properties: dict[str, str] = {}  # what the customer chose: {"engraving": "For Ada"}
    location: str = ""  # the only location that may serve it, where the channel has decided that
    taxes: tuple[Tax, ...] = ()  # what the tax is made up of, where the channel says it
    bundle: str = ""  # the key of the bundle that it is a part of, once that was made into its parts
    street_date: str = ""  # the day before which none may leave, if that was still to come when it was ordered
    deliver_on: str = ""  # the date on which it shall arrive, where that is not the order's: 2026-12-24
    kind: str = ""  # digital, gift_card: it is delivered by a message


class DraftTender(Value):
    """One way in which the order is paid, wholly or in part."""

    kind: str  # one of TENDER_KINDS
    amount_minor: int
    method: str = "card"  # card, voucher, boleto, invoice ... as the channel calls it
    reference: str = ""  # the channel's or the gateway's own id, where it has one


class Draft(Value):
    """An order as its channel sent it, decoded and without personal data. Segue's canonical order document."""

    channel: str
    channel_order_id: str
    placed_at_s: int
    currency: str
    lines: tuple[DraftLine, ...]
    total_minor: int
    tenders: tuple[DraftTender, ...] = ()
    shipping_minor: int = 0
    shipping_tax_minor: int = 0
    discount_minor: int = 0  # on the whole order, beyond the lines' own
    tax_minor: int = 0  # on the whole order, where the channel does not say it by line
    taxes_included: bool = False
    charges: tuple[Charge, ...] = ()
    grants: tuple[Grant, ...] = ()  # what the discounts are made up of, as far as it is known
    codes: tuple[str, ...] = ()  # the coupon codes that the customer gave
    tier: str = ""  # the customer's: gold, vip ...
    priced: bool = True  # or only goods and quantities, and Segue prices them
    person: str = ""  # id of the customer in `people`
    ship_to: Destination = Destination()
    ship_to_digest: str = ""  # a keyed digest of the street address, to see that two are the same
    bill_country: str = ""
    ship_method: str = ""
    promised_at_s: int | None = None
    tags: tuple[str, ...] = ()
    locale: str = ""
    shipping_discount_minor: int = 0  # off the shipping's amount
    shipping_taxes: tuple[Tax, ...] = ()  # what the shipping's tax is made up of, where the channel says it
    taxes: tuple[Tax, ...] = ()  # what the tax on the whole order is made up of, where the channel says it
    mistakes: tuple[Mistake, ...] = ()  # amounts that could not be read
    cart: str = ""  # the key of the cart that it comes from, where the checkout has reserved for it
    bundles: Bundles = {}  # what was made into its parts, by key
    deliver_on: str = ""  # the date on which it shall arrive, where the customer lives: 2026-12-24
    pickup_from_s: int | None = None  # when the customer will come for what is collected: from then
    pickup_until_s: int | None = None  # until then


def is_dated(draft: Draft) -> bool:
    """Whether it, or any line of it, shall arrive on a date, or is collected at a time."""
    dates = {draft.deliver_on, *[line.deliver_on for line in draft.lines]}
    return dates != {""} or draft.pickup_from_s is not None
