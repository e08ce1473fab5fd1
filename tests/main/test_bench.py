"""The command `segue bench`: the same figures for people and as JSON. How high they are is not tested."""

from pathlib import Path

from tests.main.calling import Call


def test_a_bench_tells_its_figures_and_leaves_nothing_behind(anywhere: Call, tmp_path: Path) -> None:
    said = anywhere("bench", "--orders", "3", "--folder", str(tmp_path), "--json")
    assert said.code == 0
    assert {"orders_per_s", "floor_orders_per_s", "floor_ratio", "core_us", "tasks_per_s", "rows"} <= said.json.keys()
    shown = anywhere("bench", "--orders", "3", "--folder", str(tmp_path)).out
    assert "floor_ratio" in shown
    assert "plain SQLite writes the same rows" in shown
    assert list(tmp_path.iterdir()) == []
