"""The plan: a channel file as values, compiled. The loader makes it; `mapper` carries it out."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from segue.core.mapping.paths import Getter, Known
from segue.core.mapping.sources import Reader

Test = Callable[[Any], bool]
"""A compiled `when:`, asked of a view of the document or of one of its lines."""

Fields = tuple[tuple[str, Reader], ...]

LINE_KINDS = ("line", "charge", "note", "cancellation", "adjustment", "reject")


class Join(Struct, frozen=True):
    """A further file whose rows belong to the documents of the first, as a list under the join's name."""

    name: str
    file: str
    key: str


class Layout(Struct, frozen=True):
    """How the channel's files are written."""

    format: str = "json"  # json, ndjson, csv
    records: tuple[str, ...] = ()  # json, ndjson: the fields that orders may be wrapped in: `orders`, `order`
    encodings: tuple[str, ...] = ("utf-8-sig",)  # csv: each line is read in the first that fits
    delimiter: str = ","
    group_by: str = ""  # csv: rows with the same value are one document
    joins: tuple[Join, ...] = ()


class Rule(Struct, frozen=True):
    """What a line or row is, if the condition holds."""

    name: str
    kind: str  # one of LINE_KINDS
    when: Test
    code: Reader | None = None  # charge
    to: str = "charges"  # charge: or shipping
    reason: str = ""  # reject


class LinePlan(Struct, frozen=True):
    """Where the lines are, what each is, and its fields."""

    each: Getter
    label: str  # the path of the list, for messages; "rows": the rows of the group
    fields: Fields  # the fields of DraftLine
    names: dict[str, Reader]  # the words that conditions know
    rules: tuple[Rule, ...] = ()
    net: Reader | None = None  # what the line costs after its discount, instead of the discount
    taxes: Reader | None = None  # what its tax is made up of
    used: Known = {}  # the fields of a line that the mapping looks at
    known: Known = {}  # with `unknown: reject`, all fields that a line may have

    @property
    def is_rows(self) -> bool:
        """Whether each line is a row of the file."""
        return self.label == "rows"


class ChargePlan(Struct, frozen=True):
    """A charge of the whole order, or one for each element of a list."""

    code: Reader
    amount: Reader
    each: Getter | None = None
    label: str = ""
    tax: Reader | None = None
    is_net: bool = False  # the amount is without its tax


class TaxPlan(Struct, frozen=True):
    """A tax, or one for each element of a list."""

    name: Reader
    amount: Reader
    rate: Reader | None = None
    each: Getter | None = None
    label: str = ""


class Allocations(Struct, frozen=True):
    """How much of which discount lies on a line, or on the shipping: a list of amounts, each with a position."""

    each: Getter
    of: Reader  # which discount: its position in their list, from 0
    amount: Reader


class DiscountPlan(Struct, frozen=True):
    """The discounts of an order, as a channel lists them, and where it says what each gave."""

    each: Getter
    promotion: Reader
    code: Reader
    on_lines: Allocations | None = None
    on_shipping: Allocations | None = None


class TenderPlan(Struct, frozen=True):
    """A way of payment, or one for each element of a list."""

    fields: Fields  # the fields of DraftTender
    has_amount: bool  # or it takes what is left of the total
    when: Test | None = None
    each: Getter | None = None
    label: str = ""


class TagPlan(Struct, frozen=True):
    """A tag, always or on a condition; with `split` one text holds several."""

    text: Reader
    when: Test | None = None
    split: str = ""


class AddressPlan(Struct, frozen=True):
    """An address: its parts, where it lies, and the parts that an order cannot do without."""

    parts: Fields = ()
    degrees: Fields = ()
    require: tuple[str, ...] = ()


class PersonPlan(Struct, frozen=True):
    """Who ordered. The first identity that is there counts."""

    identity: tuple[tuple[str, Reader], ...] = ()  # customer, email or order, and where it stands
    fields: Fields = ()
    ship_to: AddressPlan = AddressPlan()
    bill_to: AddressPlan = AddressPlan()


class OrderPlan(Struct, frozen=True):
    """The fields of the whole order."""

    id: Reader
    currency: Reader
    placed_at: Reader
    fields: Fields  # the other fields of Draft that are read from one place
    total: Reader | None = None  # computed from the parts where it finds nothing
    tax: Reader | None = None
    tax_includes: frozenset[str] = frozenset()  # lines, shipping: parts that are said apart, and taken off
    discount: Reader | None = None
    discount_includes: frozenset[str] = frozenset()
    taxes: Reader | None = None  # what the tax on the whole order is made up of
    names_part: bool = False  # they need not come to all of it; the rest has no name
    shipping_taxes: Reader | None = None
    discounts: DiscountPlan | None = None


class Refuse(Struct, frozen=True):
    """A document that is not taken in."""

    when: Test
    reason: str


class Mapping(Struct, frozen=True):
    """One version of a channel file, compiled."""

    name: str
    version: str  # name@digest of the file's content
    layout: Layout
    order: OrderPlan
    lines: LinePlan
    names: dict[str, Reader] = {}  # the words that conditions on the document know
    rejects: tuple[Refuse, ...] = ()
    charges: tuple[ChargePlan, ...] = ()
    tenders: tuple[TenderPlan, ...] = ()
    tags: tuple[TagPlan, ...] = ()
    person: PersonPlan = PersonPlan()
    known: Known = {}  # with `unknown: reject`, all fields that a document may have
