"""A backtest on Olist's real orders: from where they were really sent, and from where they could have been.

    python -m bench.olist [--data ../shared/data/olist] [--from 2017-09] [--months 6] [--json]
    python -m bench.olist --choose          # look-ahead's settings, tried on the months before --from

A row for each way of routing: cost by the rate card, what it saves on `exact`, how much of what hindsight could save,
kilometres, parcels, seconds. Orders before `--from` are what rates, forecasts and settings come from. Exit status 1 if
look-ahead misses its goals. What is real and what is assumed stands in docs/reference/olist-backtest.md.
"""

import argparse
import json
import sys
from pathlib import Path

from bench.olist.backtest import Figures, backtest
from bench.olist.choose import best, first_of, tried
from bench.olist.forecast import Settings
from bench.olist.sales import Sales, read
from bench.olist.world import USUAL, Alike, World, world
from segue.planning.compiled import HAS_NUMBA

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


def heading(given: argparse.Namespace, sales: Sales, made: World, played: int, paid_minor: int) -> str:
    """What was played, and what is assumed."""
    left_out = "; ".join(f"{count} ({why})" for why, count in sales.left_out.items())
    grams = "".join(f", those above {limit} g among themselves" for limit in given.bands)
    by = "" if HAS_NUMBA else "\nwithout numba: by numpy and HiGHS, the same plans in more seconds"
    return (
        f"{played} orders from {given.first} on; {len(made.places)} places, {len(made.skus)} SKUs; left out: {left_out}"
        f"\nstock is assumed, as the data have none: at the start of each stocking there lies in each place just"
        f" what was really sent from it until the next; months that a stocking lasts: {given.months}"
        f"\nSKUs and places are assumed: a category's goods take each other's place{grams}; sellers whose postcodes begin"
        f" with the same {given.digits} digits are one place"
        f"\nlook-ahead knows earlier months only; its settings: {told(Settings())}"
        f"\nrates learned from {made.rates.parcels} earlier parcels, off by R$ {made.rates.off_minor / 100:.2f} (median);"
        f" freight really paid for the orders played: R$ {paid_minor / 100:.0f}{by}\n"
    )


def told(settings: Settings) -> str:
    """Settings in a line."""
    return ", ".join(f"{name} {value:g}" for name, value in settings._asdict().items())


def choose(given: argparse.Namespace, sales: Sales, alike: Alike) -> int:
    """Try settings, and say which is best; exit status 1 if it is not the one in use."""
    began = first_of(sales.sales, given.first, given.months)
    print(
        f"look-ahead below exact, {began} to before {given.first}, learned from what came before; mean, then each draw"
    )
    found = []
    for each in tried(sales.sales, given.first, given.months, given.limit, alike):
        found.append(each)
        print(f"{told(each.settings):52}{each.mean:8.2%}  ", *(f"{below:7.2%}" for below in each.below), flush=True)
    chosen = best(found)
    print(f"best: {told(chosen)}" + ("" if chosen == Settings() else f"; in use: {told(Settings())}"))
    return int(chosen != Settings())


def play(given: argparse.Namespace, sales: Sales, alike: Alike) -> int:
    """Play, print, and say which goals are missed."""
    made = world(sales.sales, [sale for sale in sales.sales if sale.month < given.first], alike)
    found = backtest(made, given.first, given.months, given.limit)
    exact, bound = found["exact"], found["hindsight, bound"].mills
    wrong = missed(found["look-ahead"], exact.mills, bound)
    if given.json:
        rows = {name: figures._asdict() for name, figures in found.items()}
        print(json.dumps({"routes": rows, "left_out": sales.left_out, "missed": wrong}, indent=2))
    else:
        print(heading(given, sales, made, exact.orders, found["as it was"].paid_minor))
        print(HEAD, *(row(figures, exact.mills, bound) for figures in found.values()), *wrong, sep="\n")
    return int(bool(wrong))


def main() -> int:
    """Play, or choose."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/olist"))
    parser.add_argument("--from", dest="first", default="2017-09", help="the first month that is played")
    parser.add_argument("--months", type=int, default=MONTHS, help="what one stocking lasts for")
    parser.add_argument("--limit", type=int, default=0, help="only the first so many orders of each stocking")
    parser.add_argument("--digits", type=int, default=USUAL.digits, help="of postcodes that make sellers one place")
    parser.add_argument(
        "--bands", type=int, nargs="*", default=USUAL.bands_g, help="grams that part a category's goods"
    )
    parser.add_argument("--choose", action="store_true", help="try look-ahead's settings on the months before --from")
    parser.add_argument("--json", action="store_true", help="one object instead of a table")
    given = parser.parse_args()
    alike = Alike(given.digits, tuple(given.bands))
    return (choose if given.choose else play)(given, read(given.data), alike)


if __name__ == "__main__":
    sys.exit(main())
