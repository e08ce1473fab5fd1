"""Histories: orders, carts, counts, moves, transfers and shares in a random order, against what a naive model says.

    python -m bench.histories --cases 100000 [--seed 1] [--processes 2]
    python -m bench.histories --case 4711 [--seed 1]             one history again, step by step
    python -m bench.histories --cases 2000 --defect NAME         with a known mistake in the product: it has to be found

After each thing that happens: no location has promised more than it has, and each channel may promise just what the model
says. Now and then others write before what was decided is written; nobody may take more than they left. At the end the
audit looks at all counters, and moves. Prints one object; exit status 1 if anything is wrong.
"""

import argparse
import json
import sys
from typing import Any

from bench.histories.defects import DEFECTS, planted
from bench.histories.series import Figures, series
from bench.histories.shrinking import shrunk
from bench.histories.trial import Case, alone, drawn


def shown(number: int, seed: int, case: Case, detail: str, defect: str = "") -> dict[str, Any]:
    """A history that goes wrong, and the command that plays it again."""
    again = f"python -m bench.histories --seed {seed} --case {number}" + (f" --defect {defect}" if defect else "")
    with planted(defect):
        done = alone(case).done
    return {"case": number, "replay": again, "detail": detail, "steps": [*map(str, case.steps)], "done": [*done]}


def told(figures: Figures, seed: int, processes: int, defect: str) -> dict[str, Any]:
    """A series as one object."""
    return {
        "cases": figures.cases,
        "operations": sum(figures.made.values()),
        "made": dict(sorted(figures.made.items())),
        "seconds": round(figures.seconds, 1),
        "cases_per_s": figures.cases_per_s,
        "processor_seconds": round(figures.processor_s, 1),
        "seed": seed,
        "processes": processes,
        "wrong": len(figures.failed),
        "failed": [shown(number, seed, case, detail, defect) for number, case, detail in figures.failed],
    }


def main() -> int:
    """Play the histories, print what came of them; exit status 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=5_000)
    parser.add_argument("--case", type=int, help="this one only, as short as it can be made if it goes wrong")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--defect", default="", choices=["", *DEFECTS], help="a mistake to put into the product")
    given = parser.parse_args()
    if given.case is not None:
        with planted(given.defect):
            case = drawn(given.seed, given.case)
            case = shrunk(case) if alone(case).detail else case
            detail = alone(case).detail
        print(json.dumps(shown(given.case, given.seed, case, detail, given.defect), indent=2))
        return int(bool(detail))
    print(f"seed {given.seed}", file=sys.stderr)
    figures = series(given.seed, given.cases, given.processes, given.defect, _tell)
    print(json.dumps(told(figures, given.seed, given.processes, given.defect), indent=2))
    return int(bool(figures.failed))


def _tell(done: int) -> None:
    print(f"\r{done:,} histories", end="" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
