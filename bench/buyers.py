"""Buyers: a hundred at once want ten units, and exactly ten get one, every time.

    python -m bench.buyers --rounds 1000                      PostgreSQL, twenty connections at once
    python -m bench.buyers --rounds 1000 --store sqlite       SQLite in a file, twenty threads of its owner at once
    python -m bench.buyers --rounds 1000 --store waves        SQLite in memory, many orders in each transaction

Every third buyer is a cart that reserves, every third a cart that becomes an order at once, the others are orders. The
server is a private one, started for it and gone with it, and so is the file; neither waits for the disk. Exit status 1 if
any round ends with another number than ten.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.checkouts import NOW_S, PLACES, draft, placing, rules
from segue.core.draft import Draft
from segue.core.order import Order, count_in
from segue.engine.carting import NotReserved, reserve
from segue.engine.taking import Desk
from segue.engine.wave import run_wave
from segue.ports import Batch
from segue.store.shelf import Count
from tests.store.cluster import running_cluster
from tests.store.shops import AnyShop, open_postgres_shop, open_shop, rows

BUYERS, UNITS, FOR_S = 100, 10, 900
KINDS = ("order", "cart", "cart and order")

Buyer = tuple[int, str]


class Round(NamedTuple):
    """What came of one round."""

    served: int
    counted: int  # what the counters say is allocated and reserved
    rest: int  # what is left of what was there


def bought(shop: AnyShop, sku: str, buyers: Sequence[Buyer]) -> int:
    """These buyers buy one after the other; returns how many got a unit."""
    desk = Desk(shop.store, shop.room, rules(), NOW_S, "buyer")
    served = 0
    for number, kind in buyers:
        key = f"{sku}-{number}"
        cart = key if kind != "order" else ""
        got = reserved(desk, draft(key, {sku: 1}, cart=cart)) if cart else 0
        if kind != "cart":
            wave = run_wave(shop.store, desk.rules, [placing(key, {sku: 1}, cart=cart)], Batch(NOW_S))
            got = units_of(wave.results[0].order)
        served += got
    return served


def reserved(desk: Desk, cart: Draft) -> int:
    """How many units a cart gets; none if others were quicker each time that it tried."""
    try:
        return reserve(desk, cart, FOR_S).cart.units
    except NotReserved:
        return 0


def in_waves(shop: AnyShop, sku: str, buyers: Sequence[Buyer], dice: random.Random) -> int:
    """The same through the owner's waves: carts one by one, orders many at a time."""
    served, desk = 0, Desk(shop.store, shop.room, rules(), NOW_S, "buyer")
    left = list(buyers)
    while left:
        some, left = left[: (size := dice.randint(1, 40))], left[size:]
        alone = [(number, kind) for number, kind in some if kind != "order"]
        served += bought(shop, sku, alone)
        requests = [placing(f"{sku}-{number}", {sku: 1}) for number, kind in some if kind == "order"]
        wave = run_wave(shop.store, desk.rules, requests, Batch(NOW_S))
        served += sum(units_of(result.order) for result in wave.results)
    return served


def units_of(order: Order | None) -> int:
    """How many units of an order have stock."""
    return count_in(order, "allocated", "reserved") if order else 0


def one_round(shop: AnyShop, sku: str, buy: Callable[[list[Buyer]], int], dice: random.Random) -> Round:
    """Put ten units where a hundred buyers see them, and let them buy."""
    here = dice.randint(0, UNITS)
    shop.shelf.count_stock([Count(sku, PLACES[0], here), Count(sku, PLACES[1], UNITS - here)], NOW_S)
    buyers = [(number, KINDS[number % len(KINDS)]) for number in range(BUYERS)]
    dice.shuffle(buyers)
    served = buy(buyers)
    query = f"SELECT coalesce(sum(allocated + reserved), 0), coalesce(sum(on_hand), 0) FROM stock WHERE sku = '{sku}'"
    ((counted, there),) = rows(shop, query)
    return Round(served, int(counted), int(there))


@contextmanager
def opened(store: str, connections: int, dice: random.Random) -> Iterator[Callable[[str], Round]]:
    """A way to have a round, in a store of this kind."""
    if store == "waves":
        alone = open_shop()
        yield lambda sku: one_round(alone, sku, lambda buyers: in_waves(alone, sku, buyers, dice), dice)
        alone.database.close()
        return
    with shops_in(store, connections) as shops, ThreadPoolExecutor(connections) as pool:

        def buy(sku: str, buyers: list[Buyer]) -> int:
            shares = [buyers[number::connections] for number in range(connections)]
            return sum(pool.map(lambda each: bought(each[0], sku, each[1]), zip(shops, shares, strict=True)))

        yield lambda sku: one_round(shops[0], sku, lambda buyers: buy(sku, buyers), dice)


@contextmanager
def shops_in(store: str, connections: int) -> Iterator[list[AnyShop]]:
    """One shop, as each of so many buyers has it open: in PostgreSQL by a connection each, in SQLite all by one."""
    if store == "sqlite":
        with TemporaryDirectory() as folder:
            shop = open_shop(f"{folder}/segue.db", power_cuts=False)
            yield [shop] * connections
            shop.database.close()
        return
    with running_cluster() as cluster:
        name = cluster.new_database()
        shops: list[AnyShop] = [open_postgres_shop(cluster.conninfo(name)) for _ in range(connections)]
        yield shops
        for each in shops:
            each.database.close()


def run(
    rounds: int, store: str, connections: int, seed: int, tell: Callable[[int], None] = lambda done: None
) -> list[Round]:
    """So many rounds, each with a SKU of its own."""
    dice = random.Random(seed)
    found = []
    with opened(store, connections, dice) as another:
        for number in range(rounds):
            found.append(another(f"SKU-{number}"))
            tell(number + 1)
    return found


def main() -> int:
    """Run the rounds, and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--store", choices=("postgres", "sqlite", "waves"), default="postgres")
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.perf_counter()
    found = run(given.rounds, given.store, given.connections, given.seed, _tell)
    seconds = time.perf_counter() - began
    exact = sum(each == Round(UNITS, UNITS, UNITS) for each in found)
    print(
        f"{given.store}: {given.rounds} rounds of {BUYERS} buyers on {UNITS} units in {seconds:.1f} s, "
        f"{given.rounds / seconds:.1f} a second; exactly {UNITS} in {exact} of them"
    )
    for each in [each for each in found if each != Round(UNITS, UNITS, UNITS)][:10]:
        print(f"  {each}")
    return 0 if exact == given.rounds else 1


def _tell(done: int) -> None:
    if done % 50 == 0:
        print(f"  {done:,} rounds", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
