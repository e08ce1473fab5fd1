"""Facts: all that a step may look at beyond the order itself. A fact that is missing is asked for with NeedFacts."""

from collections.abc import Iterable, Mapping

from msgspec import json

from segue.core.base import NeedFacts, Value, missing_of
from segue.core.bundles import Recipes
from segue.core.calendar import DAY_S, Clock, Zone, ahead_s
from segue.core.carts import Cart
from segue.core.days import Capacity, Closure, Load, LoadChange, plus
from segue.core.fences import TAKEN_BEFORE, Fence, promisable, taken_more
from segue.core.means import Means
from segue.core.opportunity import Prices
from segue.core.past import Past, latest_with
from segue.core.price_list import PriceList
from segue.core.promotion import CouponUse
from segue.core.queue import Queue
from segue.core.rates import RateAnswer
from segue.core.supply import Inbound, KeptApart, Presale, Turns
from segue.core.taxes import TaxAnswer, TaxRequest
from segue.core.timetable import NO_TIMETABLES, Timetables
from segue.core.waves import Proposal


class Item(Value):
    """A catalog entry."""

    sku: str
    title: str = ""
    price_minor: int | None = None
    weight_g: int = 0
    tags: tuple[str, ...] = ()
    tax_class: str = ""  # none: standard
    needs: tuple[str, ...] = ()  # what a location has to be capable of: hazmat
    weekly_units: int = 0  # how many a location sells in a week
    volume_cm3: int = 0
    substitutes: tuple[str, ...] = ()  # the SKUs that may take its place, the best first
    street_date: str = ""  # the day before which none may leave: 2026-12-04
    backorder: bool = True  # or it is never sold beyond what is there
    kind: str = ""  # digital, gift_card: it is delivered by a message; none: it is goods of a location


class Location(Value):
    """A warehouse or a store."""

    id: str
    kind: str = "warehouse"  # or store, or supplier
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    ships_to: tuple[str, ...] = ()  # countries; none named: all
    active: bool = True
    name: str = ""
    group: str = ""  # locations of one kind of the shop's own: north, outlets
    capabilities: tuple[str, ...] = ()  # what it can do: hazmat, gift_wrap
    capacity: Capacity | None = None
    marked_down: tuple[str, ...] = ()  # tags of goods that it sells below their price
    day_starts_s: int = 0  # the second of a day, by its own clock, at which its own day begins
    time_zone: str = ""  # IANA; none: the shop's
    calendar: str = ""  # the name of the one that it keeps; none: it works around the clock
    handling_days: int = 0  # working days from when an order is begun to when it leaves
    handling_s: int = 0  # and working time
    zone: Zone | None = None  # its time zone, where its days are counted; none: UTC

    def day_of(self, at_s: int) -> int:
        """The number of the location's day in which this instant lies, by the clock on its wall."""
        return (at_s + (ahead_s(self.zone, at_s) if self.zone else 0) - self.day_starts_s) // DAY_S

    def begins(self, day: int) -> int:
        """The instant at which a day of the location begins."""
        wall_s = day * DAY_S + self.day_starts_s
        return Clock(self.zone).utc(wall_s) if self.zone else wall_s


Stock = dict[str, int]  # location -> units that are free to promise
Apart = dict[str, KeptApart]  # by location


class StockMove(Value):
    """A change of what a location has of a SKU. Kept for ever; the counters are the sum of their moves."""

    sku: str
    location: str
    on_hand: int  # units added, or taken away
    allocated: int
    reason: str
    reserved: int = 0  # for carts
    damaged: int = 0  # of those on hand
    quarantined: int = 0  # of those on hand
    in_transit: int = 0  # on their way to the location

    @property
    def drawn(self) -> int:
        """How many units its channel has taken of its share by it. What is shipped was taken before."""
        return 0 if self.reason in TAKEN_BEFORE else self.allocated + self.reserved

    @property
    def freed(self) -> int:
        """How many units more are free to promise after it, as long as more is there than the safety stock."""
        return self.on_hand - self.allocated - self.reserved - self.damaged - self.quarantined


