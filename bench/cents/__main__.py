"""Cents: random lives of orders through the core, compared after every command with a model in exact fractions.

    python -m bench.cents --cases 1000000 [--seed 1] [--processes 2]
    python -m bench.cents --case 4711 [--seed 1]           # one case again, step by step
    python -m bench.cents --cases 2000 --defect NAME       # with a known mistake in the product: it has to be found

Prints one object; exit status 1 if a cent differs anywhere.
"""

import argparse
import json
import sys
from typing import Any

from bench.cents.defects import DEFECTS, planted
from bench.cents.series import Figures, series
from bench.cents.shrinking import shrunk
from bench.cents.trial import Case, played


def shown(number: int, seed: int, case: Case, defect: str = "") -> dict[str, Any]:
    """A case that differs, and the command that replays it."""
    again = f"python -m bench.cents --seed {seed} --case {number}" + (f" --defect {defect}" if defect else "")
    steps = [" ".join(map(str, step)) for step in case.steps]
    said = {"detail": case.detail, "basket": str(case.basket), "terms": str(case.terms), "steps": steps}
    return {"case": number, "replay": again, **said}


def told(figures: Figures, seed: int, processes: int, defect: str) -> dict[str, Any]:
    """A series as one object."""
    return {
        "cases": figures.cases,
        "commands": figures.steps,
        "seconds": round(figures.seconds, 1),
        "cases_per_s": figures.cases_per_s,
        "seed": seed,
        "processes": processes,
        "differ": len(figures.failed),
        "failed": [shown(number, seed, case, defect) for number, case in figures.failed],
    }


def main() -> int:
    """Live the lives, print what came of it; exit status 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--case", type=int, help="this one only, as short as it can be made")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--defect", default="", choices=["", *DEFECTS], help="a mistake to put into the product")
    given = parser.parse_args()
    if given.case is not None:
        with planted(given.defect):
            case = played(given.seed, given.case)
            case = shrunk(case) if case.detail else case
        print(json.dumps(shown(given.case, given.seed, case, given.defect), indent=2))
        return int(bool(case.detail))
    figures = series(
        given.seed, given.cases, given.processes, given.defect, tell=_tell if sys.stderr.isatty() else None
    )
    print(json.dumps(told(figures, given.seed, given.processes, given.defect), indent=2))
    return int(bool(figures.failed))


def _tell(done: int) -> None:
    print(f"\r{done:,}", end="", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
