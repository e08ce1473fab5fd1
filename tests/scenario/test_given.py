"""Given: what a scenario begins with, in a shop of its own or in that of a folder."""

from pathlib import Path

from segue.scenario import read_text, run
from segue.scenario.reading import Scenario
from segue.scenario.setting import START_S

LOCATIONS = "- {id: MAIN, country: DE}\n- {id: SIDE, country: DE}\n"
SHOP = """\
name: Lamps
currency: CHF
workflow: mine
channels: [web, {market: {workflow: ship_complete}}]
shipping_methods: [post]
simulated: {behavior: {carrier: {lost_rate: 1}}}
"""


def a_shop(folder: Path) -> Path:
    """A shop with two channels, each with a workflow."""
    for name, text in {
        "shop.yaml": SHOP,
        "locations.yaml": LOCATIONS,
        "catalog.csv": "sku,price_minor\nLAMP,1990\n",
        "stock.csv": "sku,location,units\nLAMP,MAIN,3\nLAMP,SIDE,2\n",
        "workflows/mine.yaml": "name: mine\nextends: standard\ngrace: 0s\npolicies: {capture: at_once}\n",
        "channels/web.yaml": "name: web\nextends: canonical\n",
        "channels/market.yaml": "name: market\nextends: canonical\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def holds(scenario: Scenario) -> bool:
    verdict = run(scenario)
    assert verdict.passed, verdict.told()
    return verdict.passed


def test_without_given_there_is_a_small_shop() -> None:
    setting = read_text("title: t\nthen: {}\n").setting
    assert (setting.shop.currency, setting.workflow.name, setting.start_s) == ("EUR", "standard", START_S)
    assert list(setting.shop.items) == ["MUG", "TEA", "LAMP"]
    assert setting.shop.stock["MUG", "BER"] == 10
    assert setting.shop.stock["LAMP", "MUC"] == 5


def test_a_shop_is_as_its_folder_says_with_its_workflow_for_each_channel(tmp_path: Path) -> None:
    a_shop(tmp_path / "shop")
    text = """\
title: t
given: {shop: shop}
when:
  - order: {id: A, lines: 1 LAMP, channel: web, shipping: 5.00}
  - order: {id: B, lines: 1 LAMP, channel: market}
  - expect: {orders: {A: {money: {captured: 24.90}, workflow: mine}, B: {workflow: ship_complete, total: 19.90}}}
then: {statuses: {delivered: 2}, stock: {LAMP: {MAIN: 1, SIDE: 2}}}
"""
    assert holds(read_text(text, here=tmp_path))


def test_what_a_scenario_says_is_laid_over_the_shop(tmp_path: Path) -> None:
    a_shop(tmp_path / "shop")
    text = """\
title: t
given: {shop: shop, workflow: standard, stock: {LAMP: {SIDE: 1}}, catalog: {SHADE: 5.00}, world: {carrier: {lost_rate: 1}}}
when:
  - order: {id: A, lines: "2 LAMP, 1 SHADE", channel: market, placed: +0s}
  - after: 1h
  - expect: {orders: {A: {workflow: standard, lines: {LAMP: {released: 1, backordered: 1}, SHADE: {backordered: 1}}}}}
  - stock_arrives: {SHADE: 1}
  - after: 9d
  - expect: {orders: {A: {units: {shipped: 2, backordered: 1}}}}
"""
    assert holds(read_text(text, here=tmp_path))


def test_a_mapping_with_mistakes_fails_the_step_that_needs_it(tmp_path: Path) -> None:
    a_shop(tmp_path / "shop")
    (tmp_path / "shop" / "channels" / "web.yaml").write_text("name: web\nextends: canonicle\n")
    text = "title: t\ngiven: {shop: shop}\nwhen:\n  - document: {mapping: web, body: {}}\n"
    (failure,) = run(read_text(text, here=tmp_path)).failures
    assert failure.expected == "a mapping without mistakes"
    assert "canonicle" in failure.found


def test_files_that_change_are_read_again(tmp_path: Path) -> None:
    a_shop(tmp_path / "shop")
    text = "title: t\ngiven: {shop: shop}\nwhen: [{order: 1 LAMP}]\nthen: {}\n"
    assert read_text(text, here=tmp_path).setting.shop.items["LAMP"].price_minor == 1990
    (tmp_path / "shop" / "catalog.csv").write_text("sku,price_minor\nLAMP,22000\n")
    assert read_text(text, here=tmp_path).setting.shop.items["LAMP"].price_minor == 22000


def test_the_database_of_a_shop_is_not_touched(tmp_path: Path) -> None:
    shop = a_shop(tmp_path / "shop")
    before = sorted(shop.rglob("*"))
    text = "title: t\ngiven: {shop: shop}\nwhen:\n  - order: 1 LAMP\n  - kill:\nthen: {order: {status: delivered}}\n"
    assert holds(read_text(text, here=tmp_path))
    assert sorted(shop.rglob("*")) == before


def test_a_scenario_ends_alike_each_time() -> None:
    text = """\
title: t
given: {world: {warehouse: {short_pick_rate: 0.5}, gateway: {lost_after_rate: 0.3}, fraud: {pending_rate: 0.5}}}
when: [{order: {lines: "2 MUG, 1 TEA", copies: 5}}]
then: {orders: {"1": {status: open}, "2": {status: open}, "3": {status: open}}}
"""
    first = run(read_text(text))
    assert not first.passed
    assert run(read_text(text)) == first
