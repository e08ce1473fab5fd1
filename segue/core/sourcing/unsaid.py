"""Unsaid: what plans went by that nothing is sent for; recorded with the reason, so that all can be made again."""

from collections.abc import Iterable

from msgspec.structs import replace

from segue.core.base import Because


def with_unsaid(because: Because, others: Iterable[Because]) -> Because:
    """The reason, with the prices of units and the wave that others went by."""
    figures = dict(because.figures)
    for other in others:
        if "opportunity" in other.figures:
            known, more = figures.get("opportunity", {}), other.figures["opportunity"]
            figures["opportunity"] = known | {sku: known.get(sku, {}) | mills for sku, mills in more.items()}
        if "wave" in other.figures:
            figures["nothing_of_wave"] = other.figures["wave"]
    return replace(because, figures=figures) if figures != because.figures else because
