"""The command `segue init`: a shop's folder, from the answers to a few questions."""

import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def init(
    folder: Annotated[Path, Parameter(name="DIR", help="The folder to make.")],
    /,
    *,
    yes: Annotated[bool, Parameter(negative=(), help="Ask nothing; take the usual answers.")] = False,
) -> None:
    """Make a shop: ask what decides its flow, and write the files that say so."""
    from segue.main.failing import FOUND, WRONG_USE, Failed
    from segue.main.init.files import files_of, write
    from segue.main.init.questions import ask_all, usual

    if folder.exists() and not folder.is_dir():
        raise Failed(f"{folder} is a file; name a folder.", WRONG_USE)
    name = folder.resolve().name or "shop"
    answers = usual(name) if yes else ask_all(name)
    made = files_of(answers, int(time.time()))
    try:
        write(folder, made)
    except FileExistsError as error:
        raise Failed(f"{folder} has a file {error} already; nothing was written.", FOUND) from error
    _tell(folder, made, answers.sources.values[0])


def _tell(folder: Path, made: dict[str, str], channel: str) -> None:
    from segue.main.output import say

    say(f"\n{folder} has these files now:")
    for name in made:
        say(f"  {name}")
    say("\nNext, type:")
    say(f"  cd {folder}")
    say("  segue check")
    say(f"  segue import orders/example-{channel}.json --channel {channel}")
    say("  segue work --until-idle")
    say(f"  segue order {channel}-1001")
    say(f"  segue why {channel}-1001")
