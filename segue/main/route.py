"""The command `segue route`: from where an order would be sent now, or with stock that is only pretended."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from segue.core.lanes import MILLS
from segue.core.order import Order
from segue.core.route import Pretended, following, movable
from segue.core.sourcing import ALGORITHMS, Plan
from segue.main.failing import FOUND, WRONG_USE, Failed, failing
from segue.main.formats import money, show_in
from segue.main.known import need
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.shops import folder_of
from segue.ports import Needs

if TYPE_CHECKING:
    from segue.core.workflow import Workflow
    from segue.engine.needs import Shelves
    from segue.engine.rules import Rules
    from segue.loader.shop import Shop as ShopFiles

STOCK = re.compile(r"stock:(.+)@([^@=]+)=([0-9]{1,9})")
OFF = re.compile(r"off:(.+)")
MADE_UP = "made-up"  # the order that a cart is taken for

WhatIf = Annotated[
    list[str] | None,
    Parameter(
        name="--what-if",
        negative=(),
        help="Pretend that so many units are free, stock:SKU@LOCATION=5, or that a location is off, off:LOCATION.",
    ),
]
By = Annotated[
    str, Parameter(name="--strategy", help="A strategy of the workflow, or an algorithm such as rules or exact.")
]


def route(
    what: Annotated[str, Parameter(name="ORDER", help="An order, or a file with a cart as JSON.")],
    /,
    *,
    what_if: WhatIf = None,
    strategy: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Show from where an order or a cart would be sent, at what cost, and why. Nothing is kept."""
    folder = folder_of(shop)
    from segue.app import rules_of
    from segue.engine.routing import routed
    from segue.settings import read_shop
    from segue.store.looking import Looking

    with failing():
        known = read_shop(folder)
        pretended = pretended_by(what_if or (), known)
        rules = rules_of(known)
        order, workflow, now_s = _asked(what, folder, known, rules)
        workflow = _following(workflow, strategy)
        if not movable(order):
            raise Failed(f"All of {order.id} is released, gone or canceled: nothing could come from elsewhere.", FOUND)
        shelves = Looking(folder, known.items, known.stock)
        _need_goods(pretended, order, shelves, known)
        plan = routed(shelves, rules, order, workflow, pretended, now_s)
    show_in(known.time_zone)
    told = as_json(order, plan, known.locations)
    if json:
        print_json(told)
    else:
        _show(order, told)


def pretended_by(texts: Sequence[str], known: "ShopFiles") -> Pretended:
    """What `--what-if` says. Raises Failed for what is not understood, and for places that the shop does not have."""
    stock: dict[tuple[str, str], int] = {}
    off: list[str] = []
    for text in texts:
        if found := STOCK.fullmatch(text):
            stock[found[1], _place(found[2], known)] = int(found[3])
        elif found := OFF.fullmatch(text):
            off.append(_place(found[1], known))
        else:
            raise Failed(f"--what-if {text}: write it as stock:SKU@LOCATION=5 or off:LOCATION.", WRONG_USE)
    return Pretended(stock, tuple(off))


def _place(name: str, known: "ShopFiles") -> str:
    need("location", name, known.locations)
    return name


def _need_goods(pretended: Pretended, order: Order, shelves: "Shelves", known: "ShopFiles") -> None:
    """Raises Failed for a SKU that is neither in the catalog nor in the order, and so for one that would change nothing."""
    ordered = dict.fromkeys(line.sku for line in order.lines)
    skus = {sku for sku, _ in pretended.stock} - ordered.keys()
    items = shelves.load(Needs(items=frozenset(skus))).items
    for sku in sorted(skus):
        if items[sku] is None:
            need("SKU", sku, {**ordered, **known.items})
        raise Failed(f"--what-if stock:{sku}: the order has none of it; it has {', '.join(ordered)}.", WRONG_USE)


def _asked(what: str, folder: Path, known: "ShopFiles", rules: "Rules") -> "tuple[Order, Workflow, int]":
    """The order that is meant, the workflow that it follows, and the present time."""
    if what.endswith(".json"):
        return _made_up(Path(what), folder, known, rules)
    from segue.main.shops import connection_to, found_order, present_s
    from segue.store.reading import Finder

    connection = connection_to(folder)
    finder = Finder(connection)
    order = finder.order(found_order(connection, what).id)
    assert order is not None, "an order that is found is there"
    return order, rules.version(order.workflow, finder.workflow_text), present_s(connection)


def _made_up(path: Path, folder: Path, known: "ShopFiles", rules: "Rules") -> "tuple[Order, Workflow, int]":
    """A cart as if it were an order of the shop's first channel."""
    from segue.core.decide import evolve
    from segue.core.intake import OrderPlaced
    from segue.main.quote import cart_of

    cart = cart_of(path, folder, known)
    workflow = rules.for_channel(cart.channel)
    order = evolve(None, OrderPlaced(id=MADE_UP, workflow=workflow.version, draft=cart), cart.placed_at_s)
    return order, workflow, cart.placed_at_s


