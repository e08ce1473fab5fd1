"""Checking: all files of a shop's folder, all mistakes, sorted by place. What `segue check` prints."""

from pathlib import Path

from segue.loader.declared import Commands, Events, Offered, Registry
from segue.loader.problems import Problem, Problems, Spot
from segue.loader.shop import read_shop


def check(folder: Path, registry: Registry, commands: Commands, events: Events) -> list[Problem]:
    """Every mistake in the shop's files; an empty list if there is none."""
    problems = Problems()
    if not folder.is_dir():
        problems.add(Spot(str(folder)), "there is no such folder")
        return problems.sorted()
    read_shop(folder, Offered(registry, commands, events), problems)
    return problems.sorted()
