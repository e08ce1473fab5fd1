"""Outside: what warehouses, carriers and the fraud vendor tell us by messages, each as the scenario says it."""

from collections.abc import Iterable, Iterator
from typing import Any

from segue.core.order import Fulfillment, Order
from segue.core.purchase import STATUSES
from segue.core.tally import Units, common, lowest, minus, size
from segue.ports import Inbound
from segue.scenario.forms import Field, Form, Kind, brief, filled
from segue.scenario.kinds import COUNT, DURATION, FLAG, NOTHING, ORDER, TEXT, UNITS_OF, named, one_of
from segue.scenario.stage import Impossible, Stage
from segue.scenario.steps.verb import ABOUT, Values, Verb

Lines = dict[int, Units]
VERDICTS = ("accepted", "review", "rejected", "pending")
AGAIN: Form = {"twice": Field(FLAG, "whether the message comes a second time"), **ABOUT}
WHICH: Form = {
    "fulfillment": Field(TEXT, "which one: F1; all that are with their locations"),
    "location": Field(named("location"), "those of this location only"),
}
SHIPPING: Form = {
    "units": Field(UNITS_OF, "which units; all that are there"),
    "shipment": Field(TEXT, "what the parcel is called: S1, S2 ... in their order"),
    "carrier": Field(TEXT, "who carries it"),
    "tracking": Field(TEXT, "the carrier's number"),
    **WHICH, **AGAIN,
}  # fmt: skip
SHORT_PICKING: Form = {
    "units": Field(UNITS_OF, "which units are missing", required=True),
    "reason": Field(one_of("reason", "not_found", "damaged"), "why; `not_found`"),
    **WHICH, **AGAIN,
}  # fmt: skip
REJECTING: Form = {"reason": Field(TEXT, "why; `no_capacity`"), **WHICH, **AGAIN}
READYING: Form = {"units": Field(UNITS_OF, "which units; all that it has or that come"), **WHICH, **AGAIN}
SUPPLYING: Form = {
    "status": Field(one_of("status", *STATUSES), "how it stands", required=True),
    "reference": Field(TEXT, "the supplier's own number"),
    "expected": Field(DURATION, "in how long it will leave"),
    **WHICH, **AGAIN,
}  # fmt: skip
LOSING: Form = {"units": Field(UNITS_OF, "which units; all that are on their way"), **WHICH, **AGAIN}
DELIVERING: Form = {"shipment": Field(TEXT, "which parcel; all that are under way"), **AGAIN}
SCREENING: Form = {"verdict": Field(one_of("verdict", *VERDICTS), "what it says", required=True), **AGAIN}
RETURNING: Form = {
    "units": Field(UNITS_OF, "which units", required=True),
    "line": Field(COUNT, "of which line, where several have this SKU; the first"),
    "location": Field(named("location"), "where they are now; where they came from"),
    "sellable": Field(FLAG, "whether they can be sold again"),
    "reason": Field(TEXT, "why"),
    "incomplete": Field(FLAG, "`true`: a part of a bundle that comes back as a whole; the rest is to follow"),
    **AGAIN,
}  # fmt: skip
MESSAGE: Form = {
    "source": Field(TEXT, "who sends it", required=True),
    "kind": Field(TEXT, "what it is: `record_shipment`", required=True),
    "id": Field(TEXT, "its id: a message that comes twice has the same"),
    "body": Field(Kind(lambda node, words: node.plain_value(), {"type": "object"}, "a mapping"), "what it says"),
    "order": Field(ORDER, "the order that it is about"),
}


def ships(stage: Stage, values: Values) -> None:
    """A location has shipped: all of each fulfillment, or some units."""
    order = stage.order(values["order"])
    for number, (name, units) in enumerate(_chosen(order, values, "released"), len(order.shipments) + 1):
        shipment = values.get("shipment", f"S{number}")
        body = {"fulfillment": name, "shipment": shipment, "units": _plain(units)}
        body |= {key: values[key] for key in ("carrier", "tracking") if key in values}
        _send(stage, values, "warehouse", "record_shipment", body)


def short_picks(stage: Stage, values: Values) -> None:
    """A location does not find units."""
    for name, units in _chosen(stage.order(values["order"]), values, "released"):
        body = {"fulfillment": name, "units": _plain(units), "reason": values.get("reason", "not_found")}
        _send(stage, values, "warehouse", "record_short_pick", body)


def rejects(stage: Stage, values: Values) -> None:
    """A location will not do what it was asked for."""
    for name, _ in _chosen(stage.order(values["order"]), values, "released"):
        body = {"fulfillment": name, "reason": values.get("reason", "no_capacity")}
        _send(stage, values, "warehouse", "record_reject", body)


def is_ready(stage: Stage, values: Values) -> None:
    """A store has what its customer collects: picked, or brought there."""
    order = stage.order(values["order"])
    made = [each for name, each in order.fulfillments.items() if values.get("fulfillment", name) == name]
    state = "in_transit" if any(_units_in(order, each, "in_transit") for each in made) else "released"
    for name, units in _chosen(order, values, state):
        _send(stage, values, "warehouse", "record_ready", {"fulfillment": name, "units": _plain(units)})


def supplier_says(stage: Stage, values: Values) -> None:
    """A supplier says how its purchase orders stand."""
    for name, _ in _chosen(stage.order(values["order"]), values, "released"):
        body = {"fulfillment": name, "status": values["status"]}
        body |= {"reference": values["reference"]} if "reference" in values else {}
        if "expected" in values:
            body["expected_at_s"] = stage.now_s + values["expected"]
        _send(stage, values, "warehouse", "record_purchase_order", body)


