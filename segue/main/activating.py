"""Activating: a workflow version is explored before the first order follows it; a broken one is refused."""

import os
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from segue.main.failing import MISTAKES, WRONG_USE, Failed
from segue.main.progress import Bar

if TYPE_CHECKING:
    from segue.checker.verdicts import Verdict
    from segue.core.workflow import Workflow
    from segue.loader.shop import Shop


def explored(folder: Path, quick: bool, again: bool, quiet: bool) -> list["Verdict"]:
    """The verdicts on all workflows of a shop; what was explored as far before is not explored again."""
    from segue.settings import read_shop

    workflows = list(read_shop(folder).workflows.values())
    return _explored(folder, workflows, quick, again, quiet)


def activated(folder: Path, quiet: bool) -> "Shop":
    """The shop of a folder, if its orders follow workflows that hold, or whose risks are accepted. Raises Failed, Broken."""
    from segue.settings import read_shop

    shop = read_shop(folder)
    names = {shop.workflow, *(channel.workflow for channel in shop.channels.values())}
    for verdict in _explored(folder, [shop.workflows[name] for name in sorted(names)], True, False, quiet):
        if verdict.risks:
            told = "; ".join(f"{name}: {verdict.broken[name].detail}" for name in verdict.risks)
            accepting = " ".join(f"--accept-risk {name}" for name in verdict.risks)
            raise Failed(
                f"The workflow {verdict.version} is broken. {told}.\nNothing was done. `segue check` shows how it breaks; "
                f"`segue check {accepting} --reason WHY` takes it all the same.",
                MISTAKES,
            )
    return shop


def accepted(
    folder: Path, verdicts: list["Verdict"], risks: tuple[str, ...], by: str, reason: str, at_s: int
) -> list["Verdict"]:
    """The verdicts with these risks accepted where they are, kept for later. Raises Failed if no workflow has one."""
    from segue.checker.verdicts import Acceptance, keep

    broken = {name for verdict in verdicts for name in verdict.broken}
    for risk in risks:
        if risk not in broken:
            there = ", ".join(sorted(broken)) or "none"
            raise Failed(f"No workflow of this shop breaks `{risk}`; broken: {there}.", WRONG_USE)
    now = Acceptance(by, reason, at_s)
    found = [replace(v, accepted=v.accepted | {risk: now for risk in risks if risk in v.broken}) for v in verdicts]
    keep(folder, _known(folder) | {verdict.version: verdict for verdict in found})
    return found


def _explored(folder: Path, workflows: list["Workflow"], quick: bool, again: bool, quiet: bool) -> list["Verdict"]:
    from segue.checker.verdicts import FULL, QUICK, keep

    known = _known(folder)
    scope = QUICK if quick else FULL
    new = [each for each in workflows if again or known.get(each.version) is None or _less(known[each.version], scope)]
    for workflow in new:
        before = known.get(workflow.version)
        found = _judged(workflow, folder, scope, quiet)
        known[workflow.version] = replace(found, accepted=before.accepted if before else {})
    if new:
        keep(folder, known)
    return [known[workflow.version] for workflow in workflows]


def _judged(workflow: "Workflow", folder: Path, scope: str, quiet: bool) -> "Verdict":
    from segue.checker.judging import judge

    with Bar(f"Exploring the workflow {workflow.name}", "small orders", quiet=quiet) as bar:
        return judge(workflow, folder, scope, version("segue"), bar.show, os.cpu_count() or 1)


def _less(verdict: "Verdict", scope: str) -> bool:
    from segue.checker.verdicts import QUICK

    return verdict.scope == QUICK != scope


def _known(folder: Path) -> dict[str, "Verdict"]:
    from segue.checker.verdicts import Unreadable, read_verdicts

    try:
        return read_verdicts(folder, version("segue"))
    except Unreadable as error:
        raise Failed(f"{error}. Delete the file, or take it back from where it is kept.", MISTAKES) from error
