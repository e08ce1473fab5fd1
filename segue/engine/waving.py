"""Waving: orders of one wave that want the same stock are planned together, where their strategies say so."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from typing import NamedTuple, Protocol, cast

from msgspec import json

from segue.core.facts import Facts, Stock
from segue.core.rates import Rates
from segue.core.sourcing import room_of
from segue.core.waves import Proposal, Wish
from segue.engine.needs import Shelves, load
from segue.ports import Needs

WISH = json.Decoder(Wish)
MILLION = 1_000_000


class Planned(NamedTuple):
    """A wave that was planned, for whoever wants to know how good its plan is."""

    wave: str
    orders: int
    cost_mills: int
    bound_mills: int  # no other way of planning it costs less
    one_by_one_mills: int

    def __str__(self) -> str:
        gap = (self.cost_mills - self.bound_mills) / max(1, self.cost_mills)
        saved = (self.one_by_one_mills - self.cost_mills) / max(1, self.one_by_one_mills)
        return (
            f"Wave {self.wave}: {self.orders} orders planned together, at most {gap:.2%} dearer than the best there is, "
            f"{saved:.2%} cheaper than one by one"
        )


class Together(Protocol):
    """What comes of planning some orders together."""

    @property
    def proposals(self) -> Sequence[Proposal | None]:
        """For each wish; None: it is planned alone."""
        ...

    @property
    def cost_mills(self) -> int:
        """What all of it costs."""
        ...

    @property
    def bound_mills(self) -> int:
        """What it would cost at least, however it were planned."""
        ...

    @property
    def one_by_one_mills(self) -> int:
        """What the orders would cost one after the other."""
        ...


class Planner(Protocol):
    """Plans many orders together."""

    def __call__(
        self,
        rates: Rates,
        stock: Mapping[str, Stock],
        weights: Mapping[str, int],
        wishes: Sequence[Wish],
        wave: str,
        capacity: Mapping[str, int],
    ) -> Together | None:
        """A plan for each; None if they can only be planned one by one."""
        ...


@lru_cache(maxsize=1)
def planner() -> Planner | None:
    """The planning, if its packages are installed. It is looked for when it is first needed: to import it takes a second."""
    try:
        return cast(Planner, import_module("segue.planning.proposing").propose)
    except ModuleNotFoundError:
        return None


def wave_name(now_s: int, keys: Sequence[str]) -> str:
    """What the wave of these wishes is called at this instant: the same when it is planned again, and like no other's."""
    return f"{now_s}-{sha256(json.encode(keys)).hexdigest()[:8]}"


def plan_together(store: Shelves, facts: Facts, keys: Sequence[str], wave: str) -> list[Planned]:
    """Answer these wishes: each is planned with all others that may have the same stock. Returns the waves planned."""
    facts.proposals |= dict.fromkeys(keys)
    plan, rates = planner(), facts.price_list.rates
    if plan is None or rates is None or len(keys) < 2:
        return []
    wishes = {key: WISH.decode(key) for key in keys}
    skus = frozenset(sku for wish in wishes.values() for sku in wish.units)
    load(store, Needs(items=skus - facts.items.keys()), facts)
    weights = {sku: item.weight_g for sku, item in facts.listed(skus).items() if item is not None}
    taken: dict[tuple[str, str], int] = {}
    rooms = _rooms(store, facts)
    told = []
    for number, group in enumerate(_groups(facts, wishes, skus), 1):
        together = plan(rates, _stock(facts, group, taken), weights, list(group.values()), f"{wave}.{number}", rooms)
        if len(group) > 1 and together is not None:
            facts.proposals |= dict(zip(group, together.proposals, strict=True))
            _take(taken, rooms, [each for each in together.proposals if each is not None])
            figures = together.cost_mills, together.bound_mills, together.one_by_one_mills
            told.append(Planned(f"{wave}.{number}", len(group), *figures))
    return told


def _groups(facts: Facts, wishes: dict[str, Wish], skus: frozenset[str]) -> list[dict[str, Wish]]:
    """Wishes that may have the same stock: all of them, or where channels have shares those of each channel."""
    if facts.fences.keys().isdisjoint(skus):
        return [wishes]
    groups: dict[str, dict[str, Wish]] = {}
    for key, wish in wishes.items():
        groups.setdefault(wish.channel, {})[key] = wish
    return list(groups.values())


def _stock(facts: Facts, group: Mapping[str, Wish], taken: Mapping[tuple[str, str], int]) -> dict[str, Stock]:
    """What is free for these orders, without what others of the wave are to have."""
    skus = frozenset(sku for wish in group.values() for sku in wish.units)
    channel = next(iter(group.values())).channel
    stock = {sku: dict(held) for sku, held in facts.free(skus, channel).items()}
    for (sku, place), units in taken.items():
        if sku in stock:
            stock[sku][place] = stock[sku].get(place, 0) - units
    return stock


def _rooms(store: Shelves, facts: Facts) -> dict[str, int]:
    """How many parcels limited locations can send today at the most: each takes a line and a unit at least."""
    limited = [each for each in facts.locations.values() if each.capacity is not None]
    days = frozenset(f"{each.id}|{each.day_of(facts.now_s)}" for each in limited)
    load(store, Needs(loads=days - facts.days.keys()), facts)
    taken = facts.loads(limited)
    found = {each.id: room_of(each, taken[each.id]) for each in limited}
    return {id: max(0, min(room.orders, room.lines, room.units)) for id, room in found.items()}


def _take(taken: dict[tuple[str, str], int], rooms: dict[str, int], proposals: Sequence[Proposal]) -> None:
    for proposal in proposals:
        for place, units in proposal.parcels:
            if place in rooms:
                rooms[place] -= 1
            for sku, count in units.items():
                taken[sku, place] = taken.get((sku, place), 0) + count