def _following(workflow: "Workflow", strategy: str) -> "Workflow":
    """The workflow with the strategy that is asked for. Raises Failed if it has none of this name."""
    if not strategy:
        return workflow
    need("strategy", strategy, (*(each.name for each in workflow.routing), *ALGORITHMS))
    found = following(workflow, strategy)
    assert found is not None, "a strategy that the workflow has can be followed"
    return found


def as_json(order: Order, plan: Plan, locations: Mapping[str, Any]) -> dict[str, Any]:
    """The plan for programs: parcels, what each costs, what is missing, and a sentence for every location without one."""
    figures = plan.because.figures
    costs = list(figures.get("parcels", ()))
    parcels = []
    for parcel in plan.parcels:
        units = {order.lines[number - 1].sku: 0 for number in parcel.units}
        for number, each in parcel.units.items():
            units[order.lines[number - 1].sku] += each
        cost = next((each for each in costs if each["location"] == parcel.location.id), None)
        if cost is not None:
            costs.remove(cost)
        parcels.append({"location": parcel.location.id, "units": units, "cost": cost})
    missing: dict[str, int] = {}
    for number, each in plan.missing.items():
        missing[order.lines[number - 1].sku] = missing.get(order.lines[number - 1].sku, 0) + each
    return {
        "order": order.id,
        "rule": plan.because.rule,
        "parcels": parcels,
        "missing": missing,
        "cost_mills": figures.get("cost_mills"),
        "figures": {name: value for name, value in figures.items() if name not in ("parcels", "cost_mills")},
        "passed_over": dict(_passed_over(plan, locations)),
    }


def _passed_over(plan: Plan, locations: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every location that sends nothing, and why; those that lost by least come first."""
    chosen = {parcel.location.id for parcel in plan.parcels}
    yield from plan.because.passed_over.items()
    for name in locations:
        if name not in chosen and name not in plan.because.passed_over:
            yield name, "has nothing of it"


def _show(order: Order, told: dict[str, Any]) -> None:
    costs = [each["cost"] for each in told["parcels"] if each["cost"]]
    has_costs, has_more = bool(costs), any(map(_beside, costs))
    width = len(_cost_columns(has_costs, has_more))
    rows = [
        (each["location"], _units(each["units"]), *_cost(each["cost"], order.currency, width))
        for each in told["parcels"]
    ]
    if rows:
        table(("from", "units", *_cost_columns(has_costs, has_more)), rows)
    if told["missing"]:
        say(f"Not to be had: {_units(told['missing'])}")
    if len(rows) > 1 and told["cost_mills"] is not None:
        total = sum(cost["total_mills"] for cost in costs)
        say(f"All parcels together {money(total // MILLS, order.currency)}")
    for carrier, why in told["figures"].get("carriers", {}).items():
        say(f"The card of {carrier} counts: {why}")
    say(f"because {told['rule']}{_figures(told['figures'])}")
    if told["passed_over"]:
        table(("not from", "since it"), list(told["passed_over"].items()))


def _cost_columns(has_costs: bool, has_more: bool) -> tuple[str, ...]:
    """What is told of the costs of parcels; nothing where the shop has no rates."""
    more = (">beside",) if has_more else ()
    return ("zone", ">up to", ">rate", ">handling", *more, ">cost") if has_costs else ()


def _cost(cost: dict[str, Any] | None, currency: str, width: int) -> tuple[str, ...]:
    """What a parcel costs, in so many columns."""
    if cost is None:
        return ("",) * width
    beside = (_beside(cost),) if width > len(_cost_columns(True, False)) else ()
    amounts = (cost["rate_mills"], cost["handling_mills"], *beside, cost["total_mills"])
    zone = ", ".join(filter(None, (cost.get("carrier"), "its own rate" if cost.get("by_carrier") else cost["zone"])))
    return (zone or "fallback", f"{cost['billed_g']} g", *(money(-(-mills // MILLS), currency) for mills in amounts))


def _beside(cost: dict[str, Any]) -> int:
    """What comes on top of rate and handling: what units are worth or lose where they are, and lateness."""
    return int(cost["total_mills"] - cost["rate_mills"] - cost["handling_mills"])


def _units(units: Mapping[str, int]) -> str:
    return ", ".join(f"{each} {sku}" for sku, each in units.items())


def _figures(figures: Mapping[str, Any]) -> str:
    """The figures that are words: the strategy, a limit that a better plan would break, a note about the search."""
    told = [f"{name.replace('_', ' ')}: {value}" for name, value in figures.items() if isinstance(value, str)]
    return f" ({'; '.join(told)})" if told else ""
