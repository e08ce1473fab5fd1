"""Opportunity: what a unit of a SKU is worth where it lies, to orders that are still to come. Stored, and looked up."""

from segue.core.base import Value


class Prices(Value):
    """What one unit of a SKU is worth at each location, and when that was worked out."""

    at_s: int
    mills: dict[str, int] = {}  # by location; nothing, where there is plenty
