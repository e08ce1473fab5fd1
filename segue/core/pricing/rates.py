"""Rates: a table of taxes by country and region, as a value, and the taxes that it asks for. Pure and exact."""

from msgspec.structs import replace

from segue.core.amounts import spread
from segue.core.base import Value
from segue.core.draft import Tax
from segue.core.pricing.taxing import Rate, merged, taxes_of
from segue.core.taxes import STANDARD, Taxable, TaxAnswer, TaxRequest

UNTAXED = "untaxed"
AS_GOODS = "as_goods"


class TaxRule(Value):
    """One tax of a zone: its rates by tax class, and from when until when it is levied."""

    name: str
    rate: str  # of all classes that are not named
    classes: dict[str, str] = {}  # tax class -> rate
    from_s: int | None = None
    until_s: int | None = None  # from then on it is not


class Zone(Value):
    """A country, or a region of one, and what is levied there."""

    country: str
    region: str = ""
    taxes: tuple[TaxRule, ...] = ()
    shipping: str = STANDARD  # a tax class, untaxed or as_goods
    included: bool = False  # whether prices include their taxes


class RateTable(Value):
    """The taxes of a shop. Where no zone is, no tax is."""

    zones: dict[str, Zone] = {}  # by `DE` or `US-NY`
    classes: frozenset[str] = frozenset((STANDARD,))  # that the shop's items may have


def quoted(table: RateTable, request: TaxRequest) -> TaxAnswer:
    """The taxes that the table asks for. A region's zone takes the place of its country's."""
    if unknown := _unknown(table, request):
        return TaxAnswer(unknown=unknown)
    zone = zone_of(table, request.country, request.region)
    included = zone.included if request.included is None else request.included
    return TaxAnswer(
        tuple(_taxes(zone, line, request.at_s, included) for line in request.lines),
        _of_shipping(zone, request, included),
        tuple(_taxes(zone, charge, request.at_s, True) for charge in request.charges),
        included,
    )


def zone_of(table: RateTable, country: str, region: str) -> Zone:
    """The zone of a destination; one without taxes where the table has none."""
    named = table.zones.get(f"{country}-{region}") or table.zones.get(country)
    return named or Zone(country, region)


def rates_of(zone: Zone, tax_class: str, at_s: int) -> list[Rate]:
    """What is levied on a tax class at an instant."""
    return [
        Rate(tax.name, tax.classes.get(tax_class, tax.rate))
        for tax in zone.taxes
        if (tax.from_s is None or tax.from_s <= at_s) and (tax.until_s is None or at_s < tax.until_s)
    ]


def _taxes(zone: Zone, taxable: Taxable, at_s: int, included: bool) -> tuple[Tax, ...]:
    return taxes_of(taxable.amount_minor, rates_of(zone, taxable.tax_class, at_s), included)


def _of_shipping(zone: Zone, request: TaxRequest, included: bool) -> tuple[Tax, ...]:
    """The shipping's own class counts, else the zone's rule: a class, as its goods are, or not at all."""
    tax_class = request.shipping_class or zone.shipping
    if tax_class == UNTAXED or not request.shipping_minor:
        return ()
    shipping = Taxable(request.shipping_minor, tax_class)
    parts = _by_goods(shipping, request.lines) if tax_class == AS_GOODS else [shipping]
    return merged(tax for part in parts for tax in _taxes(zone, part, request.at_s, included))


def _by_goods(shipping: Taxable, lines: tuple[Taxable, ...]) -> list[Taxable]:
    """The shipping, spread over the tax classes of the goods by what they cost (M3)."""
    weights: dict[str, int] = {}
    for line in lines:
        weights[line.tax_class] = weights.get(line.tax_class, 0) + max(0, line.amount_minor)
    if not any(weights.values()):
        return [replace(shipping, tax_class=STANDARD)]
    parts = spread(shipping.amount_minor, list(weights.values()))
    return [Taxable(part, tax_class) for tax_class, part in zip(weights, parts, strict=True)]


def _unknown(table: RateTable, request: TaxRequest) -> str:
    """What the table cannot do without: a country, and tax classes that it knows."""
    if not table.zones:
        return ""
    if not request.country:
        return "taxes depend on the country, and the order names none"
    classes = {taxable.tax_class for taxable in (*request.lines, *request.charges)} - table.classes
    return f"the table of taxes has no tax class {', '.join(sorted(classes))}" if classes else ""
