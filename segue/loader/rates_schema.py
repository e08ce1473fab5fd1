"""The JSON Schema of rates.yaml, for editors."""

from segue.loader.rate_cards import AMOUNT_MAX, DESTINATION, DIMENSIONAL_MAX, FUEL_MAX, GRAMS_MAX
from segue.loader.schema import DRAFT, Schema, mapping_of

AMOUNT: Schema = {"type": "integer", "minimum": 0, "maximum": AMOUNT_MAX}
GRAMS: Schema = {"type": "integer", "minimum": 0, "maximum": GRAMS_MAX}
FUEL: Schema = {"type": "number", "minimum": 0, "maximum": FUEL_MAX}
DIMENSIONAL: Schema = {"type": "integer", "minimum": 1, "maximum": DIMENSIONAL_MAX}


def rates_schema() -> Schema:
    """The schema of rates.yaml. Locations, methods and zones that are named are checked by the loader, not by it."""
    step = {"type": "array", "items": AMOUNT, "description": "[up to so many grams, price]"}
    steps: Schema = {"type": "array", "items": step}
    card = {"anyOf": [steps, mapping_of({"steps": steps, "beyond": AMOUNT}, ("steps",))]}
    destinations = {
        "type": "object",
        "patternProperties": {f"^{DESTINATION.pattern}$": {"type": ["string", "number"]}},
        "additionalProperties": False,
    }
    handling = mapping_of({"parcel": AMOUNT, "unit": AMOUNT})
    fallback = {"anyOf": [AMOUNT, mapping_of({"parcel": AMOUNT, "per_kg": AMOUNT}, ("parcel",))]}
    zones = _by_name(destinations, "By origin, a location or `*`, the zone of each destination.")
    methods = _by_name(_by_name(card, "By zone: [up to so many grams, price]."), "By shipping method.")
    own = {"zones": zones, "methods": methods, "fuel": FUEL, "dimensional": DIMENSIONAL, "asked": {"type": "boolean"}}
    losses = {"anyOf": [AMOUNT, _by_name(AMOUNT, "By SKU or `*`.")]}
    properties: Schema = {
        "zones": zones,
        "methods": methods,
        "carriers": _by_name(mapping_of(own), "Carriers by name; a parcel goes with the cheapest that takes it."),
        "fuel": {**FUEL, "description": "Percent that come on top of `methods`."},
        "dimensional": {**DIMENSIONAL, "description": "Cubic centimeters that are billed as a kilogram."},
        "fallback": {**fallback, "description": "What is reckoned where no card says what a parcel costs."},
        "handling": _by_name(handling, "By location or `*`: what a parcel and a unit cost there."),
        "late": {
            **mapping_of({"parcel": AMOUNT, "unit_day": AMOUNT}),
            "description": "What a parcel that comes late costs, and each of its units by the day.",
        },
        "markdown": _by_name(losses, "By location or `*`: what a unit loses in value if it stays there."),
        "unfilled": {**AMOUNT, "description": "What it costs to leave a unit unfilled."},
        "weight_g": {**GRAMS, "description": "What a unit weighs of which the catalog says nothing."},
    }
    whole = mapping_of(properties, ("fallback",))
    return {"$schema": DRAFT, "title": "What it costs a shop to send an order", **whole}


def _by_name(values: Schema, description: str) -> Schema:
    """A mapping whose keys are names that other files declare."""
    return {"type": "object", "additionalProperties": values, "description": description}
