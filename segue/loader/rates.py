"""Rates: a shop's rates.yaml: what parcels cost by zone and weight, what handling costs, and what a unit left unfilled.

zones:
  "*": {DE: near, AT: far}            # from locations that are not named
  BER: {DE: far, "DE 10": near, US-NY: overseas}
methods:
  standard:
    near: [[500, 420], [2000, 590]]   # up to 500 g 4.20, up to 2 kg 5.90
    far: {steps: [[500, 620], [2000, 890]], beyond: 110}   # and above 2 kg 1.10 for each kilogram begun
fallback: {parcel: 1500, per_kg: 100}
handling: {"*": {parcel: 120, unit: 30}}
unfilled: 5000
weight_g: 400
"""

import re
from collections.abc import Collection
from pathlib import Path

from segue.core.rates import ANY, UNFILLED_MINOR, Card, Handling, Rates
from segue.loader.countries import COUNTRIES
from segue.loader.library import RATES_FILE
from segue.loader.problems import Problems, shortened
from segue.loader.reading import read_tree
from segue.loader.tree import Node

KEYS = ("zones", "methods", "fallback", "handling", "unfilled", "weight_g")
DESTINATION = re.compile(r"([A-Z]{2})(?:-[A-Z0-9]{1,3}| [A-Z0-9]{1,3})?")
AMOUNT_MAX = 100_000_000  # minor units of one parcel or unit
GRAMS_MAX = 100_000_000
STEPS_MAX = 200
NO_STEPS = ((0, 0),)  # of a card with a mistake


def rates(folder: Path, locations: Collection[str], methods: Collection[str], problems: Problems) -> Rates | None:
    """The rate cards of a shop with these locations and shipping methods; None without the file."""
    path = folder / RATES_FILE
    tree = read_tree(path, RATES_FILE, problems) if path.exists() else None
    return None if tree is None else rates_of(tree, locations, methods, problems)


def rates_of(tree: Node, locations: Collection[str], methods: Collection[str], problems: Problems) -> Rates:
    """The rate cards that a tree says."""
    fields = tree.fields(problems, KEYS, required=("methods", "fallback"))
    reader = _Reader(locations, methods, problems)
    zones = reader.zones(fields.get("zones"))
    return Rates(
        fallback=reader.fallback(fields["fallback"]) if "fallback" in fields else Card(NO_STEPS, 0),
        zones=zones,
        methods=reader.cards(fields.get("methods"), {zone for table in zones.values() for zone in table.values()}),
        handling=reader.handling(fields.get("handling")),
        unfilled_minor=fields["unfilled"].integer(problems, 0, AMOUNT_MAX) if "unfilled" in fields else UNFILLED_MINOR,
        weight_g=fields["weight_g"].integer(problems, 0, GRAMS_MAX) if "weight_g" in fields else 0,
    )


class _Reader:
    """Reads the parts of the file, and compares the names in them with those of the shop."""

    def __init__(self, locations: Collection[str], methods: Collection[str], problems: Problems) -> None:
        self.locations = locations
        self.methods = methods
        self.problems = problems

    def zones(self, node: Node | None) -> dict[str, dict[str, str]]:
        """By origin, the zone of each destination."""
        return {origin: self._destinations(table) for origin, table in self._by_origin(node).items()}

    def _by_origin(self, node: Node | None) -> dict[str, Node]:
        entries = node.entries(self.problems, "a mapping by location, or `*`") if node is not None else {}
        for origin, entry in entries.items():
            if origin != ANY and self.locations and origin not in self.locations:
                self.problems.add_unknown(entry.place, "location", origin, (ANY, *self.locations))
        return entries

    def _destinations(self, node: Node) -> dict[str, str]:
        found = {}
        for name, value in node.entries(self.problems, "zones by destination").items():
            match = DESTINATION.fullmatch(name)
            if match is None or match[1] not in COUNTRIES:
                hint = "write DE, US-NY for a region, or `US 941` for the beginning of a postcode, three signs at most"
                self.problems.add(value.place, f"`{shortened(name)}` is no destination", hint)
            found[name] = value.text(self.problems, "the name of a zone")
        return found

    def cards(self, node: Node | None, zones: Collection[str]) -> dict[str, dict[str, Card]]:
        """By shipping method and zone, what parcels cost."""
        found: dict[str, dict[str, Card]] = {}
        for name, entry in node.entries(self.problems, "cards by shipping method").items() if node is not None else ():
            if self.methods and name not in self.methods:
                self.problems.add_unknown(entry.place, "shipping method", name, self.methods)
            found[name] = {}
            for zone, card in entry.entries(self.problems, "cards by zone").items():
                if zone not in zones:
                    self.problems.add_unknown(card.place, "zone", zone, sorted(zones))
                found[name][zone] = self._card(card)
        if node is not None and not found:
            self.problems.add(node.place, "there is no shipping method", "write `standard: {near: [[1000, 490]]}`")
        return found

    def _card(self, node: Node) -> Card:
        """`[[500, 420], [2000, 590]]`, or the same as `steps` with a `beyond`."""
        if node.kind != "mapping":
            return Card(self._steps(node))
        fields = node.fields(self.problems, ("steps", "beyond"), required=("steps",))
        steps = self._steps(fields["steps"]) if "steps" in fields else NO_STEPS
        return Card(steps, self._amount(fields, "beyond") if "beyond" in fields else None)

    def _steps(self, node: Node) -> tuple[tuple[int, int], ...]:
        found: list[tuple[int, int]] = []
        items = node.items(self.problems, "a list of [up to so many grams, price]")
        if len(items) > STEPS_MAX:
            self.problems.add(node, f"there are too many steps: {STEPS_MAX} at most")
        for item in items[:STEPS_MAX]:
            before = len(self.problems)
            pair = item.items(self.problems, "[up to so many grams, price]")
            if len(pair) == 2:
                step = pair[0].integer(self.problems, 1, GRAMS_MAX), pair[1].integer(self.problems, 0, AMOUNT_MAX)
                if found and step[0] <= found[-1][0] and len(self.problems) == before:
                    self.problems.add(pair[0], f"this step is not above the last one, of {found[-1][0]} g")
                found.append(step)
            elif len(self.problems) == before:
                self.problems.add(item, "a step is a weight and a price", "write it as [500, 420]")
        if not items:
            self.problems.add(node.place, "a card has one step at least", "write it as [[500, 420], [2000, 590]]")
        return tuple(found) or NO_STEPS

    def fallback(self, node: Node) -> Card:
        """`1500`, or `{parcel: 1500, per_kg: 100}`: what is reckoned where no card says it."""
        if node.kind != "mapping":
            return Card(((0, node.integer(self.problems, 0, AMOUNT_MAX)),), 0)
        fields = node.fields(self.problems, ("parcel", "per_kg"), required=("parcel",))
        return Card(((0, self._amount(fields, "parcel")),), self._amount(fields, "per_kg"))

    def handling(self, node: Node | None) -> dict[str, Handling]:
        """By location, what picking and packing costs: `{parcel: 120, unit: 30}`."""
        found = {}
        for origin, entry in self._by_origin(node).items():
            fields = entry.fields(self.problems, ("parcel", "unit"))
            found[origin] = Handling(self._amount(fields, "parcel"), self._amount(fields, "unit"))
        return found

    def _amount(self, fields: dict[str, Node], key: str) -> int:
        return fields[key].integer(self.problems, 0, AMOUNT_MAX) if key in fields else 0
