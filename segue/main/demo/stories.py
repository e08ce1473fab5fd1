"""Stories: orders of which something is to be learned, the shortest of each kind."""

from typing import NamedTuple

from segue.core.order import Order
from segue.store.reading import Finder, Told

LOOKED_AT_MAX = 1_500  # delivered orders


class Story(NamedTuple):
    """An order, and why it is worth telling."""

    order: str
    title: str


def interesting(finder: Finder) -> list[Story]:
    """One order that was split, one that was held, one that was sourced again; as far as there are such."""
    shortest: dict[str, Order] = {}
    for found in finder.orders(status="delivered", limit=LOOKED_AT_MAX):
        order = finder.order(found.id)
        assert order is not None, f"{found.id} is in the list of orders and nowhere else"
        for kind, holds in (("split", _is_split), ("sourced", _is_sourced_again)):
            if holds(order) and _is_shorter(order, shortest.get(kind)):
                shortest[kind] = order
        if _is_shorter(order, shortest.get("held")) and _was_held(finder.story(order.id)):
            shortest["held"] = order
    stories = [Story(shortest[kind].id, title) for kind, title in TITLES.items() if kind in shortest]
    for status, title in OTHERS.items():
        if len(stories) < len(TITLES):
            stories += [Story(found.id, title) for found in finder.orders(status=status, limit=1)]
    return stories


def _is_shorter(order: Order, known: Order | None) -> bool:
    return known is None or order.version < known.version


def _is_split(order: Order) -> bool:
    return len({order.fulfillments[each.fulfillment].location for each in order.shipments.values()}) > 1


def _is_sourced_again(order: Order) -> bool:
    return any(line.attempts for line in order.lines)


def _was_held(story: list[Told]) -> bool:
    events = [event for step in story for decision in step.record for event in decision.get("events", ())]
    return any(event["event"] == "hold_placed" for event in events)


TITLES = {
    "split": "An order that was split",
    "held": "An order that was held",
    "sourced": "An order that needed another location",
}
# Where the data has none of these.
OTHERS = {
    "on_hold": "An order that is held",
    "returned": "An order that came back",
    "waiting_for_stock": "An order that waits for stock",
}
