"""Finding: the scenario files of a folder, those that come with Segue, and those of a shop."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from segue.scenario.given import SCENARIOS

SHIPPED = Path(__file__).parent.parent / "scenarios"


class Found(NamedTuple):
    """A scenario file, and what it is called in what is told."""

    path: Path
    name: str


def shipped() -> list[Found]:
    """The scenarios that come with Segue."""
    return list(_within(SHIPPED, ""))


def of_shop(shop: Path) -> list[Found]:
    """A shop's own scenarios; none if it has no such folder."""
    return list(_within(shop / SCENARIOS, f"{SCENARIOS}/"))


def at(paths: Sequence[Path]) -> list[Found]:
    """The scenarios of these files, and of all files within these folders. Raises FileNotFoundError."""
    found: dict[Path, Found] = {}
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(2, "there is no such file or folder", str(path))
        for each in _within(path, f"{path}/") if path.is_dir() else [Found(path, str(path))]:
            found.setdefault(each.path, each)
    return list(found.values())


def _within(folder: Path, prefix: str) -> Iterator[Found]:
    for path in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.yml"))):
        yield Found(path, f"{prefix.removeprefix('./')}{path.relative_to(folder).as_posix()}")
