"""The draft: an order as its channel sent it, decoded. Segue's canonical order document.

No person's name, street, e-mail or telephone number is in here: those live in one erasable place, the store's `people`.
"""

from segue.core.base import Value

TENDER_KINDS = ("gateway", "adopted", "prepaid", "account", "on_delivery")


class Destination(Value):
    """Where an order goes, as coarse as routing and taxes allow; the street is the person's."""

    country: str = ""  # ISO 3166-1 alpha-2
    region: str = ""
    latitude: float | None = None  # degrees, to a tenth
    longitude: float | None = None
    missing: tuple[str, ...] = ()  # parts of the address that the channel did not send: ("street", "city")


class Charge(Value):
    """What is charged beside the goods and the shipping: gift wrap, a fee, a tip. May be negative."""

    code: str
    amount_minor: int


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
    person: str = ""  # id of the customer in `people`
    ship_to: Destination = Destination()
    ship_to_digest: str = ""  # a keyed digest of the street address, to see that two are the same
    bill_country: str = ""
    ship_method: str = ""
    promised_at_s: int | None = None
    tags: tuple[str, ...] = ()
    locale: str = ""
