"""Grace: for how long after an order came in nothing happens that cannot be undone, and what contradicts that.

And how stock is kept for what shall arrive on a date.
"""

from segue.core.allocate import Reserve
from segue.core.capture import Capture
from segue.core.fulfill import Release
from segue.core.schedule import ALLOCATED, SET_ASIDE
from segue.core.workflow import Grace, Reaction, Workflow
from segue.loader.declared import Declared
from segue.loader.problems import Problems
from segue.loader.tree import Node

AFTER_GRACE = "grace"
GRACE_KEYS = ("for", "by_channel", "by_tier", "reserve")
EARLY = ("order_placed", "order_covered", "order_priced", "order_corrected")  # what mostly happens within minutes
RESERVING = "grace.reserve"
LATER = "write `after: grace` beside it, or `grace: 0s` if nobody may change their mind"


def grace_of(node: Node | None, problems: Problems) -> Grace | None:
    """`30m`, or `{for: 30m, by_channel: {pos: 0s}, by_tier: {vip: 2h}, reserve: true}`; None if it is never any time."""
    if node is None or node.is_nothing:
        return None
    if node.kind != "mapping":
        made = Grace(_lasting(node, problems))
    else:
        fields = node.fields(problems, GRACE_KEYS)
        made = Grace(
            _lasting(fields["for"], problems) if "for" in fields else 0,
            _by_name(fields.get("by_channel"), problems),
            _by_name(fields.get("by_tier"), problems),
            "reserve" in fields and fields["reserve"].boolean(problems),
        )
    return made if made.most_s else None


def _by_name(node: Node | None, problems: Problems) -> dict[str, int]:
    entries = node.entries(problems, "durations by name") if node is not None else {}
    return {name: _lasting(each, problems) for name, each in entries.items()}


def _lasting(node: Node, problems: Problems) -> int:
    if node.kind == "scalar" and str(node.content).startswith("-"):
        problems.add(node, f"`{node.content}` is less than nothing", "a grace period is 0s or longer, such as 30m")
        return 0
    return node.duration_s(problems)


def schedule_stock(node: Node | None, problems: Problems) -> str:
    """How stock is kept for what shall arrive on a date: `{stock: reserved}`, or allocated."""
    fields = node.fields(problems, ("stock",), required=("stock",)) if node is not None else {}
    return fields["stock"].choice(problems, "way to keep stock", SET_ASIDE) if "stock" in fields else ALLOCATED


def reserving(grace: Grace | None, declared: Declared) -> tuple[Reaction, ...]:
    """That stock is set aside once an order is paid, if a workflow says so of its grace period."""
    if grace is None or not grace.reserve:
        return ()
    return (Reaction(RESERVING, Reserve(), when=declared.in_grace()),)


def refuse_haste(whole: Node, workflow: Workflow, problems: Problems) -> None:
    """Problems for what a workflow's own file says is done within its grace period, and that cannot be undone.

    What it takes over from another workflow is put off by itself until the grace period is over.
    """
    on = whole.content.get("on") if whole.kind == "mapping" else None
    if workflow.grace is None or on is None or on.kind != "mapping":
        return
    for event in EARLY:
        entry = on.content.get(event)
        for each in workflow.reactions.get(event, ()) if entry is not None and entry.kind == "list" else ():
            item = None if each.id == RESERVING else entry.content[int(each.id.rpartition(".")[2])]
            if item is not None and item.file == whole.file and _is_hasty(each, workflow):
                what = "takes money" if isinstance(each.command, Capture) else "asks a location to ship"
                problems.add(item, f"this {what} while the customer may still change their mind", LATER)


def _is_hasty(each: Reaction, workflow: Workflow) -> bool:
    assert workflow.grace is not None
    if each.after_grace or each.when is not None or each.after_s >= workflow.grace.most_s:
        return False
    return isinstance(each.command, Release) or (isinstance(each.command, Capture) and _captures_at_once(workflow))


def _captures_at_once(workflow: Workflow) -> bool:
    """Whether money is taken of what no location was asked for yet: all of it, or a deposit."""
    return workflow.deposit is not None or (workflow.capture is not None and workflow.capture.name == "at_once")
