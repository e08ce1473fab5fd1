"""Bundles: what bundles.yaml becomes. Its mistakes are in broken_shops.txt. Covers I-6."""

from pathlib import Path

import pytest

from segue.core.bundles import Group, Part, Recipe, Rules
from segue.loader.bundles import KINDS, bundles
from segue.loader.problems import Problems

FILE = """
BOX:
  kind: kit
  title: Gift box
  price_minor: 3_000
  parts: {MUG: 1, TEA: {count: 2}}
  returns: any
  housed: [BER]
HAMPER:
  kind: custom
  parts: {BOX: 1}
  choose:
    drinks: {least: 0, most: 3, from: [GIN, TONIC], included: 2, extra: {GIN: 500}}
    card: {from: [CARD]}
"""


def test_recipes_are_read_with_the_rules_of_their_kind(tmp_path: Path) -> None:
    (tmp_path / "bundles.yaml").write_text(FILE)
    (tmp_path / "bundles").mkdir()
    (tmp_path / "bundles" / "more.yaml").write_text("DUO:\n  parts: {MUG: {weight: 1}, TEA: {weight: 2}}\n")
    problems = Problems()
    found = bundles(tmp_path, ("MUG", "TEA", "GIN", "TONIC", "CARD"), ("BER",), problems)
    assert problems.sorted() == []
    assert found == {
        "BOX": Recipe(
            "BOX", "kit", (Part("MUG"), Part("TEA", 2)), (),
            Rules("together", "together", "any", "cancel", housed=("BER",)), "Gift box", 30_00,
        ),
        "HAMPER": Recipe(
            "HAMPER", "custom", (Part("BOX"),),
            (Group("drinks", ("GIN", "TONIC"), 0, 3, 2, {"GIN": 500}), Group("card", ("CARD",))), KINDS["custom"],
        ),
        "DUO": Recipe("DUO", "set", (Part("MUG", 1, 1), Part("TEA", 1, 2)), (), KINDS["set"]),
    }  # fmt: skip


def test_what_a_message_delivers_is_no_part_of_a_bundle(tmp_path: Path) -> None:
    (tmp_path / "bundles.yaml").write_text("BOX:\n  parts: {MUG: 1, GUIDE: 1}\n")
    problems = Problems()
    assert bundles(tmp_path, ("MUG", "GUIDE"), ("BER",), problems, ("GUIDE",)) == {}
    assert [str(each) for each in problems.sorted()] == [
        "bundles.yaml:2:19: `GUIDE` is delivered by a message, and is no part of a bundle"
    ]


@pytest.mark.parametrize("name", ["bundles.yaml", "bundles/x.yaml"])
def test_a_file_that_is_no_mapping_is_a_mistake_and_there_is_no_recipe(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("- BOX\n")
    problems = Problems()
    assert bundles(tmp_path, (), (), problems) == {}
    assert [str(each) for each in problems.sorted()] == [
        f"{name}:1:1: expected a mapping of bundles by SKU, found a list"
    ]


def test_a_shop_without_the_file_has_no_bundles(tmp_path: Path) -> None:
    problems = Problems()
    assert bundles(tmp_path, (), (), problems) == {}
    assert problems.sorted() == []
