"""Discounting: what the promotions of a shop give to a cart, and why the others do not apply.

Promotions stand in the order of their file. Which of them apply is settled first: one whose needs are met applies, unless
it does not go together with one that stands before it; of a group the one that would give the most comes first. Then
they give, in the order of the file: those on goods, those on the order, those on the shipping (M6). One that finds
nothing left to give to keeps no other one from applying.
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from segue.core.base import Value
from segue.core.draft import Draft, Grant
from segue.core.pricing.basket import Basket
from segue.core.pricing.choosing import Chooser
from segue.core.pricing.granting import granted, lines_of
from segue.core.pricing.judging import codes_of, limits_of
from segue.core.pricing.turns import Turns
from segue.core.promotion import Lack, Promotions
from segue.core.tally import Units, union

NO_TAGS: Mapping[str, tuple[str, ...]] = {}


class Told(Value):
    """What became of one promotion, or of a code that none of them knows."""

    promotion: str = ""  # nothing: no promotion has this code
    code: str = ""  # that the customer gave
    given: dict[int, int] = {}  # line -> minor units off
    units: dict[int, Units] = {}  # the units that had to be bought and those that were given something
    shipping_minor: int = 0
    times: int = 0  # how often it applied; 0: it did not
    lacks: tuple[Lack, ...] = ()  # why not: the smallest change that would make it apply


class Discounted(Value):
    """A cart with its discounts.

    Every discount is part of the `discount_minor` of the line it lies on, an order's too; `discount_minor` of the draft
    itself is as it was. `shipping_minor` is what is left of it. Lines may be cut into several, beside each other.
    """

    draft: Draft
    told: tuple[Told, ...] = ()  # one a promotion, in their order; then one for each code that is unknown
    uses: dict[str, int] = {}  # the counters that this takes one from, each with how many uses there may be


def discounted(
    cart: Draft,
    promotions: Promotions,
    uses: Mapping[str, int],
    now_s: int,
    tags: Mapping[str, tuple[str, ...]] = NO_TAGS,
) -> Discounted:
    """The cart with what the promotions give it. Its lines have their list prices, and no tax yet.

    `uses` says how often each counter was used (`keys_of` names those needed); `tags` are those of the items by SKU.
    """
    chooser = Chooser(Basket(cart, tags), promotions, uses, now_s)
    barren: dict[int, tuple[Lack, ...]] = {}
    while True:
        choice = chooser.choice(barren)
        turns = Turns(Basket(cart, tags), promotions, choice.chosen, chooser.judge)
        excluding = frozenset(choice.excluded.values())
        news = {at: lacks for at, lacks in turns.lacks.items() if at in excluding}
        if not news:
            break
        barren |= news
    grants = granted(turns.basket.parts, turns.gifts)
    draft = replace(
        cart,
        lines=lines_of(cart, turns.basket.parts),
        shipping_minor=turns.basket.shipping_minor,
        grants=cart.grants + grants,
    )
    gave = _by_promotion(grants)
    barren |= turns.lacks
    told: list[Told] = []
    limits: dict[str, int] = {}
    for at, promotion in enumerate(promotions.listed):
        code = chooser.judge.code_of(promotion.needs)
        if promotion.name in gave:
            told.append(_given(promotion.name, code, gave[promotion.name]))
            _limit(limits, limits_of(promotion, code, cart.person))
        else:
            told.append(Told(promotion.name, code, lacks=barren.get(at) or chooser.why_not(at, choice, turns.gave)))
    return Discounted(draft, (*told, *_unknown(cart, promotions)), limits)


def _by_promotion(grants: tuple[Grant, ...]) -> dict[str, list[Grant]]:
    found: dict[str, list[Grant]] = {}
    for grant in grants:
        found.setdefault(grant.promotion, []).append(grant)
    return found


def _given(name: str, code: str, grants: list[Grant]) -> Told:
    """What a promotion gave, all of its grants together."""
    if len(grants) == 1:
        (grant,) = grants
        return Told(name, code, grant.given, grant.units, grant.shipping_minor, 1)
    given: dict[int, int] = {}
    units: dict[int, Units] = {}
    for grant in grants:
        for line, off in grant.given.items():
            given[line] = given.get(line, 0) + off
        for line, ranges in grant.units.items():
            units[line] = union(units.get(line, ()), ranges)
    return Told(name, code, given, units, sum([grant.shipping_minor for grant in grants]), len(grants))


def told_again(told: Iterable[Told], grants: tuple[Grant, ...]) -> tuple[Told, ...]:
    """What became of promotions, where their grants are about other lines by now."""
    gave = _by_promotion(grants)
    return tuple(_given(each.promotion, each.code, gave[each.promotion]) if each.times else each for each in told)


def _limit(limits: dict[str, int], more: dict[str, int]) -> None:
    """Add limits of counters; where two promotions share a code, the lower one holds."""
    for key, most in more.items():
        limits[key] = min(most, limits.get(key, most))


def _unknown(cart: Draft, promotions: Promotions) -> list[Told]:
    """The codes that no promotion has."""
    codes = codes_of(cart)
    if not codes:
        return []
    known = {code for promotion in promotions.listed for code in promotion.needs.codes}
    return [Told(code=code) for code in codes if code not in known]
