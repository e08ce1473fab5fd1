"""Shapes: the small orders that are explored: how many lines, units and tenders, with what figures, and with what stock."""

from msgspec.structs import replace

from segue.checker.moves import CUSTOMER, Move, by_people
from segue.checker.situation import Around
from segue.core.base import Value
from segue.core.draft import Destination, Draft, DraftLine, DraftTender
from segue.core.facts import Item, Location, Stock
from segue.core.intake import OrderPlaced, PlaceOrder, basket_of, born
from segue.core.means import Means
from segue.core.past import Past
from segue.core.purchase import SUPPLIER
from segue.core.workflow import Workflow
from segue.loader.tenders import usual_means
from segue.scenario.setting import LOCATIONS, START_S

SKUS = ("MUG", "TEA")
UNLISTED = "GHOST"  # what no catalog has
FIRST, SECOND = LOCATIONS
METHODS = frozenset(("standard", "express"))
PERSON = "ada"
# Units of each SKU at the first and the second location.
STOCKS = {"plenty": (5, 5), "split": (1, 1), "none": (0, 0), "elsewhere": (2, 0)}


class Shape(Value):
    """A small order, and the stock that it meets. Amounts are minor units."""

    lines: int = 1
    units: int = 1  # of each line
    tenders: tuple[str, ...] = ("gateway",)
    means: str = "card"  # the payment method of all of them
    ends: bool = False  # whether authorizations end by themselves, as they usually do
    stock: str = "plenty"  # one of STOCKS
    price_minor: int = 12_00
    shipping_minor: int = 0
    channel: str = "web"
    country: str = "DE"
    region: str = ""
    bill_country: str = "DE"
    method: str = "standard"
    locale: str = ""
    tags: tuple[str, ...] = ()
    earlier: int = 0  # orders of the same customer on the days before
    is_unlisted: bool = False  # its first SKU is not in the catalog
    is_twice: bool = False  # the same order came five minutes before
    is_incomplete: bool = False  # the street is missing
    is_short: bool = False  # the tenders come to less than the total
    is_collected: bool = False  # its lines name the store at which the customer collects them
    kind: str = ""  # digital, gift_card: its first line is delivered by a message


def around_of(shape: Shape, workflow: Workflow, counted: tuple[str, ...]) -> Around:
    """What surrounds an order of this shape."""
    items: dict[str, Item | None] = {sku: None if sku == UNLISTED else Item(sku) for sku in skus_of(shape)}
    if shape.kind:
        items[SKUS[0]] = Item(SKUS[0], kind=shape.kind)
    return Around(
        with_strategies_anywhere(workflow),
        places_of(workflow),
        METHODS | ({shape.method} if shape.is_collected else set()),
        items,
        {PERSON: tuple(_past(shape))},
        frozenset(counted),
        by_people(workflow),
        means_of(shape),
    )


def places_of(workflow: Workflow) -> dict[str, Location]:
    """The two locations; the second is a supplier where a strategy buys from one."""
    if not any(each.among is not None and SUPPLIER in each.among.kinds for each in workflow.routing):
        return LOCATIONS
    return LOCATIONS | {SECOND: replace(LOCATIONS[SECOND], kind=SUPPLIER)}


def with_strategies_anywhere(workflow: Workflow) -> Workflow:
    """The workflow with strategies that ask any location: those that they name are the shop's, not the checker's."""
    if not workflow.routing:
        return workflow
    return replace(workflow, routing=tuple(replace(each, among=None) for each in workflow.routing))


def means_of(shape: Shape) -> dict[str, Means]:
    """How means of payment behave."""
    usual = usual_means()
    return usual if shape.ends else {name: replace(known, lasts_s={}) for name, known in usual.items()}


def skus_of(shape: Shape) -> tuple[str, ...]:
    """The SKUs of its lines."""
    return ((UNLISTED if shape.is_unlisted else SKUS[0]), *SKUS[1:])[: shape.lines]


def stock_of(shape: Shape) -> dict[str, Stock]:
    """What is free when it is placed."""
    first, second = STOCKS[shape.stock]
    return {sku: {FIRST: first, SECOND: second} for sku in skus_of(shape)}


def placing(shape: Shape) -> Move:
    """The move that an exploration begins with."""
    return Move(CUSTOMER, PlaceOrder(f"{shape.channel}-1", draft_of(shape)), f"channel:{shape.channel}")


def draft_of(shape: Shape) -> Draft:
    """The draft of such an order."""
    place = SECOND if shape.is_collected else ""
    lines = tuple(DraftLine(sku, shape.units, shape.price_minor, location=place) for sku in skus_of(shape))
    total = shape.price_minor * shape.units * shape.lines + shape.shipping_minor
    return Draft(
        shape.channel, "1", START_S, "EUR", lines, total,
        tenders=_tenders(shape, total),
        shipping_minor=shape.shipping_minor,
        person=PERSON,
        ship_to=Destination(shape.country, shape.region, missing=("street",) if shape.is_incomplete else ()),
        bill_country=shape.bill_country,
        ship_method=shape.method,
        tags=shape.tags,
        locale=shape.locale,
    )  # fmt: skip


def _tenders(shape: Shape, total: int) -> tuple[DraftTender, ...]:
    each = total // len(shape.tenders)
    amounts = [each] * (len(shape.tenders) - 1) + [total - each * (len(shape.tenders) - 1) - shape.is_short]
    return tuple(
        DraftTender(kind, amount, shape.means, f"CH-{number}" if kind == "adopted" else "")
        for number, (kind, amount) in enumerate(zip(shape.tenders, amounts, strict=True), 1)
    )


def _past(shape: Shape) -> list[Past]:
    earlier = [Past(f"web-0{number}", START_S - 60 * number, f"basket {number}") for number in range(shape.earlier)]
    if not shape.is_twice:
        return earlier
    same = born(None, OrderPlaced(id="web-0", workflow="", draft=draft_of(shape)), START_S)
    return [Past(same.id, START_S - 300, basket_of(same)), *earlier]


BASE = Shape()
SMALL = tuple(  # explored further than the others
    replace(BASE, tenders=(kind,)) for kind in ("gateway", "adopted", "prepaid", "account", "on_delivery")
)
TWO = replace(BASE, units=2)
# What becomes of authorizations in time, apart from what else may happen to two units at two places.
ENDING = (
    replace(BASE, ends=True),
    replace(BASE, ends=True, stock="none"),
    replace(TWO, means="gift_card"),
)
ONE_CAPTURE = (replace(TWO, means="debit", stock="split"),)  # explored less far than the others
MIDDLE = (
    *ENDING,
    *(replace(TWO, tenders=shape.tenders) for shape in SMALL),
    replace(TWO, stock="split"),
    replace(TWO, stock="none"),
)
PAIRS = (("gateway", "gateway"), ("gateway", "prepaid"), ("prepaid", "prepaid"), ("adopted", "account"))
BIG = tuple(replace(TWO, lines=2, tenders=pair) for pair in PAIRS)
