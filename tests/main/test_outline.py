"""The outline: who only looks sees what the shop runs by, as of when it was last opened, whatever its files say by now."""

from pathlib import Path

from segue.settings import outlined, policy_modules, read_shop
from segue.store.database import reading
from segue.store.outline import Outline, encoded, outline_of
from tests.main.calling import Call


def test_the_outline_is_kept_when_the_shop_is_opened(made: Path) -> None:
    kept = outline_of(reading(made))
    assert kept == outlined(read_shop(made))
    assert kept.folders["backorders"].owners == ("stock",)
    assert (kept.time_zone, kept.is_virtual, sorted(kept.locations)) == ("America/New_York", True, ["MAIN", "SHOP"])
    assert set(kept.policy_modules) == set(policy_modules())
    assert encoded(Outline()) == "{}"


def test_two_workflows_share_a_folder_by_all_its_owners_and_its_shortest_limit(shop: Path) -> None:
    text = (
        "name: market\nextends: standard\nfolders:\n  backorders: {when: backordered > 0, owner: buying, within: 2d}\n"
    )
    (shop / "workflows/market.yaml").write_text(text)
    declared = outlined(read_shop(shop)).folders["backorders"]
    assert (set(declared.owners), declared.within_s) == ({"buying", "stock"}, 2 * 86_400)


def test_mistakes_in_the_files_keep_nobody_from_looking(call: Call, shop: Path) -> None:
    (shop / "shop.yaml").write_text("name: [\n")
    for tokens in (("folders",), ("order", "1003"), ("why", "1003"), ("trouble",)):
        assert call(*tokens).code == 0
    assert call("work", "--until-idle").code == 3


def test_changed_files_are_seen_once_the_shop_runs_by_them(call: Call, shop: Path) -> None:
    path = next((shop / "workflows").glob("*.yaml"))
    folder = "folders:\n  backorders: {when: backordered > 0, owner: buying, within: 1h}\n"
    assert "folders:" not in path.read_text()
    path.write_text(path.read_text() + folder)
    before = {each["folder"]: each["owners"] for each in call("folders", "--json").json["folders"]}
    assert call("work", "--until-idle").code == 0
    after = {each["folder"]: each["owners"] for each in call("folders", "--json").json["folders"]}
    assert (before["backorders"], after["backorders"]) == (["stock"], ["buying"])
