"""Taking: the algorithm `rules`. The best location gives all it can, then the best for the rest, within limits."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from segue.core.base import Because, Value
from segue.core.context import Context
from segue.core.facts import Location
from segue.core.order import Order
from segue.core.sourcing.capacity import full
from segue.core.sourcing.goods import Demand, Goods, Offer, Parcel, Plan, kits_in, offers_of
from segue.core.sourcing.reasons import SOFT, Behind, Judged
from segue.core.workflow import Strategy

WITHOUT_MAX = (
    8  # locations of small parcels that are left out, one after the other, to keep within the limits of a split
)


class Ask(Value):
    """What an algorithm is asked: to meet a demand from these candidates, as the strategy says."""

    order: Order
    goods: Goods
    candidates: list[Location]  # in the order of their ids
    judged: Judged
    strategy: Strategy
    context: Context


class Made(Value):
    """What an algorithm answers: the plan, which may be empty, and what is to be said of it."""

    rule: str  # how it was chosen
    plan: Plan
    behind: list[Behind] = []
    refusal: str = ""  # the limit of a split that a better plan would break
    judged: Judged = Judged({})
    figures: dict[str, Any] = {}  # that the reason names too
    because: Callable[[dict[str, Any] | None], Because] | None = None  # the reason, where the algorithm gives its own
    bills: Callable[[Plan], list[dict[str, Any]]] | None = (
        None  # what each parcel of some plan costs, where that is known
    )


Algorithm = Callable[[Ask], Made]


def by_rules(ask: Ask) -> Made:
    """Rankings, one after the other; a plan that a split limit refuses gives way to one that it does not."""
    offers = offers_of(ask.order, ask.candidates, ask.goods)
    judged = with_barred(ask) if ask.goods.barred else ask.judged
    if ask.context.explains and len(offers) < len(ask.candidates):
        judged = replace(judged, unfit=_idle(ask, offers) | judged.unfit)
    rule = rule_of(ask.strategy)
    plan, behind = _take(ask, offers)
    refusal = split_refusal(plan, ask)
    if not refusal:
        return Made(rule, plan, behind, "", judged)
    others = [(plan, behind), *(_fewer(ask, offers, plan) if ask.strategy.name else ()), _complete(ask, offers)]
    for are_hard_only in (False, True):
        for other, fell_behind in others:
            if other.parcels and not split_refusal(other, ask, are_hard_only):
                return Made(rule, other, fell_behind, refusal, judged)
    return Made("split", Plan((), ask.goods.wanted, Because("split")), [], refusal, judged)


def rule_of(strategy: Strategy) -> str:
    """How a strategy chooses."""
    return " > ".join([rule.name for rule in strategy.rank]) or "first found"


def with_barred(ask: Ask) -> Judged:
    """What was thought of the candidates, with the lines that some may not serve."""
    barred: dict[str, str] = {}
    for (number, location), objection in ask.goods.barred.items():
        before = f"{barred[location]}; " if location in barred else ""
        barred[location] = f"{before}line {number}: {objection}"
    return replace(ask.judged, barred=barred)


def _idle(ask: Ask, offers: list[Offer]) -> dict[str, str]:
    """Why candidates have nothing to offer."""
    useful = {offer.location.id for offer in offers}
    return {each.id: why_idle(ask, each) for each in ask.candidates if each.id not in useful}


def why_idle(ask: Ask, location: Location) -> str:
    """Why a candidate has nothing to offer."""
    goods = ask.goods
    for number in goods.wanted:
        if objection := goods.barred.get((number, location.id)):
            return objection
    room = goods.rooms.get(location.id)
    if room is not None and min(room.orders, room.lines, room.units) <= 0:
        return f"capacity: {full(location, ask.context.facts)}"
    lines = [ask.order.lines[number - 1] for number in goods.wanted]
    if failed := [str(line.number) for line in lines if location.id in line.excluded]:
        return f"could not deliver line {', '.join(failed)} before"
    return "does not have all that comes whole" if goods.whole or goods.kits else "may not serve these lines"


def _complete(ask: Ask, offers: list[Offer]) -> tuple[Plan, list[Behind]]:
    """The plan of those that have all of it."""
    return _take(ask, [offer for offer in offers if offer.complete])


def _fewer(ask: Ask, offers: list[Offer], plan: Plan) -> Iterator[tuple[Plan, list[Behind]]]:
    """Plans that leave no more open than the first: of few parcels, then without those that give least."""
    open_units = sum(plan.missing.values())
    for _ in range(WITHOUT_MAX):
        made, fell_behind = _take(ask, offers, fewest=True)
        if not made.parcels or sum(made.missing.values()) > open_units:
            break
        yield made, fell_behind
        least = min(made.parcels, key=lambda parcel: sum(parcel.units.values())).location.id
        offers = [offer for offer in offers if offer.location.id != least]


def _take(ask: Ask, offers: list[Offer], fewest: bool = False) -> tuple[Plan, list[Behind]]:
    """Ask the best location first for all it can give, then the best for the rest, until nothing is left to ask.

    Returns also those that fell behind the first choice.
    """
    wanted = ask.goods.wanted
    parcels: list[Parcel] = []
    first: list[Behind] = []
    while offers:
        best, behind = choose(ask, offers, fewest)
        first = first if parcels else behind
        parcels += divided_offer(ask, best) if ask.strategy.divide else (Parcel(best.location, best.units),)
        if best.complete:
            return Plan(tuple(parcels), {}, Because("rank")), first
        wanted = {number: rest for number, count in wanted.items() if (rest := count - best.units.get(number, 0))}
        asked = [offer.location for offer in offers if offer.location.id != best.location.id]
        offers = offers_of(ask.order, asked, replace(ask.goods, wanted=wanted))
    return Plan(tuple(parcels), wanted, Because("rank")), first


def divided_offer(ask: Ask, offer: Offer) -> list[Parcel]:
    """What a location gives, in as many parcels as have to travel apart."""
    parts: list[Demand] = [offer.units]
    for rule in ask.strategy.divide:
        parts = [part for units in parts for part in rule.call(units, ask.order, ask.context.facts)]
    parts = in_one_parcel(parts, ask.goods.in_one) if ask.goods.in_one else parts
    return [Parcel(offer.location, units) for units in parts]


def in_one_parcel(parts: Sequence[Demand], bundles: Iterable[Demand]) -> list[Demand]:
    """Parcels of one location, with those made one that a bundle would be divided over."""
    found = list(parts)
    for needs in bundles:
        shares = [part for part in found if not needs.keys().isdisjoint(part)]
        if len(shares) > 1 and any(_is_torn(part, needs) for part in shares):
            first, *others = shares
            whole = dict(first)
            for part in others:
                for number, count in part.items():
                    whole[number] = whole.get(number, 0) + count
            found = [whole if part is first else part for part in found if part is first or part not in others]
    return found


def _is_torn(part: Demand, needs: Demand) -> bool:
    """Whether a parcel has other units of a bundle's lines than whole bundles have."""
    bundles = kits_in(needs, part)
    return any(part.get(number, 0) != bundles * count for number, count in needs.items())


