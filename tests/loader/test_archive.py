"""The archive: a workflow's version can be made again from its stored text, whatever became of the files."""

from pathlib import Path

import pytest

from segue.loader.archive import archived, restored
from segue.loader.library import read_library
from segue.loader.problems import Problems
from segue.loader.workflow import load_workflow
from tests.loader.offer import COMMANDS, EVENTS, REGISTRY

BASE = "name: base\nstatuses: {open: True}\n"
OWN = "name: own\nextends: base\nstatuses: {held: holds > 0}\n"


@pytest.mark.parametrize("name", ["base", "own"])
def test_a_version_is_made_again_from_its_text(tmp_path: Path, name: str) -> None:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows/base.yaml").write_text(BASE)
    (tmp_path / "workflows/own.yaml").write_text(OWN)
    problems = Problems()
    library = read_library(tmp_path, problems)
    tree = library.find(name)
    assert tree is not None
    now = load_workflow(tree, REGISTRY, COMMANDS, EVENTS, problems, library)
    assert now is not None
    then = restored(archived(name, library), REGISTRY, COMMANDS, EVENTS)
    assert then.version == now.version
    assert [status.name for status in then.statuses] == [status.name for status in now.statuses]
