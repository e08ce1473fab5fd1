"""What the ledger of a shop is read as: what each step booked, and what accounts add up to."""

from segue.core.base import Value
from segue.core.ledger import LedgerEntry

EVER_S = 2**62


class Span(Value):
    """A part of the ledger: from an instant up to another, of one order or all."""

    from_s: int = 0
    until_s: int = EVER_S
    order: str = ""


class Booking(Value):
    """What one step booked in one currency."""

    order: str
    version: int
    at_s: int
    currency: str
    events: tuple[str, ...]  # of the step, each kind once
    entries: tuple[LedgerEntry, ...]


class Balance(Value):
    """What an account adds up to in a currency: debits less credits. And when it was first and last used."""

    account: str
    currency: str
    amount_minor: int
    first_s: int
    last_s: int
