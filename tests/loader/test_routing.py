"""Routing in YAML: strategies as they are read, their mistakes with their places, and those that can never serve anybody."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from segue.app import problems_in
from segue.core.days import Capacity
from segue.core.workflow import Among
from segue.settings import read_shop

SHOP = "name: Lamps\ncurrency: EUR\nworkflow: w\nchannels: [canonical]\nshipping_methods: [standard]\n"
LOCATIONS = """\
- {id: BER, country: DE, latitude: 52.5, longitude: 13.4, group: north, capacity: {orders: 5}, day_starts: "22:30"}
- {id: MUC, country: DE, kind: store, capabilities: [gift_wrap], marked_down: [summer]}
- {id: VIE, country: AT, ships_to: [AT]}
"""


def written(folder: Path, routing: str, locations: str = LOCATIONS) -> Path:
    """A shop whose workflow has these strategies."""
    for name, text in {
        "shop.yaml": SHOP,
        "locations.yaml": locations,
        "channels/canonical.yaml": "name: canonical\nextends: canonical\n",
        "workflows/w.yaml": f"name: w\nextends: standard\nrouting:\n{routing}",
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def mistakes(folder: Path, routing: str, locations: str = LOCATIONS) -> list[str]:
    return [str(problem) for problem in problems_in(written(folder, routing, locations))]


def test_a_strategy_is_read_whole_and_takes_from_the_policies_what_it_does_not_say(tmp_path: Path) -> None:
    text = """\
  - name: near
    when: country == 'DE'
    from: 2026-12-01
    until: 2026-12-24
    locations: {ids: [BER, MUC], kinds: [warehouse, store], groups: [north]}
    eligible: [active, {nearer_than: {km: 500, soft: true}}]
    serve: [{capable: {properties: [gift_wrap]}}]
    split: [{shipments_at_most: {count: 2, soft: false}}]
    divide: [{by_weight: {weight: 9000}}]
    complete: {property: bundle}
    algorithm: rules
    else: wait
  - {name: rest, locations: [VIE], rank: [{closest: {band: 50}}], complete: line}
