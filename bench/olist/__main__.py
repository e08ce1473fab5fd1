"""A backtest on Olist's real orders: from where they were really sent, and from where they could have been.

    python -m bench.olist [--data ../shared/data/olist] [--from 2017-09] [--months 6] [--limit 0] [--json]

A row for each way of routing: cost by the rate card, what it saves on `exact`, how much of what hindsight could save,
kilometres, parcels, seconds. Orders before `--from` are what rates and forecasts are learned from. Exit status 1 if
look-ahead misses its goals. What is real and what is assumed stands in docs/reference/olist-backtest.md.
"""

import argparse
import json
import sys
from pathlib import Path

from bench.olist.backtest import Figures, backtest
from bench.olist.sales import read
from bench.olist.world import world

MONTHS = 6
GOAL_SAVED = 0.01  # look-ahead below exact
GOAL_CLOSED = 0.35  # of what hindsight could save on exact
HEAD = f"{'':28}{'cost R$':>10}{'an order':>10}{'below exact':>13}{'gap closed':>12}{'km/parcel':>11}{'parcels':>9}{'s':>8}"


def row(figures: Figures, exact: int, bound: int) -> str:
    """A line of the table."""
    saved, closed = figures.below(exact), figures.closed(exact, bound)
    road = f"{figures.km / figures.parcels:>11.0f}{figures.parcels:>9}" if figures.parcels else f"{'':20}"
    return (
        f"{figures.name:28}{figures.mills / 1e5:>10.0f}{figures.mills / 1e5 / figures.orders:>10.2f}"
        f"{saved:>13.2%}{closed:>12.1%}{road}{figures.seconds:>8.1f}"
    )


def missed(ahead: Figures, exact: int, bound: int) -> list[str]:
    """The goals that were not met."""
    found = []
    if ahead.below(exact) < GOAL_SAVED:
        found.append(f"look-ahead is {ahead.below(exact):.2%} below exact; goal {GOAL_SAVED:.0%}")
    if ahead.closed(exact, bound) < GOAL_CLOSED:
        found.append(
            f"look-ahead closes {ahead.closed(exact, bound):.1%} of the gap to hindsight; goal {GOAL_CLOSED:.0%}"
        )
    return found


def main() -> int:
    """Play, print, and say which goals are missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/olist"))
    parser.add_argument("--from", dest="first", default="2017-09", help="the first month that is played")
    parser.add_argument("--months", type=int, default=MONTHS, help="what one stocking lasts for")
    parser.add_argument("--limit", type=int, default=0, help="only the first so many orders of each stocking")
    parser.add_argument("--json", action="store_true", help="one object instead of a table")
    given = parser.parse_args()
    sales = read(given.data)
    made = world(sales.sales, [sale for sale in sales.sales if sale.month < given.first])
    found = backtest(made, given.first, given.months, given.limit)
    exact, bound = found["exact"].mills, found["hindsight, bound"].mills
    wrong = missed(found["look-ahead"], exact, bound)
    if given.json:
        rows = {name: figures._asdict() for name, figures in found.items()}
        print(json.dumps({"routes": rows, "left_out": sales.left_out, "missed": wrong}, indent=2))
        return int(bool(wrong))
    played = found["exact"].orders
    print(
        f"{played} orders from {given.first} on; {len(made.places)} places, {len(made.skus)} SKUs; left out: ", end=""
    )
    print("; ".join(f"{count} ({why})" for why, count in sales.left_out.items()))
    print(
        f"rates learned from {made.rates.parcels} earlier parcels, off by R$ {made.rates.off_minor / 100:.2f} (median);"
    )
    print(f"freight that was really paid for the orders played: R$ {found['as it was'].paid_minor / 100:.0f}")
    print(HEAD, *(row(figures, exact, bound) for figures in found.values()), *wrong, sep="\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
