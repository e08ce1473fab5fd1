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
from collections.abc import Callable, Sequence

from bench.checkouts import NOW_S, PLACED_ONLY, PLACES, asking, draft, placing, rules
from segue.core.allocate import Allocate, Deallocate, Reserve
from segue.core.base import Command
from segue.core.cancel import Cancel
from segue.core.carts import Cart
from segue.core.fences import Fence
from segue.core.fulfill import RecordReject, RecordShipment, RecordShortPick, Release
from segue.core.order import Order, units_in
from segue.core.tally import Units, common, size
from segue.engine.carting import NotReserved, extend, fence, release, reserve
from segue.engine.stocktaking import count
from segue.engine.taking import Desk
from segue.engine.wave import run_wave
from segue.ports import Batch, Loaded, Needs, Store
from segue.store.audit import Terms, audit
from segue.store.audit_stock import RULES
from segue.store.shelf import Count
from tests.store.shops import Shop, open_shop

CHANNELS = ("web", "market")
OPERATIONS = 14  # of one history
SHOP_OF = 1_000  # histories in one database
FIRM = ("released", "ready")
HELD = ("reserved", "allocated", *FIRM)
STOCK_RULES = {rule.id for rule in RULES}
Operation = Callable[["History"], None]


class Oversold(Exception):
    """What a history came to is not what the naive model says."""


class Interrupted:
    """A store into which another writer writes before the next batch is committed."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.other: Callable[[], None] | None = None

    def load(self, needs: Needs) -> Loaded:
        """As the store does."""
        return self.store.load(needs)

    def commit(self, batch: Batch) -> Sequence[object]:
        """The other writer is quicker."""
        other, self.other = self.other, None
        if other:
            other()
        return self.store.commit(batch)

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)


class History:
    """One SKU, and all that happens to it."""

    def __init__(self, shop: Shop, number: int, dice: random.Random) -> None:
        self.shop = shop
        self.sku = f"S{number}"
        self.dice = dice
        self.store = Interrupted(shop.store)
        self.now_s = NOW_S
        self.orders: dict[str, str] = {}  # id -> channel
        self.carts: list[str] = []
        self.done: list[str] = []
        self.fit = {place: dice.randint(0, 8) for place in PLACES}
        self.safety = {place: dice.choice((0, 0, 1)) for place in PLACES}
        shop.shelf.count_stock([Count(self.sku, at, self.fit[at], self.safety[at]) for at in PLACES], NOW_S)
        self.shares: dict[str, tuple[int, int, int]] = {}  # channel -> units, safety, what it had taken before

    @property
    def desk(self) -> Desk:
        """What carts and counts are made with."""
        return Desk(self.store, self.shop.room, rules(PLACED_ONLY), self.now_s, "bench")  # type: ignore[arg-type]

    def run(self) -> None:
        """Let things happen, and look after each. Raises Oversold."""
        for _ in range(OPERATIONS):
            operation = self.dice.choice(ALL)
            if self.dice.random() < 0.3:
                self.store.other = lambda: self.dice.choice(WRITERS)(self)
            self.done.append(operation.__name__)
            operation(self)
            self.store.other = None
            self.check()

    def ask(self, *commands: tuple[str, Command]) -> None:
        """Ask this of orders, in one wave."""
        requests = [asking(order, command) for order, command in commands]
        run_wave(self.store, rules(PLACED_ONLY), requests, Batch(self.now_s))  # type: ignore[arg-type]

    def known(self) -> tuple[dict[str, Order], dict[str, Cart]]:
        """The orders, and the carts whose time is not over."""
        found = self.shop.store.load(Needs(orders=frozenset(self.orders), carts=frozenset(self.carts)))
        live = {key: cart for key, cart in found.carts.items() if cart and cart.expires_at_s > self.now_s}
        return {key: order for key, order in found.orders.items() if order}, live

    def check(self) -> None:
        """No more is promised than there is, and what is said to be free is."""
        orders, carts = self.known()
        promised = dict.fromkeys(PLACES, 0)
        taken = dict.fromkeys(CHANNELS, 0)
        for order in orders.values():
            for place, units in held(order, HELD).items():
                promised[place] += units
                taken[order.channel] += units
            taken[order.channel] += shipped(order)
        for cart in carts.values():
            taken[cart.channel] += cart.units
            for each in cart.held:
                promised[each.location] += each.units
        free = {place: max(self.fit[place] - self.safety[place], 0) - promised[place] for place in PLACES}
        if min(free.values()) < 0:
            raise Oversold(f"{self.told()}: of {self.fit} (safety {self.safety}) {promised} are promised")
        for channel in CHANNELS:
            said, naive = self.said(channel), self.naive(sum(free.values()), taken, channel)
            if said != naive:
                raise Oversold(f"{self.told()}: {channel} may promise {naive}, and is told {said}; free {free}")

    def said(self, channel: str) -> int:
        """What decisions of a channel are told is free."""
        facts = rules(PLACED_ONLY).facts()
        loaded = self.shop.store.load(Needs(stock=frozenset((self.sku,)), now_s=self.now_s))
        facts.learn_stock(self.sku, loaded.stock[self.sku])
        for sku, fences in loaded.fences.items():
            facts.learn_fences(sku, fences)
        return sum(facts.free(frozenset((self.sku,)), channel)[self.sku].values())

    def naive(self, free: int, taken: dict[str, int], channel: str) -> int:
        """The same, by counting: what is free, less what others' shares still keep from it."""
        if not self.shares:
            return free
        rest = {
            name: max(0, units - (taken[name] - before)) if units else 0
            for name, (units, _, before) in self.shares.items()
        }
        common = max(0, free - sum(rest.values()))
        own = rest.get(channel, 0)
        safety = self.shares[channel][1] if channel in self.shares else 0
        return max(0, min(free, own + common) - safety)

    def taken_by(self, channel: str) -> int:
        """What a channel has taken so far."""
        orders, carts = self.known()
        mine = [order for order in orders.values() if order.channel == channel]
        carted = sum(cart.units for cart in carts.values() if cart.channel == channel)
        return carted + sum(shipped(order) + sum(held(order, HELD).values()) for order in mine)

    def look_up_fit(self) -> None:
        """What locations say that they could not find is gone: the model has no opinion of its own on that."""
        keys = [(self.sku, place) for place in PLACES]
        for (_, place), known in self.shop.room.standing(keys, self.now_s).items():
            if known.counter.fit > self.fit[place]:
                raise Oversold(f"{self.told()}: {known.counter.fit} at {place} are more than {self.fit[place]}")
            self.fit[place] = known.counter.fit

    def told(self) -> str:
        """What has happened."""
        return f"{self.sku}: {', '.join(self.done)}"


