"""Waves: what an order asks of whoever plans many orders together, and what is proposed to it.

The plan of a wave is a fact from outside, as a tax is: looked up, checked, and recorded with the decision that follows.
"""

from segue.core.base import Value
from segue.core.draft import Destination


class Wish(Value):
    """What one order wants, and where it may come from: any location that has some of it, but for those that are barred."""

    order: str
    to: Destination
    method: str
    units: dict[str, int]  # by SKU
    channel: str = ""  # of whose shares it may take
    barred: tuple[str, ...] = ()  # locations
    late_mills: dict[str, int] = {}  # location -> what a parcel from there costs more than its rate and its handling


class Proposal(Value):
    """What a wave has for one order."""

    wave: str
    orders: int  # planned together
    gap_ppm: int  # by how much, at most, the wave is dearer than the best there is; millionths of its cost
    parcels: tuple[tuple[str, dict[str, int]], ...] = ()  # location, units by SKU
