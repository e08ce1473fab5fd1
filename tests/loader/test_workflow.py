"""Workflow files that are right: what they become, what they take over, and what makes a new version."""

import pytest
from msgspec.structs import replace

from segue.core.base import Command, Event
from segue.core.facts import Facts
from segue.core.order import Order
from segue.core.policy import Policy
from segue.loader.problems import Problems
from segue.loader.reading import parse_tree
from segue.loader.workflow import load_workflow
from tests.loader.offer import (
    COMMANDS,
    EVENTS,
    REGISTRY,
    Allocate,
    Authorize,
    Cancel,
    Notify,
    PlaceHold,
    library_of,
    loaded,
)

ORDER = Order("O1", 1, "web", "1", "w@1", 1_000, "EUR", lines=(), total_minor=60_000, shipping_minor=0)

WHOLE = """
name: whole
policies:
  validate: [known_skus, {not_a_duplicate: {within: 10m}}]
  grade:
    high_value: {from: 50_000, points: 40}
    country_mismatch: 30
    dear: {when: total >= 60_000, points: -5}
  bands: {low: 0, medium: 30, high: 60}
  eligible: [ships_to_country]
  rank: [{closest: {limit_km: 2, kinds: [store]}}]
  split: [{shipments_at_most: {count: 2, strict: true}}]
  capture: on_shipment
  sourcing_attempts: 5
statuses:
  on_hold: holds > 0
  late: released > 0 and now - released_at > hours(48)
  open: true
item_states: {engraving: {refines: allocated}}
holds:
  known_skus: {blocks: [allocate]}
  not_a_duplicate: {blocks: [authorize, allocate], lift_when: unlisted == 0, expires: 24h}
folders:
  review: {when: "grade >= 40 and engraving == 0", owner: risk, within: 4h, then: {command: cancel, reason: no}}
messages:
  hello: {subject: "Your order $order", text: "Dear $name, it was 5 $$."}
on:
  order_placed:
    - do: {command: authorize}
    - do: {command: place_hold, hold: known_skus, until_s: 30}
      after: 30m
      when: available > 0
  entered review:
    - do: {command: notify, message: hello}
"""


def test_a_workflow_has_what_its_file_says() -> None:
    workflow = loaded(WHOLE)
    assert workflow.name == "whole"
    assert [status.name for status in workflow.statuses] == ["on_hold", "late", "open"]
    assert workflow.bands == (("low", 0), ("medium", 30), ("high", 60))
    assert workflow.sourcing_attempts_max == 5
    assert workflow.item_states["engraving"].state == "allocated.engraving"
    assert workflow.holds["not_a_duplicate"].blocks == {"authorize", "allocate"}
    assert workflow.holds["not_a_duplicate"].expires_s == 86_400
    assert workflow.messages["hello"].subject == "Your order $order"
    assert workflow.fact_kinds == {"item", "stock"}
    assert [condition.text for condition in workflow.timed] == ["released > 0 and now - released_at > hours(48)"]


def test_reactions_have_their_command_their_delay_and_a_name() -> None:
    workflow = loaded(WHOLE)
    first, second = workflow.reactions["order_placed"]
    assert first.command == Authorize()
    assert (second.command, second.after_s) == (PlaceHold("known_skus", until_s=30), 1800)
    assert second.when is not None
    assert second.when.text == "available > 0"
    assert workflow.reactions["entered review"][0].command == Notify("hello")
    then = workflow.by_id["folders.review.then"]
    assert (then.command, then.after_s) == (Cancel("no"), 14_400)
    assert list(workflow.by_id) == [
        "on.order_placed.0", "on.order_placed.1", "on.entered review.0", "folders.review.then",
    ]  # fmt: skip


def test_policies_are_called_with_their_parameters() -> None:
    workflow = loaded(WHOLE)
    facts = Facts()
    assert next(iter(workflow.validate[1].call(ORDER, facts))).detail == "600"
    assert workflow.grade[0].call(ORDER, facts) == {"from": 50_000}
    assert workflow.rank[0].call(None, ORDER, facts) == 3.0
    assert workflow.split[0].call(None, ORDER) == "2 True"
    assert workflow.capture is not None
    assert workflow.capture.call(ORDER) == ("shipped",)


def test_a_grading_rule_of_the_shops_own_is_a_condition_with_points() -> None:
    workflow = loaded(WHOLE)
    assert [(rule.name, rule.points) for rule in workflow.grade] == [
        ("high_value", 40), ("country_mismatch", 30), ("dear", -5),
    ]  # fmt: skip
    assert workflow.grade[2].call(ORDER, Facts()) == {"when": "total >= 60_000"}
    assert workflow.grade[2].call(replace(ORDER, total_minor=1), Facts()) is None


BASE = """
name: base
statuses: {on_hold: holds > 0, canceled: canceled == units, open: True}
holds: {payment: {blocks: [allocate]}, other: {blocks: []}}
folders: {paying: {when: "'payment' in hold_types", owner: ann}, old: {when: holds > 1, owner: ben}}
on:
  order_placed: [{do: {command: authorize}}]
  fulfillment_shipped: [{do: {command: authorize}}]
"""