def choose(ask: Ask, offers: list[Offer], fewest: bool) -> tuple[Offer, list[Behind]]:
    """The offer that ranks first, ties going to the lower location id; and the others, those that came closest first."""
    behind: list[Behind] = []
    order, facts, explains = ask.order, ask.context.facts, ask.context.explains
    if ask.goods.strained:
        offers = _best([offer.strained for offer in offers], SOFT, offers, behind)
    if fewest:
        offers = _best([-sum(offer.units.values()) for offer in offers], "fewest parcels", offers, behind)
    for rule in ask.strategy.rank:
        if len(offers) == 1:
            break
        score_of = rule.call
        scores = [score_of(offer, order, facts) for offer in offers]
        if scores.count(scores[0]) == len(scores):  # a tie: the next rule decides
            continue
        offers = _best(scores, rule.name, offers, behind if explains else None)
    return offers[0], [*[(offer, "", 0, 0) for offer in offers[1:]], *behind] if explains else []


def _best(scores: list[float], rule: str, offers: list[Offer], behind: list[Behind] | None) -> list[Offer]:
    """The offers with the lowest score; the others join those that fell behind, in front, if anybody asks for them."""
    best = min(scores)
    judged = list(zip(offers, scores, strict=True))
    if behind is not None:
        behind[:0] = [(offer, rule, score, best) for offer, score in judged if score != best]
    return [offer for offer, score in judged if score == best]


def split_refusal(made: Plan, ask: Ask, are_hard_only: bool = False) -> str:
    """The first limit that the plan breaks: of all, or of the hard ones."""
    for rule in ask.strategy.split:
        if not (are_hard_only and rule.soft) and (reason := rule.call(made, ask.order)):
            return f"{rule.name}: {reason}"
    return ""
