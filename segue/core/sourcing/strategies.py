"""Strategies: which way of choosing locations an order goes, one after the other, until nothing is left to find."""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from segue.core.base import Because
from segue.core.bringing import sent_to
from segue.core.context import Context
from segue.core.facts import Location
from segue.core.moments import moment
from segue.core.order import Order
from segue.core.sourcing.ahead import by_cost_ahead
from segue.core.sourcing.candidates import candidates, narrowed
from segue.core.sourcing.capacity import rooms
from segue.core.sourcing.cheapest import by_cost
from segue.core.sourcing.collecting import BROUGHT, NO_STORE, at_store, by_store, left_of
from segue.core.sourcing.goods import Demand, Goods, Parcel, Plan, after
from segue.core.sourcing.kits import with_kits
from segue.core.sourcing.reasons import PASSED_OVER_MAX, Judged, reason
from segue.core.sourcing.taking import Algorithm, Ask, by_rules
from segue.core.sourcing.together import by_wave
from segue.core.sourcing.trials import followed, not_in_trial, with_shadows
from segue.core.sourcing.unsaid import with_unsaid
from segue.core.sourcing.whole import from_one, goes_short
from segue.core.street import barred
from segue.core.strict import kept_for_others, naming_those_before
from segue.core.vocabulary import View
from segue.core.workflow import Among, Strategy

ALGORITHMS: dict[str, Algorithm] = {
    "rules": by_rules, "exact": by_cost, "wave": by_wave, "look_ahead": by_cost_ahead,
}  # fmt: skip


def plan(
    order: Order,
    demand: Demand,
    context: Context,
    freed: dict[tuple[str, str], int],
    named_max: int = PASSED_OVER_MAX,
    ahead: bool = False,
) -> Plan:
    """Meet a demand from free stock. `freed` is stock that the order itself gives back first, by (SKU, location).

    Before its street date nothing is given, but `ahead` of it, to be set aside.
    The reason names at most `named_max` of the locations that are not chosen.
    """
    context.facts.now_s = context.now_s
    named_max = named_max if context.explains else 0
    goods = _goods(order, demand, context, freed)
    if not ahead and (early := barred(order, demand, context)):
        goods = replace(goods, barred=early)
    strategies = context.workflow.strategies
    if len(strategies) == 1 and not strategies[0].name and not _by_hand(order, demand):
        made = _followed(Ask(order, goods, [], Judged({}, named_max=named_max), strategies[0], context), None)
    else:
        made = _Chain(order, goods, context, named_max).plan()
    if made.missing and context.facts.turns.strict:
        missing = frozenset(goods.skus[number] for number in made.missing)
        return replace(made, because=naming_those_before(made.because, order, missing, context.facts))
    return made


def _goods(order: Order, demand: Demand, context: Context, freed: dict[tuple[str, str], int]) -> Goods:
    skus = {number: order.lines[number - 1].sku for number in demand}
    free = context.facts.free(frozenset(skus.values()), order.channel)
    if context.facts.turns.strict:
        free = kept_for_others(order, free, context.facts)
    for (sku, location), count in freed.items():
        if sku in free:
            free[sku] = free[sku] | {location: free[sku].get(location, 0) + count}
    goods = Goods(demand, skus, free)
    return with_kits(order, goods, context.facts.locations) if order.bundles else goods


def _by_hand(order: Order, demand: Demand) -> bool:
    """Whether a person has said where a line of this comes from."""
    return any(order.lines[number - 1].by_hand for number in demand)


def _followed(ask: Ask, tried: dict[str, Any] | None) -> Plan:
    """What comes of one strategy; its candidates are not found yet."""
    order, strategy, context = ask.order, ask.strategy, ask.context
    if goes_short(ask) and (short := from_one(ask, tried)) is not None:
        return short
    found, judged = candidates(order, ask.goods, strategy, context)
    judged = replace(judged, named_max=ask.judged.named_max)
    goods = _with_rooms(order, ask.goods, found, context)
    if strategy.serve or strategy.complete or judged.soft:
        goods = narrowed(order, goods, found, judged, strategy, context.facts)
    made = ALGORITHMS[strategy.algorithm](Ask(order, goods, found, judged, strategy, context))
    because = (
        made.because(tried)
        if made.because is not None
        else reason(made.rule, made.plan, made.behind, made.refusal, made.judged, tried)
    )
    if made.figures:
        because = replace(because, figures=because.figures | made.figures)
    return Plan(made.plan.parcels, made.plan.missing, because)


def _with_rooms(order: Order, goods: Goods, places: Iterable[Location], context: Context) -> Goods:
    """The goods with the room that is left in the days of those of these locations whose days are limited."""
    limited = [each for each in places if each.capacity is not None and each.id not in goods.rooms]
    return replace(goods, rooms=rooms(order, limited, context.facts) | goods.rooms) if limited else goods


