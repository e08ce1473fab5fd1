"""Papers: what an order remembers of its invoices, its credit memos, and of what was settled."""

from segue.core.base import Value
from segue.core.tally import Units


class Part(Value):
    """Something that is owed, and the taxes in it."""

    amount_minor: int  # with its taxes
    taxes: dict[str, int] = {}  # by name; of which nobody has said the name, under nothing


class Credited(Value):
    """What a credit memo gives back of a line."""

    amount_minor: int  # with its tax
    tax_minor: int = 0
    units: Units = ()  # those that no earlier one names


class Issued(Value):
    """An invoice or a credit memo, as far as the order has to remember it. All that it says is in its document."""

    of: str  # the shipment; of a credit memo the refund, and nothing where nothing was paid
    total_minor: int
    lines: dict[int, Credited] = {}  # a credit memo's
    reverses: dict[str, int] = {}  # a credit memo: how much of which invoices
    parts: dict[str, Part] = {}  # what it is made up of: goods, shipping, fees ...


class Settlement(Value):
    """A transaction that the gateway has paid out, or kept from what it pays."""

    line: str  # of the report
    amount_minor: int
    fee_minor: int = 0


class Difference(Value):
    """Something in which a settlement report and we do not agree."""

    transaction: str  # nothing where none is known
    difference: str  # missing_here, missing_there, amount_differs, currency_differs, twice, not_done
    amount_minor: int
    currency: str
    fee_minor: int = 0
