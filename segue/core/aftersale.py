"""After the sale: prices that were lowered, and what banks took back."""

from segue.core.base import Value
from segue.core.tally import Units


class Adjustment(Value):
    """A price that was lowered after the sale, for some units of a line."""

    line: int
    units: Units
    amount_minor: int  # of them together, with its tax
    tax_minor: int = 0  # of this
    reason: str = ""


class Chargeback(Value):
    """An amount that a bank has taken back of what a tender paid."""

    tender: str
    amount_minor: int
    reason: str = ""
    beyond_minor: int = 0  # on top of this, though it was refunded before