class _Chain:
    """A demand on its way through the strategies: what one cannot give is asked of the next."""

    def __init__(self, order: Order, goods: Goods, context: Context, named_max: int) -> None:
        self.named_max = named_max
        self.order = order
        places = context.facts.locations
        stocked = {name for held in goods.free.values() for name, free in held.items() if free > 0 and name in places}
        self.goods = _with_rooms(order, goods, [places[name] for name in sorted(stocked)], context)
        self.context = context
        self.parcels: list[Parcel] = []
        self.tried: dict[str, str] = {}  # the strategies before, and why they were not followed to the end
        self.because = Because("no strategy")
        self.unsaid: list[Because] = []  # of strategies that gave nothing
        self.given_up: Demand = {}

    def plan(self) -> Plan:
        waiting = self._by_hand()
        strategies, asked = self.context.workflow.strategies, self.goods
        for strategy in followed(strategies):
            if not self.goods.wanted or not self._goes_on_after(strategy):
                break
        if self.because.rule == "no strategy":
            self.because = Because("no strategy", {"tried": self.tried})
        made = Plan(tuple(self.parcels), self.goods.wanted | waiting, self.because, self.given_up)
        shadows = {
            strategy.name: self._shadow(strategy, asked)
            for strategy in strategies
            if strategy.shadow and asked.wanted and not not_now(strategy, self.order, self.context)
        }
        return with_shadows(made, shadows, asked) if shadows else made

    def _shadow(self, strategy: Strategy, asked: Goods) -> Plan:
        """What a strategy would do with all that the others were asked for."""
        ask = Ask(self.order, asked, [], Judged({}, named_max=0), strategy, self.context)
        return _followed(ask, None)

    def _by_hand(self) -> Demand:
        """What people have placed comes from there and nowhere else. Returns what is missing of it."""
        all_goods = self.goods
        places: dict[str, Demand] = {}
        for number, count in all_goods.wanted.items():
            line = self.order.lines[number - 1]
            if line.by_hand:
                places.setdefault(line.location, {})[number] = count
        waiting: Demand = {}
        collecting = [each for each in self.context.workflow.strategies if each.pickup]
        pickup = BROUGHT if any(not not_now(each, self.order, self.context) for each in collecting) else ""
        for place, wanted in places.items():
            self.goods = replace(self.goods, wanted=wanted)
            self._follow(Strategy("by hand", among=Among(ids=(place,)), pickup=pickup))
            waiting |= self.goods.wanted
        placed = {number for wanted in places.values() for number in wanted}
        rest = {number: count for number, count in all_goods.wanted.items() if number not in placed}
        self.goods = replace(self.goods, wanted=rest)
        return waiting

    def _goes_on_after(self, strategy: Strategy) -> bool:
        """Follow a strategy; whether the next one is to be asked for the rest."""
        if closed := not_now(strategy, self.order, self.context):
            self.tried[strategy.name] = closed
            return True
        refusal = self._follow(strategy)
        if self.goods.wanted and strategy.otherwise == "split":
            self.tried[strategy.name] = refusal
            refusal = self._follow(replace(strategy, split=(), complete=""))
        if self.goods.wanted:
            self.tried[strategy.name] = refusal
        if strategy.otherwise == "cancel":
            self.given_up = self.goods.wanted
        return strategy.otherwise in ("next", "split")

    def _follow(self, strategy: Strategy) -> str:
        """Take what a strategy gives. Returns why it does not give all."""
        if not strategy.pickup:
            return self._take(strategy, self.order)
        all_wanted, refusal = self.goods.wanted, NO_STORE
        for store, wanted in by_store(self.order, all_wanted).items():
            own, refusal = at_store(strategy, store, self.context)
            if own is not None:
                self.goods = replace(self.goods, wanted=wanted)
                refusal = self._take(own, sent_to(self.order, self.context.facts.locations[store]), store)
                all_wanted = left_of(all_wanted, wanted, self.goods.wanted)
        self.goods = replace(self.goods, wanted=all_wanted)
        return refusal

    def _take(self, strategy: Strategy, order: Order, to: str = "") -> str:
        """Take what a strategy gives for an order, or for what of it is collected at a store."""
        tried = {"strategy": strategy.name, **({"tried": dict(self.tried)} if self.tried else {})}
        ask = Ask(order, self.goods, [], Judged({}, named_max=self.named_max), strategy, self.context)
        made = _followed(ask, tried if strategy.name else None)
        self.because = made.because if not self.unsaid else with_unsaid(made.because, self.unsaid)
        if not made.parcels:
            self.unsaid.append(made.because)
        for parcel in made.parcels:
            self.parcels.append(Parcel(parcel.location, parcel.units, self.because, to))
            self.goods = after(self.goods, parcel.location.id, parcel.units)
        missing = sum(self.goods.wanted.values())
        return str(made.because.figures.get("reason", f"{missing} of the units are not to be had"))


def not_now(strategy: Strategy, order: Order, context: Context) -> str:
    """Why a strategy is not for this order at this moment; "" if it is."""
    if strategy.from_s is not None and context.now_s < strategy.from_s:
        return f"begins {moment(strategy.from_s)}"
    if strategy.until_s is not None and context.now_s >= strategy.until_s:
        return f"ended {moment(strategy.until_s)}"
    if strategy.when is not None and not strategy.when.test(View(order, context.now_s, context.facts)):
        return f"not when {strategy.when.text}"
    return not_in_trial(strategy, order)
