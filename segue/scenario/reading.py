"""Reading: a YAML tree becomes a scenario, and every mistake in it a problem with its place."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from segue.core.base import Refusal
from segue.loader.problems import Broken, Problems, listed, shortened
from segue.loader.reading import parse_tree, read_tree
from segue.loader.tree import Node
from segue.scenario import looking
from segue.scenario.expecting import orders as of_orders
from segue.scenario.expecting import outside as of_outside
from segue.scenario.expecting.check import Check
from segue.scenario.forms import Words
from segue.scenario.given import read_given, words_of
from segue.scenario.kinds import COPIES_MAX, DURATION, TEXT, TEXTS, one_of
from segue.scenario.setting import Setting
from segue.scenario.steps import carting, faults, goods, orders, outside, people, settling, stocking, subscribing
from segue.scenario.steps.orders import ids_of, names_of
from segue.scenario.steps.verb import Verb

KEYS = ("title", "covers", "given", "when", "then")
TIMES = ("at", "after")
BESIDE = (*TIMES, "refused")
EXPECT = "expect"
TITLE_MAX = 150
ORDERS_MAX = 10_000
FEW = re.compile("[0-9]{1,18}")
ROW = re.compile("[A-Z]-[0-9]{1,2}")
VERBS: Mapping[str, Verb] = (
    orders.VERBS
    | people.VERBS
    | looking.VERBS
    | outside.VERBS
    | goods.VERBS
    | stocking.VERBS
    | carting.VERBS
    | faults.VERBS
    | settling.VERBS
    | subscribing.VERBS
)
REFUSALS = (
    *(refusal.name.lower() for refusal in Refusal),
    stocking.NOT_THERE,
    carting.NOT_RESERVED,
    carting.CONTRADICTORY,
    carting.NOT_LEFT,
)
EXPECTED = ("order", "orders", "stock", "promise", *of_outside.ASPECTS)


class Step(NamedTuple):
    """One step: when it is taken, what it does, and what it expects."""

    place: Node
    at_s: int | None = None  # from the start
    after_s: int = 0  # from the step before
    name: str = ""  # of its verb; empty for a step that only lets time pass, or only expects
    values: Any = None
    refused: str = ""  # what it has to be refused for
    checks: tuple[Check, ...] = ()


class Scenario(NamedTuple):
    """A scenario, read and ready to be run."""

    file: str
    title: str
    covers: tuple[str, ...]
    setting: Setting
    steps: tuple[Step, ...]
    then: tuple[Check, ...]
    comes_to_rest: bool  # whether it is run on to the end of all that time brings
    place: Node


def read_file(path: Path, file: str = "") -> Scenario:
    """The scenario of a file. Raises Broken with all its mistakes."""
    problems = Problems()
    name = file or str(path)
    return _whole(read_tree(path, name, problems), name, path.parent, problems, path)


def read_text(text: str, file: str = "scenario.yaml", here: Path | None = None) -> Scenario:
    """The scenario of a text; `here` is the folder that its paths start from. Raises Broken."""
    problems = Problems()
    return _whole(parse_tree(text, file, problems), file, here, problems, (here or Path()) / file)


def _whole(tree: Node | None, file: str, here: Path | None, problems: Problems, path: Path) -> Scenario:
    scenario = _scenario(tree, file, here, problems, path) if tree is not None else None
    if len(problems) or scenario is None:
        raise Broken(problems.sorted())
    return scenario


def _scenario(tree: Node, file: str, here: Path | None, problems: Problems, path: Path) -> Scenario | None:
    fields = tree.fields(problems, KEYS, required=("title",))
    title = fields["title"].text(problems) if "title" in fields else ""
    if len(title) > TITLE_MAX or "\n" in title:
        problems.add(fields["title"], f"a title is one sentence of at most {TITLE_MAX} characters")
    steps = fields["when"].items(problems, "a list of steps") if "when" in fields else []
    if tree.kind == "mapping" and not steps and "then" not in fields:
        problems.add(tree, "nothing happens and nothing is expected", "it needs `when` or `then`")
    kills = any(step.kind == "mapping" and "kill" in step.content for step in steps)
    setting = read_given(fields.get("given"), tree, here, kills, problems)
    if setting is None:
        return None
    words = _with_names(words_of(setting, problems), steps, setting, str(path))
    if len(words.orders) > ORDERS_MAX:
        return None
    return Scenario(
        file,
        title,
        _covers(fields.get("covers"), problems),
        setting,
        tuple(_read_steps(steps, words, setting)),
        tuple(read_expected(fields["then"], words)) if "then" in fields else (),
        "then" in fields,
        tree,
    )


def _covers(node: Node | None, problems: Problems) -> tuple[str, ...]:
    """The capabilities that it shows, as the list of them numbers them."""
    rows = node.items(problems, "a list of capabilities such as G-6") if node is not None else []
    for row in rows:
        if not ROW.fullmatch(row.text(problems)):
            problems.add(row, f"`{shortened(str(row.content))}` is no number of a capability", "write it like G-6")
    return tuple(str(row.content) for row in rows)


def _with_names(words: Words, steps: list[Node], setting: Setting, path: str) -> Words:
    """The words, with the names that steps bring: orders, items and shipping methods that become known, mappings."""
    names = dict(words.names)
    for step in steps:
        content = step.content if step.kind == "mapping" else {}
        if "catalog" in content and content["catalog"].kind == "mapping":
            names["SKU"] = (*names["SKU"], *content["catalog"].content)
        if "shipping_methods" in content:
            names["shipping method"] = (*names["shipping method"], *TEXTS.read(content["shipping_methods"], words))
        if "locations" in content and content["locations"].kind == "mapping":
            names["location"] = (*names["location"], *content["locations"].content)
    folder = setting.folder
    names["mapping"] = tuple(p.stem for p in sorted((folder / "channels").glob("*.yaml"))) if folder else ()
    return replace(words, names=names, orders=_orders(steps, setting, words.problems), file=path)


def _orders(steps: list[Node], setting: Setting, problems: Problems) -> dict[str, str]:
    """The scenario's names of all orders in it, and their ids. What else is wrong with the steps is told later."""
    found: dict[str, str] = {}
    channel = next(iter(setting.shop.channels), orders.CANONICAL)
    quiet = replace(words_of(setting, Problems()), names=_Anything(), file="")
    for step in steps:
        name = next((key for key in ("order", "document") if step.kind == "mapping" and key in step.content), "")
        if name:
            found |= names_of(name, _naming(step.content[name], name, quiet, len(found)), channel)
        if len(found) > ORDERS_MAX:
            problems.add(step, f"these are too many orders: a scenario may have {ORDERS_MAX}")
            break
    return found


