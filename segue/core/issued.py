"""Issued: what an issuer of codes was asked for, and what it was asked to make worthless."""

from segue.core.base import Value
from segue.core.tally import Units

DIGITAL, GIFT_CARD = "digital", "gift_card"
ITEM_KINDS = (DIGITAL, GIFT_CARD)
BY_MESSAGE = "by message"  # what stands for the carrier of what is issued


class Issue(Value):
    """Codes that were asked for, once: one for each unit."""

    units: dict[int, Units]
    outcome: str = "asked"  # asked, done, declined
    reference: str = ""  # the issuer's own id; the codes themselves are in no order


class Takeback(Value):
    """A code that the issuer was asked to make worthless, so that its unit can be refunded."""

    line: int
    unit: int
    outcome: str = "asked"  # asked, done, declined
    left_minor: int = 0  # what was left on it
