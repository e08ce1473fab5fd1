"""Promises: microseconds for a cart of three lines, from where and when, by the product's own code, in plain Python.

    python -m bench.promise [--carts 300] [--json]

The facts are loaded: what is measured is the decision, for a cart that one place has all of, for one that has to be split,
and for one that waits for supply. Each cart is promised several times, and the best counts: what is slower was disturbed.
Exit status 1 if the median of the first misses its goal.
"""

import argparse
import json
import random
import statistics
import sys
import time
from typing import NamedTuple

from segue.core.calendar import Calendar, Hours, Timing, Transit
from segue.core.context import Context
from segue.core.draft import Destination, Draft, DraftLine
from segue.core.facts import Facts, Item, Location
from segue.core.order import Order
from segue.core.promise import Promise, cart_order, promise
from segue.core.queue import Queue
from segue.core.timetable import Timetables
from segue.core.workflow import Workflow
from segue.loader.time_zones import expanded
from segue.scenario.setting import prebuilt_workflow

NETWORKS = (10, 50, 500)
GOAL_US = 400
RUNS = 5
SKUS, LINES = 300, 3
STOCKED = 0.6  # of the places have a SKU
HOUR_S, DAY_S = 3_600, 86_400
NOW_S = 1_795_446_000
ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")
OFFICE = Calendar((Hours(8 * HOUR_S, 18 * HOUR_S, 14 * HOUR_S, 17 * HOUR_S),) * 5 + (None, None))
CARRIER = Calendar((Hours(8 * HOUR_S, 20 * HOUR_S, 20 * HOUR_S, 20 * HOUR_S),) * 6 + (None,))
COMING = 100  # SKUs that nobody has, and that are on their way
CARTS = {"from one place": (0, 1), "split": (0, 4), "waits for supply": (SKUS, 2)}  # first SKU, units of each line


class Taken(NamedTuple):
    """Microseconds a promise."""

    median: float
    p99: float


def network(count: int, seed: int = 1) -> Facts:
    """A shop of so many places, with calendars in four time zones, stock, and supply on its way."""
    dice = random.Random(seed)
    timing = Timing(
        ZONES[0],
        {"office": OFFICE, "carrier": CARRIER},
        {name: expanded(name) for name in ZONES},
        {"standard": Transit({"US": (2, 4), "US 787": (1, 2)}, calendar="carrier")},
    )
    places = {}
    for number in range(count):
        id, kind = f"L{number:03}", "warehouse" if number % 4 == 0 else "store"
        north, east = dice.uniform(30, 48), dice.uniform(-120, -75)
        zone, days = dice.choice(ZONES), number % 2
        places[id] = Location(id, kind, "US", north, east, time_zone=zone, calendar="office", handling_days=days)
    facts = Facts(places, frozenset(("standard",)), timetables=Timetables(timing))
    for number in range(SKUS + COMING):
        sku, stocked = str(number), STOCKED if number < SKUS else 0
        facts.learn_stock(sku, {id: dice.randint(1, 3) for id in places if dice.random() < stocked})
        facts.items[sku] = Item(sku, weight_g=dice.randint(100, 3_000))
        facts.apart[sku], facts.queues[sku] = {}, Queue()
        facts.arriving[sku] = tuple(
            (NOW_S + day * DAY_S, dice.choice(list(places)), 2_000, f"PO-{day}") for day in (3, 10, 20)
        )
    return facts


def cart(number: int, first: int, units: int, flow: Workflow) -> Order:
    """The order that a cart would become, of SKUs from a first one on."""
    skus = [str(first + (number * 7 + line * 31) % (COMING if first else SKUS)) for line in range(LINES)]
    lines = tuple(DraftLine(sku, units, 1_000) for sku in skus)
    to = Destination("US", "TX", 30.3, -97.7, postcode_area="787")
    draft = Draft("web", "cart", NOW_S, "USD", lines, 3_000 * units, ship_to=to, ship_method="standard")
    return cart_order(draft, flow)


def best_us(order: Order, context: Context) -> float:
    """The best of several runs."""
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter_ns()
        promise(order, context)
        taken.append(time.perf_counter_ns() - began)
    return min(taken) / 1_000


def is_so(made: Promise, kind: str) -> bool:
    """Whether a promise is of the kind that is measured."""
    waits = any(source.supplies for source in made.sources)
    return waits if kind == "waits for supply" else not waits and (len(made.sources) == 1) == (kind == "from one place")


def measured(facts: Facts, carts: int) -> dict[str, Taken]:
    """Each kind of cart by itself; those that turn out to be of another kind are left out."""
    flow = prebuilt_workflow("standard")
    context = Context(NOW_S, flow, facts, explains=False)
    found = {}
    for kind, chosen in CARTS.items():
        orders = [order for n in range(carts) if is_so(promise(order := cart(n, *chosen, flow), context), kind)]
        if orders:
            times = sorted(best_us(order, context) for order in orders)
            found[kind] = Taken(round(statistics.median(times), 1), round(times[int(len(times) * 0.99)], 1))
    return found


def main() -> int:
    """Measure, and say what missed its goal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--carts", type=int, default=300)
    parser.add_argument("--json", action="store_true", help="one object instead of a table")
    given = parser.parse_args()
    figures = {count: measured(network(count), given.carts) for count in NETWORKS}
    first = next(iter(CARTS))
    missed = [count for count, kinds in figures.items() if first in kinds and kinds[first].median > GOAL_US]
    if given.json:
        named = {str(count): {kind: each._asdict() for kind, each in kinds.items()} for count, kinds in figures.items()}
        print(json.dumps({"us": named, "missed": missed}, indent=2))
    else:
        print(f"{'us a promise: median, p99':28}" + "".join(f"{count:>10} locations" for count in figures))
        for kind in CARTS:
            cells = [
                f"{kinds[kind].median:11.1f}{kinds[kind].p99:9.1f}" if kind in kinds else " " * 20
                for kinds in figures.values()
            ]
            print(f"{kind:28}" + "".join(cells))
        for count in missed:
            print(f"at {count} locations the median misses its goal of {GOAL_US} us")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
