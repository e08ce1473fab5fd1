"""Docs: generated parts say what the code says, links lead somewhere, examples can be loaded, and scenarios hold."""

import re
from datetime import UTC
from pathlib import Path

import pytest

from docs.features import ROWS, rows_named_in, shown_by
from docs.generate import outdated
from segue.core.decide import COMMANDS, EVENTS
from segue.core.facts import Location
from segue.loader.calendars import timing_of
from segue.loader.channel import load_channel, prebuilt_channels
from segue.loader.goods import locations
from segue.loader.library import read_library
from segue.loader.problems import Problems
from segue.loader.promotion_needs import Around
from segue.loader.promotions import promotions_of
from segue.loader.rates import KEYS as RATES_KEYS
from segue.loader.rates import Known, rates_of
from segue.loader.reading import parse_tree
from segue.loader.subscriptions import read_subscribing
from segue.loader.tree import Node
from segue.loader.workflow import WORKFLOW_KEYS, load_workflow
from segue.scenario import read_text, run
from segue.settings import registry
from tests.tidy.source import ROOT, own_files

CALENDARS = ("warehouse", "parcels")  # those of the examples
SCENARIO_KEYS = {"title", "given", "when", "then"}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
EXAMPLE = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
PAGES = {path: text for path, text in own_files().items() if path.endswith(".md")}
RATES = 'zones: {"*": {DE: near}}\nmethods: {standard: {near: [[500, 390]]}}\nfallback: 900\n'  # around a part of them
EXAMPLES = [
    pytest.param(found[1], id=f"{path}:{text[: found.start()].count(chr(10)) + 1}")
    for path, text in PAGES.items()
    for found in EXAMPLE.finditer(text)
]


def anchors(text: str) -> set[str]:
    """What can be linked to within a page: its headings, as they are written in links."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text)}


def test_the_list_of_decisions_has_each_by_its_name() -> None:
    records = [(path.split("/")[-1], text) for path, text in PAGES.items() if path.startswith("docs/decisions/0")]
    rows = [f"| [{name[:4]}]({name}) | {text.splitlines()[0][7:]} | " for name, text in sorted(records)]
    listed = [line for line in PAGES["docs/decisions/README.md"].splitlines() if line.startswith("| [0")]
    assert [line[: line.rindex("| ", 0, -2) + 2] for line in listed] == rows


def test_generated_pages_are_up_to_date() -> None:
    assert outdated() == [], "`make docs` writes them again"


@pytest.mark.parametrize("path", PAGES)
def test_every_link_leads_somewhere(path: str) -> None:
    for link in LINK.findall(CODE.sub("", PAGES[path])):
        if "://" in link or link.startswith("mailto:"):
            continue
        file, _, anchor = link.partition("#")
        target = (ROOT / path).parent / file if file else ROOT / path
        assert target.exists(), f"{path} links to {link}"
        assert not anchor or anchor in anchors(target.read_text("utf-8")), f"{path} links to {link}"


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_yaml_example_can_be_loaded(text: str, tmp_path: Path) -> None:
    problems = Problems()
    tree = parse_tree(text, "example.yaml", problems)
    assert tree is not None, problems.sorted()
    if tree.kind == "list":
        (tmp_path / "locations.yaml").write_text(text, encoding="utf-8")
        assert locations(tmp_path, problems, CALENDARS), problems.sorted()
        assert not problems.sorted()
        return
    if "calendars" in tree.content and "given" not in tree.content:
        timing_of(tree, "UTC", {"MUC": Location("MUC")}, ("standard", "express"), problems)
        assert not problems.sorted()
        return
    if SCENARIO_KEYS & set(tree.content):
        verdict = run(read_text(text if "title" in tree.content else f"title: An example.\n{text}"))
        assert verdict.passed, verdict.told()
        return
    if set(tree.content) <= set(RATES_KEYS):
        rated = parse_tree(text if "fallback" in tree.content else RATES + text, "example.yaml", problems)
        assert rated is not None, problems.sorted()
        rates_of(rated, Known(methods=("standard",)), problems)
        assert not problems.sorted()
        return
    if "promotions" in tree.content:
        promotions_of(tree, Around(registry(), UTC, {}, ("standard",), ("web",)), problems)
        assert not problems.sorted()
        return
    if "subscriptions" in tree.content:
        read_subscribing(tree.content["subscriptions"], problems)
        assert not problems.sorted()
        return
    if not _is_channel(tree):
        assert set(tree.content) <= set(WORKFLOW_KEYS), "an example is a workflow, a part of one, or a channel"
    _load(tree, text, tmp_path, problems)
    assert not problems.sorted()


def _is_channel(tree: Node) -> bool:
    base = tree.content.get("extends")
    return "lines" in tree.content or (base is not None and base.content in prebuilt_channels())


def _load(tree: Node, text: str, folder: Path, problems: Problems) -> None:
    """Have an example of a channel, of a workflow or of a part of one loaded."""
    if _is_channel(tree):
        path = folder / f"{tree.content['name'].content}.yaml"
        path.write_text(text, "utf-8")
        load_channel(path, path.name, problems)
        return
    whole = text if "name" in tree.content else f"name: example\nextends: fraud_review\n{text}"
    node = parse_tree(whole, "example.yaml", problems)
    assert node is not None, problems.sorted()
    load_workflow(node, registry(), COMMANDS, EVENTS, problems, read_library(None, problems))


def test_every_feature_is_shown_by_a_scenario_or_a_test() -> None:
    assert set(ROWS) - set(shown_by()) == set()


def test_a_test_says_in_its_docstring_which_rows_it_covers() -> None:
    text = '"""Refunds. Covers G-5 and H-2."""\n\ndef test_it() -> None:\n    """Covers H-8."""\n'
    assert list(rows_named_in(text)) == [("G-5", ""), ("H-2", ""), ("H-8", "test_it")]
    assert list(rows_named_in('"""Uncovers H-8. Covers nothing."""')) == []
