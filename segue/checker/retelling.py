"""Retelling: a way that breaks a property, as the scenario file that plays it on a whole engine.

The scenario expects what should be; so it fails as long as the workflow is broken, and passes once it is mended.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from segue.checker.examining import Counterexample
from segue.checker.expecting import ORDER, expected, units_of
from segue.checker.properties import SENTENCES
from segue.checker.shapes import BASE, FIRST, SECOND, SKUS, STOCKS, UNLISTED, Shape, draft_of, places_of, skus_of
from segue.checker.timing import TRIES, Asked, Timed, Timetable, Untimely, timetable
from segue.core.base import Command
from segue.core.bringing import RecordCollection, RecordLost, RecordReady
from segue.core.cancel import Cancel
from segue.core.capture import RecordCapture
from segue.core.context import name_of
from segue.core.deliver import RecordDelivery
from segue.core.draft import DraftTender
from segue.core.fulfill import RecordReject, RecordShipment, RecordShortPick
from segue.core.hold import LiftHold, PlaceHold
from segue.core.item_state import LeaveState
from segue.core.order import Order
from segue.core.pay import RecordAuthorization
from segue.core.purchase import SUPPLIER, RecordPurchaseOrder
from segue.core.refund import RecordRefund
from segue.core.returns import RecordReturn
from segue.core.screen import RecordScreening
from segue.core.takeback import TakeBack
from segue.core.void import RecordVoid
from segue.core.workflow import Workflow
from segue.scenario import Verdict, run_data
from segue.scenario.expecting.check import decimal
from segue.scenario.setting import START_S

EARLIER_S = 3600  # how long before the order its customer's other orders begin
BY_HAND = ["warehouse", "carrier"]
Data = dict[str, Any]


class Source(NamedTuple):
    """Where a workflow stands: prebuilt, or in a shop's folder."""

    workflow: Workflow
    shop: Path | None = None
    inline: Data | None = None  # a workflow that stands nowhere yet, as its YAML says it


class Replayed(NamedTuple):
    """A scenario that was played, and failed where it was expected to."""

    counterexample: Counterexample
    data: Data
    verdict: Verdict


def replay(example: Counterexample, source: Source) -> Replayed | None:
    """The scenario of a counterexample, if the engine really does what it says; else None."""
    try:
        data, what = retold(example, source)
    except Untimely:
        return None
    verdict = run_data(data, f"{source.workflow.name}-{example.breach.property}.yaml", source.shop)
    fails = [failure for failure in verdict.failures if failure.what.endswith(what)]
    return Replayed(example, data, verdict) if fails else None


def retold(example: Counterexample, source: Source) -> tuple[Data, str]:
    """The scenario's data, and what it expects in vain. Raises Untimely."""
    start_s = START_S + (EARLIER_S if _has_earlier(example.shape) else 0)
    times = timetable(source.workflow, example.shape, example.path, start_s)
    hoped = expected(example, times)
    steps = [*_faults(times), *_earlier(example.shape), *_steps(example.shape, times)]
    if hoped.now:
        steps.append({"expect": hoped.now})
    title = f"{SENTENCES[example.breach.property].partition(':')[0]} ({source.workflow.name})".rstrip(".")
    data: Data = {"title": title, "given": _given(example.shape, source), "when": steps}
    return data | ({"then": hoped.then} if hoped.then else {}), hoped.what


