"""Judging: a workflow is explored, and only what the engine really does, replayed, is reported as broken."""

from pathlib import Path

from segue.checker.examining import Counterexample, Examined, Tell, examine, silent
from segue.checker.reaching import Place
from segue.checker.retelling import Replayed, Source, replay
from segue.checker.sharing import by_processes
from segue.checker.telling import event_of
from segue.checker.verdicts import SCOPES, Broken, Verdict
from segue.core.workflow import Workflow
from segue.scenario import written

REPLAYS_MAX = 5  # ways to a breach that are replayed until one of them shows it


def judge(
    workflow: Workflow, shop: Path | None, scope: str, segue: str, tell: Tell = silent, processes: int = 1
) -> Verdict:
    """Explore a workflow, of a shop's folder or a prebuilt one, by so many processes; replay what seems broken."""
    examined = examine(workflow, SCOPES[scope], tell, explore=by_processes(shop, processes))
    broken = {replayed.counterexample.breach.property: broken_by(replayed) for replayed in shown(examined, shop)}
    return Verdict(
        workflow.version,
        scope,
        segue,
        examined.situations,
        examined.steps,
        examined.shapes,
        examined.is_whole,
        dict(sorted(broken.items())),  # as they are kept in the file
        unseen(examined),
    )


def shown(examined: Examined, shop: Path | None) -> list[Replayed]:
    """For each property that seems broken the shortest way that the engine really goes."""
    source = Source(examined.workflow, shop)
    found = (first_replayed(ways, source) for ways in examined.broken.values())
    return [replayed for replayed in found if replayed is not None]


def first_replayed(ways: list[Counterexample], source: Source) -> Replayed | None:
    """The first of some ways that the engine really goes."""
    played = (replay(way, source) for way in ways[:REPLAYS_MAX])
    return next((replayed for replayed in played if replayed is not None), None)


def broken_by(replayed: Replayed) -> Broken:
    """What a replayed counterexample says, to be kept."""
    example = replayed.counterexample
    return Broken(example.breach.detail, tuple(event_of(move) for move in example.path), written(replayed.data))


def unseen(examined: Examined) -> dict[str, str]:
    """The statuses and folders that no order came into and that are not called unreachable, and why that may be."""
    unreachable = {way.breach.about.partition(" ")[2] for way in examined.broken.get("unreachable", ())}
    return {place.name: _why(place) for place in examined.reached.left.values() if place.name not in unreachable}


def _why(place: Place) -> str:
    if place.is_future:
        return "nothing in this Segue leads there yet"
    never = " and ".join(place.never_held)
    if never:
        return f"`{never}` never held while all was at rest"
    return place.why if place.closest else "it takes more than was looked at"
