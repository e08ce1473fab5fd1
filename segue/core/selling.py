"""Selling: what may be sold of an article beyond what is there: what is to come of it, less what is promised already.

An order counts against that from when it is placed, with the units of it that still have no stock; it does not as long as it
wants more than there is. Each SKU has one counter of all such units, and the database keeps it below what there is.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from msgspec.structs import replace

from segue.core.base import Because, Command, Event, NeedFacts, Refusal, Refused, Value
from segue.core.context import Context
from segue.core.facts import Apart, Facts, Item, Stock
from segue.core.order import Failure, Order
from segue.core.policy import Rule
from segue.core.supply import AS_ALL, Inbound, Presale
from segue.core.tally import in_state, size
from segue.core.workflow import Workflow

SELLABLE = "sellable"  # the name of the check
WITHOUT_STOCK = ("new", "preordered", "backordered")  # units that count as long as they are in one of these
PERCENT = 100
UNLIMITED = 2**53
UNKNOWN = Item("")
NO_PRESALE = Presale()


class Terms(Value):
    """By which rules units of a SKU were sold."""

    percent: int = PERCENT  # of each supply may be sold before it is there
    beyond: bool = True  # it may be sold beyond what is there
    per_customer: int = 0  # units that one customer may have; 0: as many as there are
    within_s: int = 0  # of orders that are so old at most; 0: of all
    unlimited: bool = False  # it may be sold whether more of it is to come or not


class Sale(Value):
    """How many units of a SKU an order counts with, and by how much more or less after a step."""

    sku: str
    counted: int  # as it was placed, but for what was canceled
    waiting: int  # of these, those that still wait
    change: int  # of those that wait
    terms: Terms | None = None  # if it counts with more than before: by which rules
    gone: bool = False  # some were canceled: others may have them
    unchecked: bool = False  # it is more, whatever may be sold: its workflow does not ask


class SaleCounted(Event):
    """The order counts with so many units of each SKU against what may be sold."""

    units: dict[str, int]
    terms: dict[str, Terms] = {}


def waiting_of(order: Order, lines: Iterable[int] | None = None) -> dict[str, int]:
    """By SKU, how many units of an order, or of some of its lines, have no stock yet."""
    found: dict[str, int] = {}
    for line in order.lines:
        units = sum(size(in_state(line.tally, state)) for state in WITHOUT_STOCK)
        if units and not line.kind and (lines is None or line.number in lines):
            found[line.sku] = found.get(line.sku, 0) + units
    return found


def holding(order: Order | None) -> dict[str, int]:
    """By SKU, with how many units an order counts now: of those that it was counted with, those that still wait."""
    if order is None or not order.counted:
        return {}
    waiting = waiting_of(order)
    return {sku: min(units, waiting.get(sku, 0)) for sku, units in order.counted.items()}


def most_of(free: Stock, inbound: Inbound, apart: Apart, terms: Terms, presales: Mapping[str, Presale] = AS_ALL) -> int:
    """How many units of a SKU may be promised: what is free, and of each supply the share that may be sold before it comes.

    Of a supply of which that is said in `presales`, by its reference, it is that share. What comes first for the safety
    stock is not sold.
    """
    there = sum([units for units in free.values() if units > 0])
    if not terms.beyond:
        return there
    if terms.unlimited:
        return UNLIMITED
    coming: dict[str, int] = {}
    for _, _, units, reference in inbound:
        coming[reference] = coming.get(reference, 0) + units
    lacking = sum([kept.lacking for kept in apart.values()])
    to_come = sum([_share(units, presales.get(reference, NO_PRESALE), terms) for reference, units in coming.items()])
    return there + max(0, min(to_come, sum(coming.values()) - lacking))


def _share(units: int, presale: Presale, terms: Terms) -> int:
    percent = terms.percent if presale.percent is None else presale.percent
    share = units * min(PERCENT, percent) // PERCENT
    return share if presale.most is None else min(share, presale.most)


def room_for(order: Order, sku: str, terms: Terms, facts: Facts) -> int:
    """How many units of a SKU an order may be promised beside what it counts with already."""
    skus = frozenset((sku,))
    free, kept = facts.free(skus, order.channel)[sku], facts.kept_apart(skus)[sku]
    inbound = facts.inbound(skus)[sku]
    presales = _presold(facts, sku) if inbound else AS_ALL
    return max(0, most_of(free, inbound, kept, terms, presales) - sold(facts, sku))


def _presold(facts: Facts, sku: str) -> Mapping[str, Presale]:
    if sku not in facts.presales:
        raise NeedFacts("presales", frozenset((sku,)))
    return facts.presales[sku]


def sold(facts: Facts, sku: str) -> int:
    """How many units of a SKU without stock orders count with against what may be sold of it."""
    if sku not in facts.selling:
        raise NeedFacts("selling", frozenset((sku,)))
    return facts.selling[sku]


def bought(order: Order, sku: str, terms: Terms, facts: Facts) -> int:
    """How many units of a SKU the order's customer has bought with other orders, as far as those count."""
    since_s = order.placed_at_s - terms.within_s if terms.within_s else 0
    key = f"{order.person}|{sku}"
    if key not in facts.purchases:
        raise NeedFacts("bought", frozenset((key,)))
    return sum(units for id, at_s, units in facts.purchases[key] if id != order.id and at_s >= since_s)


def terms_for(rule: Rule, item: Item | None) -> Terms:
    """The rules by which an article is sold: the workflow's, and its own."""
    given = getattr(rule.call, "keywords", {})
    known = Terms(
        **{name: given[name] for name in ("percent", "per_customer", "within_s", "unlimited") if name in given}
    )
    return known if (item or UNKNOWN).backorder else replace(known, beyond=False)


