"""Rates: what rates.yaml becomes, and what it makes of workflows. Its mistakes are in broken_shops.txt."""

import json
from pathlib import Path
from typing import Any

import pytest

from segue.core.draft import Destination
from segue.core.lanes import Charged, charged, lanes
from segue.core.rates import Card, Carrier, Handling, Late
from segue.loader.archive import archived, restored
from segue.loader.library import read_library
from segue.loader.problems import Problems
from segue.loader.rates import KEYS, Known, rates
from segue.loader.rates_schema import rates_schema
from segue.loader.reading import parse_tree
from segue.loader.shop import load_shop
from tests.loader.offer import COMMANDS, EVENTS, REGISTRY
from tests.loader.test_shop import SHOP, write
from tests.scenario.validating import objections

RATES = """
zones:
  "*": {US: far, US-NY: middle, "US 10": near, "US 941": middle}
  W1: {US: near}
methods:
  standard:
    near: [[500, 420], [2000, 590]]
    middle: {steps: [[500, 520], [2000, 790]], beyond: 110}
  express:
    near: {steps: [[1000, 1500]]}
fallback: {parcel: 1500, per_kg: 100}
handling:
  "*": {parcel: 120, unit: 30}
  W1: {unit: 10}
unfilled: 5000
weight_g: 400
fuel: 7.25
dimensional: 5000
carriers:
  post: {methods: {standard: {near: [[2000, 450]]}}, fuel: 12.5}
  swift:
    zones: {"*": {US: one}}
    methods: {express: {one: {steps: [[500, 900]], beyond: 200}}}
    dimensional: 4000
  live: {asked: true}
late: {parcel: 500, unit_day: 50}
markdown: {W1: 300, "*": {MUG: 20, "*": 10}}
"""
SCHEMA: dict[str, Any] = json.loads(json.dumps(rates_schema()))


PLAIN = RATES[: RATES.index("fuel: 7.25")]


def read(folder: Path, text: str = RATES) -> Any:
    write(folder, {"rates.yaml": text})
    problems = Problems()
    found = rates(folder, Known(("W1", "W2"), ("standard", "express"), ("MUG",)), problems)
    assert problems.sorted() == []
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("origin", "destination", "zone"),
    [
        ("W2", Destination("US"), "far"),
        ("W2", Destination("US", "NY"), "middle"),
        ("W2", Destination("US", "NY", postcode_area="100"), "near"),
        ("W2", Destination("US", "CA", postcode_area="941"), "middle"),
        ("W2", Destination("US", "CA", postcode_area="940"), "far"),
        ("W2", Destination("DE"), ""),
        ("W1", Destination("US", "NY", postcode_area="100"), "near"),
        ("W1", Destination("DE"), ""),
    ],
)
def test_the_zone_is_that_of_the_origin_and_the_longest_beginning(
    tmp_path: Path, origin: str, destination: Destination, zone: str
) -> None:
    assert lanes(read(tmp_path), destination, "standard").zone(Carrier(), origin) == zone


@pytest.mark.parametrize(
    ("method", "destination", "grams", "expected"),
    [
        ("standard", "NY", 0, Charged(520_000, 500)),
        ("standard", "NY", 500, Charged(520_000, 500)),
        ("standard", "NY", 501, Charged(790_000, 2000)),
        ("standard", "NY", 2001, Charged(900_000, 3000)),
        ("standard", "NY", 4000, Charged(1_010_000, 4000)),
        ("standard", "CA", 700, Charged(1_600_000, 1000, True)),
        ("express", "CA", 0, Charged(1_500_000, 0, True)),
        ("by bicycle", "NY", 2500, Charged(1_800_000, 3000, True)),
        ("", "NY", 100, Charged(520_000, 500)),
    ],
)
def test_a_parcel_costs_what_its_step_says_or_the_fallback(
    tmp_path: Path, method: str, destination: str, grams: int, expected: Charged
) -> None:
    assert (
        charged(lanes(read(tmp_path, PLAIN), Destination("US", destination), method), "W2", grams)[:3] == expected[:3]
    )