def held(order: Order, states: tuple[str, ...]) -> Counter[str]:
    """How many units of an order are in these states, by location."""
    found: Counter[str] = Counter()
    inside = units_in(order, *states)
    for each in order.fulfillments.values():
        for line, units in each.units.items():
            found[each.location] += size(common(units, inside.get(line, ())))
    return found


def shipped(order: Order) -> int:
    """How many units of an order have left."""
    return sum(map(size, units_in(order, "shipped").values()))


def place(history: History) -> None:
    """An order comes in; perhaps it names a cart, whose it is or not."""
    name = f"{history.sku}-{len(history.orders)}"
    cart = history.dice.choice([*history.carts, ""]) if history.carts else ""
    channel = history.dice.choice(CHANNELS)
    history.orders[name] = channel
    request = placing(name, {history.sku: history.dice.randint(1, 5)}, channel, cart)
    run_wave(history.store, rules(PLACED_ONLY), [request], Batch(history.now_s))  # type: ignore[arg-type]


def allocate(history: History) -> None:
    """Some orders ask for stock, in one wave."""
    asked = history.dice.sample(sorted(history.orders), min(3, len(history.orders)))
    history.ask(*((name, history.dice.choice((Allocate(), Reserve()))) for name in asked))


def let_go(history: History) -> None:
    """An order is canceled, in part or as a whole; or gives its stock back."""
    one(history, lambda _: history.dice.choice((Cancel(line=1, quantity=1), Cancel(), Deallocate())))


