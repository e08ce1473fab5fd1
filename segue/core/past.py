"""What is known of a person's earlier orders."""

from segue.core.base import Value

PAST_MAX = 50  # how many earlier orders of a person a step sees, the latest


class Past(Value):
    """An earlier order of the same person."""

    order: str
    placed_at_s: int
    basket: str  # digest of SKUs and quantities
    ship_to_digest: str = ""
    total_minor: int = 0


def latest_with(past: Past, others: tuple[Past, ...]) -> tuple[Past, ...]:
    """The latest of a person's orders with one more, newest first."""
    return tuple(sorted((past, *others), key=lambda known: -known.placed_at_s)[:PAST_MAX])
