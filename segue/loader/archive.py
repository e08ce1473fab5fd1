"""The archive form of a workflow: the text of its file and of those it extends, so that its version is never lost.

An order stays on the version it started with, however the files change; the store keeps that version's text for ever.
"""

import json

from segue.core.workflow import Workflow
from segue.loader.declared import Commands, Events, Registry
from segue.loader.library import Library
from segue.loader.problems import Broken, Problems
from segue.loader.reading import parse_tree
from segue.loader.tree import Node
from segue.loader.workflow import load_workflow


def archived(name: str, library: Library) -> str:
    """The workflow's text and that of all it extends, as JSON: {"name", "own": {name: text}, "prebuilt": {...}}.

    Where the shop's rates choose the algorithm, that is named too: `algorithm`.
    """
    own: dict[str, str] = {}
    prebuilt: dict[str, str] = {}
    node = library.find(name)
    while node is not None:
        group, key = (own, library.own) if node in library.own.values() else (prebuilt, library.prebuilt)
        group[next(known for known, tree in key.items() if tree is node)] = node.source
        extends = node.content.get("extends")
        node = library.base_of(node, extends.content) if extends is not None else None
    archive: dict[str, object] = {"name": name, "own": own, "prebuilt": prebuilt}
    if library.algorithm:
        archive["algorithm"] = library.algorithm
    return json.dumps(archive, ensure_ascii=False)


def restored(text: str, registry: Registry, commands: Commands, events: Events) -> Workflow:
    """The workflow of an archived text. Raises Broken if this Segue no longer understands it."""
    archive = json.loads(text)
    problems = Problems()
    own, prebuilt = _trees(archive["own"], problems), _trees(archive["prebuilt"], problems)
    library = Library(own, prebuilt, algorithm=archive.get("algorithm", ""))
    tree = library.find(archive["name"])
    workflow = load_workflow(tree, registry, commands, events, problems, library) if tree is not None else None
    if workflow is None:
        raise Broken(problems.sorted())
    return workflow


def _trees(texts: dict[str, str], problems: Problems) -> dict[str, Node]:
    trees = {name: parse_tree(text, f"archived/{name}.yaml", problems) for name, text in texts.items()}
    return {name: tree for name, tree in trees.items() if tree is not None}
