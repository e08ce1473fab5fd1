"""The schema of promotions.yaml: what editors complete and check, made from what there is."""

import json
from importlib.resources import files
from typing import Any

import pytest

from segue.core.policy import policies_in
from segue.loader.problems import Problems
from segue.loader.promotion_needs import NEEDS_KEYS
from segue.loader.promotions import PROMOTION_KEYS
from segue.loader.promotions_schema import promotions_schema
from segue.loader.reading import parse_tree
from segue.policies import discounts
from tests.loader.test_promotions import ALL
from tests.scenario.validating import objections

SCHEMA: dict[str, Any] = json.loads(json.dumps(promotions_schema(policies_in([discounts]))))
PROMOTION = SCHEMA["properties"]["promotions"]["patternProperties"]["^[a-z][a-z0-9_]{0,39}$"]["anyOf"][0]


def test_it_has_every_key_that_the_loader_knows() -> None:
    assert set(PROMOTION["properties"]) == set(PROMOTION_KEYS)
    assert set(PROMOTION["properties"]["needs"]["properties"]) == set(NEEDS_KEYS)


def test_every_mechanism_is_offered_with_its_sentence_and_what_it_takes() -> None:
    *names, bound = PROMOTION["properties"]["gives"]["anyOf"]
    assert {"const": "free_shipping", "description": "The shipping costs nothing."} in names
    assert bound["properties"]["percent_off_goods"]["properties"]["percent"] == {"type": "number"}
    assert set(bound["properties"]["bundle_price"]["properties"]) == {"skus", "price", "price_minor", "times"}
    assert bound["properties"]["percent_by_tier"]["properties"]["percents"]["additionalProperties"] == {
        "type": "number"
    }


def value_of(text: str) -> Any:
    """What an editor sees of a file."""
    tree = parse_tree(text, "promotions.yaml", Problems())
    assert tree is not None
    return tree.plain_value()


@pytest.mark.parametrize(
    "text",
    [
        ALL,
        files("segue.main.init").joinpath("templates", "promotions.yaml").read_text("utf-8"),
        files("segue.sim.measuring").joinpath("promotions.yaml").read_text("utf-8"),
    ],
)
def test_files_that_can_be_read_are_what_it_says(text: str) -> None:
    assert list(objections(value_of(text), SCHEMA, SCHEMA)) == []


@pytest.mark.parametrize(
    "promotion",
    [
        "{}",
        "{gives: free_shiping}",
        "{gives: {percent_off_order: {percent: much}}}",
        "{gives: free_shipping, needs: {subtotal_from: 0}}",
        "{gives: free_shipping, limits: {per_code: 0}}",
        "{gives: free_shipping, on_return: charge}",
        "{gives: free_shipping, stacks: {with: [a]}}",
        "{gives: free_shipping, from: 1.12.2026}",
    ],
)
def test_it_objects_to_what_cannot_be_read(promotion: str) -> None:
    assert list(objections(value_of(f"promotions:\n  a: {promotion}\n"), SCHEMA, SCHEMA))
