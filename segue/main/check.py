"""The command `segue check`: every mistake in the shop's files, with its place."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from segue.main.failing import DONE, FOUND
from segue.main.formats import count
from segue.main.output import print_json, say
from segue.main.parameters import HERE, Json, Shop


def check(
    folder: Annotated[Path | None, Parameter(name="SHOP", help="The shop's folder; else that of --shop.")] = None,
    /,
    *,
    shop: Shop = HERE,
    json: Json = False,
) -> int:
    """Find every mistake in the shop's files."""
    from segue.app import problems_in

    problems = problems_in(folder or shop)
    if json:
        print_json(problems)
    elif problems:
        for problem in problems:
            say(str(problem))
        say(f"{count(len(problems), 'mistake')} in {count(len({problem.file for problem in problems}), 'file')}.")
    else:
        say("The shop's files are in order.")
    return FOUND if problems else DONE
