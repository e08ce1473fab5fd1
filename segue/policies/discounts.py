"""Discounts: what a promotion gives. On goods they answer gifts of units; on the order and on the shipping, an amount.

Goods are named by `skus` and `tags`; where neither is named, all goods are meant. What costs nothing any more is neither
given nor counted. Percentages are exact, rounded half up, once a line or once an order (M2).
"""

from collections import Counter
from fractions import Fraction

from segue.core.amounts import spread
from segue.core.policy import policy
from segue.core.pricing.basket import Basket, Gift, Hand, Offer, Share, percent_of
from segue.core.promotion import Goods, Lack

ALL = Fraction(100)
TIMES_MAX = 100  # how often a promotion applies to one order, unless it says otherwise


@policy("goods_discount")
def percent_off_goods(
    basket: Basket, *, percent: Fraction, skus: tuple[str, ...] = (), tags: tuple[str, ...] = ()
) -> Offer:
    """A percentage off each line with these goods."""
    by_line: dict[int, list[int]] = {}
    for position in basket.find(skus, tags):
        by_line.setdefault(basket.parts[position].line, []).append(position)
    shares: list[Share] = []
    for positions in by_line.values():
        lefts = [basket.parts[position].left_minor for position in positions]
        offs = spread(percent_of(sum(lefts), percent), lefts)
        shares += [basket.whole(position, off) for position, off in zip(positions, offs, strict=True)]
    return _to_whole_lines(shares, Goods(skus, tags))


@policy("goods_discount")
def amount_off_goods(
    basket: Basket, *, off_minor: int, skus: tuple[str, ...] = (), tags: tuple[str, ...] = ()
) -> Offer:
    """An amount off each unit of these goods, at most what it costs."""
    shares = []
    for position in basket.find(skus, tags):
        part = basket.parts[position]
        shares.append(basket.whole(position, min(off_minor * part.quantity, part.left_minor)))
    return _to_whole_lines(shares, Goods(skus, tags))


def _to_whole_lines(shares: list[Share], goods: Goods) -> Offer:
    """One gift to whole lines; without such goods, one of them lacks."""
    if not shares:
        return Offer(lacks=(Lack("goods", 1, goods),))
    return Offer((Gift(tuple([share for share in shares if share.off_minor])),))


