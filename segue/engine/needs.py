"""Needs: what a wave is likely to look at, loaded in bulk before its steps; what a step lacks all the same comes after."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from msgspec import json
from msgspec.structs import replace

from segue.core.base import Command, NeedFacts
from segue.core.facts import Facts
from segue.core.fulfill import RecordReject, RecordShortPick
from segue.core.hold import LiftHold
from segue.core.intake import CorrectOrder, PlaceOrder
from segue.core.order import Order
from segue.core.pricing.judging import keys_of
from segue.core.promotion import Promotions
from segue.core.selling import learn_selling
from segue.core.step import Restless
from segue.core.tally import WAITING
from segue.core.taxes import TaxAnswer, TaxRequest
from segue.core.wake import Wake
from segue.engine.rating import Rating
from segue.ports import Loaded, Needs, PortFailed, Taxes

TAX_REQUEST = json.Decoder(TaxRequest)
NO_PROMOTIONS = Promotions()
PROPOSAL = "proposal"  # the fact that waves are planned for
LOADS_MAX = 1_000  # of one step: each place, strategy and store of an order may lack something of its own
Made = TypeVar("Made")
SOURCING = (RecordShortPick, RecordReject, Wake, LiftHold)  # commands that often end in an allocation


class Shelves(Protocol):
    """Where facts are: a store, or a part of one."""

    def load(self, needs: Needs) -> Loaded:
        """What the next steps may look at."""
        ...


def first_needs(commands: Iterable[tuple[str, Command]], promotions: Promotions = NO_PROMOTIONS) -> Needs:
    """The orders, what a new order is checked against, and the coupons of one that is to be priced."""
    orders: set[str] = set()
    items: set[str] = set()
    people: set[str] = set()
    uses: set[str] = set()
    carts: set[str] = set()
    for order, command in commands:
        orders.add(order)
        if isinstance(command, PlaceOrder | CorrectOrder):
            items.update(line.sku for line in command.draft.lines)
            people.add(command.draft.person)
            carts.add(command.draft.cart)
            if not command.draft.priced:
                uses |= keys_of(command.draft, promotions)
    return Needs(
        frozenset(orders), frozenset(items), past=frozenset(people), uses=frozenset(uses), carts=frozenset(carts - {""})
    )


def second_needs(orders: dict[str, Order | None], commands: Iterable[tuple[str, Command]]) -> Needs:
    """The stock that orders are likely to be allocated from, the supply that they wait for, the items that failed checks."""
    stock: set[str] = set()
    items: set[str] = set()
    inbound: set[str] = set()
    moved: set[str] = set()
    for name, command in commands:
        order = orders.get(name)
        if order is None or not isinstance(command, SOURCING):
            continue
        for line in order.lines:
            if not isinstance(command, Wake | LiftHold) or any(state in line.tally for state in WAITING):
                stock.add(line.sku)
                if line.street_date or "preordered" in line.tally:
                    items.add(line.sku)
                if "backordered" in line.tally or "preordered" in line.tally:
                    inbound.add(line.sku)
                    moved.add(name)
        stock.update(bundle.sku for bundle in order.bundles.values() if bundle.rules.prepacked)
        if order.failures:
            items.update(line.sku for line in order.lines)
    return Needs(stock=frozenset(stock), items=frozenset(items), inbound=frozenset(inbound), moved=frozenset(moved))


def lacking(need: NeedFacts) -> Needs:
    """What a step says that it lacks."""
    if need.kind == "item":
        return Needs(items=need.keys)
    if need.kind == "stock":
        return Needs(stock=need.keys)
    if need.kind == "apart":
        return Needs(apart=need.keys)
    if need.kind == "inbound":
        return Needs(inbound=need.keys)
    if need.kind == "cart":
        return Needs(carts=need.keys)
    if need.kind == "uses":
        return Needs(uses=need.keys)
    if need.kind == "queued":
        return Needs(queued=need.keys)
    if need.kind == "moved":
        return Needs(moved=need.keys)
    if need.kind == "load":
        return Needs(loads=need.keys)
    if need.kind == "counted":
        return Needs(counted=True)
    if need.kind == "prices":
        return Needs(prices=need.keys)
    if need.kind == "selling":
        return Needs(selling=need.keys)
    if need.kind == "presales":
        return Needs(presales=need.keys)
    if need.kind == "bought":
        return Needs(bought=need.keys)
    assert need.kind == "past", f"no store has facts of the kind {need.kind}"
    return Needs(past=need.keys)


def learn(facts: Facts, loaded: Loaded) -> None:
    """Put what was loaded among the facts."""
    facts.items.update(loaded.items)
    facts.past.update(loaded.past)
    for sku, stock in loaded.stock.items():
        facts.learn_stock(sku, stock)
    for sku, fences in loaded.fences.items():
        facts.learn_fences(sku, fences)
    facts.carts.update(loaded.carts)
    facts.learn_uses(loaded.uses)
    facts.queues |= loaded.queued
    facts.moved_at |= loaded.moved
    facts.learn_loads(loaded.loads)
    facts.closed = loaded.closed or facts.closed
    facts.fresh_at = facts.fresh_at if loaded.counted is None else loaded.counted
    facts.arriving.update(loaded.inbound)
    facts.apart.update(loaded.apart)
    facts.prices.update(loaded.prices)
    learn_selling(facts, loaded.selling)
    facts.presales.update(loaded.presales)
    facts.purchases.update(loaded.bought)


class Asked:
    """The tax service during one wave. When it does not answer it is not asked again, so that others need not wait."""

    def __init__(self, taxes: Taxes) -> None:
        self.taxes = taxes
        self.silent = ""  # why it did not answer

    def quote(self, request: TaxRequest) -> TaxAnswer:
        """The taxes on this. Raises PortFailed."""
        if self.silent:
            raise PortFailed(self.silent)
        try:
            return self.taxes.quote(request)
        except PortFailed as error:
            self.silent = str(error)
            raise


def load(store: Shelves, needs: Needs, facts: Facts) -> Loaded:
    """Load and learn; nothing is asked of the store if nothing is needed."""
    if needs == Needs():
        return Loaded({}, {}, {}, {})
    loaded = store.load(replace(needs, now_s=facts.now_s))
    learn(facts, loaded)
    return loaded


def supplied(
    store: Shelves,
    facts: Facts,
    attempt: Callable[[], Made],
    taxes: Taxes,
    carriers: Rating,
    in_waves: bool = False,
) -> Made:
    """What an attempt makes once it has the facts that it says it lacks.

    Raises Restless if it never has enough, PortFailed if the tax service does not answer; `in_waves` NeedFacts for the plan
    of a wave, which else nobody makes.
    """

    def supply(need: NeedFacts) -> None:
        if need.kind == "tax":
            facts.taxes.update({key: taxes.quote(TAX_REQUEST.decode(key)) for key in sorted(need.keys)})
        elif need.kind == "rate":
            facts.quotes |= carriers.answers(need.keys, facts.now_s)
        elif need.kind == PROPOSAL:
            if in_waves:
                raise need
            facts.proposals |= dict.fromkeys(need.keys)
        else:
            load(store, lacking(need), facts)

    return until_known(attempt, supply)


def until_known(attempt: Callable[[], Made], supply: Callable[[NeedFacts], None]) -> Made:
    """What an attempt makes; tried again with each fact that it lacks. Raises Restless if it lacks what it was given."""
    given: set[tuple[str, str]] = set()
    for _ in range(LOADS_MAX):
        try:
            return attempt()
        except NeedFacts as need:
            asked = {(need.kind, key) for key in need.keys}
            if asked <= given:
                raise Restless(f"facts of the kind {need.kind} were asked for again") from need
            given |= asked
            supply(need)
    raise Restless(f"facts were asked for {LOADS_MAX} times")
