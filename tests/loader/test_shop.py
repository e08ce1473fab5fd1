"""Shops: what a folder becomes, and every mistake in its files with its place."""

from pathlib import Path
from typing import NamedTuple

import pytest

from segue.loader.check import check
from segue.loader.problems import Broken
from segue.loader.shop import ChannelUse, Limit, load_shop
from tests.loader.offer import COMMANDS, EVENTS, REGISTRY

SHOP = {
    "shop.yaml": (
        "name: Lamps\ncurrency: EUR\ntime_zone: Europe/Berlin\nworkflow: w\nchannels: [web]\n"
        "shipping_methods: [standard]\n"
    ),
    "channels/web.yaml": "name: web\n",
    "workflows/w.yaml": "name: w\n",
    "locations.yaml": (
        "- {id: BER, country: DE, latitude: 52.5, longitude: 13.4, ships_to: [DE, NO]}\n"
        "- {id: HAM, kind: store, active: false}\n"
    ),
    "catalog.csv": 'sku,title,price_minor,tags\nA-1,Lamp,1990,new glass\nB-2,"Shade, red",,\n',
    "stock.csv": "sku,location,units\nA-1,BER,5\nB-2,HAM,0\n",
}


class Case(NamedTuple):
    """Files that replace those of SHOP, and what is said about them."""

    name: str
    files: dict[str, str]
    mistakes: list[str]


def cases() -> list[Case]:
    """The cases of broken_shops.txt."""
    text = Path(__file__).with_name("broken_shops.txt").read_text(encoding="utf-8")
    found = []
    for part in text.split("\n### ")[1:]:
        name, _, rest = part.partition("\n")
        source, _, mistakes = rest.partition("---\n")
        files = dict(each.split("\n", 1) for each in source.split("=== ")[1:])
        found.append(Case(name, files, mistakes.strip().splitlines()))
    return found


def write(folder: Path, files: dict[str, str]) -> None:
    """Write a shop's files; those without a text are left out."""
    for name, text in files.items():
        if text:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def mistakes_in(folder: Path) -> list[str]:
    """All problems of a shop's folder, as they are printed."""
    return [str(problem) for problem in check(folder, REGISTRY, COMMANDS, EVENTS)]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_mistake_is_found_with_its_place(case: Case, tmp_path: Path) -> None:
    write(tmp_path, SHOP | case.files)
    assert mistakes_in(tmp_path) == case.mistakes


def test_there_are_cases_and_each_has_a_mistake() -> None:
    assert len(cases()) >= 15
    assert all(case.mistakes for case in cases())


def test_a_shop_without_mistakes_has_what_its_files_say(tmp_path: Path) -> None:
    write(tmp_path, SHOP)
    shop = load_shop(tmp_path, REGISTRY, COMMANDS, EVENTS)
    assert (shop.name, shop.currency, shop.time_zone, shop.workflow) == ("Lamps", "EUR", "Europe/Berlin", "w")
    assert list(shop.workflows) == ["w"]
    assert shop.channels == {"web": ChannelUse("web", "channels/web.yaml", "w")}
    assert shop.shipping_methods == ("standard",)
    assert shop.locations["BER"].ships_to == ("DE", "NO")
    assert (shop.locations["HAM"].kind, shop.locations["HAM"].active) == ("store", False)
    assert shop.items["A-1"].price_minor == 1990
    assert shop.items["A-1"].tags == ("new", "glass")
    assert (shop.items["B-2"].title, shop.items["B-2"].price_minor) == ("Shade, red", None)
    assert shop.stock == {("A-1", "BER"): 5, ("B-2", "HAM"): 0}


def test_providers_have_limits_and_the_simulation_its_own_words(tmp_path: Path) -> None:
    providers = (
        "providers:\n  limits: {gateway: {per_second: 0.5, burst: 100}}\n"
        "simulated: {seed: 7, gateway: {declines: 0.02}}\n"
    )
    write(tmp_path, SHOP | {"shop.yaml": SHOP["shop.yaml"] + providers})
    shop = load_shop(tmp_path, REGISTRY, COMMANDS, EVENTS)
    assert shop.limits == {"gateway": Limit(per_second=0.5, burst=100)}
    assert shop.simulated == {"seed": 7, "gateway": {"declines": 0.02}}
    assert shop.simulated_node is not None
    assert shop.simulated_node.content["seed"].line == 9


def test_a_channel_can_have_a_workflow_of_its_own(tmp_path: Path) -> None:
    channels = SHOP["shop.yaml"].replace("[web]", "[web, {market: {workflow: fast}}]")
    files = {"shop.yaml": channels, "channels/market.yaml": "name: market\n", "workflows/fast.yaml": "name: fast\n"}
    write(tmp_path, SHOP | files)
    shop = load_shop(tmp_path, REGISTRY, COMMANDS, EVENTS)
    assert {name: use.workflow for name, use in shop.channels.items()} == {"web": "w", "market": "fast"}
    assert list(shop.workflows) == ["fast", "w"]


def test_a_shops_own_file_wins_over_the_prebuilt_one_of_its_name(tmp_path: Path) -> None:
    write(tmp_path, SHOP | {"workflows/standard.yaml": "name: standard\nstatuses: {mine: True}\n"})
    shop = load_shop(tmp_path, REGISTRY, COMMANDS, EVENTS)
    assert [status.name for status in shop.workflows["standard"].statuses] == ["mine"]


def test_a_broken_shop_is_not_loaded(tmp_path: Path) -> None:
    write(tmp_path, SHOP | {"workflows/w.yaml": "name: w\nfoldrs: {}\n"})
    with pytest.raises(Broken) as broken:
        load_shop(tmp_path, REGISTRY, COMMANDS, EVENTS)
    assert str(broken.value) == "workflows/w.yaml:2:1: unknown key `foldrs`; did you mean `folders`?"


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    assert mistakes_in(tmp_path / "no") == [f"{tmp_path}/no:1:1: there is no such folder"]


def test_a_table_in_another_encoding_is_refused(tmp_path: Path) -> None:
    write(tmp_path, SHOP)
    (tmp_path / "catalog.csv").write_bytes(b"sku,title\nA-1,L\xe4mp\n")
    assert mistakes_in(tmp_path) == ["catalog.csv:1:1: the file is not UTF-8; save it as CSV in UTF-8"]
