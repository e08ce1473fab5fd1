"""Sharing out: several processes find what one finds."""

from pathlib import Path

from segue.checker.examining import Examined, examine
from segue.checker.shapes import SMALL
from segue.checker.sharing import by_processes
from segue.checker.verdicts import Scope
from segue.core.workflow import Workflow
from segue.scenario.setting import prebuilt_workflow
from segue.settings import read_shop
from segue.sim.measuring.shop import write_shop

SHAPES = [(shape, 1) for shape in SMALL[:3]]
LAMPS = "name: lamps\nextends: standard\nfolders: {on_request: }\n"


def found(workflow: Workflow, shop: Path | None, processes: int) -> Examined:
    """What exploring three shapes shows."""
    return examine(workflow, Scope(1, 1, -1), shapes=SHAPES, explore=by_processes(shop, processes, shapes_min=2))


def test_two_processes_find_the_same_way_to_a_breach_in_a_shops_workflow_as_one(tmp_path: Path) -> None:
    write_shop(tmp_path, 1, 1, 3_600)
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "lamps.yaml").write_text(LAMPS, "utf-8")
    workflow = read_shop(tmp_path).workflows["lamps"]
    alone, together = found(workflow, tmp_path, 1), found(workflow, tmp_path, 2)
    assert together.broken == alone.broken
    assert "waiting" in together.broken
    assert (together.situations, together.steps, together.shapes) == (alone.situations, alone.steps, 3)


def test_what_no_order_came_into_is_the_same_however_many_processes_looked() -> None:
    workflow = prebuilt_workflow("standard")
    alone, together = found(workflow, None, 1), found(workflow, None, 2)
    assert {name: (place.held, place.closest) for name, place in together.reached.left.items()} == {
        name: (place.held, place.closest) for name, place in alone.reached.left.items()
    }
    assert together.reached.left
    assert together.broken == alone.broken == {}
