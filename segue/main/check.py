"""The command `segue check`: every mistake in the shop's files, with its place; and what can break in its workflows."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from segue.main.failing import DONE, FOUND, WRONG_USE, Failed
from segue.main.formats import count
from segue.main.output import print_json, say
from segue.main.parameters import HERE, By, Json, Reason, Shop, person

if TYPE_CHECKING:
    from segue.checker.verdicts import Verdict


def check(
    folder: Annotated[Path | None, Parameter(name="SHOP", help="The shop's folder; else that of --shop.")] = None,
    /,
    *,
    quick: Annotated[bool, Parameter(negative=(), help="Explore less far: a second or two for each workflow.")] = False,
    again: Annotated[bool, Parameter(negative=(), help="Explore also what was explored before.")] = False,
    save: Annotated[Path | None, Parameter(help="A folder for the scenarios that show what is broken.")] = None,
    accept_risk: Annotated[
        tuple[str, ...],
        Parameter(name="--accept-risk", negative=(), help="A property that the workflows may break from now on."),
    ] = (),
    reason: Reason = "",
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> int:
    """Find every mistake in the shop's files, and what can break in its workflows."""
    from segue.app import problems_in

    here = folder or shop
    problems = problems_in(here)
    if problems:
        _tell_mistakes(problems, json)
        return FOUND
    from segue.main.activating import accepted, explored

    if accept_risk and not reason:
        raise Failed("Say why with --reason: who looks at this in a year wants to know.", WRONG_USE)
    verdicts = explored(here, quick, again, quiet=json)
    if accept_risk:
        verdicts = accepted(here, verdicts, accept_risk, person(by), reason, int(time.time()))
    if save is not None:
        _save(verdicts, save, here, json)
    if json:
        print_json({"mistakes": [], "workflows": verdicts})
    else:
        say("The shop's files are in order.")
        for verdict in verdicts:
            _tell(verdict, save)
    return FOUND if any(verdict.risks for verdict in verdicts) else DONE


def _tell_mistakes(problems: list[Any], json: bool) -> None:
    if json:
        print_json({"mistakes": problems, "workflows": []})
        return
    for problem in problems:
        say(str(problem))
    say(f"{count(len(problems), 'mistake')} in {count(len({problem.file for problem in problems}), 'file')}.")


def _tell(verdict: "Verdict", save: Path | None) -> None:
    from segue.checker.properties import SENTENCES
    from segue.checker.verdicts import bound_of

    looked = f"{count(verdict.situations, 'situation')} of {count(verdict.shapes, 'small order')}"
    if not verdict.broken:
        say(f"\nThe workflow {verdict.version} holds, in all {looked}.")
    else:
        known = "" if verdict.risks else ", and that is accepted"
        say(f"\nThe workflow {verdict.version} is broken{known}; {looked} were looked at.")
    for name, broken in verdict.broken.items():
        say(f"\n  {name}: {SENTENCES[name]}")
        way = "The way that comes closest" if name == "unreachable" else "The shortest way there"
        say(f"  But: {broken.detail}. {way}:")
        for number, event in enumerate(broken.events, 1):
            say(f"    {number}. {event}")
        if name in verdict.accepted:
            acceptance = verdict.accepted[name]
            say(f"  Accepted by {acceptance.by}: {acceptance.reason}")
        elif save is None:
            say("  As a scenario, which `segue test` plays:\n")
            say("\n".join(f"    {line}" for line in broken.scenario.splitlines()))
    for place, why in verdict.unseen.items():
        say(f"  No order came into `{place}`: {why}.")
    say(f"  Looked at: {bound_of(verdict)}.")


def _save(verdicts: list["Verdict"], folder: Path, shop: Path, json: bool) -> None:
    """Write the scenarios; each says where the shop is, as seen from its own folder."""
    from os.path import relpath

    folder.mkdir(parents=True, exist_ok=True)
    there = relpath(shop, folder).replace("'", "''")
    for verdict in verdicts:
        for name, broken in verdict.broken.items():
            path = folder / f"{verdict.version.partition('@')[0]}-{name}.yaml"
            text = broken.scenario.replace("\n  shop: .\n", f"\n  shop: '{there}'\n", 1)
            path.write_text(text, encoding="utf-8")
            if not json:
                say(f"{path} is written.")
