"""Means of payment: what can be done with money that is held on a card, a gift card, an account of a pay-later vendor.

How each method behaves is the shop's data (`tenders:` of shop.yaml), never a constant of the code.
"""

from collections.abc import Mapping
from typing import Literal

from segue.core.base import Value

Initiator = Literal["customer", "merchant"]
OTHER = "other"  # stands for every method that has no entry of its own


class Means(Value):
    """How one means of payment behaves."""

    captures: Literal["many", "one"] = (
        "many"  # how often an authorization can be captured; with the one its rest is gone
    )
    void_part: bool = False  # whether a part of an authorization can be let go of, or only all that it still holds
    lasts_s: dict[str, int] = {}  # initiator -> how long an authorization lasts; without one it does not end

    def ends_at_s(self, asked_at_s: int, initiator: Initiator) -> int | None:
        """When an authorization ends that was asked for then; None if it does not end."""
        lasts_s = self.lasts_s.get(initiator)
        return None if lasts_s is None else asked_at_s + lasts_s


UNKNOWN = Means()


def means_for(table: Mapping[str, Means], method: str) -> Means:
    """How a method behaves: by its own entry, else by that of all others."""
    return table.get(method) or table.get(OTHER, UNKNOWN)