def test_what_is_too_heavy_for_a_card_without_beyond_costs_the_fallback(tmp_path: Path) -> None:
    ways = lanes(read(tmp_path, PLAIN), Destination("US"), "standard")
    assert charged(ways, "W1", 2000) == Charged(590_000, 2000, zone="near")
    assert charged(ways, "W1", 2001) == Charged(1_800_000, 3000, True)


def test_handling_and_the_rest_are_as_the_file_says(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found.handling == {"*": Handling(120, 30), "W1": Handling(0, 10)}
    assert (found.unfilled_minor, found.weight_g) == (5000, 400)
    assert found.methods["express"] == {"near": Card(((1000, 1500),))}
    way = lanes(found, Destination("US"), "standard")
    assert (way["W1"].parcel_mills, way["W1"].unit_mills, way["W2"].parcel_mills) == (0, 10_000, 120_000)


def test_carriers_lateness_and_markdowns_are_as_the_file_says(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found.carriers == (
        Carrier("post", {"standard": {"near": Card(((2000, 450),))}}, fuel_bp=1250),
        Carrier("swift", {"express": {"one": Card(((500, 900),), 200)}}, {"*": {"US": "one"}}, 0, 4000),
        Carrier("live", is_asked=True),
    )
    assert (found.fuel_bp, found.dimensional_cm3) == (725, 5000)
    assert found.late == Late(500, 50)
    assert found.markdown == {"W1": {"*": 300}, "*": {"MUG": 20, "*": 10}}


def test_a_shop_may_have_carriers_only(tmp_path: Path) -> None:
    found = read(tmp_path, "carriers: {live: {asked: true}}\nfallback: 700\n")
    assert (found.methods, found.carriers, found.late) == ({}, (Carrier("live", is_asked=True),), None)


def test_locations_that_cost_the_same_have_lanes_of_one_number(tmp_path: Path) -> None:
    ways = lanes(read(tmp_path, PLAIN), Destination("US"), "standard")
    assert ways["W2"].number == ways["W3"].number != ways["W1"].number


def test_a_fallback_may_be_one_price_for_all(tmp_path: Path) -> None:
    plain = read(tmp_path, "zones: {'*': {DE: a}}\nmethods: {standard: {a: [[1, 1]]}}\nfallback: 700\n")
    assert charged(lanes(plain, Destination("US"), "standard"), "W1", 99_999) == Charged(700_000, 100_000, True)


def shop_with(folder: Path, files: dict[str, str]) -> Any:
    write(folder, SHOP | files)
    return load_shop(folder, REGISTRY, COMMANDS, EVENTS)


def test_workflows_of_a_shop_with_rates_choose_by_cost_and_are_versions_of_their_own(tmp_path: Path) -> None:
    before = shop_with(tmp_path, {})
    after = shop_with(tmp_path, {"rates.yaml": "methods: {standard: {}}\nfallback: 700\n"})
    assert before.rates is None
    assert after.rates is not None
    name = before.workflow
    assert (before.workflows[name].algorithm, after.workflows[name].algorithm) == ("rules", "exact")
    assert before.workflows[name].version != after.workflows[name].version
    text = archived(name, read_library(tmp_path, Problems()))
    again = restored(text, REGISTRY, COMMANDS, EVENTS)
    assert (again.version, again.algorithm) == (after.workflows[name].version, "exact")


def test_the_schema_has_every_key_and_takes_what_the_loader_takes() -> None:
    assert set(SCHEMA["properties"]) == set(KEYS)
    tree = parse_tree(RATES, "rates.yaml", Problems())
    assert tree is not None
    assert list(objections(tree.plain_value(), SCHEMA, SCHEMA)) == []
    assert list(objections(tree.plain_value() | {"fallback": -1}, SCHEMA, SCHEMA))
