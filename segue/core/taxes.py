"""Taxes: what is asked of whoever knows them, and what they answer."""

from segue.core.base import Value
from segue.core.draft import Tax

STANDARD = "standard"  # the tax class of an item that names none


class Taxable(Value):
    """An amount that is taxed: a line after its discounts, a charge."""

    amount_minor: int
    tax_class: str = STANDARD
    quantity: int = 1


class TaxRequest(Value):
    """What is asked of whoever knows the taxes: where it goes, when, and what it costs after all discounts."""

    country: str
    region: str
    currency: str
    at_s: int
    lines: tuple[Taxable, ...]
    shipping_minor: int = 0
    shipping_class: str = ""  # none: as it is usual there
    charges: tuple[Taxable, ...] = ()  # their amounts include their tax, wherever they go
    included: bool | None = None  # whether the other amounts include their taxes; nothing: as it is usual there


class TaxAnswer(Value):
    """The taxes of each line, of the shipping and of each charge; or why they cannot be said."""

    lines: tuple[tuple[Tax, ...], ...] = ()
    shipping: tuple[Tax, ...] = ()
    charges: tuple[tuple[Tax, ...], ...] = ()
    included: bool = False
    unknown: str = ""  # what is missing, in words
