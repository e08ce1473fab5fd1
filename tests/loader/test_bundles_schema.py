"""The schema of bundles.yaml: what editors complete and check is what the loader takes."""

import json
from pathlib import Path
from typing import Any

import pytest

from segue.loader.bundles import GROUP_KEYS, KEYS, PART_KEYS, bundles
from segue.loader.bundles_schema import bundles_schema
from segue.loader.problems import Problems
from segue.loader.reading import parse_tree
from tests.scenario.validating import objections

SCHEMA: dict[str, Any] = json.loads(json.dumps(bundles_schema()))
HAMPER = """\
BREAKFAST: {kind: kit, title: Breakfast, price_minor: 2_500, parts: {MUG: 2, TEA: 1}, ship: together, returns: together}
HAMPER:
  kind: custom
  parts: {BASKET: {count: 1}, BREAKFAST: 1}
  choose: {drinks: {least: 1, most: 3, from: [GIN, TONIC], included: 2, extra: {GIN: 500}}}
  on_short: cancel
  sold: alone
  housed: [BER]
"""


def read(text: str, tmp_path: Path) -> bool:
    """Whether the loader takes it."""
    (tmp_path / "bundles.yaml").write_text(text, encoding="utf-8")
    problems = Problems()
    bundles(tmp_path, (), (), problems)
    return not problems.sorted()


def wrong_in(text: str) -> list[str]:
    """What the schema objects to."""
    tree = parse_tree(text, "bundles.yaml", Problems())
    assert tree is not None
    return list(objections(tree.plain_value(), SCHEMA, SCHEMA))


def test_the_schema_has_every_key_of_the_loader() -> None:
    bundle = SCHEMA["additionalProperties"]["properties"]
    (group,) = bundle["choose"]["patternProperties"].values()
    assert (set(bundle), set(group["properties"])) == (set(KEYS), set(GROUP_KEYS))
    assert set(bundle["parts"]["additionalProperties"]["anyOf"][1]["properties"]) == set(PART_KEYS)


@pytest.mark.parametrize(
    "wrong",
    [
        "X: {parts: {MUG: 0}}",
        "X: {kind: box, parts: {MUG: 1}}",
        "X: {parts: {MUG: 1}, ship: tomorrow}",
        "X: {parts: {MUG: 1}, price_minor: -1}",
        "X: {parts: {MUG: {count: 1, wight: 2}}}",
        "X: {choose: {drinks: {most: 2}}}",
        "X: {choose: {Drinks!: {from: [GIN]}}}",
        "X: {choose: {drinks: {from: []}}}",
        "X: {parts: {MUG: 1}, prepacked: {}}",
    ],
)
def test_what_the_loader_refuses_the_schema_refuses_too(wrong: str, tmp_path: Path) -> None:
    assert not read(wrong, tmp_path)
    assert wrong_in(wrong)


def test_what_the_loader_takes_the_schema_takes_too(tmp_path: Path) -> None:
    assert read(HAMPER, tmp_path)
    assert not wrong_in(HAMPER)
