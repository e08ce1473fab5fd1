"""Warehouses and stores: they take what is released to them and tell by messages what became of it.

A fulfillment is shipped in one parcel, or units of it are reported missing and the rest is shipped, or it is rejected.
Messages, all with source "warehouse" and an id that begins with <order>/<fulfillment>/:

    shipped     record_shipment    {"fulfillment", "shipment", "carrier", "tracking", "units"}
    short       record_short_pick  {"fulfillment", "units", "reason": "not_found" or "damaged"}
    confirmed   record_purchase_order {"fulfillment", "status": "confirmed", "reference"}: a supplier's
    ready       record_ready       {"fulfillment", "units"}: of what its customer collects there
    rejected    record_reject      {"fulfillment", "reason": "no_capacity" or "closed"}

`units` is {line: [[first, last], ...]}, with lines as strings, as in every JSON object.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from segue.connectors.simulated.behavior import Behavior, WarehouseBehavior
from segue.connectors.simulated.desk import HOUR_S, Desk, SimulatedPort
from segue.connectors.simulated.journal import Done
from segue.core.tally import Units, common, minus, size, union
from segue.core.tally import numbers as units_of
from segue.ports import Answer, Inbound, Person

BRINGING_S = 48 * HOUR_S  # from a location to the store where its customer collects it
CARRIERS = ("UPS", "FedEx", "DHL", "USPS")
LinesUnits = dict[str, Units]


class Taken(NamedTuple):
    """A fulfillment that a location was asked for."""

    order: str
    fulfillment: str
    location: str
    lines: tuple[tuple[str, int], ...]  # SKU and units


class SimulatedWarehouse(SimulatedPort):
    """Every location of the shop. Stores are those whose ids the world was given; they reject more often."""

    name = "warehouse"

    def __init__(self, desk: Desk, behavior: Behavior, stores: frozenset[str]) -> None:
        super().__init__(desk, behavior.warehouse)
        self._behavior = behavior
        self._stores = stores
        self._released: set[str] = set()
        self.taken: list[Taken] = []  # what this process was asked to ship, as it came

    def release(self, key: str, fulfillment: dict[str, Any], person: Person | None) -> Answer:
        """Pick, pack and ship {"order", "fulfillment", "location", "lines": [{"line", "sku", "units", "quantity"}]}.

        A fulfillment that comes again under another key is answered as before, and nothing is shipped twice.
        """
        return self.once(key, lambda now_s: self._take(key, fulfillment, now_s), "release", fulfillment["order"])

    def restore(self, done: Done) -> None:
        """Remember also which fulfillments were released, whatever the key."""
        super().restore(done)
        self._released.add(done.answer.reference)

    def _take(self, key: str, fulfillment: dict[str, Any], now_s: int) -> Done:
        name = f"{fulfillment['order']}/{fulfillment['fulfillment']}"
        if name in self._released:
            return Done(self.name, key, now_s, Answer("done", name, detail="released_before"))
        lines = tuple((line["sku"], line["quantity"]) for line in fulfillment["lines"])
        self.taken.append(Taken(fulfillment["order"], fulfillment["fulfillment"], fulfillment["location"], lines))
        behavior = self._at(fulfillment["location"])
        messages = self._work(name, fulfillment, now_s, behavior)
        deliveries = tuple(
            delivery for message in messages for delivery in self._desk.deliveries(message, behavior.duplicate_rate)
        )
        return Done(self.name, key, now_s, Answer("done", name), deliveries)

    def _at(self, location: str) -> WarehouseBehavior:
        kind = self._behavior.store if location in self._stores else self._behavior.warehouse
        return self._behavior.locations.get(location, kind)

    def _work(self, name: str, fulfillment: dict[str, Any], now_s: int, behavior: WarehouseBehavior) -> list[Inbound]:
        """The messages that come of a release; a supplier confirms it first."""
        takes_s = self._desk.wait_s("ship after", name, behavior.ship_hours, HOUR_S)
        return [
            *_confirmed(name, fulfillment, now_s + takes_s // 8),
            *self._shipping(name, fulfillment, now_s, behavior, takes_s),
        ]

    def _shipping(
        self, name: str, fulfillment: dict[str, Any], now_s: int, behavior: WarehouseBehavior, takes_s: int
    ) -> list[Inbound]:
        chance = self._desk.chance
        if chance.happens("reject", name, behavior.reject_rate):
            reason = ("no_capacity", "closed")[chance.whole("reject reason", name, 0, 1)]
            return [_message(name, "rejected", "record_reject", {"reason": reason}, now_s + takes_s // 4)]
        units = _asked(fulfillment)
        missing = self._missing(name, units) if chance.happens("short", name, behavior.short_pick_rate) else {}
        messages = []
        if missing:
            gone = _with_bundles(missing, fulfillment.get("handled_as_one", ()))
            found = {line: minus(here, gone.get(line, ())) for line, here in units.items()}
            units = {line: here for line, here in found.items() if here}
            reason = ("not_found", "damaged")[chance.whole("short reason", name, 0, 1)]
            body = {"units": _plain(missing), "reason": reason}
            messages.append(_message(name, "short", "record_short_pick", body, now_s + takes_s // 2))
        if units:
            messages += self._left(name, fulfillment, units, now_s + takes_s)
        return messages

    def _left(self, name: str, fulfillment: dict[str, Any], units: LinesUnits, at_s: int) -> list[Inbound]:
        """What is found leaves in a parcel; what its customer collects is ready, after two days if it has to be brought."""
        to, messages = fulfillment.get("to"), []
        if to != fulfillment["location"]:
            messages.append(_message(name, "shipped", "record_shipment", self._parcel(name, units), at_s))
            at_s += BRINGING_S
        if to:
            messages.append(_message(name, "ready", "record_ready", {"units": _plain(units)}, at_s))
        return messages

    def _missing(self, name: str, units: LinesUnits) -> LinesUnits:
        """The units that are not found: one line's, from one unit to all of them, the highest numbers."""
        chance = self._desk.chance
        line = sorted(units)[chance.whole("short line", name, 0, len(units) - 1)]
        return {line: _highest(units[line], chance.whole("short units", name, 1, size(units[line])))}

    def _parcel(self, name: str, units: LinesUnits) -> dict[str, Any]:
        token = self._desk.chance.token("parcel", name)
        number, which = divmod(int(token, 16), len(CARRIERS))
        return {
            "shipment": f"shp_{token}",
            "carrier": CARRIERS[which],
            "tracking": f"{CARRIERS[which][:2].upper()}{number % 10**12:012}",
            "units": _plain(units),
        }