@policy("goods_discount")
def buy_and_get(
    basket: Basket,
    *,
    buy: int = 1,
    get: int = 1,
    percent: Fraction = ALL,
    skus: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    get_skus: tuple[str, ...] = (),
    get_tags: tuple[str, ...] = (),
    same_sku: bool = False,
    times: int = TIMES_MAX,
) -> Offer:
    """Who buys some units gets others free or cheaper: the cheapest of the same goods, or units of others."""
    hand = Hand(basket)
    if get_skus or get_tags:
        given = hand.cheapest(basket.find(get_skus, get_tags))
        bought = hand.cheapest(sorted(set(basket.find(skus, tags)).difference(given)))
        lacks = (
            *_short(hand, bought, buy, Goods(skus, tags)),
            *_short(hand, given, get, Goods(get_skus, get_tags)),
        )
        if lacks:
            return Offer(lacks=lacks)
        count = min(hand.count(given) // get, hand.count(bought) // buy, times)
        return Offer(tuple(_groups(hand, given, bought, (buy, get, count), percent)))
    heaps = _heaps(basket, skus, tags, same_sku)
    gifts: list[Gift] = []
    for heap in heaps:
        positions = hand.cheapest(heap)
        count = min(hand.count(positions) // (buy + get), times - len(gifts))
        gifts += _groups(hand, positions, positions, (buy, get, count), percent)
    return Offer(tuple(gifts)) if gifts else Offer(lacks=_nearest(hand, heaps, buy + get, Goods(skus, tags), same_sku))


def _groups(
    hand: Hand, given: list[int], bought: list[int], counts: tuple[int, int, int], percent: Fraction
) -> list[Gift]:
    """So many gifts: what is given is taken first, the cheapest units, then what has to be bought."""
    buy, get, count = counts
    got = [hand.take(given, get) for _ in range(count)]
    gifts = []
    for shares in got:
        offs = spread(percent_of(sum([s.left_minor for s in shares]), percent), [s.left_minor for s in shares])
        off = tuple([share._replace(off_minor=minor) for share, minor in zip(shares, offs, strict=True)])
        gifts.append(Gift(off, tuple(hand.take(bought, buy)), together=True))
    return gifts


def _heaps(basket: Basket, skus: tuple[str, ...], tags: tuple[str, ...], same_sku: bool) -> list[list[int]]:
    """The parts among which the cheapest units are looked for: all together, or each SKU apart."""
    found = basket.find(skus, tags)
    if not same_sku:
        return [found] if found else []
    by_sku: dict[str, list[int]] = {}
    for position in found:
        by_sku.setdefault(basket.parts[position].sku, []).append(position)
    return list(by_sku.values())


def _short(hand: Hand, positions: list[int], count: int, goods: Goods) -> tuple[Lack, ...]:
    """What lacks of some goods."""
    short = count - hand.count(positions)
    return (Lack("goods", short, goods),) if short > 0 else ()


def _nearest(hand: Hand, heaps: list[list[int]], count: int, goods: Goods, same_sku: bool) -> tuple[Lack, ...]:
    """What lacks of the goods, of a single SKU where they have to be the same: of the one that lacks least."""
    if not same_sku or not heaps:
        return (Lack("goods", count - sum(map(hand.count, heaps)), goods),)
    most = max(heaps, key=hand.count)
    return (Lack("goods", count - hand.count(most), Goods((hand.basket.parts[most[0]].sku,))),)


@policy("goods_discount")
def bundle_price(basket: Basket, *, skus: tuple[str, ...], price_minor: int, times: int = TIMES_MAX) -> Offer:
    """These SKUs together for one price; one that is needed twice is named twice."""
    hand = Hand(basket)
    needed = Counter(skus)
    parts = {sku: hand.cheapest(basket.find((sku,), ())) for sku in needed}
    lacks = [lack for sku, count in needed.items() for lack in _short(hand, parts[sku], count, Goods((sku,)))]
    if lacks:
        return Offer(lacks=tuple(lacks))
    gifts = []
    for _ in range(min(times, *[hand.count(parts[sku]) // count for sku, count in needed.items()])):
        shares = [share for sku, count in needed.items() for share in hand.take(parts[sku][::-1], count)]
        lefts = [share.left_minor for share in shares]
        if sum(lefts) <= price_minor:  # they come dearest first
            break
        offs = spread(sum(lefts) - price_minor, lefts)
        given = [share._replace(off_minor=off) for share, off in zip(shares, offs, strict=True)]
        gifts.append(Gift(tuple(given), together=True))
    return Offer(tuple(gifts))


@policy("order_discount")
def percent_off_order(basket: Basket, *, percent: Fraction) -> Offer:
    """A percentage off all goods, of what is left after the discounts before it."""
    return Offer(off_minor=percent_of(basket.left_minor, percent))


@policy("order_discount")
def amount_off_order(basket: Basket, *, off_minor: int) -> Offer:
    """An amount off the goods, at most what they cost."""
    return Offer(off_minor=off_minor)


@policy("order_discount")
def percent_by_tier(basket: Basket, *, percents: dict[str, Fraction]) -> Offer:
    """A percentage off all goods that goes by the customer's tier."""
    percent = percents.get(basket.cart.tier)
    if percent is None:
        return Offer(lacks=(Lack("tier", names=tuple(percents)),))
    return Offer(off_minor=percent_of(basket.left_minor, percent))


@policy("shipping_discount")
def free_shipping(basket: Basket) -> Offer:
    """The shipping costs nothing."""
    return Offer(off_minor=basket.shipping_minor)


@policy("shipping_discount")
def percent_off_shipping(basket: Basket, *, percent: Fraction) -> Offer:
    """A percentage off the shipping."""
    return Offer(off_minor=percent_of(basket.shipping_minor, percent))


@policy("shipping_discount")
def amount_off_shipping(basket: Basket, *, off_minor: int) -> Offer:
    """An amount off the shipping, at most what it costs."""
    return Offer(off_minor=off_minor)
