"""The JSON Schema of bundles.yaml, for editors."""

from typing import get_args

from segue.core.bundles import Kind
from segue.loader.bundles import COUNT_MAX, PRICE_MAX, WEIGHT_MAX, WORDS
from segue.loader.declared import NAME
from segue.loader.schema import DRAFT, TEXT, Schema, list_of, mapping_of

MEANING = {
    "sold": "together: its parts are sold in bundles only; alone: each by itself, too.",
    "ship": "In one parcel; from one location; all or nothing, wherever from; each part when it can.",
    "returns": "All at once; piece by piece, refunded once all are back; each piece by itself.",
    "on_short": "When a part cannot be had: all is canceled; the rest is kept; the rest is priced by the piece.",
}
COUNT: Schema = {"type": "integer", "minimum": 1, "maximum": COUNT_MAX}
PRICE: Schema = {"type": "integer", "minimum": 0, "maximum": PRICE_MAX}


def bundles_schema() -> Schema:
    """The schema of bundles.yaml. SKUs and locations that are named are checked by the loader, not by it."""
    from_none = {**COUNT, "minimum": 0}
    weight: Schema = {"type": "integer", "minimum": 0, "maximum": WEIGHT_MAX}
    part = {"anyOf": [COUNT, mapping_of({"count": COUNT, "weight": weight})]}
    group = mapping_of(
        {
            "from": {**list_of(TEXT), "minItems": 1, "description": "SKUs."},
            "least": {**from_none, "description": "Units in one bundle, at least; usually 1."},
            "most": {**COUNT, "description": "And at most."},
            "included": {**from_none, "description": "So many are in the bundle's price; usually all."},
            "extra": _by_name(PRICE, "By SKU: what a unit of it costs on top, in minor units."),
        },
        ("from",),
    )
    groups: Schema = {
        "type": "object",
        "patternProperties": {f"^{NAME.pattern}$": group},
        "additionalProperties": False,
    }
    words = {name: {"enum": list(known), "description": MEANING[name]} for name, known in WORDS.items()}
    bundle = mapping_of(
        {
            "kind": {
                "enum": list(get_args(Kind)),
                "description": "Each kind has its usual rules; `set` if none is said.",
            },
            "title": TEXT,
            "price_minor": {**PRICE, "description": "Of one, in minor units, where catalog.csv has none."},
            "parts": _by_name(part, "SKUs, which may be bundles themselves, and how many of each."),
            "choose": {**groups, "description": "What the customer chooses, by the name of the group."},
            **words,
            "prepacked": {"type": "boolean", "description": "It may lie ready packed, as stock of its own SKU."},
            "housed": {**list_of(TEXT), "description": "The only locations that may give its parts."},
        }
    )
    return {"$schema": DRAFT, "title": "The bundles of a shop", **_by_name(bundle, "By SKU.")}


def _by_name(values: Schema, description: str) -> Schema:
    return {"type": "object", "additionalProperties": values, "description": description}
