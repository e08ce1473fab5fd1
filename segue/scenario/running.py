"""Running: a scenario is played on a whole engine with a virtual clock, step by step; the real worker does the work."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from segue.core.base import MISTAKES
from segue.engine.replay import deviations
from segue.engine.unfolding import strayed
from segue.loader.problems import Broken, Place
from segue.ports import OutOfStock, StaleOrder, Unwritable
from segue.scenario.expecting.check import Check, Failure
from segue.scenario.expecting.outside import differences as differing
from segue.scenario.reading import VERBS, Scenario, Step, read_file, read_text
from segue.scenario.stage import Impossible, Stage
from segue.scenario.steps.verb import Refusal
from segue.scenario.story import story_of
from segue.scenario.verdict import Verdict, unreadable
from segue.scenario.writing import written
from segue.store.reading import every_order, stories
from segue.store.subscription_list import subscription_stories

STORIES_MAX = 5  # orders whose stories are told when something fails


def run(scenario: Scenario) -> Verdict:
    """Play a scenario, and look whether all is as it says."""
    with Stage(scenario.setting) as stage:
        failures = played(scenario, stage)
        stories: dict[str, tuple[str, ...]] = {}
        if failures:
            about = {failure.order for failure in failures if failure.order}
            ids = [id for id in _ids(stage) if not about or id in about][:STORIES_MAX]
            stories = {id: story_of(stage.app, id) for id in ids}
        return Verdict(
            scenario.file, scenario.title, tuple(failures), stories=stories, at_s=stage.now_s, rounds=stage.rounds
        )


def run_file(path: Path, file: str = "") -> Verdict:
    """Play the scenario of a file, called `file` in what is told."""
    try:
        return run(read_file(path, file))
    except Broken as broken:
        return unreadable(file or str(path), broken.problems)


def run_data(data: dict[str, Any], file: str = "scenario.yaml", here: Path | None = None) -> Verdict:
    """Play a scenario that is given as data: mappings, lists, texts and numbers, with the keys of a file."""
    try:
        return run(read_text(written(data), file, here))
    except Broken as broken:
        return unreadable(file, broken.problems)


def played(scenario: Scenario, stage: Stage) -> list[Failure]:
    """What is not as expected, at the first moment at which something is not."""
    place: Place = scenario.place
    try:
        stage.work(stage.now_s)
        for step in scenario.steps:
            place = step.place
            failures = _taken(step, stage)
            if failures:
                return failures
        if scenario.comes_to_rest:
            place = scenario.place
            stage.work()
    except Impossible as impossible:
        return [_failure(place, "this step", impossible.expected, impossible.found)]
    except MISTAKES as error:  # the other scenarios are played all the same
        return [_failure(place, "this step", "no mistake in Segue", f"{type(error).__name__}: {error}")]
    return [*_unmet(scenario.then, stage), *_proofs(scenario, stage)]


def _ids(stage: Stage) -> list[str]:
    return [order.id for order in every_order(stage.app.reader())]


def _taken(step: Step, stage: Stage) -> list[Failure]:
    """Go on to a step's time, take it, and do all that is due then."""
    start_s = stage.setting.start_s
    at_s = stage.now_s + step.after_s if step.at_s is None else start_s + step.at_s
    if at_s < stage.now_s:
        found = f"{stage.now_s - start_s} s after it"
        return [_failure(step.place, "the time of this step", f"{step.at_s} s after the start", found)]
    stage.work(at_s)
    if step.name:
        try:
            VERBS[step.name].do(stage, step.values)
            refused, text = "", "it was not refused"
        except Refusal as refusal:
            refused, text = refusal.name, str(refusal)
        except (OutOfStock, StaleOrder, Unwritable) as error:
            refused, text = type(error).__name__, str(error)
        if refused != step.refused:
            return [
                _failure(step.place, step.name, step.refused or "it is not refused", f"{refused}: {text}".lstrip(": "))
            ]
        stage.work(stage.now_s)
    return _unmet(step.checks, stage)


def _unmet(checks: Iterable[Check], stage: Stage) -> list[Failure]:
    found = []
    for check in checks:
        try:
            failure = check.failure(stage)
        except Impossible as impossible:
            failure = _failure(check.place, check.what, impossible.expected, impossible.found)
        found += [failure] if failure is not None else []
    return found


def _proofs(scenario: Scenario, stage: Stage) -> list[Failure]:
    """What holds at the end of all: the audit, the gateway's ledger against ours, the stories against the orders."""
    said = {check.what for check in scenario.then}
    found = [("folding", each.order, each.detail) for each in deviations(stories(stage.app.reader()))]
    found += [("folding", each.order, each.detail) for each in strayed(subscription_stories(stage.app.reader()))]
    found += [("what was scripted", never, "it did not happen") for never in stage.plot.never()]
    if "audit" not in said:
        violations = stage.app.audit()
        told = "; ".join(f"{each.id} {each.sentence}: {each.offender} {each.detail}" for each in violations)
        found += [("the audit", "nothing", told)] if violations else []
    if "witness" not in said and (differences := differing(stage)):
        found.append(("the witness: the gateway's ledger and ours", "no difference", ", ".join(differences)))
    return [_failure(scenario.place, *each) for each in found]


def _failure(place: Place, what: str, expected: str, found: str) -> Failure:
    return Failure(place.file, place.line, place.column, what, expected, found)
