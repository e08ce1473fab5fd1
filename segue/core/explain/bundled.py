"""Bundles in words: what was bought as one article, and which parts it was made into."""

from segue.core.bundles import Bundle
from segue.core.draft import Draft
from segue.core.explain.words import listed


def bought(draft: Draft) -> str:
    """What was ordered: `2 of BOX (2 of MUG and 4 of TEA) and 1 of CAP`."""
    if not draft.bundles:
        return listed(f"{line.quantity} of {line.sku}" for line in draft.lines)
    first = {min(bundle.parts): bundle for bundle in draft.bundles.values() if not bundle.inside}
    inside = {number for bundle in first.values() for number in bundle.parts}
    said = [
        _whole(first[number], draft) if number in first else f"{line.quantity} of {line.sku}"
        for number, line in enumerate(draft.lines, 1)
        if number in first or number not in inside
    ]
    return listed(said)


def _whole(bundle: Bundle, draft: Draft) -> str:
    parts = listed(f"{draft.lines[number - 1].quantity} of {draft.lines[number - 1].sku}" for number in bundle.parts)
    return f"{bundle.quantity} of {bundle.sku} ({parts})"