def unsellable(order: Order, context: Context) -> tuple[str, ...]:
    """Why more is wanted than may be sold, where the workflow keeps to that."""
    rules = [rule for rule in context.workflow.validate if rule.name == SELLABLE]
    found = [failure.detail for rule in rules for failure in rule.call(order, context.facts)]
    return tuple(dict.fromkeys(found))


def keeps_to_supply(workflow: Workflow) -> bool:
    """Whether a workflow checks what may be sold beyond what is there."""
    return any(rule.name == SELLABLE for rule in workflow.validate)


def counted_sale(before: Mapping[str, int], order: Order, failures: Sequence[Failure], context: Context) -> list[Event]:
    """What an order counts with now that it was checked, if its workflow keeps to what may be sold. Refused by choice.

    Where another workflow of the shop does, it counts with all that it wants: others are not promised the same.
    """
    for rule in context.workflow.validate:
        if rule.name == SELLABLE:
            return _counted(before, order, failures, rule, context)
    return _unchecked(before, order) if context.facts.counts_sales else []


def _counted(
    before: Mapping[str, int], order: Order, failures: Sequence[Failure], rule: Rule, context: Context
) -> list[Event]:
    failed = [failure for failure in failures if failure.check == SELLABLE]
    if failed and getattr(rule.call, "keywords", {}).get("refuse") and not order.version:
        raise Refused(Refusal.NOT_SELLABLE, "; ".join(failure.detail for failure in failed))
    lines = {line.number for line in order.lines} - {failure.line for failure in failed}
    units = _wanted(before, order, lines)
    if units == before or (before and not failed and _is_within(units, before)):
        return []
    items = context.facts.listed(frozenset(units))
    terms = {sku: terms_for(rule, items[sku]) for sku in units if units[sku] > before.get(sku, 0)}
    return [SaleCounted(units, terms, because=Because(SELLABLE, {"units": units}))]


def _unchecked(before: Mapping[str, int], order: Order) -> list[Event]:
    units = _wanted(before, order, [line.number for line in order.lines])
    return [] if _is_within(units, before) else [SaleCounted(units, because=Because("not_checked", {"units": units}))]


def _is_within(units: Mapping[str, int], before: Mapping[str, int]) -> bool:
    return all(count <= before.get(sku, 0) for sku, count in units.items())


def _wanted(before: Mapping[str, int], order: Order, lines: Collection[int]) -> dict[str, int]:
    """With how many units of each SKU these lines count."""
    units = _kept(before, order, lines)
    for sku, waiting in waiting_of(order, lines).items():
        units[sku] = max(waiting, units.get(sku, 0))
    return units


def _kept(before: Mapping[str, int], order: Order, lines: Iterable[int]) -> dict[str, int]:
    """What an order counts with still, though it waits no longer: a customer has bought that, too."""
    bought: dict[str, int] = {}
    for number in lines:
        line = order.lines[number - 1]
        bought[line.sku] = bought.get(line.sku, 0) + line.quantity
    return {sku: min(count, bought[sku]) for sku, count in before.items() if sku in bought}


def sales_of(before: Order | None, after: Order, events: Iterable[Event]) -> tuple[Sale, ...]:
    """By how much a step changes what an order counts with; mostly it counts with nothing."""
    if not after.counted and (before is None or not before.counted):
        return ()
    terms: dict[str, Terms] = {}
    said: set[str] = set()
    for event in events:
        if isinstance(event, SaleCounted):
            terms |= event.terms
            said.update(event.units)
    then, now = holding(before), holding(after)
    gone_then, gone = _canceled(before), _canceled(after)
    dropped = dict.fromkeys(before.counted, 0) if before is not None else {}
    found = []
    for sku, units in sorted((dropped | after.counted).items()):
        more, is_gone = now.get(sku, 0) - then.get(sku, 0), gone.get(sku, 0) > gone_then.get(sku, 0)
        if more or is_gone or sku in said:
            kept = max(now.get(sku, 0), units - gone.get(sku, 0))
            unchecked = more > 0 and sku in said and sku not in terms
            found.append(Sale(sku, kept, now.get(sku, 0), more, terms.get(sku), is_gone, unchecked))
    return tuple(found)


def learn_selling(facts: Facts, selling: Mapping[str, int]) -> None:
    """What is sold as the store has it, to which what this wave has sold is added."""
    facts.selling.update({sku: units + facts.resold.get(sku, 0) for sku, units in selling.items()})


def sell(facts: Facts, order: Order, sale: Sale) -> None:
    """A step of a wave has sold units, or some have stock now: the next step sees it."""
    facts.resold[sale.sku] = facts.resold.get(sale.sku, 0) + sale.change
    if sale.sku in facts.selling:
        facts.selling[sale.sku] += sale.change
    if (key := f"{order.person}|{sale.sku}") in facts.purchases:
        others = [known for known in facts.purchases[key] if known[0] != order.id]
        facts.purchases[key] = [*others, (order.id, order.placed_at_s, sale.counted)]


def _canceled(order: Order | None) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in order.lines if order is not None else ():
        found[line.sku] = found.get(line.sku, 0) + size(in_state(line.tally, "canceled"))
    return found


def evolve_counted(order: Order, event: SaleCounted, at_s: int) -> Order:
    """So many units count."""
    return replace(order, counted=event.units)


DECISIONS: dict[type[Command], Callable[..., list[Event]]] = {}  # others' commands lead to this event
EVOLUTIONS = {SaleCounted: evolve_counted}
