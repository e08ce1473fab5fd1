"""Promotions: what the reference page says of mechanisms, of keys, and of why one does not apply, made from the code."""

from typing import Any

from docs.tables import code, parameters_of, table
from segue.core.policy import policies_in
from segue.core.promotion import DISCOUNTS
from segue.loader.promotions_schema import promotions_schema
from segue.policies import discounts

REGISTRY = policies_in([discounts])


def mechanisms() -> str:
    """What a promotion can give, and on what."""
    rows = [
        (code(found.name), level, found.sentence, parameters_of(found.function))
        for kind, level in DISCOUNTS.items()
        for found in REGISTRY[kind].values()
    ]
    return table(("gives", "on", "what it does", "takes"), rows)


def keys() -> str:
    """What a promotion can say."""
    return table(("key", "what it says"), _described(_promotion()["properties"]))


def needs() -> str:
    """What a promotion can need."""
    return table(("key", "what has to be so"), _described(_promotion()["properties"]["needs"]["properties"]))


def _promotion() -> dict[str, Any]:
    (named,) = promotions_schema(REGISTRY)["properties"]["promotions"]["patternProperties"].values()
    promotion: dict[str, Any] = named["anyOf"][0]
    return promotion


def _described(properties: dict[str, Any]) -> list[tuple[str, str]]:
    return [(code(key), schema["description"]) for key, schema in properties.items()]
