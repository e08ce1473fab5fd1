"""Brute force: every set of parcels that an order could be sent in. It shares no code with what it judges."""

from itertools import product
from typing import Any

import numpy as np

from segue.planning.network import NO_ZONE, Demand, Network, network

Key = tuple[int, int, int]  # mills, units unfilled, parcels
Candidate = tuple[int, tuple[int, ...], int]  # location, units by line, mills


def cost_of_parcel(net: Network, order: Demand, place: int, counts: tuple[int, ...]) -> int:
    """What a parcel costs, from the definitions of the network."""
    grams = sum(count * int(net.weight_g[sku]) for sku, count in zip(order.skus, counts, strict=True))
    zone = int(net.zone[order.destination, place])
    fitting = [step for step, limit in enumerate(net.limits_g.tolist()) if grams <= limit]
    if fitting:
        rate = int(net.rates[zone, fitting[0]])
    else:
        kilograms = (grams - int(net.limits_g[-1]) + 999) // 1_000
        rate = int(net.rates[zone, -1]) + kilograms * int(net.beyond[zone])
    prices = [int(net.price[sku if len(net.price) > 1 else 0, place]) for sku in order.skus]
    units = sum(count * (int(net.handling[place, 1]) + price) for count, price in zip(counts, prices, strict=True))
    return rate + int(net.handling[place, 0]) + units


def cheapest(net: Network, order: Demand) -> Key:
    """The cheapest way to send an order: its cost, then how little stays unfilled, then in how few parcels."""
    held = {place: [int(net.stock[sku, place]) for sku in order.skus] for place in range(net.locations)}
    candidates = [
        (place, counts, cost_of_parcel(net, order, place, counts))
        for place, stock in held.items()
        if net.zone[order.destination, place] != NO_ZONE
        for counts in product(*[range(min(most, want) + 1) for most, want in zip(stock, order.counts, strict=True)])
        if any(counts)
    ]
    return _search(net, order, candidates, held, 0, order.counts)


def _search(
    net: Network,
    order: Demand,
    candidates: list[Candidate],
    held: dict[int, list[int]],
    start: int,
    left: tuple[int, ...],
) -> Key:
    """The best way to go on: stop here, or send one more parcel that stands no earlier in the list."""
    best = (sum(int(net.unfilled[sku]) * count for sku, count in zip(order.skus, left, strict=True)), sum(left), 0)
    for at in range(start, len(candidates)):
        place, counts, mills = candidates[at]
        if any(count > min(here, want) for count, here, want in zip(counts, held[place], left, strict=True)):
            continue
        held[place] = [here - count for here, count in zip(held[place], counts, strict=True)]
        rest = tuple([want - count for want, count in zip(left, counts, strict=True)])
        cost, unfilled, parcels = _search(net, order, candidates, held, at, rest)
        held[place] = [here + count for here, count in zip(held[place], counts, strict=True)]
        best = min(best, (cost + mills, unfilled, parcels + 1))
    return best


def small_case(dice: Any) -> tuple[Network, Demand]:
    """A network of up to four locations with wild rates, and an order of up to five units."""
    locations, lines = int(dice.integers(1, 5)), int(dice.integers(1, 4))
    counts = [1] * lines
    for _ in range(int(dice.integers(0, 6 - lines))):
        counts[int(dice.integers(0, lines))] += 1
    skus = lines + 1
    prices = dice.integers(-1, 4, (skus, locations)) if dice.random() < 0.5 else 0
    net = network(
        zone=dice.choice([0, 1, 2, NO_ZONE], (1, locations)),
        stock=dice.choice([0, 1, 1, 2, 3], (skus, locations)),
        weight_g=dice.choice([100, 400, 900, 2_000], skus),
        unfilled=dice.choice([5, 10, 30], skus),
        limits_g=(500, 1_000, 2_000),
        rates=dice.integers(1, 10, (3, 3)),
        beyond=dice.integers(0, 10, 3),
        price=prices,
        handling=np.stack([dice.integers(0, 4, locations), dice.integers(0, 3, locations)], axis=1),
    )
    return net, Demand(0, tuple(dice.permutation(skus)[:lines].tolist()), tuple(counts))
