"""Histories: orders, carts, counts and shares of one SKU in a random order, against what a naive model says.

    python -m bench.histories --cases 100000

After each thing that happens: no location has promised more than it has; and each channel may promise just what the model
says. Every few operations another writer gets in between: what was decided is stale when it is to be written. At the end
of each shop the audit looks at all of its counters.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable

from bench.checkouts import PLACED_ONLY
from bench.histories.model import History, Oversold
from bench.histories.operations import ALL, WRITERS
from segue.store.audit import Terms, audit
from segue.store.audit_stock import RULES
from tests.store.shops import open_shop

SHOP_OF = 1_000  # histories in one database
STOCK_RULES = {rule.id for rule in RULES}


def run(cases: int, seed: int, tell: Callable[[int], None] = lambda done: None) -> Counter[str]:
    """So many histories; returns how often each operation was made. Raises Oversold."""
    made: Counter[str] = Counter()
    for first in range(0, cases, SHOP_OF):
        shop = open_shop()
        for number in range(first, min(cases, first + SHOP_OF)):
            history = History(shop, number, random.Random(f"{seed} {number}"))
            history.run(ALL, WRITERS)
            made.update(history.done)
        found = audit(shop.database.reader(), terms=Terms({PLACED_ONLY.version: ""}))
        if wrong := [each for each in found if each.id in STOCK_RULES]:
            raise Oversold(f"the audit: {wrong[:3]}")
        shop.database.close()
        tell(min(cases, first + SHOP_OF))
    return made


def main() -> int:
    """Run the histories, and print what was made of what."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.perf_counter()
    made = run(given.cases, given.seed, lambda done: print(f"  {done:,} histories", file=sys.stderr))
    print(f"{given.cases:,} histories, {sum(made.values()):,} operations: {dict(sorted(made.items()))}")
    print(f"0 oversold, in {time.perf_counter() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
