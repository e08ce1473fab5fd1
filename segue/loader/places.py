"""Places: the statuses and folders that orders are in, and what workflows declare beside them."""

import re
from string import Template

from segue.core.context import BLOCKABLE
from segue.core.tally import AT_REST, MOVES
from segue.core.workflow import Folder, HoldType, ItemState, Message, Status
from segue.loader.declared import NEVER, Declared, named_entries
from segue.loader.problems import Problems
from segue.loader.reactions import reaction
from segue.loader.tree import Node

SUBJECT_MAX = 200
TEXT_MAX = 20_000
PLACEHOLDERS = (
    "order",
    "name",
    "payment_link",
    "canceled",
    "refunded",
    "substituted",
    "subscription",
    "date",
    "goods",
    "skip_link",
    "bundles",
    "waits_for",
    "codes",
    "store",
    "expected",
    "street_date",
    "answer_by",
)  # what is put into messages
REFINED = tuple(state for state in MOVES if state not in AT_REST)


def statuses(node: Node | None, declared: Declared) -> tuple[Status, ...]:
    """The statuses in their order. The last has to hold for every order, and none may be hidden by an earlier one."""
    entries = named_entries(node, "status", declared.problems)
    found = tuple(Status(name, declared.condition(entry)) for name, entry in entries.items())
    seen: dict[str, str] = {}
    for status in found:
        text = " ".join(status.when.text.split())
        if text in seen or "True" in seen:
            hider = seen.get(text) or seen["True"]
            declared.problems.add(
                entries[status.name].place,
                f"the status `{status.name}` is never shown: `{hider}` stands before it and holds whenever it does",
            )
        seen.setdefault(text, status.name)
    if found and "True" not in seen:
        last = entries[found[-1].name].place
        declared.problems.add(last, "an order that fits no status would have none", "end with one that is `True`")
    return found


def folders(node: Node | None, taken: tuple[Status, ...], declared: Declared) -> tuple[Folder, ...]:
    """The folders. Each has an owner, and none the name of a status."""
    entries = named_entries(node, "folder", declared.problems)
    for status in taken:
        if status.name in entries:
            declared.problems.add(entries[status.name].place, f"`{status.name}` is a status already", "rename one")
    return tuple(_folder(name, entry, declared) for name, entry in entries.items())


def _folder(name: str, node: Node, declared: Declared) -> Folder:
    problems = declared.problems
    fields = node.fields(problems, ("when", "owner", "within", "then"), required=("when", "owner"))
    within_s = fields["within"].duration_s(problems) if "within" in fields else None
    then = None
    if "then" in fields:
        then = reaction(f"folders.{name}.then", fields["then"], declared, within_s or 0)
        if within_s is None:
            problems.add(fields["then"].place, "`then` needs `within`", "after how long should it be done?")
    owner = fields["owner"].text(problems, "who looks at the folder") if "owner" in fields else ""
    when = declared.condition(fields["when"]) if "when" in fields else NEVER
    return Folder(name, when, owner, within_s, then)


def holds(node: Node | None, declared: Declared) -> dict[str, HoldType]:
    """The kinds of holds."""
    entries = named_entries(node, "hold", declared.problems)
    return {name: _hold(name, entry, declared) for name, entry in entries.items()}


def _hold(name: str, node: Node, declared: Declared) -> HoldType:
    problems = declared.problems
    fields = node.fields(problems, ("blocks", "lift_when", "expires"), required=("blocks",))
    blocks = fields["blocks"].items(problems, "a list of commands") if "blocks" in fields else []
    return HoldType(
        name,
        frozenset(item.choice(problems, "command that a hold can block", BLOCKABLE) for item in blocks),
        declared.condition(fields["lift_when"]) if "lift_when" in fields else None,
        fields["expires"].duration_s(problems) if "expires" in fields else None,
    )


def item_states(entries: dict[str, Node], problems: Problems) -> dict[str, ItemState]:
    """The shop's own states of units, each within a core state."""
    found = {}
    for name, entry in entries.items():
        fields = entry.fields(problems, ("refines",), required=("refines",))
        if "refines" in fields:
            found[name] = ItemState(name, fields["refines"].choice(problems, "state", REFINED))
    return found


def messages(node: Node | None, problems: Problems) -> dict[str, Message]:
    """The messages to customers."""
    entries = named_entries(node, "message", problems)
    return {name: _message(name, entry, problems) for name, entry in entries.items()}


def _message(name: str, node: Node, problems: Problems) -> Message:
    fields = node.fields(problems, ("subject", "text"), required=("subject", "text"))
    subject = fields["subject"].text(problems) if "subject" in fields else ""
    text = fields["text"].text(problems) if "text" in fields else ""
    if len(subject) > SUBJECT_MAX or "\n" in subject:
        problems.add(fields["subject"], f"a subject is one line of at most {SUBJECT_MAX} characters")
    if len(text) > TEXT_MAX:
        problems.add(fields["text"], f"a message has at most {TEXT_MAX} characters")
    for part in fields.values():
        _check_placeholders(part, problems)
    return Message(name, subject, text)


def _check_placeholders(node: Node, problems: Problems) -> None:
    """A $word that nothing is put in for would reach the customer as it stands."""
    text = str(node.content)
    template = Template(text)
    if not template.is_valid():
        problems.add(node, "a `$` has no word behind it", "write `$$` for a dollar sign")
    for word in template.get_identifiers():
        if word not in PLACEHOLDERS:
            before = re.split(rf"\$\{{?{word}\b", text, maxsplit=1)[0].split("\n")
            spot = node.spot_of(len(before), len(before[-1]))
            problems.add_unknown(spot, "placeholder", f"${word}", [f"${known}" for known in PLACEHOLDERS])
