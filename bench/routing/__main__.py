"""Routing: microseconds an order, by rules and exactly, at 10, 50 and 500 locations; with `--prove`, that exact is
exact.

    python -m bench.routing [--orders 2000] [--json]
    python -m bench.routing --prove [--small 10000] [--large 1000]

Exit status 1 if a median misses its goal, or one case of the proof is wrong. Without numba only the ways of numpy are
measured, and the proof runs the loops as Python, which takes long; both say so.
"""

import argparse
import json
import sys

from bench.routing.proof import Proof, against_a_program, against_brute_force, against_the_engine
from bench.routing.speed import Timing, speeds
from segue.planning.compiled import HAS_NUMBA

NETWORKS = (10, 50, 500)
GOALS_US = {  # of the median, by what is measured and how many locations there are
    "rules, kernel": {10: 5, 50: 5, 500: 5},
    "exact, kernel": {10: 10, 50: 10, 500: 20},
    "exact, numpy": {10: 500, 50: 500, 500: 500},
    "exact, engine": {10: 500, 50: 500, 500: 500},
    "promise, 3 lines": {10: 400, 50: 400, 500: 400},
    "promise, 3 lines, numpy": {10: 400, 50: 400, 500: 400},
}
NO_NUMBA = "numba is not installed (extra `plan`): nothing is compiled, and only the ways of numpy are measured"
GOAL_P99_US = {("exact, kernel", 500): 100}


def missed(figures: dict[int, dict[str, Timing]]) -> list[str]:
    """The goals that were not met."""
    found = []
    for locations, timings in figures.items():
        for name, taken in timings.items():
            goal = GOALS_US.get(name, {}).get(locations)
            if goal is not None and taken.median > goal:
                found.append(f"{name} at {locations} locations: {taken.median} us, goal {goal}")
            last = GOAL_P99_US.get((name, locations))
            if last is not None and taken.p99 > last:
                found.append(f"{name} at {locations} locations: p99 {taken.p99} us, goal {last}")
    return found


def table(figures: dict[int, dict[str, Timing]]) -> str:
    """The figures as people read them."""
    lines = [f"{'us an order: median, mean, p99':32}" + "".join(f"{count:>12} locations" for count in figures)]
    for name in next(iter(figures.values())):
        cells = [timings[name] for timings in figures.values()]
        lines.append(f"{name:32}" + "".join(f"{cell.median:8.1f}{cell.mean:7.1f}{cell.p99:7.1f}" for cell in cells))
    return "\n".join(lines)


def prove(small: int, large: int) -> int:
    """Prove, and print what was found; exit status 1 if anything is wrong."""
    if not HAS_NUMBA:
        print("numba is not installed (extra `plan`): the loops run as Python", file=sys.stderr)
    proofs: dict[str, Proof] = {
        "brute force": against_brute_force(1, small),
        "a program, 50 locations": against_a_program(2, large - large // 4),
        "a program, 500 locations": against_a_program(3, large // 4, 500),
        "the engine, 50 locations": against_the_engine(4, large),
    }
    print(json.dumps({name: proof._asdict() for name, proof in proofs.items()}, indent=2))
    return int(any(proof.wrong for proof in proofs.values()))


def main() -> int:
    """Measure or prove."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=2_000)
    parser.add_argument("--json", action="store_true", help="one object instead of a table")
    parser.add_argument("--prove", action="store_true")
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=1_000)
    given = parser.parse_args()
    if given.prove:
        return prove(given.small, given.large)
    if not HAS_NUMBA:
        print(NO_NUMBA, file=sys.stderr)
    figures = {locations: speeds(locations, given.orders, compiled=HAS_NUMBA) for locations in NETWORKS}
    wrong = missed(figures)
    if given.json:
        named = {str(count): {name: each._asdict() for name, each in rows.items()} for count, rows in figures.items()}
        print(json.dumps({"compiled": HAS_NUMBA, "us": named, "missed": wrong}, indent=2))
    else:
        print(table(figures), *wrong, sep="\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
