"""Collecting: strategies for what customers collect at a store, from its own shelves or brought there by others."""

from msgspec.structs import replace

from segue.core.bringing import store_of
from segue.core.context import Context
from segue.core.order import Order
from segue.core.sourcing.goods import Demand
from segue.core.workflow import Among, Strategy

THERE, BROUGHT = "at_store", "ship_to_store"
PICKUPS = {
    THERE: "what the store has that the order names",
    BROUGHT: "from any location; what is not there is sent to the store first",
}
NO_STORE = "the order names no store at which it is collected"


def by_store(order: Order, wanted: Demand) -> dict[str, Demand]:
    """What is collected at each store; lines that name none are in none."""
    found: dict[str, Demand] = {}
    for number, count in wanted.items():
        if store := store_of(order.lines[number - 1]):
            found.setdefault(store, {})[number] = count
    return found


def at_store(strategy: Strategy, store: str, context: Context) -> tuple[Strategy | None, str]:
    """The strategy as it is for one store; or none, and why nothing can be collected there now."""
    place = context.facts.locations.get(store)
    if place is None:
        return None, f"no location is called {store}"
    if closed := context.facts.closed_now(store):
        return None, f"{store} is {closed}"
    if strategy.pickup == BROUGHT:
        return strategy, ""
    if strategy.among is not None and (objection := strategy.among.objection(place)):
        return None, f"{store}: {objection}"
    return replace(strategy, among=Among(ids=(store,))), ""


def left_of(wanted: Demand, asked: Demand, left: Demand) -> Demand:
    """What is wanted when of what was asked for so much is left."""
    still = {number: left.get(number, 0) if number in asked else count for number, count in wanted.items()}
    return {number: count for number, count in still.items() if count}
