"""Tenders: how means of payment behave: the usual ones of tenders.yaml, and over them what the shop says."""

from functools import cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from segue.core.means import Initiator, Means, means_for
from segue.loader.problems import Problems
from segue.loader.reading import read_tree
from segue.loader.tree import Node

USUAL_FILE = Path(__file__).with_name("tenders.yaml")
MEANS_KEYS = ("like", "captures", "void_part", "authorization_lasts")
INITIATORS: tuple[Initiator, ...] = ("customer", "merchant")
NEVER = "never"


@cache
def usual_means() -> dict[str, Means]:
    """The means of payment that a shop need not describe."""
    problems = Problems()
    tree = read_tree(USUAL_FILE, "segue/loader/tenders.yaml", problems)
    found = {
        name: _means(entry, Means(), {}, problems) for name, entry in (tree.entries(problems) if tree else {}).items()
    }
    assert not len(problems), problems.sorted()
    return found


def read_means(node: Node | None, problems: Problems, base: dict[str, Means] | None = None) -> dict[str, Means]:
    """The shop's means of payment, by method, over the usual ones."""
    found = dict(usual_means() if base is None else base)
    for name, entry in node.entries(problems, "a mapping of means of payment").items() if node is not None else ():
        found[name] = _means(entry, means_for(found, name), found, problems)
    return found


def _means(node: Node, usual: Means, known: dict[str, Means], problems: Problems) -> Means:
    fields = node.fields(problems, MEANS_KEYS)
    if "like" in fields:
        usual = known.get(fields["like"].choice(problems, "means of payment", known), usual)
    changes: dict[str, Any] = {}
    if "captures" in fields:
        changes["captures"] = fields["captures"].choice(problems, "number of captures", ("many", "one"))
    if "void_part" in fields:
        changes["void_part"] = fields["void_part"].boolean(problems)
    if "authorization_lasts" in fields:
        changes["lasts_s"] = _lasts(fields["authorization_lasts"], problems)
    return replace(usual, **changes)


def _lasts(node: Node, problems: Problems) -> dict[str, int]:
    """`7d` for both, or by initiator; `never` where an authorization does not end."""
    if node.kind == "mapping":
        both = {name: _duration(each, problems) for name, each in node.fields(problems, INITIATORS).items()}
    else:
        both = dict.fromkeys(INITIATORS, _duration(node, problems))
    return {name: lasts_s for name, lasts_s in both.items() if lasts_s is not None}


def _duration(node: Node, problems: Problems) -> int | None:
    return None if node.kind == "scalar" and node.content == NEVER else node.duration_s(problems)
