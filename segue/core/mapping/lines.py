"""Lines: each row or element is found to be goods, a charge, a note, a cancellation, an adjustment or a reject."""

from typing import Any, NamedTuple

from msgspec.structs import replace

from segue.core.draft import DraftLine, Mistake
from segue.core.mapping.document import Document, View
from segue.core.mapping.paths import check_known
from segue.core.mapping.plan import LinePlan, Mapping, Rule
from segue.core.mapping.results import Adjustment, Cancellation, Misread, Note
from segue.core.mapping.sources import Reader

LINES_MAX = 10_000


class Element(NamedTuple):
    """One row, or one element of the document's list of lines."""

    source: Any
    digits: int
    plan: LinePlan
    rule: Rule | None
    position: int  # from 0
    row: int


class Spoiled(NamedTuple):
    """A line that could not be used. It spoils its order, unless it was no part of one."""

    position: int
    misread: Misread
    spoils: bool


class Charged(NamedTuple):
    """A line that is no goods: what is charged for it, and the tax on that."""

    to: str  # charges or shipping
    code: str
    amount_minor: int
    tax_minor: int


class Found:
    """What was found in a document's lines so far."""

    __slots__ = (
        "adjustments", "cancellations", "charges", "kinds", "lines", "mistakes", "notes", "rules", "sources", "spoiled",
    )  # fmt: skip

    def __init__(self) -> None:
        self.lines: list[DraftLine] = []
        self.sources: list[Any] = []  # of each line, where it was read from
        self.mistakes: list[Mistake] = []  # amounts that could not be read
        self.charges: list[Charged] = []
        self.cancellations: list[tuple[Element, DraftLine]] = []
        self.adjustments: list[Adjustment] = []
        self.notes: list[Note] = []
        self.spoiled: list[Spoiled] = []
        self.kinds: list[str] = []  # what each element is, one of KINDS
        self.rules: list[str] = []  # the rule that decided it


def sort_lines(mapping: Mapping, document: Document, digits: int) -> Found:
    """All lines of a document, sorted by what they are. One that cannot be read is put aside, and the others go on."""
    plan, found, numbers = mapping.lines, Found(), document.numbers
    sources = plan.each(document.fields) or ()
    if len(sources) > LINES_MAX:
        raise Misread(plan.label, f"has more than {LINES_MAX} lines", len(sources))
    outer = View(document.fields, mapping.names, digits)
    for index, source in enumerate(sources):
        row = numbers[index] if plan.is_rows else numbers[0]
        _sort(found, Element(source, digits, plan, None, index, row), outer)
    return found


def _sort(found: Found, element: Element, outer: View) -> None:
    plan, kind, name = element.plan, "line", ""
    try:
        _check(plan, element.source)
        if plan.rules and (rule := _rule_of(element, outer)):
            element, kind, name = element._replace(rule=rule), rule.kind, rule.name
        PUT[kind](found, element)
    except Misread as misread:
        placed = misread.within("" if plan.is_rows else f"{plan.label}[{element.position}]")
        spoils = kind in ("line", "charge") or not plan.is_rows
        found.spoiled.append(Spoiled(element.position, placed, spoils))
        kind = "reject"
    found.kinds.append("order" if kind == "line" else kind)
    found.rules.append(name)


def _check(plan: LinePlan, source: Any) -> None:
    if source.__class__ is not dict:
        raise Misread("", "is not an object", source)
    if plan.known:
        check_known(source, plan.known, "a line")


def _rule_of(element: Element, outer: View) -> Rule | None:
    view = View(element.source, element.plan.names, element.digits, outer)
    return next((rule for rule in element.plan.rules if rule.when(view)), None)


def read_line(element: Element) -> DraftLine:
    """One line. Raises Misread for the first of its fields that cannot be used."""
    plan, source, digits = element.plan, element.source, element.digits
    values = {name: value for name, read in plan.fields if (value := read(source, digits)) is not None}
    net = plan.net(source, digits) if plan.net else None
    if net is not None:
        values["discount_minor"] = values["price_minor"] * values["quantity"] - net
    if plan.taxes is not None:
        values["taxes"] = taxes = plan.taxes(source, digits)
        values.setdefault("tax_minor", sum([tax.amount_minor for tax in taxes]))
    return DraftLine(**values)


def _read_all(found: Found, element: Element) -> DraftLine:
    """One line, with nothing in place of the amounts that cannot be read. Raises Misread for whatever else cannot."""
    try:
        return read_line(element)
    except Misread as misread:
        if not misread.code:
            raise
    plan, mistakes = element.plan, found.mistakes
    within = f"{plan.label}[{element.position}]"

    def forgiving(read: Reader, instead: Any) -> Reader:
        def read_or_note(source: Any, digits: int) -> Any:
            try:
                return read(source, digits)
            except Misread as misread:
                if not misread.code:
                    raise
                mistakes.append(misread.mistake(within))
                return instead

        return read_or_note

    fields = tuple((name, forgiving(read, 0)) for name, read in plan.fields)
    net = forgiving(plan.net, None) if plan.net else None
    taxes = forgiving(plan.taxes, ()) if plan.taxes else None
    return read_line(element._replace(plan=replace(plan, fields=fields, net=net, taxes=taxes)))


def _put_line(found: Found, element: Element) -> None:
    """What is odd about its amounts the order's checks say: it waits in sight of people, and no row gets lost."""
    found.lines.append(_read_all(found, element))
    found.sources.append(element.source)


def _put_charge(found: Found, element: Element) -> None:
    line, rule = _read_all(found, element), element.rule
    assert rule is not None
    code = rule.code(element.source, element.digits) if rule.code else None
    amount = line.price_minor * line.quantity - line.discount_minor
    found.charges.append(Charged(rule.to, code or rule.name, amount, line.tax_minor))


def _put_cancellation(found: Found, element: Element) -> None:
    line = read_line(element)
    if line.quantity == 0:
        raise Misread("quantity", "is 0: nothing is canceled", 0)
    found.cancellations.append((element, line))


def _put_adjustment(found: Found, element: Element) -> None:
    line = read_line(element)
    reason = line.title or (element.rule.name if element.rule else "")
    found.adjustments.append(Adjustment(line.sku, line.quantity, reason, element.row))


def _put_note(found: Found, element: Element) -> None:
    assert element.rule is not None
    found.notes.append(Note(element.rule.name, element.row))


def _put_reject(found: Found, element: Element) -> None:
    assert element.rule is not None
    found.spoiled.append(Spoiled(element.position, Misread("", element.rule.reason), spoils=False))


def cancellations_of(found: Found, document: str, at_s: int) -> tuple[Cancellation, ...]:
    """The cancellations, each with an id that is the same whenever the document is read."""
    return tuple(
        Cancellation(
            f"{document}/{element.position + 1}", line.sku, abs(line.quantity), line.price_minor, at_s, element.row
        )
        for element, line in found.cancellations
    )


PUT = {
    "line": _put_line,
    "charge": _put_charge,
    "cancellation": _put_cancellation,
    "adjustment": _put_adjustment,
    "note": _put_note,
    "reject": _put_reject,
}