def is_lost(stage: Stage, values: Values) -> None:
    """What was on its way to a store does not come."""
    for name, units in _chosen(stage.order(values["order"]), values, "in_transit"):
        _send(stage, values, "warehouse", "record_lost", {"fulfillment": name, "units": _plain(units)})


def collects(stage: Stage, values: Values) -> None:
    """The customer collects what is ready, all or some units."""
    for name, units in _chosen(stage.order(values["order"]), values, "ready"):
        _send(stage, values, "warehouse", "record_collection", {"fulfillment": name, "units": _plain(units)})


def delivers(stage: Stage, values: Values) -> None:
    """A carrier has delivered."""
    order = stage.order(values["order"])
    there = [name for name, parcel in order.shipments.items() if parcel.delivered_at_s is None]
    for shipment in [values["shipment"]] if "shipment" in values else there:
        _send(stage, values, "carrier", "record_delivery", {"shipment": shipment})
    if not there and "shipment" not in values:
        raise Impossible("that a parcel is under way", "there is none")


def fraud_says(stage: Stage, values: Values) -> None:
    """The fraud vendor's verdict comes, as a message."""
    _send(stage, values, "fraud", "record_screening", {"verdict": values["verdict"]})


def comes_back(stage: Stage, values: Values) -> None:
    """Units that had left are back."""
    order = stage.order(values["order"])
    for sku, count in values["units"]:
        body: dict[str, Any] = {**_what(order, sku, values.get("line", 0)), "quantity": count}
        body |= {key: values[key] for key in ("location", "sellable", "reason", "incomplete", "lost") if key in values}
        _send(stage, values, "warehouse", "record_return", body)


def _what(order: Order, sku: str, line: int) -> dict[str, Any]:
    """A line of this SKU, or a bundle."""
    bundles = [key for key, bundle in order.bundles.items() if bundle.sku == sku]
    if bundles and not line:
        return {"bundle": bundles[0]}
    lines = [each.number for each in order.lines if each.sku == sku and line in (0, each.number)]
    if not lines:
        raise Impossible(f"a line of {sku}", "the order has none")
    return {"line": lines[0]}


def message(stage: Stage, values: Values) -> None:
    """Any other message."""
    id = values.get("id") or stage.message_id(values["kind"])
    stage.receive(Inbound(values["source"], id, values["kind"], values.get("body") or {}, values.get("order", "")))


def _send(stage: Stage, values: Values, source: str, kind: str, body: dict[str, Any]) -> None:
    sent = Inbound(source, stage.message_id(kind), kind, body, values["order"])
    stage.receive(sent)
    if values.get("twice"):
        stage.receive(sent)


def _chosen(order: Order, values: Values, state: str) -> Iterator[tuple[str, Lines]]:
    """The fulfillments that are meant, each with the units of it that are. Raises Impossible if they are not there."""
    there = {
        name: units
        for name, made in order.fulfillments.items()
        if values.get("fulfillment", name) == name and values.get("location", made.location) == made.location
        if (units := _units_in(order, made, state))
    }
    if not there:
        raise Impossible(f"that something is {state} to a location", "nothing is, or not to this one")
    if "units" not in values:
        yield from there.items()
        return
    taken = _taken(order, there, values["units"])
    yield from ((name, units) for name, units in taken.items() if units)


def _taken(order: Order, there: dict[str, Lines], wanted: Iterable[tuple[str, int]]) -> dict[str, Lines]:
    """So many units of each SKU, the lowest-numbered of the first fulfillment that has them first."""
    taken: dict[str, Lines] = {name: {} for name in there}
    for sku, count in wanted:
        left = count
        for name, lines in there.items():
            for number, units in lines.items():
                if order.lines[number - 1].sku == sku and left:
                    free = minus(units, taken[name].get(number, ()))
                    some = lowest(free, left)
                    if some:
                        taken[name][number] = some
                        left -= size(some)
        if left:
            raise Impossible(f"{count} of {sku} with a location", f"{count - left} are")
    return taken


def _units_in(order: Order, made: Fulfillment, state: str) -> Lines:
    found = {}
    for number, units in made.units.items():
        here = common(units, order.lines[number - 1].tally.get(state, ()))
        if here:
            found[number] = here
    return found


def _plain(units: Lines) -> dict[str, list[list[int]]]:
    return {str(number): [[first, last] for first, last in ranges] for number, ranges in units.items()}


VERBS = {
    "ships": Verb("A location has shipped.", brief("units", UNITS_OF, SHIPPING), ships, True),
    "short_picks": Verb("A location cannot find units.", brief("units", UNITS_OF, SHORT_PICKING), short_picks, True),
    "rejects": Verb("A location rejects what it was asked for.", brief("reason", NOTHING, REJECTING), rejects, True),
    "is_ready": Verb(
        "A store has ready what its customer collects.", brief("units", UNITS_OF, READYING), is_ready, True
    ),
    "supplier_says": Verb(
        "A supplier says how a purchase order stands.",
        brief("status", one_of("status", *STATUSES), SUPPLYING),
        supplier_says,
        True,
    ),
    "is_lost": Verb("What was sent to a store is lost.", brief("units", UNITS_OF, LOSING), is_lost, True),
    "collects": Verb("The customer collects what is ready.", brief("units", UNITS_OF, READYING), collects, True),
    "delivers": Verb("A carrier has delivered.", brief("shipment", TEXT, DELIVERING), delivers, True),
    "fraud_says": Verb(
        "The fraud vendor's verdict comes.", brief("verdict", one_of("verdict", *VERDICTS), SCREENING), fraud_says, True
    ),
    "comes_back": Verb("Units are back.", brief("units", UNITS_OF, RETURNING), comes_back, True),
    "message": Verb("Any other message comes in.", filled(MESSAGE), message),
}
