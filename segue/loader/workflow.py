"""The workflow loader: a YAML tree becomes a compiled workflow, and its mistakes become problems.

The version is the workflow's name and a digest of what the file *says*, with all that it extends: keys and values in
their order. Comments, blank lines, indentation and quotes do not count, so tidying a file up makes no new version.
"""

import json
from hashlib import sha256

from msgspec.structs import replace

from segue.core.tally import STATES
from segue.core.vocabulary import COUNTED_NAMES, LINE_WORDS, MONEY_NAMES, WORDS
from segue.core.workflow import Workflow
from segue.loader import places, rules
from segue.loader.declared import (
    NAME,
    Commands,
    Declared,
    Events,
    Offered,
    Registry,
    named_entries,
    words_of,
)
from segue.loader.grace import grace_of, refuse_haste, reserving, schedule_stock
from segue.loader.library import EMPTY, Library, resolved
from segue.loader.problems import Problems, shortened
from segue.loader.reactions import reactions
from segue.loader.routing import strategies
from segue.loader.rules import POLICY_KEYS
from segue.loader.tree import Node

WORKFLOW_KEYS = (
    "name",
    "extends",
    "policies",
    "statuses",
    "item_states",
    "holds",
    "folders",
    "messages",
    "routing",
    "grace",
    "schedule",
    "on",
)
DIGEST_LENGTH = 12  # characters of the version's digest
OWN_WORDS = {*WORDS, *COUNTED_NAMES, *LINE_WORDS, *MONEY_NAMES, *STATES, "line", "lines"}


def load_workflow(
    tree: Node, registry: Registry, commands: Commands, events: Events, problems: Problems, library: Library = EMPTY
) -> Workflow | None:
    """The workflow of a file; None if it has a mistake, and `problems` has them all."""
    before = len(problems)
    whole = resolved(tree, library, problems)
    fields = whole.fields(problems, WORKFLOW_KEYS, required=("name",))
    workflow = _compiled(whole, fields, Offered(registry, commands, events), problems)
    return workflow if len(problems) == before else None


def version_of(name: str, tree: Node) -> str:
    """The version of a resolved workflow: `standard@1f0c95a3b2d4`."""
    canonical = json.dumps(tree.plain_value(), ensure_ascii=False, separators=(",", ":"))
    return f"{name}@{sha256(canonical.encode()).hexdigest()[:DIGEST_LENGTH]}"


def _compiled(whole: Node, fields: dict[str, Node], offered: Offered, problems: Problems) -> Workflow:
    policies = fields["policies"].fields(problems, POLICY_KEYS) if "policies" in fields else {}
    name = _name(fields["name"], problems) if "name" in fields else ""
    bands = rules.bands(policies.get("bands"), problems)
    states = places.item_states(_item_state_entries(fields.get("item_states"), problems), problems)
    messages = places.messages(fields.get("messages"), problems)
    hold_names = fields["holds"].entries(Problems()) if "holds" in fields else {}
    words = words_of(states, [band for band, _ in bands], hold_names)
    declared = Declared(offered, problems, words, hold_names, messages, states, set())
    own = Workflow(name, version_of(name, whole), bands=bands, item_states=states, messages=messages)
    chosen = _with_policies(own, policies, declared)
    chosen = replace(chosen, routing=strategies(fields.get("routing"), chosen, declared))
    stock = schedule_stock(fields.get("schedule"), problems)
    chosen = replace(chosen, grace=grace_of(fields.get("grace"), problems), schedule_stock=stock)
    made = _with_reactions(chosen, fields, declared)
    refuse_haste(whole, made, problems)
    return made


def _name(node: Node, problems: Problems) -> str:
    name = node.text(problems)
    if name and not NAME.fullmatch(name):
        problems.add(node, f"`{shortened(name)}` cannot be the name of a workflow", "write it like `ship_complete`")
    return name


def _item_state_entries(node: Node | None, problems: Problems) -> dict[str, Node]:
    """The item states; their names become words of conditions, so they must not be words already."""
    entries = named_entries(node, "item state", problems)
    for name in OWN_WORDS & entries.keys():
        problems.add(entries[name].place, f"`{name}` is a word of conditions already", "choose another name")
    return {name: entry for name, entry in entries.items() if name not in OWN_WORDS}


def _with_policies(workflow: Workflow, policies: dict[str, Node], declared: Declared) -> Workflow:
    return replace(
        workflow,
        validate=rules.checks(policies.get("validate"), declared),
        grade=rules.grading(policies.get("grade"), declared),
        eligible=rules.chosen(policies.get("eligible"), "eligible", declared),
        rank=rules.chosen(policies.get("rank"), "rank", declared),
        split=rules.chosen(policies.get("split"), "split", declared),
        serve=rules.chosen(policies.get("serve"), "serve", declared),
        divide=rules.chosen(policies.get("divide"), "divide", declared),
        **{kind: rules.only_rule(policies.get(kind), kind, declared) for kind in rules.ONLY_ONE},
        capture_from=rules.turns(policies.get("capture_from"), declared.problems),
        refund_to=rules.turns(policies.get("refund_to"), declared.problems),
        deposit=rules.deposit(policies.get("deposit"), declared.problems),
        reauthorize_before_s=rules.reauthorize(policies.get("reauthorize"), declared.problems),
        quiet_s=rules.quiet(policies.get("delays"), declared.problems),
        algorithm=rules.algorithm(policies.get("algorithm"), declared.problems),
        sourcing_attempts_max=rules.sourcing_attempts(policies.get("sourcing_attempts"), declared.problems),
        **rules.words(policies, declared.problems),
        stock_effects=rules.stock_effects(policies.get("stock_effects"), declared.problems),
    )


def _with_reactions(workflow: Workflow, fields: dict[str, Node], declared: Declared) -> Workflow:
    statuses = places.statuses(fields.get("statuses"), declared)
    folders = places.folders(fields.get("folders"), statuses, declared)
    names = [*(status.name for status in statuses), *(folder.name for folder in folders)]
    reacted = reactions(fields.get("on"), names, declared)
    if first := reserving(workflow.grace, declared):
        reacted |= {"order_covered": (*first, *reacted.get("order_covered", ()))}
    holds = places.holds(fields.get("holds"), declared)
    whens = [*(status.when for status in statuses), *(folder.when for folder in folders)]
    followed = (*(each for group in reacted.values() for each in group), *(f.then for f in folders if f.then))
    return replace(
        workflow,
        statuses=statuses,
        folders=folders,
        holds=holds,
        reactions=reacted,
        by_id={each.id: each for each in followed},
        fact_kinds=frozenset(declared.fact_kinds),
        timed=tuple(when for when in whens if "now" in when.names),
    )