class Facts:
    """What was loaded. Stock and history advance from step to step, so that a wave equals its orders one by one."""

    __slots__ = (
        "apart", "arriving", "carts", "closed", "counted", "counts_sales", "days", "drawn", "fences", "fresh_at", "items",
        "loaded", "locations", "means", "methods", "moved", "moved_at", "now_s", "only_in", "opportunity",
        "past", "presales", "price_list", "prices", "proposals", "purchases", "queues", "quotes", "recipes",
        "resold", "selling", "stock", "taxes", "timetables", "turns", "uses",
    )  # fmt: skip

    def __init__(
        self,
        locations: dict[str, Location] | None = None,
        methods: frozenset[str] = frozenset(),
        means: Mapping[str, Means] | None = None,
        price_list: PriceList | None = None,
        timetables: Timetables | None = None,
    ) -> None:
        self.locations, self.methods, self.means = locations or {}, methods, means or {}  # the methods that are known
        self.price_list, self.timetables = price_list or PriceList(), timetables or NO_TIMETABLES
        self.items: dict[str, Item | None] = {}
        self.stock: dict[str, Stock] = {}
        self.queues: dict[str, Queue] = {}
        self.presales: dict[str, Mapping[str, Presale]] = {}  # by SKU and supply
        self.recipes: Recipes = {}  # of the shop's bundles
        self.only_in: dict[str, tuple[str, ...]] = {}  # SKU -> the bundles that it is only sold in
        self.selling: dict[str, int] = {}  # by SKU, the units that orders count with against what may be sold
        self.resold: dict[str, int] = {}  # by earlier steps of this wave, also of SKUs that are not known yet
        self.purchases: dict[str, list[tuple[str, int, int]]] = {}  # by person and SKU: order, when, units
        self.moved: dict[str, Stock] = {}  # what earlier steps of this wave changed, also of stock not loaded yet
        self.moved_at: dict[str, int | None] = {}  # by order: since when supply was moved that it was told of
        self.apart: dict[str, Apart] = {}
        self.arriving: dict[str, Inbound] = {}
        self.past: dict[str, tuple[Past, ...]] = {}
        self.uses: dict[str, int] = {}  # of coupons
        self.counted: dict[str, int] = {}  # uses by earlier steps of this wave, also of coupons not loaded yet
        self.taxes: dict[str, TaxAnswer] = {}  # by request, encoded
        self.turns, self.counts_sales = Turns(), False
        self.now_s = 0  # of the decision: what carts have set aside counts if not over by then
        self.closed: dict[str, Closure] = {}
        self.fresh_at: dict[str, int] | None = None  # when a location's stock was last counted
        self.days: dict[str, Load] = {}  # by location and day, `W1|20780`
        self.loaded: dict[str, Load] = {}  # by earlier steps of this wave, also of days not known yet
        self.carts: dict[str, Cart | None] = {}
        self.fences: dict[str, tuple[Fence, ...]] = {}  # of SKUs of which channels have shares
        self.drawn: dict[str, list[tuple[str, str, int]]] = {}  # what this wave took: location, channel, units
        self.opportunity: dict[str, dict[str, int]] = {}  # SKU -> location -> mills that a unit is worth if it stays
        self.prices: dict[str, Prices | None] = {}  # what could be charged as that, by SKU
        self.proposals: dict[str, Proposal | None] = {}  # what waves have for orders, by wish, encoded
        self.quotes: dict[str, RateAnswer] = {}  # what carriers ask for parcels, by request, encoded

    def item(self, sku: str) -> Item | None:
        """The catalog's entry, or None if the catalog has none."""
        if sku not in self.items:
            raise NeedFacts("item", frozenset((sku,)))
        return self.items[sku]

    def listed(self, skus: frozenset[str]) -> dict[str, Item | None]:
        """The catalog's entries of several SKUs."""
        if missing := missing_of(skus, self.items):
            raise NeedFacts("item", missing)
        return {sku: self.items[sku] for sku in skus}

    def free(self, skus: frozenset[str], channel: str = "") -> dict[str, Stock]:
        """For each SKU, the units that a channel may promise by location: all that is free, but for others' shares."""
        if missing := missing_of(skus, self.stock):
            raise NeedFacts("stock", missing)
        if self.fences.keys().isdisjoint(skus):
            return {sku: self.stock[sku] for sku in skus}
        return {sku: promisable(self.stock[sku], self.fences.get(sku, ()), channel) for sku in skus}

    def cart(self, key: str) -> Cart | None:
        """What a cart has set aside, or None if it has nothing. It may be over."""
        if key not in self.carts:
            raise NeedFacts("cart", frozenset((key,)))
        return self.carts[key]

    def kept_apart(self, skus: frozenset[str]) -> dict[str, Apart]:
        """For each SKU and location the safety stock that is there, and how many units are held."""
        if missing := missing_of(skus, self.apart):
            raise NeedFacts("apart", missing)
        return {sku: self.apart[sku] for sku in skus}

    def inbound(self, skus: frozenset[str]) -> dict[str, Inbound]:
        """For each SKU, what is on order or on its way: (at_s, location, units, reference), the earliest first."""
        if missing := missing_of(skus, self.arriving):
            raise NeedFacts("inbound", missing)
        return {sku: self.arriving[sku] for sku in skus}

    def queued(self, skus: frozenset[str]) -> dict[str, Queue]:
        """For each SKU, the orders that wait for it to arrive, the oldest first."""
        if missing := missing_of(skus, self.queues):
            raise NeedFacts("queued", missing)
        return {sku: self.queues[sku] for sku in skus}

    def supply_moved_at(self, order: str) -> int | None:
        """Since when supply was moved that an order was told of, and that is still to be said; None: it was not."""
        if order not in self.moved_at:
            raise NeedFacts("moved", frozenset((order,)))
        return self.moved_at[order]

    def closed_now(self, location: str) -> str | None:
        """Why nothing is sent to a location at this moment."""
        return closure.objection(self.now_s) if (closure := self.closed.get(location)) else None

    def counted_at(self, location: str) -> int | None:
        """When a location's stock was last counted; None: never."""
        if self.fresh_at is None:
            raise NeedFacts("counted", frozenset(("*",)))
        return self.fresh_at.get(location)

    def loads(self, locations: Iterable[Location]) -> dict[str, Load]:
        """What these locations have taken on today."""
        keys = {each.id: f"{each.id}|{each.day_of(self.now_s)}" for each in locations}
        if missing := missing_of(keys.values(), self.days):
            raise NeedFacts("load", missing)
        return {id: self.days[key] for id, key in keys.items()}

    def learn_loads(self, days: Mapping[str, Load]) -> None:
        """Days as the store has them, to which those of this wave are added."""
        self.days |= {key: plus(load, self.loaded.get(key, Load())) for key, load in days.items()}

    def load(self, change: LoadChange, sign: int = 1) -> None:
        """A step takes of a location's day, or gives back; with -1 it came to nothing."""
        key, by = f"{change.location}|{change.day}", change.by
        signed = Load(sign * by.orders, sign * by.lines, sign * by.units)
        self.loaded[key] = plus(self.loaded.get(key, Load()), signed)
        if key in self.days:
            self.days[key] = plus(self.days[key], signed)

    def earlier(self, person: str) -> tuple[Past, ...]:
        """The person's latest orders, newest first, only so many."""
        if person not in self.past:
            raise NeedFacts("past", frozenset((person,)))
        return self.past[person]

    def used(self, keys: frozenset[str]) -> dict[str, int]:
        """How often each of these coupons was used."""
        if missing := missing_of(keys, self.uses):
            raise NeedFacts("uses", missing)
        return {key: self.uses[key] for key in keys}

    def tax(self, request: TaxRequest) -> TaxAnswer:
        """The taxes on this."""
        key = json.encode(request).decode()
        if key not in self.taxes:
            raise NeedFacts("tax", frozenset((key,)))
        return self.taxes[key]

    def learn_uses(self, uses: Mapping[str, int]) -> None:
        """Uses as the store has them, to which those of this wave are added."""
        self.uses.update({key: used + self.counted.get(key, 0) for key, used in uses.items()})

    def use(self, coupon: CouponUse) -> None:
        """A step used a coupon, or gave it back: the next step sees it."""
        self.counted[coupon.key] = self.counted.get(coupon.key, 0) + coupon.change
        if coupon.key in self.uses:
            self.uses[coupon.key] += coupon.change

    def learn_fences(self, sku: str, fences: tuple[Fence, ...]) -> None:
        """Shares as the store has them, to which what this wave has taken is added."""
        self.fences[sku] = fences
        for location, channel, units in self.drawn.get(sku, ()):
            self.fences[sku] = taken_more(self.fences[sku], location, channel, units)

    def learn_stock(self, sku: str, stock: Stock) -> None:
        """Stock as the store has it, to which what this wave has moved is added."""
        moved = self.moved.get(sku, {})
        self.stock[sku] = dict(stock) | {name: stock.get(name, 0) + change for name, change in moved.items()}

    def advance(self, move: StockMove, channel: str = "") -> None:
        """A step of an order of this channel moved stock: the next step sees it."""
        self.shift(move.sku, move.location, move.freed)
        self._draw(move, channel, move.drawn)

    def undo(self, move: StockMove, channel: str = "") -> None:
        """The step came to nothing: its move is taken back."""
        self.shift(move.sku, move.location, -move.freed)
        self._draw(move, channel, -move.drawn)

    def _draw(self, move: StockMove, channel: str, units: int) -> None:
        if units:
            self.drawn.setdefault(move.sku, []).append((move.location, channel, units))
            if move.sku in self.fences:
                self.fences[move.sku] = taken_more(self.fences[move.sku], move.location, channel, units)

    def placed(self, person: str, past: Past) -> None:
        """A person has one more order: the next step sees it."""
        if person in self.past:
            self.past[person] = latest_with(past, self.past[person])

    def shift(self, sku: str, location: str, change: int) -> None:
        """So many units more are free to promise: the next step sees it."""
        moved, known = self.moved.setdefault(sku, {}), self.stock.get(sku)
        moved[location] = moved.get(location, 0) + change
        if known is not None:
            known[location] = known.get(location, 0) + change