def _given(shape: Shape, source: Source) -> Data:
    first, second = STOCKS[shape.stock]
    given: Data = {"shop": "."} if source.shop is not None else {}
    given["workflow"] = source.inline if source.inline is not None else source.workflow.name
    price = decimal(BASE.price_minor, "EUR")
    given["catalog"] = dict.fromkeys(SKUS, price) | {"LAMP": price}
    if shape.kind:
        given["catalog"][SKUS[0]] = {"price": price, "kind": shape.kind}
    other = places_of(source.workflow)[SECOND]
    if source.shop is not None or other.kind == SUPPLIER:
        place: Data = {"kind": other.kind, "country": "DE"}
        able = {"capabilities": list(other.capabilities)} if shape.is_collected else {}
        given["locations"] = {FIRST: {"country": "DE"}, SECOND: place | able}
    if source.shop is not None or shape.is_collected:
        given["shipping_methods"] = ["standard", "express", *([shape.method] if shape.is_collected else [])]
    if source.shop is not None or shape.channel != BASE.channel:
        given["channels"] = {shape.channel: None}
    if not shape.ends:
        given["tenders"] = {shape.means: {"authorization_lasts": "never"}}
    given["stock"] = {sku: {FIRST: first, SECOND: second} for sku in skus_of(shape) if sku != UNLISTED} | {"LAMP": 99}
    unknown = [*([UNLISTED] if shape.is_unlisted else []), *([shape.method] if shape.method == "none" else [])]
    return given | ({"unknown": unknown} if unknown else {}) | {"by_hand": BY_HAND}


def _has_earlier(shape: Shape) -> bool:
    return shape.is_twice or shape.earlier > 0


def _earlier(shape: Shape) -> Iterator[Data]:
    """The orders that its customer gave before."""
    if not _has_earlier(shape):
        return
    for number in range(shape.earlier):
        yield {"order": {"id": f"E{number}", "lines": "1 LAMP", "channel": shape.channel}}
    if shape.is_twice:
        yield {"at": f"+{EARLIER_S - 300}s", "order": _order(shape) | {"id": "E"}}


def _order(shape: Shape) -> Data:
    draft = draft_of(shape)
    home: Data = {"street": "Torstrasse 1", "city": "Berlin", "postcode": "10119", "country": shape.country}
    if shape.region:
        home["region"] = shape.region
    if shape.is_incomplete:
        del home["street"]
    order: Data = {
        "id": ORDER,
        "channel": shape.channel,
        "lines": [
            {"sku": line.sku, "quantity": line.quantity, "price": decimal(line.price_minor, "EUR")}
            | ({"location": line.location} if line.location else {})
            for line in draft.lines
        ],
        "to": home,
        "bill_to": home | {"street": "Torstrasse 1", "country": shape.bill_country},
        "pay": [_tender(tender) for tender in draft.tenders],
        "method": shape.method,
    }
    others = {"tags": list(shape.tags), "locale": shape.locale}
    if shape.shipping_minor:
        order["shipping"] = decimal(shape.shipping_minor, "EUR")
    return order | {name: value for name, value in others.items() if value}


def _tender(tender: DraftTender) -> Data:
    said = {"kind": tender.kind, "amount": decimal(tender.amount_minor, "EUR")}
    return said if tender.method == BASE.means else said | {"method": tender.method}


def _faults(times: Timetable) -> Iterator[Data]:
    """What the gateway and the vendor do with each call, in the order of the calls."""
    calls: dict[str, list[tuple[int, int, Data]]] = {}
    for number, asked in enumerate(times.asked):
        for attempt, what in enumerate(_calls(asked, times.steps[-1].at_s)):
            calls.setdefault(asked.kind, []).append((asked.at_s + TRIES[attempt], number, what))
    for kind, planned in calls.items():
        said = [what for _, _, what in sorted(planned, key=lambda each: each[:2])]
        while said and said[-1] == WELL:
            said.pop()
        port = "fraud" if kind == "screen" else "gateway"
        for what, same in groupby(said):
            repeated = len(list(same))
            yield {port: {kind: what | ({"times": repeated} if repeated > 1 else {})}}


WELL: Data = {"what": "late", "late": "0s"}  # nothing is wrong with this call


