"""Ten years of subscriptions: every order that has to be, none extra, none missing.

`python -m bench.subscriptions --years 10 --subscriptions 10000`
"""

import argparse
import gc
import sys
import tempfile
import time
from pathlib import Path

from bench.subscriptions.verdict import judged


def main() -> int:
    """Live, count, compare, and tell."""
    parser = argparse.ArgumentParser(prog="bench.subscriptions")
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--subscriptions", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    gc.set_threshold(100_000, 50, 1_000)
    begin, begin_cpu = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory(prefix="segue-subscriptions-") as folder:
        verdict = judged(Path(folder), asked.subscriptions, asked.years, asked.seed, False, sys.stderr)
    for name, value in verdict.rows():
        sys.stdout.write(f"{name:32} {value}\n")
    spent, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
    sys.stdout.write(f"{'seconds in all':32} {spent:.0f} (CPU: {cpu:.0f})\n")
    return 0 if verdict.is_exact else 1


if __name__ == "__main__":
    sys.exit(main())
