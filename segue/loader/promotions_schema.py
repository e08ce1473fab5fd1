"""The JSON Schema of promotions.yaml, for editors: made from the policies that there are."""

from segue.core.promotion import DISCOUNTS, ON_RETURN
from segue.loader.declared import NAME, Registry
from segue.loader.promotion_needs import AMOUNT_MAX, UNITS_MAX
from segue.loader.promotions import STACKS, USES_MAX
from segue.loader.schema import DRAFT, TEXT, Schema, choice_of, list_of, mapping_of, named_of

TEXTS = list_of({"type": ["string", "number"]})
AMOUNT: Schema = {"type": "integer", "minimum": 1, "maximum": AMOUNT_MAX}
COUNT: Schema = {"type": "integer", "minimum": 1, "maximum": UNITS_MAX}
USES: Schema = {"type": "integer", "minimum": 1, "maximum": USES_MAX}
DAY: Schema = {
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "examples": ["2026-12-01", "2026-12-01T18:00"],
}
NAMES = list_of({"type": "string", "pattern": f"^{NAME.pattern}$"})


def promotions_schema(registry: Registry) -> Schema:
    """The schema of promotions.yaml. Goods, tiers and promotions that are named are checked by the loader, not by it."""
    offered = {name: policy for kind in DISCOUNTS for name, policy in registry.get(kind, {}).items()}
    limits = {
        "per_code": {**USES, "description": "How many orders may use a code of it; without codes, the promotion."},
        "per_customer": {**USES, "description": "The same, for each customer."},
    }
    only_with = mapping_of({"only_with": NAMES}, ("only_with",))
    promotion: Schema = {
        "gives": {**choice_of(offered), "description": "What customers get."},
        "needs": _needs(),
        "from": {**DAY, "description": "From when on, in the shop's time zone."},
        "until": {**DAY, "description": "Until when; a day is the last one."},
        "limits": mapping_of(limits),
        "stacks": {"anyOf": [{"enum": list(STACKS)}, only_with], "description": "What it goes together with."},
        "excludes": {**NAMES, "description": "Promotions that it does not go together with."},
        "group": {**TEXT, "description": "Of the promotions of a group only the one that gives the most applies."},
        "on_return": {"enum": list(ON_RETURN), "description": "What becomes of it when a part comes back."},
    }
    properties: Schema = {
        "tiers": {**NAMES, "description": "The tiers that customers can have."},
        "promotions": named_of(mapping_of(promotion, ("gives",)), "What customers get, what stands first first."),
    }
    return {"$schema": DRAFT, "title": "The promotions of a shop", **mapping_of(properties, ("promotions",))}


def _needs() -> Schema:
    goods = {"skus": TEXTS, "tags": TEXTS}
    needs: Schema = {
        "subtotal_from": {**AMOUNT, "description": "Goods for at least that much, at list prices. Minor units."},
        "paid_from": {**AMOUNT, "description": "The same, of what is left after the discounts that come before."},
        "subtotal_of": {**mapping_of(goods), "description": "Which goods both count."},
        "items": {**list_of(mapping_of({**goods, "count": COUNT})), "description": "What has to be bought."},
        "codes": {**TEXTS, "description": "One of these codes; capitals do not matter."},
        "tiers": NAMES,
        "methods": TEXTS,
        "channels": TEXTS,
        "countries": list_of({"type": "string", "pattern": "^[A-Z]{2}$"}),
    }
    return {**mapping_of(needs), "description": "What has to be so; of each list one has to fit."}
