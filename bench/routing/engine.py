"""The engine's own way: a made-up network as the facts of a shop, and its orders planned as every allocation plans them.

Pure Python, with filters, limits and the reason that is kept with each order: what each parcel costs, and what would have
made the locations win that came closest.
"""

from collections.abc import Callable
from functools import partial

from bench.routing.made import BEYOND_MILLS, LIMITS_G, UNFILLED_MILLS, World
from segue.core.context import Context
from segue.core.draft import Destination, Draft, DraftLine
from segue.core.facts import Facts, Item, Location
from segue.core.lanes import MILLS
from segue.core.order import Order
from segue.core.price_list import PriceList
from segue.core.promise import cart_order
from segue.core.rates import Card, Handling, Rates
from segue.core.sourcing import Plan, plan
from segue.core.workflow import Workflow
from segue.planning.network import Demand

FLOW = Workflow("bench", "bench@1", algorithm="exact")
METHOD, COUNTRY = "ground", "US"


def facts_of(made: World) -> Facts:
    """A shop with the network's locations, stock and rates."""
    net, names = made.net, [f"L{place:03}" for place in range(made.net.locations)]
    cards = {
        f"z{zone}": Card(
            tuple((limit, int(mills) // MILLS) for limit, mills in zip(LIMITS_G, row, strict=True)),
            BEYOND_MILLS // MILLS,
        )
        for zone, row in enumerate(net.rates)
    }
    rates = Rates(
        fallback=Card(((0, 100_000),), 0),
        zones={
            name: {f"{COUNTRY} {town:03}": f"z{int(net.zone[town, place])}" for town in range(len(net.zone))}
            for place, name in enumerate(names)
        },
        methods={METHOD: cards},
        handling={name: Handling(*(int(mills) // MILLS for mills in net.handling[p])) for p, name in enumerate(names)},
        unfilled_minor=UNFILLED_MILLS // MILLS,
    )
    facts = Facts({name: Location(name, country=COUNTRY) for name in names}, price_list=PriceList(rates=rates))
    for sku in range(len(net.stock)):
        facts.items[f"S{sku}"] = Item(f"S{sku}", weight_g=int(net.weight_g[sku]))
        facts.stock[f"S{sku}"] = {name: int(net.stock[sku, p]) for p, name in enumerate(names) if net.stock[sku, p]}
    return facts


def order_of(demand: Demand) -> Order:
    """An order as the engine has it."""
    lines = tuple(DraftLine(f"S{sku}", count, 0) for sku, count in zip(demand.skus, demand.counts, strict=True))
    to = Destination(COUNTRY, postcode_area=f"{demand.destination:03}")
    return cart_order(Draft("bench", "1", 0, "USD", lines, 0, ship_to=to, ship_method=METHOD), FLOW)


def planned(facts: Facts, order: Order) -> Plan:
    """What an allocation decides."""
    return plan(order, {line.number: line.quantity for line in order.lines}, Context(0, FLOW, facts), {})


def cost_mills(made: Plan) -> int:
    """What a plan costs, what stays unfilled included."""
    return int(made.because.figures.get("cost_mills", 0)) + sum(made.missing.values()) * UNFILLED_MILLS


def calls(made: World, orders: int) -> list[Callable[[], object]]:
    """A call for each of so many orders."""
    facts = facts_of(made)
    return [partial(planned, facts, order_of(demand)) for demand in made.orders[:orders]]
