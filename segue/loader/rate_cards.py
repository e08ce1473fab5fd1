"""Rate cards: the parts of rates.yaml that say what carriers charge: zones, cards by method, what comes on top."""

import re
from collections.abc import Collection

from segue.core.rates import ANY, Card, Cards, Carrier, Zones
from segue.loader.countries import COUNTRIES
from segue.loader.declared import NAME
from segue.loader.problems import Problems, shortened
from segue.loader.tree import Node

CARRIER_KEYS = ("methods", "zones", "fuel", "dimensional", "asked")
DESTINATION = re.compile(r"([A-Z]{2})(?:-[A-Z0-9]{1,3}| [A-Z0-9]{1,3})?")
AMOUNT_MAX = 100_000_000  # minor units of one parcel or unit
GRAMS_MAX = 100_000_000
STEPS_MAX = 200
CARRIERS_MAX = 50
FUEL_MAX = 1_000  # percent
DIMENSIONAL_MAX = 1_000_000  # cubic centimeters of a kilogram
NO_STEPS = ((0, 0),)  # of a card with a mistake


class CardReader:
    """Reads what carriers charge, and compares the names in it with those of the shop."""

    def __init__(self, locations: Collection[str], methods: Collection[str], problems: Problems) -> None:
        self.locations = locations
        self.methods = methods
        self.problems = problems

    def zones(self, node: Node | None) -> Zones:
        """By origin, the zone of each destination."""
        return {origin: self._destinations(table) for origin, table in self.by_origin(node).items()}

    def by_origin(self, node: Node | None) -> dict[str, Node]:
        """What is said of locations, or of `*`."""
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

    def cards(self, node: Node | None, zones: Zones) -> Cards:
        """By shipping method and zone, what parcels cost."""
        found: Cards = {}
        named = {zone for table in zones.values() for zone in table.values()}
        for name, entry in node.entries(self.problems, "cards by shipping method").items() if node is not None else ():
            if self.methods and name not in self.methods:
                self.problems.add_unknown(entry.place, "shipping method", name, self.methods)
            found[name] = {}
            for zone, card in entry.entries(self.problems, "cards by zone").items():
                if zone not in named:
                    self.problems.add_unknown(card.place, "zone", zone, sorted(named))
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
        return Card(steps, amount(fields, "beyond", self.problems) if "beyond" in fields else None)

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

    def carriers(self, node: Node | None, zones: Zones) -> tuple[Carrier, ...]:
        """The carriers, in their order; a parcel goes with the cheapest."""
        entries = node.entries(self.problems, "carriers by name") if node is not None else {}
        if len(entries) > CARRIERS_MAX and node is not None:
            self.problems.add(node.place, f"there are too many carriers: {CARRIERS_MAX} at most")
        return tuple(self._carrier(name, entry, zones) for name, entry in list(entries.items())[:CARRIERS_MAX])

    def _carrier(self, name: str, node: Node, zones: Zones) -> Carrier:
        if not NAME.fullmatch(name):
            self.problems.add(node.place, f"`{shortened(name)}` cannot be the name of a carrier", "write it like `dhl`")
        fields = node.fields(self.problems, CARRIER_KEYS)
        asked = fields["asked"].boolean(self.problems) if "asked" in fields else False
        if "methods" not in fields and not asked:
            hint = "give it `methods`, or ask it with `asked: true`"
            self.problems.add(node.place, f"nothing says what the carrier `{shortened(name)}` charges", hint)
        own = self.zones(fields.get("zones"))
        return Carrier(
            name,
            self.cards(fields.get("methods"), own or zones),
            own,
            self.fuel_bp(fields.get("fuel")),
            self.dimensional_cm3(fields.get("dimensional")),
            asked,
        )

    def fuel_bp(self, node: Node | None) -> int:
        """What comes on top of a card: `12.5` is percent, of which two digits after the point count."""
        if node is None:
            return 0
        points = node.fraction(self.problems) * 100
        if points.denominator != 1 or not 0 <= points <= FUEL_MAX * 100:
            self.problems.add(node, f"expected a percentage from 0 to {FUEL_MAX}", "write it like 12.5 or 7.25")
        return int(points)

    def dimensional_cm3(self, node: Node | None) -> int:
        """How many cubic centimeters are billed as a kilogram."""
        return 0 if node is None else node.integer(self.problems, 1, DIMENSIONAL_MAX)


def amount(fields: dict[str, Node], key: str, problems: Problems) -> int:
    """An amount in minor units; 0 if it is not given."""
    return fields[key].integer(problems, 0, AMOUNT_MAX) if key in fields else 0
