"""The naive model: what a SKU's orders, carts and shares come to, by counting; and how it is compared with what is said."""

import random
from collections import Counter
from collections.abc import Callable, Sequence

from bench.checkouts import NOW_S, PLACED_ONLY, PLACES, asking, rules
from segue.core.base import Command
from segue.core.carts import Cart
from segue.core.order import Order, units_in
from segue.core.tally import common, size
from segue.engine.taking import Desk
from segue.engine.wave import run_wave
from segue.ports import Batch, Loaded, Needs, Store
from segue.store.shelf import Count
from tests.store.shops import Shop

CHANNELS = ("web", "market")
OPERATIONS = 14  # of one history
FIRM = ("released", "ready")
HELD = ("reserved", "allocated", *FIRM)
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

    def run(self, operations: Sequence[Operation], writers: Sequence[Operation]) -> None:
        """Let things happen, and look after each. Raises Oversold."""
        for _ in range(OPERATIONS):
            operation = self.dice.choice(operations)
            if self.dice.random() < 0.3:
                self.store.other = lambda: self.dice.choice(writers)(self)
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