def _asked(fulfillment: dict[str, Any]) -> LinesUnits:
    """The units that are to be shipped, by line."""
    return {str(line["line"]): tuple((first, last) for first, last in line["units"]) for line in fulfillment["lines"]}


def _with_bundles(missing: LinesUnits, bundles: Iterable[dict[str, Any]]) -> LinesUnits:
    """What is not sent where these units are missing: they, and the rest of bundles that are sent as one."""
    gone = dict(missing)
    for bundle in bundles:
        parts = {str(line): per for line, per in bundle["parts"].items()}
        own = {str(line): tuple(map(tuple, units)) for line, units in bundle["units"].items()}
        numbers = {
            (unit - 1) // parts[line] + 1
            for line, units in own.items()
            for unit in units_of(common(units, missing.get(line, ())))
        }
        for line, per in parts.items():
            for number in sorted(numbers):
                gone[line] = union(gone.get(line, ()), (((number - 1) * per + 1, number * per),))
    return gone


def _confirmed(name: str, fulfillment: dict[str, Any], at_s: int) -> list[Inbound]:
    """A supplier confirms a purchase order."""
    if "purchase_order" not in fulfillment:
        return []
    body = {"status": "confirmed", "reference": f"SO-{fulfillment['purchase_order']}"}
    return [_message(name, "confirmed", "record_purchase_order", body, at_s)]


def _message(name: str, what: str, kind: str, body: dict[str, Any], due_at_s: int) -> Inbound:
    order, _, fulfillment = name.rpartition("/")
    return Inbound("warehouse", f"{name}/{what}", kind, {"fulfillment": fulfillment} | body, order, due_at_s)


def _highest(units: Units, count: int) -> Units:
    """The `count` highest of these units."""
    taken: list[tuple[int, int]] = []
    for first, last in reversed(units):
        start = max(first, last - count + 1)
        taken.append((start, last))
        count -= last - start + 1
        if count == 0:
            break
    return tuple(reversed(taken))


def _plain(units: LinesUnits) -> dict[str, list[list[int]]]:
    """As JSON has it, so that a message is the same before and after it went through a file."""
    return {line: [[first, last] for first, last in here] for line, here in units.items()}
