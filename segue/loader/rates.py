"""Rates: a shop's rates.yaml: what parcels cost by zone and weight, handling, lateness, markdowns, what is left unfilled.

zones:
  "*": {DE: near, AT: far}            # from locations that are not named
  BER: {DE: far, "DE 10": near, US-NY: overseas}
methods:
  standard:
    near: [[500, 420], [2000, 590]]   # up to 500 g 4.20, up to 2 kg 5.90
    far: {steps: [[500, 620], [2000, 890]], beyond: 110}   # and above 2 kg 1.10 for each kilogram begun
carriers:                             # each with methods of its own; a parcel goes with the cheapest
  post: {methods: {standard: {near: [[1000, 450]]}}, fuel: 12.5, dimensional: 5000}
  express_ltd: {asked: true}          # it is asked what a parcel costs
fallback: {parcel: 1500, per_kg: 100}
handling: {"*": {parcel: 120, unit: 30}}
late: {parcel: 500, unit_day: 50}
markdown: {OUT: {"*": 100, MUG: 300}}
unfilled: 5000
weight_g: 400
"""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from segue.core.rates import ANY, UNFILLED_MINOR, Card, Handling, Late, Rates
from segue.loader.library import RATES_FILE
from segue.loader.problems import Problems
from segue.loader.rate_cards import AMOUNT_MAX, GRAMS_MAX, NO_STEPS, CardReader, amount
from segue.loader.reading import read_tree
from segue.loader.tree import Node

CARD_KEYS = ("zones", "methods", "carriers", "fuel", "dimensional")
KEYS = (*CARD_KEYS, "fallback", "handling", "late", "markdown", "unfilled", "weight_g")


class Known(NamedTuple):
    """What of a shop is named in its rates; of what is empty, any name will do."""

    locations: Collection[str] = ()
    methods: Collection[str] = ()
    skus: Collection[str] = ()


def rates(folder: Path, known: Known, problems: Problems) -> Rates | None:
    """The rates of a shop in which these names are known; None without the file."""
    path = folder / RATES_FILE
    tree = read_tree(path, RATES_FILE, problems) if path.exists() else None
    return None if tree is None else rates_of(tree, known, problems)


def rates_of(tree: Node, known: Known, problems: Problems) -> Rates:
    """The rates that a tree says."""
    has_carriers = tree.kind == "mapping" and "carriers" in tree.content
    fields = tree.fields(problems, KEYS, required=("fallback",) if has_carriers else ("methods", "fallback"))
    cards = CardReader(known.locations, known.methods, problems)
    reader = _Reader(cards, known, problems)
    zones = cards.zones(fields.get("zones"))
    return Rates(
        fallback=reader.fallback(fields["fallback"]) if "fallback" in fields else Card(NO_STEPS, 0),
        zones=zones,
        methods=cards.cards(fields.get("methods"), zones),
        handling=reader.handling(fields.get("handling")),
        unfilled_minor=amount(fields, "unfilled", problems) if "unfilled" in fields else UNFILLED_MINOR,
        weight_g=fields["weight_g"].integer(problems, 0, GRAMS_MAX) if "weight_g" in fields else 0,
        carriers=cards.carriers(fields.get("carriers"), zones),
        fuel_bp=cards.fuel_bp(fields.get("fuel")),
        dimensional_cm3=cards.dimensional_cm3(fields.get("dimensional")),
        late=reader.late(fields.get("late")),
        markdown=reader.markdown(fields.get("markdown")),
    )


class _Reader:
    """Reads the parts of the file that are not of carriers."""

    def __init__(self, cards: CardReader, known: Known, problems: Problems) -> None:
        self.cards = cards
        self.known = known
        self.problems = problems

    def fallback(self, node: Node) -> Card:
        """`1500`, or `{parcel: 1500, per_kg: 100}`: what is reckoned where no card says it."""
        if node.kind != "mapping":
            return Card(((0, node.integer(self.problems, 0, AMOUNT_MAX)),), 0)
        fields = node.fields(self.problems, ("parcel", "per_kg"), required=("parcel",))
        return Card(((0, amount(fields, "parcel", self.problems)),), amount(fields, "per_kg", self.problems))

    def handling(self, node: Node | None) -> dict[str, Handling]:
        """By location, what picking and packing costs: `{parcel: 120, unit: 30}`."""
        found = {}
        for origin, entry in self.cards.by_origin(node).items():
            fields = entry.fields(self.problems, ("parcel", "unit"))
            found[origin] = Handling(amount(fields, "parcel", self.problems), amount(fields, "unit", self.problems))
        return found

    def late(self, node: Node | None) -> Late | None:
        """What it costs to be late: `{parcel: 500, unit_day: 50}`."""
        if node is None:
            return None
        fields = node.fields(self.problems, ("parcel", "unit_day"))
        return Late(amount(fields, "parcel", self.problems), amount(fields, "unit_day", self.problems))

    def markdown(self, node: Node | None) -> dict[str, dict[str, int]]:
        """By location what a unit loses in value if it stays there: `300`, or by SKU `{MUG: 300, "*": 100}`."""
        return {origin: self._losses(entry) for origin, entry in self.cards.by_origin(node).items()}

    def _losses(self, node: Node) -> dict[str, int]:
        if node.kind != "mapping":
            return {ANY: node.integer(self.problems, 0, AMOUNT_MAX)}
        found = {}
        for sku, loss in node.entries(self.problems).items():
            if sku != ANY and self.known.skus and sku not in self.known.skus:
                self.problems.add_unknown(loss.place, "SKU", sku, self.known.skus)
            found[sku] = loss.integer(self.problems, 0, AMOUNT_MAX)
        return found
