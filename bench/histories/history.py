"""A history: some SKUs, all that happens to them, and after each thing a look whether it is as the model says."""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from bench.checkouts import NOW_S, PLACED_ONLY, PLACES, asking, rules
from bench.histories.kits import drawn_kits
from bench.histories.model import Share, entitled
from segue.core.base import Command
from segue.core.carts import Cart
from segue.core.order import Order
from segue.engine.outcomes import Request
from segue.engine.taking import Desk
from segue.engine.wave import run_wave
from segue.ports import Batch, Loaded, Needs, Store
from segue.store.shelf import Count
from tests.core.bundled import halves, in_counters
from tests.store.shops import Shop

CHANNELS = ("web", "market")
FIRM = ("released", "ready")  # a location was asked to ship these
HELD = ("reserved", "allocated", *FIRM)
RULES = rules(PLACED_ONLY)

Place = tuple[str, str]  # a SKU and a location
Work = Callable[[], None]


class Wrong(Exception):
    """What a history came to is not what the naive model says."""


class Sight(NamedTuple):
    """What orders and carts have, by SKU and location."""

    promised: Counter[Place]
    gone: Counter[Place]
    taken: dict[str, Counter[tuple[str, str]]]  # by SKU: channel and location, with what was shipped


class Interrupted:
    """A store into which others write before a batch is committed: what was decided may be stale by then."""

    def __init__(self, history: "History", store: Store) -> None:
        self.history = history
        self.store = store
        self.others: list[Work] = []  # one before each of the next commits

    def load(self, needs: Needs) -> Loaded:
        """As the store does."""
        return self.store.load(needs)

    def commit(self, batch: Batch) -> Sequence[object]:
        """The others are quicker; nobody may take more than he may promise after them."""
        if not self.others:
            return self.store.commit(batch)
        first, *rest = self.others
        self.others = []
        first()
        self.others = rest
        before = self.history.allowance()
        tasks = self.store.commit(batch)
        self.history.check_taking(before)
        return tasks

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)


