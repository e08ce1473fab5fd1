"""Flows: workflows for the tests of the checker, as a shop would write them: over `standard`, with one thing broken."""

from typing import Any

from segue.checker.examining import Examined, examine, planned
from segue.checker.retelling import Source
from segue.checker.situation import STEP, Step
from segue.checker.verdicts import Scope
from segue.core.workflow import Workflow
from segue.loader.problems import Problems
from segue.loader.reading import parse_tree
from segue.scenario.setting import own_workflow, prebuilt

LITTLE = Scope(1, 1, -1)  # enough for most; a test that needs more says so
STRICT = Scope(1, 1, -1, True)

# What is broken, the property that finds it, and how much may go wrong on the way there.
BROKEN: dict[str, tuple[str, str, Scope]] = {
    "a hold that no folder shows": ("waiting", "folders: {on_request: }", LITTLE),
    "nobody hears of a declined capture": ("unanswered", "on: {capture_declined: }", LITTLE),
    "nobody hears that there is no new authorization": ("unanswered", "on: {reauthorization_declined: }", LITTLE),
    "nobody asks anew when an authorization has ended": ("unanswered", "on: {authorization_expired: }", LITTLE),
    "nobody hears of a short pick": ("unanswered", "on: {units_short_picked: }", LITTLE),
    "nobody releases": ("dead_end", "{folders: {stands_still: }, on: {units_allocated: }}", LITTLE),
    "an engraving without an end": (
        "finish",
        """
        item_states: {engraving: {refines: allocated}}
        folders: {stands_still: }
        on:
          units_allocated: [{do: {command: enter_state, state: engraving}}]
          state_entered: [{do: {command: leave_state, state: engraving}, after: 1d}]
          state_left: [{do: {command: enter_state, state: engraving}}]
        """,
        LITTLE,
    ),
    "a hold that comes back at once": (
        "loop",
        """
        on:
          hold_placed: [{do: {command: lift_hold, hold: service}}]
          hold_lifted: [{do: {command: place_hold, hold: service}}]
        """,
        LITTLE,
    ),
    "a card that is tried again at once": (
        "loop",
        "on: {authorization_declined: [{do: {command: authorize}}]}",
        Scope(2, 1, -1),
    ),
    "a status that is hidden": (
        "unreachable",
        "statuses: {in_trouble: holds >= 1, unpaid: \"'payment' in hold_types\"}",
        STRICT,
    ),
    "a folder that contradicts itself": (
        "unreachable",
        "folders: {odd: {when: shipped > 0 and canceled == units, owner: nobody}}",
        STRICT,
    ),
    "a reminder every day": (
        "message",
        """
        holds: {reminder: {blocks: [], expires: 1d}}
        folders: {reminded: {when: "'reminder' in hold_types", owner: service}}
        messages: {pay_soon: {subject: Please pay, text: Please pay.}}
        on:
          authorization_declined: [{do: {command: place_hold, hold: reminder}}]
          hold_placed: [{do: {command: notify, message: pay_soon}}]
          hold_lifted: [{do: {command: place_hold, hold: reminder}}]
        """,
        LITTLE,
    ),
    "nobody gives the money back": (
        "square",
        "on: {units_canceled: [{do: {command: void}}, {do: {command: notify, message: canceled}}]}",
        LITTLE,
    ),
    "nobody knows that a location failed": (
        "unanswered",
        "{policies: {sourcing_attempts: 1}, on: {sourcing_failed: }}",
        LITTLE,
    ),
}


def source_of(text: str) -> Source:
    """A workflow that stands in a scenario; what it does not say is as in `standard`."""
    problems = Problems()
    lines = text.splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    tree = parse_tree("\n".join(line[indent:] for line in lines), "own.yaml", problems)
    assert tree is not None, problems.sorted()
    _, workflow = own_workflow(tree, "standard", prebuilt(), problems)
    assert workflow is not None, problems.sorted()
    said: dict[str, Any] = tree.plain_value()
    return Source(workflow, None, said)


def examined(workflow: Workflow, scope: Scope = LITTLE, step: Step = STEP) -> Examined:
    """What exploring a workflow shows."""
    return examine(workflow, scope, step=step)


def breaking(workflow: Workflow, property: str, scope: Scope = LITTLE, step: Step = STEP) -> Examined:
    """What exploring shows of the first shape in which a property is broken; of the last one, if none is."""
    for shape in planned(workflow, scope):
        found = examine(workflow, scope, step=step, shapes=[shape])
        if property in found.broken:
            break
    return found