def to_warehouse(history: History) -> None:
    """A location is asked to ship."""
    one(history, lambda _: Release())


def ship(history: History) -> None:
    """A location ships what it was asked to, or one unit of it."""
    _at_location(history, lambda name, units: RecordShipment(name, f"{history.now_s}-{len(history.done)}", units))


def miss(history: History) -> None:
    """A location does not find a unit, or will not do any of it."""
    reject = history.dice.random() < 0.4
    _at_location(history, lambda name, units: RecordReject(name, "busy") if reject else RecordShortPick(name, units))
    history.look_up_fit()


def _at_location(history: History, command: Callable[[str, dict[int, Units]], Command]) -> None:
    orders, _ = history.known()
    for name, order in orders.items():
        inside = units_in(order, *FIRM)
        for fulfillment, each in order.fulfillments.items():
            units = {line: here for line, all in each.units.items() if (here := common(all, inside.get(line, ())))}
            if units:
                asked = command(fulfillment, units)
                history.ask((name, asked))
                history.fit[each.location] -= shipped(history.known()[0][name]) - shipped(order)
                return


def one(history: History, command: Callable[[str], Command]) -> None:
    """Ask something of an order."""
    if history.orders:
        name = history.dice.choice(sorted(history.orders))
        history.ask((name, command(name)))


def put_in_cart(history: History) -> None:
    """A cart is reserved; perhaps one that has something already."""
    if not history.carts or history.dice.random() < 0.6:
        history.carts.append(f"{history.sku}-C{len(history.carts)}")
    key = history.dice.choice(history.carts)
    channel = CHANNELS[history.carts.index(key) % len(CHANNELS)]
    cart = draft(key, {history.sku: history.dice.randint(1, 6)}, channel, key)
    reserve(history.desk, cart, history.dice.choice((60, 600)))


def change_cart(history: History) -> None:
    """A cart is extended, or let go, if it still has something."""
    if history.carts:
        key = history.dice.choice(history.carts)
        try:
            if history.dice.random() < 0.5:
                extend(history.desk, key, 300)
            else:
                release(history.desk, key)
        except NotReserved:
            assert key not in history.known()[1], key


def wait(history: History) -> None:
    """Time goes by: some carts are over."""
    history.now_s += history.dice.choice((1, 59, 60, 600))


def recount(history: History) -> None:
    """A location counts, and finds fewer or more. What it was asked to ship stays its own to answer for."""
    place, units = history.dice.choice(PLACES), history.dice.randint(0, 9)
    count(history.desk, (history.sku, place), units)
    orders, _ = history.known()
    firm = sum(held(order, FIRM)[place] for order in orders.values())
    least = firm + history.safety[place] if firm else 0
    history.fit[place] = max(units, min(history.fit[place], least))


def share(history: History) -> None:
    """A channel is given a share, or another one."""
    channel, units = history.dice.choice(CHANNELS), history.dice.randint(0, 5)
    safety, known = history.dice.choice((0, 1)), history.shares.get(channel)
    fence(history.desk, history.sku, [Fence("", channel, units, safety=safety)])
    history.shares[channel] = (units, safety, known[2] if known else history.taken_by(channel))


WRITERS: tuple[Operation, ...] = (place, allocate, let_go, put_in_cart)  # who may get in between
ALL: tuple[Operation, ...] = (
    place, place, allocate, allocate, let_go, to_warehouse, ship, miss, put_in_cart, put_in_cart, change_cart, wait,
    recount, share,
)  # fmt: skip


def run(cases: int, seed: int, tell: Callable[[int], None] = lambda done: None) -> Counter[str]:
    """So many histories; returns how often each operation was made. Raises Oversold."""
    made: Counter[str] = Counter()
    for first in range(0, cases, SHOP_OF):
        shop = open_shop()
        for number in range(first, min(cases, first + SHOP_OF)):
            history = History(shop, number, random.Random(f"{seed} {number}"))
            history.run()
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
