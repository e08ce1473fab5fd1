"""Results: what a document became: an order, messages about other orders, or rejects with their reasons."""

from segue.core.base import Value
from segue.core.draft import Draft, Mistake

KINDS = ("order", "charge", "note", "cancellation", "adjustment", "reject")
"""What a row can become. Every row becomes one of them, so that counts add up to what was read."""

VALUE_MAX = 200  # characters of a rejected value that are repeated
FOUND_MAX = 40  # characters of what stands where an amount should be: it stays in the order


class Misread(Exception):
    """A part of a document that cannot be used: where it stands, why, and what it was.

    One with a `code` is an amount: it does not spoil the order that it is a part of.
    """

    def __init__(self, path: str, reason: str, value: object = "", code: str = "", expected: str = "") -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        self.value = _shown(value)
        self.code = code
        self.expected = expected

    def within(self, element: str) -> "Misread":
        """The same with the element of a list that its path begins in."""
        path = f"{element}.{self.path}".rstrip(".") if element else self.path
        return Misread(path, self.reason, self.value, self.code, self.expected)

    def mistake(self, within: str = "") -> Mistake:
        """What it is called on the order; `within` is the element of a list that its path begins in."""
        return Mistake(self.within(within).path, self.code, self.value[:FOUND_MAX], self.expected)


def _shown(value: object) -> str:
    """A value for a message. Of lists and objects only that they are such: they may hold anything about anybody."""
    if isinstance(value, str):
        return value[:VALUE_MAX]
    if isinstance(value, list | dict):
        return f"a list of {len(value)}" if isinstance(value, list) else "an object"
    if isinstance(value, int) and abs(value) >= 10**VALUE_MAX:
        return "a very long number"
    return str(value)


class Reject(Value):
    """One row, or one document, that was not taken in."""

    file: str
    row: int  # the line of the file, or the number of the document in it, from 1
    document: str  # the channel's own id, where it could be read
    path: str  # the column, or the path within the document
    reason: str
    value: str = ""


class Cancellation(Value):
    """Units of an earlier order that the customer does not want any more. The channel does not say which order."""

    id: str  # the channel's id of the message: document/number of the row in it
    sku: str
    quantity: int
    price_minor: int
    at_s: int
    row: int


class Adjustment(Value):
    """A change of stock that a channel's file holds beside its orders."""

    sku: str
    quantity: int  # negative: less than before
    reason: str
    row: int


class Note(Value):
    """A row that is neither goods nor money of an order, and worth keeping count of."""

    name: str
    row: int


class PersonalData(Value):
    """Who ordered. Never part of a draft."""

    identity: str = ""  # says that two orders are of the same person; not yet a digest
    name: str = ""
    email: str = ""
    phone: str = ""
    ship_to: dict[str, str] = {}
    bill_to: dict[str, str] = {}
    address_key: str = ""  # the same for the same street address, "" if there is none


class Mapped(Value):
    """All that one document became. The rows add up to those that it had."""

    document: str = ""
    draft: Draft | None = None
    person: PersonalData = PersonalData()
    cancellations: tuple[Cancellation, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    notes: tuple[Note, ...] = ()
    rejects: tuple[Reject, ...] = ()
    rows: dict[str, int] = {}  # how many rows became each of KINDS
    rules: dict[str, int] = {}  # how many rows each rule of the mapping decided