def _calls(asked: Asked, end_s: int) -> list[Data]:
    lost: list[Data] = [{"what": "lost_before"}] * asked.lost(end_s)
    if asked.move is None or asked.answered_at_s is None:
        return lost
    command = asked.move.command
    if isinstance(command, RecordScreening):
        return lost if command.verdict == "timed_out" else [*lost, {"what": command.verdict}]
    outcome = getattr(command, "outcome", "unknown")
    return lost if outcome == "unknown" else [*lost, {"what": "declined"} if outcome == "declined" else WELL]


def _steps(shape: Shape, times: Timetable) -> Iterator[Data]:
    """What happens, each at its time; what the gateway and the vendor answer by themselves is among the faults."""
    answered = [asked.move for asked in times.asked]
    order: Order | None = None
    for number, step in enumerate(times.steps):
        at: Data = {"at": f"+{step.at_s - START_S}s"}
        if number == 0:
            yield at | {"order": _order(shape)}
        elif any(step.move is move for move in answered):
            yield at
        else:
            yield at | _step(step, order, _has_earlier(shape))
        order = step.order or order


def _step(step: Timed, order: Order | None, several: bool) -> Data:
    move = step.move
    if move.arrives:
        return {"stock_arrives": move.arrives}
    told = TOLD.get(type(move.command))
    if told is None or order is None:
        return {}
    verb, values = told(move.command, order)
    return {verb: values | ({"order": ORDER} if several else {}) or None}


def _shipped(command: RecordShipment, order: Order) -> tuple[str, Data]:
    some = {"units": units_of(command.units, order)} if command.units else {}
    return "ships", {"fulfillment": command.fulfillment, "shipment": command.shipment, **some}


def _short(command: RecordShortPick, order: Order) -> tuple[str, Data]:
    return "short_picks", {"fulfillment": command.fulfillment, "units": units_of(command.units, order)}


def _at_store(verb: str) -> Callable[[Any, Order], tuple[str, Data]]:
    """What a store, or the customer there, does with units of a fulfillment."""
    return lambda command, order: (
        verb,
        {"fulfillment": command.fulfillment} | ({"units": units_of(command.units, order)} if command.units else {}),
    )


def _canceled(command: Cancel, order: Order) -> tuple[str, Data]:
    return "customer_cancels", {"line": command.line, "quantity": command.quantity} if command.line else {}


def _returned(command: RecordReturn, order: Order) -> tuple[str, Data]:
    if command.bundle:
        return "comes_back", {"units": f"{command.quantity} {order.bundles[command.bundle].sku}"}
    sku = order.lines[command.line - 1].sku
    which = {"line": command.line} if sum(line.sku == sku for line in order.lines) > 1 else {}
    return "comes_back", {"units": f"{command.quantity} {sku}", **which}


def _any(command: Command, order: Order) -> tuple[str, Data]:
    fields = {name: getattr(command, name) for name in command.__struct_fields__}
    return "do", {"command": name_of(command), **{name: value for name, value in fields.items() if value}}


TOLD: dict[type[Command], Callable[[Any, Order], tuple[str, Data]]] = {
    RecordShipment: _shipped,
    RecordShortPick: _short,
    RecordReject: lambda command, order: ("rejects", {"fulfillment": command.fulfillment}),
    RecordDelivery: lambda command, order: ("delivers", {"shipment": command.shipment}),
    RecordReady: _at_store("is_ready"),
    RecordLost: _at_store("is_lost"),
    RecordCollection: _at_store("collects"),
    RecordReturn: _returned,
    RecordPurchaseOrder: lambda command, order: (
        "supplier_says",
        {"fulfillment": command.fulfillment, "status": command.status},
    ),
    RecordScreening: lambda command, order: ("fraud_says", {"verdict": command.verdict}),
    Cancel: _canceled,
    LiftHold: lambda command, order: ("lift", {"hold": command.hold}),
    PlaceHold: lambda command, order: ("hold", {"hold": command.hold}),
    LeaveState: _any,
    TakeBack: _any,
    RecordAuthorization: _any,
    RecordCapture: _any,
    RecordVoid: _any,
    RecordRefund: _any,
}