"""
    near, rest = read_shop(written(tmp_path, text)).workflows["w"].strategies
    assert (near.name, near.otherwise, near.complete, near.algorithm) == ("near", "wait", "property:bundle", "rules")
    assert near.among == Among(("BER", "MUC"), ("warehouse", "store"), ("north",))
    assert [(rule.name, rule.soft) for rule in near.eligible] == [("active", False), ("nearer_than", True)]
    assert [rule.name for rule in near.rank] == ["ship_complete", "warehouse_first", "fewest_shipments", "closest"]
    assert [rule.name for rule in (*near.serve, *near.split, *near.divide)] == [
        "capable",
        "shipments_at_most",
        "by_weight",
    ]
    assert near.from_s == datetime(2026, 12, 1, tzinfo=UTC).timestamp()
    assert near.until_s == datetime(2026, 12, 25, tzinfo=UTC).timestamp(), "the day is the last one"
    assert near.when is not None
    assert (rest.among, rest.complete, rest.otherwise) == (Among(ids=("VIE",)), "line", "next")
    assert [rule.name for rule in rest.eligible] == ["active", "ships_to_country"]


def test_without_strategies_the_policies_are_the_only_one(tmp_path: Path) -> None:
    (strategy,) = read_shop(written(tmp_path, "")).workflows["w"].strategies
    assert (strategy.name, strategy.otherwise, strategy.among) == ("", "next", None)
    assert [rule.name for rule in strategy.eligible] == ["active", "ships_to_country"]


def test_a_location_says_what_it_can_do_and_how_much_of_it_in_a_day(tmp_path: Path) -> None:
    places = read_shop(written(tmp_path, "")).locations
    assert (places["BER"].capacity, places["BER"].day_starts_s) == (Capacity(orders=5), 22 * 3600 + 30 * 60)
    assert (places["BER"].group, places["MUC"].capabilities, places["MUC"].marked_down) == (
        "north", ("gift_wrap",), ("summer",),
    )  # fmt: skip
    noon = 20_000 * 86_400 + 12 * 3600
    assert (places["BER"].day_of(noon), places["BER"].day_of(noon + 10 * 3600 + 1800)) == (19_999, 20_000)
    assert places["MUC"].day_of(noon) == 20_000


@pytest.mark.parametrize(
    ("routing", "said"),
    [
        ("  - {nam: x}\n", ["4:6: unknown key `nam`; did you mean `name`?"]),
        ("  - {name: Near}\n", ["4:12: `Near` cannot be the name of a strategy; write it like `near_stores`"]),
        ("  - {name: a}\n  - {name: a}\n", ["5:5: the strategy `a` is given twice"]),
        (
            "  - {name: a, else: wait}\n  - {name: b}\n",
            ["5:5: the strategy `b` is never reached: `a` leaves nothing to those after it; "
             "write `else: next` there, or move it behind"],
        ),
        (
            "  - {name: a, from: 2026-12-01, else: wait}\n  - {name: b, from: 2026-12-05, until: 2026-12-09}\n  - {name: c}\n",
            ["5:5: the strategy `b` is never reached: `a` leaves nothing to those after it"],
        ),
        (
            "  - {name: a, from: 2026-12-01, until: 2026-12-20, else: wait}\n  - {name: b, until: 2026-12-20, else: wait}\n"
            "  - {name: c, until: 2026-12-02, else: wait}\n",
            ["6:5: the strategy `c` is never reached: `b` leaves nothing to those after it"],
        ),
        ("  - {name: a, pickup: store}\n", ["4:23: unknown way of collecting `store`; did you mean `at_store`?"]),
        ("  - {name: a, serve: [{capable: {properties: [gift_warp]}}]}\n",
         ["unknown capability `gift_warp`; did you mean `gift_wrap`?"]),
        ("  - {name: a, divide: [{by_need: {need: hazmat}}]}\n", ["unknown capability `hazmat`; there is gift_wrap"]),
        ("  - {name: a, rank: [{closest: {band: -5}}]}\n",
         ["4:39: `band` of `closest` is -5, and has to be above 0; a band of no width makes no ties"]),
        ("  - {name: a, rank: [{least_loaded: {band_percent: 0}}]}\n", ["`band_percent` of `least_loaded` is 0, and has to be above 0"]),
        ("  - {name: a, rank: [{closest: {band: 5}}, closest]}\n", ["`closest` is chosen twice"]),
        ("  - {name: a, eligible: [{nearer_than: {km: 0}}]}\n", ["`km` of `nearer_than` is 0, and has to be above 0; nothing is within that"]),
        ("  - {name: a, eligible: [{below_capacity: {percent: 120}}]}\n", ["`percent` of `below_capacity` is 120 %, and 100 % is all of it"]),
        ("  - {name: a, split: [{shipments_at_most: {count: 0}}]}\n", ["`count` of `shipments_at_most` is 0, and has to be above 0"]),
        ("  - {name: a, split: [{rest_worth_at_least: {rest: -1}}]}\n", ["-1"]),
        ("  - {name: a, divide: [{by_weight: {weight: 0}}]}\n", ["`weight` of `by_weight` is 0, and has to be above 0"]),
        (
            "  - {name: a, when: units > 1, else: cancel}\n  - {name: b, when: units > 1}\n  - {name: c}\n",
            ["5:5: the strategy `b` is never reached: `a` leaves nothing to those after it; "
             "write `else: next` there, or move it behind"],
        ),
        (
            "  - {name: a, from: 2026-12-02, until: 2026-12-01}\n",
            ["4:33: the strategy is over before it begins; are the dates reversed?"],
        ),
        ("  - {name: a, algorithm: guess}\n", ["4:26: unknown algorithm `guess`; did you mean `rules`?"]),
        ("  - {name: a, else: give_up}\n", ["4:21: unknown else `give_up`; there is next, wait, split, cancel"]),
        ("  - {name: a, complete: all}\n", ["4:25: unknown what ships complete `all`; there is order, line"]),
        ("  - {name: a, complete: {}}\n", ["key `property` is missing"]),
        ("  - {name: a, locations: {kinds: [shed]}}\n", ["4:35: unknown kind of location `shed`"]),
        ("  - {name: a, locations: [BRE]}\n", ["unknown location `BRE`; did you mean `BER`?"]),
        ("  - {name: a, locations: {groups: [nort]}}\n", ["unknown group of locations `nort`; did you mean `north`?"]),
        ("  - {name: a, eligible: [{active: {soft: maybe}}]}\n", ["4:42: expected true or false"]),
        (
            "  - {name: abroad, locations: [VIE], eligible: [same_country], when: country == 'US'}\n  - {name: all}\n",
            ["4:5: the strategy `abroad` can never serve an address, for example one in US; "
             "BER: locations: BER is not of the strategy's"],
        ),
        (
            "  - {name: none, locations: {ids: [VIE], kinds: [store]}}\n  - {name: all}\n",
            ["4:5: the strategy `none` can never serve an address, for example one in AT"],
        ),
        (
            "  - {name: home, when: country == 'DE'}\n",
            ["no strategy can ever serve an address in AT, which `VIE` ships to; none is for it"],
        ),
        (
            "  - {name: home, locations: [BER, MUC], eligible: [same_country]}\n",
            ["no strategy can ever serve an address in AT, which `VIE` ships to; asked are: home"],
        ),
    ],
)  # fmt: skip
def test_a_mistake_in_a_strategy_is_told_with_its_place(tmp_path: Path, routing: str, said: list[str]) -> None:
    found = mistakes(tmp_path, routing)
    assert len(found) == len(said), found
    for problem, part in zip(found, said, strict=True):
        assert part in problem
        assert problem.startswith("workflows/w.yaml:")


@pytest.mark.parametrize(
    "routing",
    [
        "  - {name: a, serve: [capable], eligible: [{below_capacity: {percent: 80}}, {counted_within: {age: 1d}}]}\n",
        "  - {name: a, when: band == 'high', else: wait}\n  - {name: b, when: band == 'low', else: wait}\n  - {name: c}\n",
        "  - {name: a, from: 2026-12-01, else: wait}\n  - {name: b}\n",
        "  - {name: a, when: units > 5, locations: [BER]}\n  - {name: b}\n",
        "  - {name: a, from: 2026-12-01, until: 2026-12-20, else: wait}\n  - {name: b, from: 2026-12-05}\n",
        "  - {name: a, split: [{rest_worth_at_least: {rest: 0}}], rank: [{overstock_first: {over: 0}}]}\n",
        "  - {name: a, pickup: at_store, when: ship_method == 'pickup', else: wait}\n  - {name: b}\n",
        "  - {name: a, pickup: ship_to_store, eligible: [active]}\n",
    ],
)
def test_what_only_facts_can_decide_is_no_mistake(tmp_path: Path, routing: str) -> None:
    assert mistakes(tmp_path, routing) == []


def test_no_location_at_all_is_no_excuse(tmp_path: Path) -> None:
    (found,) = mistakes(tmp_path, "  - {name: a}\n", "[]\n")
    assert "the strategy `a` can never serve an address, for example one in any country; there is no location" in found


@pytest.mark.parametrize(
    ("location", "said"),
    [
        (
            "{id: X, capacity: {orders: 0}}",
            "with 0 orders a day it never gets anything; write `active: false` for that",
        ),
        ("{id: X, capacity: {orders: -1}}", "-1 is out of range"),
        ("{id: X, capacity: {parcels: 1}}", "unknown key `parcels`"),
        ("{id: X, day_starts: 25:00}", "expected a time of the day"),
        ("{id: X, day_starts_s: 5}", "unknown key `day_starts_s`"),
    ],
)
def test_a_capacity_is_more_than_nothing_and_a_day_starts_at_a_time(tmp_path: Path, location: str, said: str) -> None:
    (found,) = mistakes(tmp_path, "  - {name: a}\n", f"- {location}\n")
    assert said in found
    assert found.startswith("locations.yaml:1:")


def test_trials_and_shadows_are_read(tmp_path: Path) -> None:
    """Covers F-17."""
    routing = "  - {name: a, trial: 20}\n  - {name: b, shadow: true, else: wait}\n  - {name: c}\n"
    trial, shadow, usual = read_shop(written(tmp_path, routing)).workflows["w"].strategies
    assert [(each.trial, each.shadow) for each in (trial, shadow, usual)] == [(20, False), (None, True), (None, False)]
    assert mistakes(tmp_path, routing) == []


@pytest.mark.parametrize(
    ("routing", "found"),
    [
        ("  - {name: a, trial: 0}\n  - {name: b}\n", "4:22: 0 is out of range; it has to be at least 1"),
        ("  - {name: a, trial: 100}\n  - {name: b}\n", "4:22: 100 is out of range; it has to be at most 99"),
        ("  - {name: a, shadow: maybe}\n  - {name: b}\n", "4:23: expected true or false, found `maybe`"),
        (
            "  - {name: a}\n  - {name: b, shadow: true, algorithm: wave}\n",
            "5:5: the shadow `b` is worked out for one order, and no wave of them",
        ),
        (
            "  - {name: a, trial: 50}\n  - {name: b, shadow: true}\n",
            "4:5: no strategy is left for orders that are in no trial; one has to have neither `trial` nor `shadow`",
        ),
        (
            "  - {name: a, trial: 50}\n  - {name: b, locations: [BER], eligible: [same_country]}\n",
            "3:1: no strategy can ever serve an address in AT, which `VIE` ships to; asked are: b",
        ),
    ],
)
def test_a_trial_leaves_some_orders_to_others(routing: str, found: str, tmp_path: Path) -> None:
    """Covers F-17."""
    assert f"workflows/w.yaml:{found}" in mistakes(tmp_path, routing)
