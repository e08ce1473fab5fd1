"""Promotions: what promotions.yaml comes to: which goods, what is needed, what it gives, what it goes together with.

What a promotion needs is structured, and not a free condition, so that the smallest change that would make it apply can be
computed. They are judged in the order of the file; discounts on goods come before those on the order, and those before
the ones on shipping (M6).
"""

from collections.abc import Callable
from typing import Any, Literal

from segue.core.base import Value

Level = Literal["goods", "order", "shipping"]
OnReturn = Literal["prorate", "reclaim", "keep"]
LEVELS: tuple[Level, ...] = ("goods", "order", "shipping")
ON_RETURN: tuple[OnReturn, ...] = ("prorate", "reclaim", "keep")
DISCOUNTS: dict[str, Level] = {
    "goods_discount": "goods",
    "order_discount": "order",
    "shipping_discount": "shipping",
}  # kinds of policies


class Goods(Value):
    """Which goods: those with one of these SKUs or one of these tags; all, if neither is named."""

    skus: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class Bought(Value):
    """How many units of some goods have to be bought."""

    goods: Goods
    count: int = 1


class Needs(Value):
    """What has to be so for a promotion to apply; of each list one has to fit."""

    subtotal_from_minor: int = 0  # list prices of the goods counted
    paid_from_minor: int = 0  # what is left of them after the discounts that come before
    subtotal_of: Goods = Goods()  # which goods both count
    items: tuple[Bought, ...] = ()
    codes: tuple[str, ...] = ()  # in capitals
    tiers: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()  # of shipping
    channels: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


class Promotion(Value):
    """One promotion. Its mechanism is a policy with its parameters bound."""

    name: str
    level: Level
    mechanism: str
    give: Callable[..., Any]  # (basket) -> Offer
    needs: Needs = Needs()
    from_s: int | None = None
    until_s: int | None = None  # the first instant at which it is over
    per_code: int | None = None  # how many orders may use a code of it, or the promotion itself if it has none
    per_customer: int | None = None  # the same, for each customer
    alone: bool = False  # goes together with no other
    only_with: tuple[str, ...] | None = None  # goes together with these only
    excludes: tuple[str, ...] = ()
    group: str = ""  # of the promotions of a group only the best one applies
    on_return: OnReturn = "prorate"


class Promotions(Value):
    """All promotions of a shop, in their order, and which of them do not go together."""

    listed: tuple[Promotion, ...] = ()
    conflicts: tuple[int, ...] = ()  # for each promotion, a bit for every other one that it does not go together with
    turns: tuple[int, ...] = ()  # their positions in the order in which they give (M6)
    currency: str = ""  # of their amounts; nothing: of any cart's


class Lack(Value):
    """A part of the smallest change that would make a promotion apply, or what no change of the cart can mend.

    Of `value` and `goods` so many more have to be bought: goods for at least that much, so many of those among them.
    """

    kind: Literal[
        "value",  # `count` minor units more, at list prices, of the goods named
        "paid",  # the same, of what is left after other discounts
        "goods",  # `count` units more of the goods named
        "code", "tier", "method", "channel", "country",  # one of `names`
        "customer",  # a customer who is known
        "from",  # `count` is the instant from which on it applies
        "over", "used_up", "used_by_customer",
        "currency",  # the one in `names`
        "excluded",  # by the promotion in `names`
        "nothing_left",  # what it is for costs nothing any more
    ]  # fmt: skip
    count: int = 0
    goods: Goods = Goods()
    names: tuple[str, ...] = ()


def compiled(listed: tuple[Promotion, ...], currency: str = "") -> Promotions:
    """The promotions with their conflicts worked out; what one says of another holds both ways."""
    conflicts = [0] * len(listed)
    for index, promotion in enumerate(listed):
        for other, against in enumerate(listed):
            if other != index and (_refuses(promotion, against) or _refuses(against, promotion)):
                conflicts[index] |= 1 << other
    turns = sorted(range(len(listed)), key=lambda at: LEVELS.index(listed[at].level))  # a stable sort
    return Promotions(listed, tuple(conflicts), tuple(turns), currency)


def _refuses(promotion: Promotion, other: Promotion) -> bool:
    """Whether the first does not go together with the other one."""
    if promotion.alone or other.name in promotion.excludes:
        return True
    if promotion.only_with is not None and other.name not in promotion.only_with:
        return True
    return promotion.group != "" and promotion.group == other.group


class CouponUse(Value):
    """One more use of a coupon, or one fewer. The counters are the sum over the orders that hold them."""

    key: str  # the code, or the code and the person: `SPRING`, `SPRING|p-17`
    change: int
    most: int  # how many uses there may be