def _naming(node: Node, name: str, quiet: Words, placed: int) -> dict[str, Any]:
    """What a step says that its orders are called by."""
    values = {
        key: (TEXTS if key == "orders" else TEXT).read(value, quiet)
        for key, value in (node.content.items() if node.kind == "mapping" else ())
        if key in ("id", "channel", "mapping", "orders", "copies") and not value.is_nothing
    }
    if name == "order":
        copies = values.get("copies", "1")
        values["copies"] = min(int(copies), COPIES_MAX) if FEW.fullmatch(copies) else 1
        values["ids"] = ids_of(values, placed)
    return values


class _Anything(dict[str, tuple[str, ...]]):
    """Names before they are known."""

    def __missing__(self, what: str) -> tuple[str, ...]:
        return ()


def _read_steps(nodes: list[Node], words: Words, setting: Setting) -> list[Step]:
    placed = 0
    steps = []
    for node in nodes:
        step = _step(node, words)
        if step.name == "order" and isinstance(step.values, dict) and "lines" in step.values:
            step.values["ids"] = ids_of(step.values, placed)
            placed += len(step.values["ids"])
        elif step.name == "document" and isinstance(step.values, dict):
            placed += len(step.values.get("orders", ()))
        steps.append(step)
    return steps


def _step(node: Node, words: Words) -> Step:
    """A step: at most one thing that happens, with its time and what it is refused for; or what is expected now."""
    problems = words.problems
    fields = node.fields(problems, (*VERBS, EXPECT, *BESIDE), what="step")
    names = [name for name in fields if name in VERBS or name == EXPECT]
    if len(names) > 1:
        problems.add(
            fields[names[1]].place, f"one step does one thing, and this is `{names[0]}` already", "begin another"
        )
    if all(key in fields for key in TIMES):
        problems.add(fields["after"].place, "a step has `at` or `after`, and not both")
    at_s = _from_start(fields["at"], words) if "at" in fields else None
    after_s = DURATION.read(fields["after"], words) if "after" in fields else 0
    refused = one_of("refusal", *REFUSALS).read(fields["refused"], words) if "refused" in fields else ""
    step = Step(node, at_s, after_s, refused=refused)
    if not names:
        if not fields.keys() & set(TIMES) and node.kind == "mapping" and len(fields) == len(node.content):
            problems.add(node, "nothing happens in this step")
        return step
    if names[0] == EXPECT:
        return step._replace(checks=tuple(read_expected(fields[EXPECT], words)))
    verb = VERBS[names[0]]
    return step._replace(name=names[0], values=_values(verb, names[0], fields[names[0]], words))


def _values(verb: Verb, name: str, node: Node, words: Words) -> Any:
    values = verb.kind.read(node, words)
    if name == "kill" and isinstance(values, dict) and ("at" in values) != ("task" in values):
        words.problems.add(node.place, "`kill` takes `at` and `task` together", "or neither: then it is killed now")
    if verb.about_order and isinstance(values, dict) and "order" not in values:
        values["order"] = _only_order(node.place, words)
    return values


def _only_order(place: Node, words: Words, advice: str = "order: NAME") -> str:
    """The id of the only order. That there is none, or that there are several, is a problem."""
    if len(words.orders) == 1:
        return next(iter(words.orders.values()))
    there = f"write `{advice}`; there is {listed(words.orders)}"
    words.problems.add(place, "it is not said which order is meant", there)
    return ""


def _from_start(node: Node, words: Words) -> int:
    """`+2h`, from the start."""
    text = node.text(words.problems, "an instant after the start, such as `+2h`")
    if text.startswith("+"):
        part = Node("scalar", text[1:], node.spot_of(1, 1))
        return part.duration_s(words.problems)
    if text:
        words.problems.add(node, f"expected an instant after the start, found `{text}`", "write it like +2h")
    return 0


def read_expected(node: Node, words: Words) -> list[Check]:
    """All that is expected at one moment."""
    found: list[Check] = []
    for key, value in node.fields(words.problems, EXPECTED, what="expectation").items():
        if key == "order":
            id = _only_order(value.place, words, "orders: {NAME: ...}")
            name = next(iter(words.orders), "")
            found += of_orders.checks_of(value, words, name, id)
        elif key == "orders":
            for name, inner in value.entries(words.problems, "expectations by order").items():
                if name not in words.orders:
                    words.problems.add_unknown(inner.place, "order", name, words.orders)
                found += of_orders.checks_of(inner, words, name, words.orders.get(name, ""))
        else:
            found += of_outside.checks_of(key, value, words)
    return found