class History:
    """A few SKUs, and in every second history kits that share them, which are SKUs too. An order may want several."""

    def __init__(self, shop: Shop, name: str, dice: random.Random) -> None:
        self.shop = shop
        self.name = name
        has_kits = dice.random() < 0.5
        parts = [f"{name}{letter}" for letter in "AB"[: 2 if has_kits else dice.choice((1, 1, 2))]]
        self.kits = drawn_kits(name, parts, dice) if has_kits else {}
        self.skus = [*parts, *self.kits]
        self.store = Interrupted(self, shop.store)
        self.now_s = NOW_S
        self.orders: dict[str, str] = {}  # id -> channel
        self.carts: list[str] = []
        self.sent: list[tuple[str, str, str, int]] = []  # transfers: reference, SKU, where to, units
        self.done: list[str] = []  # what happened, in sentences
        places = [(sku, at) for sku in self.skus for at in PLACES]
        self.fit = {place: dice.randint(0, 6) for place in places}  # with what has been shipped since
        self.unfit = dict.fromkeys(places, 0)  # damaged, or in quarantine
        self.safety = {place: dice.choice((0, 0, 0, 1)) for place in places}
        self.scope = {sku: dice.choice(("", "", *PLACES)) for sku in self.skus}  # of shares
        self.shares: dict[str, dict[str, Share]] = {sku: {} for sku in self.skus}
        shop.shelf.count_stock([Count(*at, self.fit[at], self.safety[at]) for at in places], NOW_S)
        self.say(f"there are {self.fit}, safety {self.safety}")

    @property
    def desk(self) -> Desk:
        """What carts, counts and shares are made with."""
        return Desk(self.store, self.shop.room, RULES, self.now_s, "bench")  # type: ignore[arg-type]

    def say(self, sentence: str) -> None:
        """Note what happens."""
        self.done.append(sentence)

    def ask(self, *commands: tuple[str, Command]) -> None:
        """Ask this of orders, in one wave."""
        self.run([asking(order, command) for order, command in commands])

    def run(self, requests: Sequence[Request]) -> None:
        """Run a wave. Raises Wrong if something is put out of it: nothing of this is a mistake of anybody's."""
        wave = run_wave(self.store, RULES, requests, Batch(self.now_s))  # type: ignore[arg-type]
        for result in wave.results:
            if result.put_out:
                raise Wrong(f"{result.request.order}: {result.refused}")

    def known(self, stock: bool = False) -> Loaded:
        """The orders and the carts as they are stored; what is free too, if it is asked for."""
        skus = frozenset(self.skus if stock else ())
        return self.shop.store.load(
            Needs(orders=frozenset(self.orders), carts=frozenset(self.carts), stock=skus, now_s=self.now_s)
        )

    def live(self, loaded: Loaded) -> dict[str, Cart]:
        """The carts whose time is not over."""
        return {key: cart for key, cart in loaded.carts.items() if cart and cart.expires_at_s > self.now_s}

    def look(self, loaded: Loaded | None = None) -> Sight:
        """What orders and carts have by now."""
        loaded = loaded or self.known()
        sight = Sight(Counter(), Counter(), {sku: Counter() for sku in self.skus})
        for order in loaded.orders.values():
            if order is not None:
                _add(sight, order)
        for cart in self.live(loaded).values():
            for held in cart.held:
                sight.promised[held.sku, held.location] += held.units
                sight.taken[held.sku][cart.channel, held.location] += held.units
        return sight

    def check(self) -> None:
        """No more is promised than there is, and each channel is told what it may promise. Raises Wrong."""
        loaded = self.known(stock=True)
        for order in filter(None, loaded.orders.values()):
            if half := halves(order):
                raise Wrong(f"half a kit: {half[0]}")
        sight = self.look(loaded)
        facts = RULES.facts()
        for sku, stock in loaded.stock.items():
            facts.learn_stock(sku, stock)
        for sku, fences in loaded.fences.items():
            facts.learn_fences(sku, fences)
        for sku in self.skus:
            free = self.free(sku, sight)
            if min(free.values()) < 0:
                raise Wrong(f"oversold: of {sku} {free} are free")
            for channel in CHANNELS:
                said = sum(facts.free(frozenset((sku,)), channel)[sku].values())
                naive = entitled(free, sight.taken[sku], self.shares[sku], self.scope[sku], channel)
                if said != naive:
                    raise Wrong(f"of {sku} {channel} may promise {naive}, and is told {said}; free {free}")

    def free(self, sku: str, sight: Sight) -> dict[str, int]:
        """What nobody has, by location."""
        there = {at: self.fit[sku, at] - sight.gone[sku, at] - self.safety[sku, at] for at in PLACES}
        return {at: max(units, 0) - sight.promised[sku, at] for at, units in there.items()}

    def allowance(self) -> tuple[Sight, dict[Place, int]]:
        """What each channel has, and what it may take of each SKU now."""
        sight = self.look()
        return sight, {
            (sku, name): entitled(self.free(sku, sight), sight.taken[sku], self.shares[sku], self.scope[sku], name)
            for sku in self.skus
            for name in CHANNELS
        }

    def check_taking(self, before: tuple[Sight, Mapping[Place, int]]) -> None:
        """Where nobody has given back, nobody took more than he was allowed. Raises Wrong."""
        sight, allowed = before
        now = self.look()
        for sku in self.skus:
            more = {name: _of(now.taken[sku], name) - _of(sight.taken[sku], name) for name in CHANNELS}
            if min(more.values()) >= 0 and any(units > allowed[sku, name] for name, units in more.items()):
                raise Wrong(f"of {sku} {more} were taken where {allowed} were to be had")


def _add(sight: Sight, order: Order) -> None:
    """What an order has, and what has left for it."""
    inside, left = in_counters(order, HELD), in_counters(order, ("shipped",))
    for sku, place in {*inside, *left}:
        here, gone = inside[sku, place], left[sku, place]
        sight.promised[sku, place] += here
        sight.gone[sku, place] += gone
        sight.taken[sku][order.channel, place] += here + gone


def _of(taken: Counter[tuple[str, str]], channel: str) -> int:
    return sum(units for (name, _), units in taken.items() if name == channel)
