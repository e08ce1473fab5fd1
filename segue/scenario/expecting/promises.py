"""Of a promise: from where and when a cart could be had now."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from segue.connectors.importing import Intake, draft_in
from segue.core.lanes import MILLS
from segue.core.mapping import Document
from segue.core.order import Fulfillment
from segue.core.promise import Promise
from segue.engine.promising import promised
from segue.loader.tree import Node
from segue.scenario.expecting.check import Check
from segue.scenario.forms import Field, Form, Kind, Words, by_name, filled, schema_of
from segue.scenario.kinds import AMOUNT_MINOR, INSTANT_S, TEXTS, UNITS_OF
from segue.scenario.placing import PLACED, document_of
from segue.scenario.stage import Impossible, Stage

CANONICAL = "canonical"
MOMENT = Kind(
    lambda node, words: shown_at(INSTANT_S.read(node, words)), INSTANT_S.schema, "an instant: `2026-03-02T17:00:00Z`"
)
UNITS = Kind(lambda node, words: dict(UNITS_OF.read(node, words)), UNITS_OF.schema, UNITS_OF.called)
PROMISED: Form = {
    "sources": Field(by_name("location", UNITS), "by location, the units that it would give"),
    "leaves": Field(by_name("location", MOMENT), "by location, when its last parcel would leave"),
    "arrives": Field(by_name("location", MOMENT), "by location, when its last parcel would arrive at the latest"),
    "supplies": Field(TEXTS, "what it would wait for, in this sequence"),
    "cost": Field(AMOUNT_MINOR, "what sending it costs the shop, handling included"),
    "missing": Field(UNITS, "units that nobody has and nobody expects"),
}
CART: Form = {key: PLACED[key] for key in ("lines", "to", "method", "channel", "customer", "tags")}
PROMISE: Form = {"cart": Field(filled(CART), "what is asked for, as in `order`", required=True), **PROMISED}
SCHEMA = schema_of(PROMISE)


def shown_at(at_s: int) -> str:
    """An instant as expectations show it."""
    return f"{datetime.fromtimestamp(at_s, UTC):%Y-%m-%dT%H:%M:%SZ}"


def checks_of(node: Node, words: Words) -> Iterator[Check]:
    """What is expected of a promise: each part by itself."""
    fields = node.fields(words.problems, PROMISE, ("cart",))
    cart = filled(CART).read(fields["cart"], words) if "cart" in fields else {}
    for key in PROMISED:
        if key in fields:
            expected = PROMISED[key].kind.read(fields[key], words)
            yield Check(fields[key], f"promise: {key}", expected, _looking(cart, key))


def _looking(cart: dict[str, Any], key: str) -> Callable[[Stage], Any]:
    return lambda stage: LOOKS[key](*_promise(stage, cart))


def _promise(stage: Stage, values: dict[str, Any]) -> tuple[Promise, dict[int, str]]:
    """The promise, and the SKU of each line."""
    shop = stage.setting.shop
    channel = values.get("channel", next(iter(shop.channels), CANONICAL))
    mapping = replace(stage.mapping(CANONICAL), name=channel)
    document = Document(document_of(values, "cart", shop, stage.now_s), "scenario")
    draft = draft_in(Intake(mapping, stage.app.seal.digest).take(document))
    if draft is None:
        raise Impossible("that the cart can be read", "it is rejected")
    made = promised(stage.app.store, stage.app.worker.rules, draft, stage.now_s)
    return made.promise, dict(enumerate(made.skus, 1))


def _sources(made: Promise, skus: dict[int, str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for source in made.sources:
        here = found.setdefault(source.location, {})
        for number, units in source.units.items():
            here[skus[number]] = here.get(skus[number], 0) + units
    return found


def _missing(made: Promise, skus: dict[int, str]) -> dict[str, int]:
    return {skus[number]: units for number, units in made.missing.items()}


def _leaves(made: Promise, skus: dict[int, str]) -> dict[str, str]:
    dates = [(each.location, each.promised.ship_by_s) for each in made.sources if each.promised]
    return {location: shown_at(at_s) for location, at_s in sorted(dates, key=lambda date: date[1])}


def _arrives(made: Promise, skus: dict[int, str]) -> dict[str, str]:
    dates = [(each.location, each.promised.deliver_by_s or 0) for each in made.sources if each.promised]
    return {location: shown_at(at_s) for location, at_s in sorted(dates, key=lambda date: date[1]) if at_s}


LOOKS: dict[str, Callable[[Promise, dict[int, str]], Any]] = {
    "sources": _sources,
    "leaves": _leaves,
    "arrives": _arrives,
    "supplies": lambda made, skus: [name for source in made.sources for name in source.supplies],
    "cost": lambda made, skus: None if made.cost_mills is None else -(-made.cost_mills // MILLS),
    "missing": _missing,
}


def leaving(made: dict[str, Fulfillment]) -> dict[str, str]:
    """By location, when the last parcel that it is asked for leaves."""
    dates = [(each.location, each.promised.ship_by_s) for each in made.values() if each.promised and each.units]
    return {location: shown_at(at_s) for location, at_s in sorted(dates, key=lambda date: date[1])}


def arriving(made: dict[str, Fulfillment]) -> dict[str, str]:
    """By location, when the last parcel that it is asked for arrives at the latest."""
    dates = [(each.location, each.promised.deliver_by_s or 0) for each in made.values() if each.promised and each.units]
    return {location: shown_at(at_s) for location, at_s in sorted(dates, key=lambda date: date[1]) if at_s}
