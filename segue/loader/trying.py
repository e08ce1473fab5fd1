"""Trying: a file with other strategies than a shop's, read as if they stood in its workflow.

It has what a workflow file has of choosing locations: `routing:`, `policies:`, or both; what it does not say is as it is.
"""

from pathlib import Path

from msgspec.structs import replace

from segue.core.workflow import Workflow
from segue.loader.declared import Offered
from segue.loader.library import Library
from segue.loader.problems import Broken, Problems
from segue.loader.reading import SIZE_MAX, parse_tree, read_bytes
from segue.loader.workflow import load_workflow

KEYS = ("routing", "policies")
CHOOSING = ("eligible", "serve", "rank", "split", "divide", "algorithm", "routing")


def tried(path: Path, base: str, offered: Offered, library: Library) -> Workflow:
    """The workflow `base` with what a file says of choosing locations. Raises Broken with all mistakes."""
    problems = Problems()
    raw = read_bytes(path, path.name, problems, SIZE_MAX)
    tree = parse_tree(raw, path.name, problems) if raw is not None else None
    if tree is not None:
        tree.fields(problems, KEYS)
    workflow = None
    if tree is not None and not len(problems):
        ending = parse_tree(f"name: tried\nextends: {base}\n", path.name, problems)
        assert ending is not None, "two lines of ours are read"
        tree.content.update(ending.content)
        workflow = load_workflow(tree, *offered, problems, library)
    if workflow is None:
        raise Broken(problems.sorted())
    return workflow


def choosing_as(workflow: Workflow, other: Workflow) -> Workflow:
    """A workflow that chooses locations as another one does, and is else as it is."""
    return replace(workflow, **{name: getattr(other, name) for name in CHOOSING})
