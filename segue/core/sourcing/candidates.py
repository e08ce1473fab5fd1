"""Candidates: which locations may be asked at all. Hard filters leave the others out, soft ones let them come last."""

from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from segue.core.context import Context
from segue.core.facts import Facts, Location
from segue.core.order import Order
from segue.core.sourcing.goods import Goods
from segue.core.sourcing.reasons import Judged
from segue.core.workflow import Strategy


def candidates(
    order: Order, goods: Goods, strategy: Strategy, context: Context, having: AbstractSet[str] | None = None
) -> tuple[list[Location], Judged]:
    """The eligible locations that have any of it, in the order of their ids, and what makes the others unfit.

    `having`: those that have it, where that is known.
    """
    facts = context.facts
    if having is None:
        having = {name for held in goods.free.values() for name, free in held.items() if free > 0}
    found = [facts.locations[name] for name in sorted(having & facts.locations.keys())]
    unfit: dict[str, str] = {}
    soft: dict[str, tuple[str, ...]] = {}
    if facts.closed:
        found = _without(found, [facts.closed_now(location.id) for location in found], unfit)
    if strategy.among is not None:
        found = _without(found, [strategy.among.objection(location) for location in found], unfit)
    for rule in strategy.eligible:
        objections = [rule.call(location, order, facts) for location in found]
        if any(objections):
            named = [f"{rule.name}: {objection}" if objection else None for objection in objections]
            if rule.soft:
                _note(found, named, soft)
            else:
                found = _without(found, named, unfit)
    return found, Judged(dict(sorted(unfit.items())), soft)


def _without(found: list[Location], objections: list[str | None], unfit: dict[str, str]) -> list[Location]:
    judged = list(zip(found, objections, strict=True))
    unfit |= {location.id: objection for location, objection in judged if objection}
    return [location for location, objection in judged if not objection]


def _note(found: list[Location], objections: list[str | None], soft: dict[str, tuple[str, ...]]) -> None:
    for location, objection in zip(found, objections, strict=True):
        if objection:
            soft[location.id] = (*soft.get(location.id, ()), objection)


def narrowed(
    order: Order, goods: Goods, found: list[Location], judged: Judged, strategy: Strategy, facts: Facts
) -> Goods:
    """The goods with what the strategy says of them: which lines stay away from where, and what only comes whole."""
    barred: dict[tuple[int, str], str] = dict(goods.barred)
    for rule in strategy.serve:
        for number in goods.wanted:
            line = order.lines[number - 1]
            for location in found:
                if objection := rule.call(location, line, order, facts):
                    barred.setdefault((number, location.id), f"{rule.name}: {objection}")
    strained = {location: len(objections) for location, objections in judged.soft.items()}
    return replace(goods, barred=barred, whole=strategy.complete, strained=strained)
