"""Taxes: a shop's table of rates, taxes.yaml. A rate is an exact decimal fraction; no number is ever rounded on the way."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path

from segue.core.facts import Item
from segue.core.pricing.rates import AS_GOODS, UNTAXED, RateTable, TaxRule, Zone
from segue.core.taxes import STANDARD
from segue.loader.countries import COUNTRIES
from segue.loader.goods import CATALOG_FILE
from segue.loader.problems import Place, Problems, Spot, did_you_mean, shortened
from segue.loader.reading import read_tree
from segue.loader.tree import Node

TAXES_FILE = "taxes.yaml"
KEYS = ("prices_include_tax", "zones")
ZONE_KEYS = ("prices_include_tax", "shipping", "taxes")
TAX_KEYS = ("name", "rate", "classes", "from", "until")
CLASS = re.compile(r"[a-z][a-z0-9_]{0,39}")
ZONE = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?")
RATE = re.compile(r"([0-9]+)(\.[0-9]{1,8})?")


def taxes(folder: Path, zone: tzinfo, items: Mapping[str, Item], problems: Problems) -> RateTable:
    """The table of a shop with this catalog; an empty one without the file. Days begin at midnight in the shop's zone."""
    path = folder / TAXES_FILE
    tree = read_tree(path, TAXES_FILE, problems) if path.exists() else None
    table = RateTable() if tree is None else table_of(tree, zone, problems)
    check_classes(table, items, Spot(CATALOG_FILE), problems)
    return table


def table_of(tree: Node, zone: tzinfo, problems: Problems) -> RateTable:
    """The table that a tree says."""
    fields = tree.fields(problems, KEYS, required=("prices_include_tax", "zones"))
    included = fields["prices_include_tax"].boolean(problems) if "prices_include_tax" in fields else False
    entries = (
        fields["zones"].entries(problems, "a mapping of zones, such as `DE` or `US-NY`") if "zones" in fields else {}
    )
    reader = _Reader(zone, problems)
    zones = {name: reader.zone(name, node, included) for name, node in entries.items()}
    reader.check_shipping(entries)
    return RateTable(zones, frozenset(reader.classes))


def check_classes(table: RateTable, items: Mapping[str, Item], place: Place, problems: Problems) -> None:
    """Every tax class of the catalog is one of the table's, if there is one; if not, it is told at this place."""
    used = dict.fromkeys(item.tax_class for item in items.values() if item.tax_class) if table.zones else ()
    for tax_class in used:
        if tax_class not in table.classes:
            hint = did_you_mean(tax_class, sorted(table.classes))
            problems.add(place, f"tax_class: `{shortened(tax_class)}` is not in {TAXES_FILE}", hint)


class _Reader:
    """Reads zones, and gathers the tax classes that they name."""

    def __init__(self, zone: tzinfo, problems: Problems) -> None:
        self.time_zone = zone
        self.problems = problems
        self.classes = {STANDARD}

    def zone(self, name: str, node: Node, included: bool) -> Zone:
        """A country, or a region of one."""
        found = ZONE.fullmatch(name)
        if found is None or found[1] not in COUNTRIES:
            hint = "write it as in ISO 3166: DE, US-NY"
            self.problems.add(node.place, f"`{shortened(name)}` is no country and no region of one", hint)
        fields = node.fields(self.problems, ZONE_KEYS, required=("taxes",))
        if "prices_include_tax" in fields:
            included = fields["prices_include_tax"].boolean(self.problems)
        levied = fields["taxes"].items(self.problems, "a list of taxes") if "taxes" in fields else []
        shipping = fields["shipping"].text(self.problems) if "shipping" in fields else STANDARD
        country, region = (found[1], found[2] or "") if found else ("", "")
        return Zone(country, region, self._taxes(levied), shipping, included)

    def check_shipping(self, zones: dict[str, Node]) -> None:
        """Shipping is taxed by one of the classes, as the goods are, or not at all."""
        for node in zones.values():
            shipping = node.content.get("shipping") if node.kind == "mapping" else None
            if shipping is not None:
                shipping.choice(self.problems, "tax class", (UNTAXED, AS_GOODS, *sorted(self.classes)))

    def _taxes(self, nodes: list[Node]) -> tuple[TaxRule, ...]:
        found: list[TaxRule] = []
        for node in nodes:
            tax = self._tax(node)
            if any(tax.name == other.name and _overlap(tax, other) for other in found):
                self.problems.add(
                    node, f"`{tax.name}` would be levied twice", "let the first end before the second begins"
                )
            found.append(tax)
        return tuple(found)

    def _tax(self, node: Node) -> TaxRule:
        fields = node.fields(self.problems, TAX_KEYS, required=("name", "rate"))
        name = fields["name"].text(self.problems, "the name of a tax") if "name" in fields else ""
        from_s = self._day(fields.get("from"), 0)
        until_s = self._day(fields.get("until"), 1)
        if from_s is not None and until_s is not None and until_s <= from_s:
            self.problems.add(
                fields["until"], "it ends before it begins", "`until` is the last day on which it is levied"
            )
        rate = self._rate(fields["rate"]) if "rate" in fields else "0"
        return TaxRule(name, rate, self._classes(fields.get("classes")), from_s, until_s)

    def _classes(self, node: Node | None) -> dict[str, str]:
        entries = node.entries(self.problems, "rates by tax class") if node is not None else {}
        for name, entry in entries.items():
            if not CLASS.fullmatch(name):
                hint = "write it like `reduced`"
                self.problems.add(entry.place, f"`{shortened(name)}` cannot be the name of a tax class", hint)
            if name == STANDARD:
                self.problems.add(entry.place, f"the rate of `{STANDARD}` is the tax's own `rate`", "leave it out")
        self.classes |= entries.keys()
        return {name: self._rate(entry) for name, entry in entries.items()}

    def _rate(self, node: Node) -> str:
        """An exact decimal fraction below 1."""
        text = node.text(self.problems, "a rate")
        found = RATE.fullmatch(text)
        if text and found is None:
            self.problems.add(node, f"`{shortened(text)}` is no rate", "write 19 % as 0.19, with eight digits at most")
        elif found is not None and int(found[1]):
            self.problems.add(node, f"a rate of {shortened(text)} is more than all of the price", "write 12 % as 0.12")
        return text if found is not None else "0"

    def _day(self, node: Node | None, later: int) -> int | None:
        """The midnight at which a day begins, or the one `later` days after."""
        if node is None:
            return None
        text = node.text(self.problems, "a day")
        try:
            day = date.fromisoformat(text) + timedelta(later)
        except (ValueError, OverflowError):
            self.problems.add(node, f"`{shortened(text)}` is no day", "write it like 2026-01-31")
            return None
        return int(datetime.combine(day, time(), self.time_zone).timestamp())


def _overlap(one: TaxRule, other: TaxRule) -> bool:
    starts_before = one.from_s is None or other.until_s is None or one.from_s < other.until_s
    return starts_before and (other.from_s is None or one.until_s is None or other.from_s < one.until_s)
