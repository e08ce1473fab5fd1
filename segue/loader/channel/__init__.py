"""Channel files: YAML that says how a channel's documents become orders. Every mistake is found with its place.

    mapping = load_channel(path, "channels/webshop.yaml", problems, folders=[shop_folder])

A channel file may start from a prebuilt one: `extends: shopify`. What it declares itself takes the place of that one's.
"""

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from msgspec.structs import replace

from segue.core.mapping.plan import Mapping
from segue.loader.channel.layout import LAYOUT_KEYS, read_layout
from segue.loader.channel.money import charge_plans, discount_plan, tender_plans
from segue.loader.channel.scope import Scope
from segue.loader.channel.sections import line_plan, order_plan, person_plan, refusals, says_prices, tag_plans
from segue.loader.channel.sources import Sources
from segue.loader.channel.tables import Table, read_table
from segue.loader.declared import NAME
from segue.loader.problems import Problems, Spot, shortened
from segue.loader.reading import SIZE_MAX, parse_tree, read_bytes
from segue.loader.tree import Node

PREBUILT = Path(__file__).parents[2] / "workflows" / "channels"
KEYS = (
    "name", "extends", "time_zone", "unknown", "tables", "fields", "reject", "order", "lines", "charges", "discounts",
    "tenders", "tags", "customer", "ship_to", "bill_to", *LAYOUT_KEYS,
)  # fmt: skip
REQUIRED = ("name", "format", "order", "lines")


class ChannelFile(NamedTuple):
    """What is known of the file beside its content."""

    stem: str  # its name without .yaml
    folders: Sequence[Path]  # where tables are looked for
    contents: list[bytes]  # of the file and of those it extends


def load_channel(path: Path, file: str, problems: Problems, folders: Sequence[Path] = ()) -> Mapping | None:
    """The mapping of a channel file, called `file` in messages; None if it has mistakes, and they are in `problems`.

    Tables are looked for in `folders`, then beside the channel file, then beside the prebuilt ones.
    """
    before = len(problems)
    source = ChannelFile(path.stem, [*folders, path.parent, PREBUILT], [])
    tree = _tree(path, file, problems, source.contents)
    mapping = None if tree is None else _mapping(tree, source, problems)
    return None if len(problems) > before else mapping


def prebuilt_channels() -> dict[str, Path]:
    """The channel files that Segue brings along, by name."""
    return {path.stem: path for path in sorted(PREBUILT.glob("*.yaml"))}


def _tree(path: Path, file: str, problems: Problems, contents: list[bytes]) -> Node | None:
    """The file's tree, laid over the prebuilt one that it extends."""
    raw = read_bytes(path, file, problems, SIZE_MAX)
    tree = None if raw is None else parse_tree(raw, file, problems)
    if raw is None or tree is None:
        return None
    contents.append(raw)
    base = tree.content.get("extends") if tree.kind == "mapping" else None
    if base is None:
        return tree
    known = prebuilt_channels()
    name = base.choice(problems, "prebuilt channel", known)
    if not name:
        return None
    under = _tree(known[name], f"segue/workflows/channels/{name}.yaml", problems, contents) if name in known else None
    if under is None:
        return None
    merged = Node("mapping", {**under.content, **tree.content}, Spot(tree.file, tree.line, tree.column))
    merged.content.pop("extends", None)
    return merged


def _mapping(tree: Node, source: ChannelFile, problems: Problems) -> Mapping | None:
    nodes = tree.fields(problems, KEYS, required=REQUIRED)
    if any(key not in nodes for key in REQUIRED):
        return None
    layout = read_layout(nodes, problems)
    tables = _tables(nodes.get("tables"), source.folders, problems)
    sources = Sources(problems, layout, _zone(nodes.get("time_zone"), problems), tables)
    scope = Scope(sources, nodes.get("fields"))
    order = order_plan(nodes["order"], scope)
    lines = line_plan(nodes["lines"], scope, bool(layout.group_by), not says_prices(nodes["order"]))
    if order is None or lines is None:
        return None
    name = _name(nodes["name"], source.stem, problems)
    discounts = discount_plan(nodes.get("discounts"), Scope(scope.sources.inner(lines.used), None, scope), scope)
    mapping = Mapping(
        name=name,
        version=f"{name}@{_digest(source.contents, tables)}",
        layout=layout,
        order=replace(order, discounts=discounts),
        lines=lines,
        names=scope.readers,
        rejects=refusals(nodes.get("reject"), scope),
        charges=charge_plans(nodes.get("charges"), scope),
        tenders=tender_plans(nodes.get("tenders"), scope),
        tags=tag_plans(nodes.get("tags"), scope),
        person=person_plan(nodes, scope),
    )
    return _strict(mapping, sources) if _is_strict(nodes.get("unknown"), problems) else mapping


def _strict(mapping: Mapping, sources: Sources) -> Mapping:
    """The mapping that refuses fields it does not know, since in its documents they can only be misspelt."""
    return replace(mapping, known=sources.used, lines=replace(mapping.lines, known=mapping.lines.used))


def _is_strict(node: Node | None, problems: Problems) -> bool:
    return node is not None and node.choice(problems, "word", ("ignore", "reject")) == "reject"


def _tables(node: Node | None, folders: Sequence[Path], problems: Problems) -> dict[str, Table | None]:
    entries = node.entries(problems) if node else {}
    return {name: read_table(entry, folders, problems) for name, entry in entries.items()}


def _zone(node: Node | None, problems: Problems) -> ZoneInfo | None:
    if node is None:
        return None
    name = node.text(problems, "a time zone")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found, not a name, a folder of zones
        problems.add_unknown(node, "time zone", name, sorted(available_timezones()))
        return None


def _name(node: Node, stem: str, problems: Problems) -> str:
    name = node.text(problems, "a name")
    if name and not NAME.fullmatch(name):
        problems.add(node, f"`{shortened(name)}` cannot be the name of a channel", "write it like `web_shop`")
    elif name and name != stem:
        problems.add(node, f"the channel is called `{name}` and its file `{stem}`", "give both one name")
    return name


def _digest(contents: Sequence[bytes], tables: dict[str, Table | None]) -> str:
    """The version: whatever changes what a document becomes, changes it."""
    digest = blake2b(digest_size=6)
    for raw in [*contents, *(table.raw for table in tables.values() if table)]:
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()