def test_a_workflow_can_start_from_another() -> None:
    text = """
name: w
extends: base
statuses: {new_one: units > 3, canceled: canceled > 0}
folders: {old: , mine: {when: holds > 0, owner: cleo}}
on: {order_placed: [{do: {command: allocate}}], payment_authorized: [{do: {command: allocate}}]}
"""
    workflow = loaded(text, library_of(base=BASE))
    assert [(s.name, s.when.text) for s in workflow.statuses] == [
        ("new_one", "units > 3"), ("on_hold", "holds > 0"), ("canceled", "canceled > 0"), ("open", "True"),
    ]  # fmt: skip
    assert [(folder.name, folder.owner) for folder in workflow.folders] == [("paying", "ann"), ("mine", "cleo")]
    assert list(workflow.holds) == ["payment", "other"]
    assert workflow.reactions["order_placed"][0].command == Allocate()
    assert list(workflow.reactions) == ["order_placed", "fulfillment_shipped", "payment_authorized"]


def test_a_workflow_can_be_extended_more_than_once() -> None:
    bases = library_of(base=BASE, middle="name: middle\nextends: base\nstatuses: {middle: units > 1}\n")
    workflow = loaded("name: top\nextends: middle\nstatuses: {top: units > 2}\n", bases)
    assert [status.name for status in workflow.statuses] == ["top", "middle", "on_hold", "canceled", "open"]


def test_the_same_text_is_the_same_version() -> None:
    assert loaded(WHOLE).version == loaded(WHOLE).version
    name, _, digest = loaded(WHOLE).version.partition("@")
    assert (name, len(digest)) == ("whole", 12)


def test_comments_blank_lines_and_quotes_make_no_new_version() -> None:
    tidied = "# A comment.\n" + WHOLE.replace("holds > 0\n", "'holds > 0' # too\n\n")
    assert loaded(tidied).version == loaded(WHOLE).version


@pytest.mark.parametrize(
    ("old", "new"),
    [("after: 30m", "after: 31m"), ("holds > 0", "holds > 1"), ("points: 40", "points: 41"), ("it was", "that was")],
)
def test_whatever_changes_the_meaning_makes_a_new_version(old: str, new: str) -> None:
    assert loaded(WHOLE.replace(old, new)).version != loaded(WHOLE).version


def test_a_change_of_the_base_makes_a_new_version() -> None:
    text = "name: w\nextends: base\n"
    versions = [loaded(text, library_of(base=base)).version for base in (BASE, BASE.replace("ann", "amy"))]
    assert versions[0] != versions[1]


DESIGN = """
name: standard
policies:
  validate: [known_skus, known_shipping_method, money_adds_up, deliverable_address]
  grade:    {high_value: {from: 50000, points: 40}, country_mismatch: 30}
  eligible: [ships_to_country, has_capacity, before_cutoff]
  rank:     [ship_complete, warehouse_first, closest]
  capture:  on_shipment
statuses:                # the first that holds is shown
  on_hold: holds > 0
  preorder: preordered > 0
  waiting_for_stock: backordered > 0
  pending_pickup: ready > 0
  open: True
folders:
  review: {when: grade >= 40 and holds > 0, owner: risk, within: 4h, then: {command: cancel, reason: no_answer}}
on:
  order_placed:
    - do: {command: authorize}
    - do: {command: notify, message: order_received}
  payment_authorized:
    - do: {command: allocate}
      after: 30m         # grace period: the customer may still change their mind
  entered review:        # a status or folder, entered or left, triggers as an event does
    - do: {command: notify, message: we_are_checking}
  fulfillment_shipped:
    - do: {command: capture}
    - do: {command: notify, message: on_its_way}
"""
BESIDE = """
holds: {known_skus: {blocks: []}, known_shipping_method: {blocks: []}, money_adds_up: {blocks: []},
  deliverable_address: {blocks: []}}
messages: {order_received: {subject: a, text: b}, we_are_checking: {subject: a, text: b},
  on_its_way: {subject: a, text: b}}
"""


def test_the_example_of_the_design_loads() -> None:
    offered = {
        "validate": ("known_skus", "known_shipping_method", "money_adds_up", "deliverable_address"),
        "eligible": ("ships_to_country", "has_capacity", "before_cutoff"),
        "rank": ("ship_complete", "warehouse_first", "closest"),
    }
    stand_in = REGISTRY["validate"]["known_skus"].function
    registry = REGISTRY | {
        kind: {name: Policy(kind, name, stand_in, "") for name in names} for kind, names in offered.items()
    }
    commands: dict[str, type[Command]] = COMMANDS | {"capture": Authorize}
    events: dict[str, type[Event]] = dict(EVENTS)
    problems = Problems()
    tree = parse_tree(DESIGN + BESIDE, "standard.yaml", problems)
    assert tree is not None
    workflow = load_workflow(tree, registry, commands, events, problems)
    assert [str(problem) for problem in problems.sorted()] == []
    assert workflow is not None
    assert len(workflow.by_id) == 7
