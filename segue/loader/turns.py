"""Turns: who of those that wait for stock has it first when some arrives, as shop.yaml says under `scarce_stock`."""

from msgspec.structs import replace

from segue.core.supply import Turns
from segue.core.turns import MEASURES
from segue.loader.problems import Problems
from segue.loader.tree import Node

STRICT, SKIP_AHEAD = "strict", "skip_ahead"
QUEUES = (STRICT, SKIP_AHEAD)  # nobody is passed by; or whoever can be served is


def read_turns(node: Node | None, problems: Problems) -> Turns:
    """A list of measures, `[promise_date, {tier: [gold, silver]}, value]`; or that as `turns`, and what the `queue` is."""
    if node is None or node.kind != "mapping":
        return _measures(node, problems)
    fields = node.fields(problems, ("turns", "queue"))
    found = _measures(fields.get("turns"), problems)
    queue = fields["queue"].choice(problems, "queue", QUEUES) if "queue" in fields else SKIP_AHEAD
    return replace(found, strict=queue == STRICT)


def _measures(node: Node | None, problems: Problems) -> Turns:
    by: list[str] = []
    tiers: tuple[str, ...] = ()
    for item in node.items(problems, "a list of measures") if node is not None else []:
        if item.kind == "mapping":
            fields = item.fields(problems, ("tier",), required=("tier",))
            if "tier" not in fields:
                continue
            name, tiers = "tier", fields["tier"].texts(problems)
        else:
            name = item.choice(problems, "measure", MEASURES)
            if name == "tier":
                problems.add(
                    item, "the tiers are missing", "write it like `tier: [gold, silver]`, the first served first"
                )
        if name in by:
            problems.add(item, f"`{name}` is given twice")
        by.append(name)
    return Turns(tuple(by), tiers)
