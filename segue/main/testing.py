"""The command `segue test`: plays scenarios, and shows where one does not end as it says."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from segue.main.failing import DONE, FOUND, WRONG_USE, Failed
from segue.main.formats import count
from segue.main.output import plain, print_json, say
from segue.main.parameters import HERE, Json, Shop
from segue.main.shops import SHOP_FILE, folder_of

if TYPE_CHECKING:
    from segue.scenario.finding import Found
    from segue.scenario.verdict import Verdict

Paths = Annotated[
    tuple[Path, ...],
    Parameter(
        name="PATH",
        help="Scenario files, or folders of them; without one those of the shop, and where no shop is those that come "
        "with Segue.",
    ),
]


def play(paths: Paths = (), /, *, shop: Shop = HERE, json: Json = False) -> int:
    """Play scenarios, and show where one does not end as it says."""
    from segue.main.progress import Bar
    from segue.scenario.running import run_file

    found = _found(paths, shop)
    if not found:
        raise Failed("There are no scenarios: files that end in .yaml.", WRONG_USE)
    started_s = time.perf_counter()
    verdicts: list[Verdict] = []
    with Bar("Scenarios played", "scenarios", len(found), quiet=json) as bar:
        for number, each in enumerate(found, 1):
            verdicts.append(run_file(each.path, each.name))
            bar.show(number)
    seconds = time.perf_counter() - started_s
    failed = [verdict for verdict in verdicts if not verdict.passed]
    if json:
        told = [{"passed": verdict.passed, **plain(verdict)} for verdict in verdicts]
        passed = len(found) - len(failed)
        print_json({"passed": passed, "failed": len(failed), "seconds": round(seconds, 3), "scenarios": told})
    else:
        _tell(verdicts, failed, seconds)
    return FOUND if failed else DONE


def _found(paths: tuple[Path, ...], shop: Path) -> "list[Found]":
    from segue.scenario.finding import at, of_shop, shipped

    if shop != HERE:
        folder_of(shop)  # who names a shop means that one
    if not paths:
        return (of_shop(shop) if (shop / SHOP_FILE).is_file() else []) or shipped()
    try:
        return at(paths)
    except FileNotFoundError as error:
        raise Failed(f"{error.filename}: {error.strerror}.", WRONG_USE) from error


def _tell(verdicts: "list[Verdict]", failed: "list[Verdict]", seconds: float) -> None:
    for verdict in failed:
        say(verdict.told())
        say()
    passed = len(verdicts) - len(failed)
    lost = f", {len(failed)} failed" if failed else ""
    say(f"{count(passed, 'scenario')} passed{lost}, in {seconds:.2f} s.")
