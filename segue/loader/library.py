"""The library of workflow files: the shop's own, and the prebuilt ones beside which they stand.

A workflow that says `extends: standard` starts from that one, and what it declares itself is laid over it. Of
`policies`, `statuses`, `folders`, `holds`, `item_states`, `messages` and `on`, an entry takes the place of the base's
entry of the same name, or takes it away if it has no value. A new entry is added: a status before the base's, of which
the last holds for every order; everything else behind. Whatever else it declares replaces the base's. A shop's file may
extend the prebuilt one of its own name.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from segue.loader.problems import Problems, Spot
from segue.loader.reading import read_tree
from segue.loader.tree import Node

PREBUILT = Path(__file__).parent.parent / "workflows"
RATES_FILE = "rates.yaml"  # what parcels cost; a shop that has one wants the cheapest plan
EXACT = "exact"
EXTENDS_MAX = 5  # workflows that extend each other
LAYERED = ("policies", "statuses", "folders", "holds", "item_states", "messages", "on")


class Library(NamedTuple):
    """Workflow files by name: the shop's own, which win, and the prebuilt ones."""

    own: dict[str, Node]
    prebuilt: dict[str, Node]
    unread: frozenset[str] = frozenset()  # files of the shop that are no YAML: the mistake is told there
    algorithm: str = ""  # by which workflows choose locations that do not say it, so that it is part of their version

    @property
    def names(self) -> list[str]:
        """All workflows that can be named."""
        return sorted({*self.own, *self.prebuilt})

    def find(self, name: str) -> Node | None:
        """The workflow of this name."""
        return self.own.get(name) or self.prebuilt.get(name)

    def base_of(self, node: Node, name: str) -> Node | None:
        """The workflow that `node` extends: another one of this name."""
        own = self.own.get(name)
        return own if own is not None and own is not node else self.prebuilt.get(name)


EMPTY = Library({}, {})


def read_library(folder: Path | None, problems: Problems) -> Library:
    """All workflow files of a shop's folder, and all prebuilt ones."""
    prebuilt, _ = _read_all(PREBUILT, "segue/workflows", problems)
    if folder is None:
        return Library({}, prebuilt)
    own, unread = _read_all(folder / "workflows", "workflows", problems)
    return Library(own, prebuilt, unread, EXACT if (folder / RATES_FILE).exists() else "")


def _read_all(folder: Path, shown: str, problems: Problems) -> tuple[dict[str, Node], frozenset[str]]:
    """The files that can be read, and the names of the others."""
    found, unread = {}, set()
    for path in yaml_files(folder, shown, problems):
        tree = read_tree(path, f"{shown}/{path.name}", problems)
        if tree is None:
            unread.add(path.stem)
        else:
            _check_name(tree, path.stem, problems)
            found[path.stem] = tree
    return found, frozenset(unread)


def yaml_files(folder: Path, shown: str, problems: Problems) -> Iterable[Path]:
    """The YAML files of a folder by name; those that would be overlooked are problems."""
    for path in sorted(folder.glob("*.yml")):
        problems.add(Spot(f"{shown}/{path.name}"), "this file is not read", f"call it `{path.stem}.yaml`")
    return sorted(folder.glob("*.yaml"))


def _check_name(tree: Node, stem: str, problems: Problems) -> None:
    name = tree.content.get("name") if tree.kind == "mapping" else None
    if name is not None and name.kind == "scalar" and name.content != stem:
        problems.add(name, f"the workflow is called `{name.content}` and its file `{stem}`", "give both one name")


def resolved(tree: Node, library: Library, problems: Problems) -> Node:
    """The workflow with all that it takes over from those it extends, and with the algorithm of its library."""
    whole = _extended(tree, library, problems)
    policies = whole.content.get("policies") if whole.kind == "mapping" else None
    if not library.algorithm or whole.kind != "mapping" or (policies is not None and policies.kind != "mapping"):
        return whole
    if policies is not None and "algorithm" in policies.content:
        return whole
    spot = Spot(whole.file, whole.line, whole.column)
    known = policies.content if policies is not None else {}
    made = Node("mapping", known | {"algorithm": Node("scalar", library.algorithm, spot)}, spot)
    made.key = policies.key if policies is not None else None
    return _mapping(whole, whole.content | {"policies": made})


def _extended(tree: Node, library: Library, problems: Problems) -> Node:
    last = tree
    for _ in range(EXTENDS_MAX + 1):
        base = _base(last, library, problems)
        if base is None:
            return tree
        tree, last = _laid_over(tree, base, problems), base
    problems.add(last.content["extends"], f"more than {EXTENDS_MAX} workflows extend each other", "is it a circle?")
    return tree


def _base(tree: Node, library: Library, problems: Problems) -> Node | None:
    extends = tree.content.get("extends") if tree.kind == "mapping" else None
    if extends is None:
        return None
    name = extends.text(problems, "the name of a workflow")
    base = library.base_of(tree, name)
    if base is None and name and name not in library.unread:
        problems.add_unknown(extends, "workflow", name, library.names)
    elif base is not None and base.kind != "mapping":
        return None
    return base


def _laid_over(tree: Node, base: Node, problems: Problems) -> Node:
    """A mapping with the base's keys first, then the tree's own; `extends` is the base's, if it has one."""
    content = {key: value for key, value in base.content.items() if key != "name"}
    for key, value in tree.content.items():
        if key == "extends":
            continue
        under = base.content.get(key)
        layered = key in LAYERED and under is not None and under.kind == "mapping" and value.kind == "mapping"
        content[key] = _merged(value, under, key, problems) if layered else value
    if "extends" not in base.content:
        content.pop("extends", None)
    return _mapping(tree, content)


def _merged(upper: Node, under: Node, key: str, problems: Problems) -> Node:
    new = {name: value for name, value in upper.content.items() if name not in under.content}
    kept = {name: upper.content.get(name, value) for name, value in under.content.items()}
    together = {**new, **kept} if key == "statuses" else {**kept, **new}
    for name, value in new.items():
        if value.is_nothing:
            problems.add(value.place, f"there is no `{name}` to take away", f"`{under.file}` has none under `{key}`")
    return _mapping(upper, {name: value for name, value in together.items() if not value.is_nothing})


def _mapping(tree: Node, content: dict[str, Node]) -> Node:
    node = Node("mapping", content, Spot(tree.file, tree.line, tree.column))
    node.key = tree.key
    return node
