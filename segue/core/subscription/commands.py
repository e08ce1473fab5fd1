"""What is asked of subscriptions: by customers, by people of the shop, and by the clock."""

from datetime import date
from typing import Literal

from segue.core.base import Command, Value
from segue.core.subscription.standing import Address, Payment, Terms


class NewLine(Value):
    """An article that shall come again and again."""

    sku: str
    quantity: int
    rule: str
    starts_on: date | None = None  # none: today. In the past: it is counted from there
    price_minor: int | None = None
    tax_minor: int = 0
    title: str = ""
    properties: dict[str, str] = {}


class Begin(Command):
    """Keep a new subscription."""

    id: str
    terms: Terms
    lines: tuple[NewLine, ...]


class Pause(Command):
    """Make no orders until a day, or until it is resumed."""

    until: date | None = None


class Resume(Command):
    """Make orders again, from the next cycle on."""


class SkipNext(Command):
    """Make no order of the next cycle, or of one line of it; with `on` only if it is that of this day."""

    line: int = 0
    on: date | None = None


class OrderNow(Command):
    """Make the order of the next cycle now, or of one line of it; or an `extra` one, with all lines, beside the cycles."""

    line: int = 0
    extra: bool = False


class ChangeNext(Command):
    """A line is another article, or another number of them, the next time only."""

    line: int
    quantity: int = 0  # 0: as always
    sku: str = ""
    price_minor: int | None = None
    tax_minor: int = 0


class ChangeLine(Command):
    """A line is another article from now on, another number of them, or comes on other days."""

    line: int
    quantity: int = 0  # of all of these, what is not said stays as it is
    sku: str = ""
    rule: str = ""
    starts_on: date | None = None
    price_minor: int | None = None
    tax_minor: int | None = None


class AddLine(Command):
    """One more article."""

    line: NewLine


class RemoveLine(Command):
    """An article that does not come any more."""

    line: int


class ChangeAddress(Command):
    """Send what comes from now on somewhere else."""

    address: Address


class ChangePayment(Command):
    """Pay in another way from now on, and what could not be paid so far."""

    payment: Payment


class End(Command):
    """Make no orders any more."""

    reason: str = "canceled by the customer"


class Renew(Command):
    """Make what is due: orders, notices, new tries of payments."""


class RecordPayment(Command):
    """What became of the payment of an order of it that was declined at least once."""

    cycle: str
    order: str
    outcome: Literal["declined", "secured", "canceled"]
    declines: int = 0
