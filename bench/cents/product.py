"""The product: one order taken through the real core, decision by decision, with its ledger, as a step does it."""

from copy import copy
from functools import cache
from typing import Any

from msgspec.structs import force_setattr

from bench.cents.basket import Amounts, Basket
from bench.cents.catalog import facts_for, taxed
from bench.cents.giving_back import Terms
from bench.cents.parts import Unit
from bench.cents.selling import NOW_S, draft_of
from segue.core.allocate import UnitsAllocated
from segue.core.base import Command, Event, NeedFacts, Refused
from segue.core.cancel import Cancel
from segue.core.capture import EXPIRED, Capture, RecordCapture
from segue.core.context import Context
from segue.core.decide import decide, evolve
from segue.core.deliver import RecordDelivery
from segue.core.fulfill import RecordShipment, Release
from segue.core.intake import PlaceOrder
from segue.core.ledger import ledger_entries
from segue.core.means import Means
from segue.core.order import Order
from segue.core.pay import Authorize, RecordAuthorization, RecordUnknown
from segue.core.policy import Policy, Rule
from segue.core.refund import RecordRefund, Refund
from segue.core.returns import RecordReturn
from segue.core.tally import Units, union
from segue.core.void import RecordVoid, Reverse, Void
from segue.core.workflow import Deposit, Workflow
from segue.loader.archive import archived
from segue.loader.library import read_library
from segue.loader.problems import Problems
from segue.settings import kept_workflow, registry

ANSWERS: dict[str, Any] = {
    "authorize": RecordAuthorization, "capture": RecordCapture, "void": RecordVoid, "refund": RecordRefund,
}  # fmt: skip
COMMANDS: dict[str, Command] = {
    "authorize": Authorize(), "release": Release(), "capture": Capture(), "void": Void(), "refund": Refund(),
    "reverse": Reverse("cents"),
}  # fmt: skip


class Product:
    """An order, its ledger's balances, and what its last command led to."""

    def __init__(self, basket: Basket, amounts: Amounts, terms: Terms) -> None:
        self.order: Order | None = None
        self.balances: dict[str, int] = {}
        facts = facts_for(basket, means_for(terms))
        self.context = Context(NOW_S, workflow_for(terms), facts, "person:ann", "shop")
        self.events: list[Event] = []
        self._place(PlaceOrder("web-1", draft_of(basket, amounts)), basket)

    def _place(self, command: PlaceOrder, basket: Basket) -> None:
        """Taxes are asked for once it is known what is taxed."""
        try:
            self.give(command)
        except NeedFacts as need:
            taxed(self.context.facts, basket, need.keys)
            self.give(command)

    def give(self, command: Command) -> bool:
        """Have a command decided and applied. False if it is refused."""
        try:
            events = decide(self.order, command, self.context)
        except Refused:
            self.events = []
            return False
        self.apply(events)
        return True

    def apply(self, events: list[Event]) -> None:
        """What happened, with its entries in the ledger."""
        self.events = events
        for event in events:
            for entry in ledger_entries(self.order, event):
                self.balances[entry.debit] = self.balances.get(entry.debit, 0) + entry.amount_minor
                self.balances[entry.credit] = self.balances.get(entry.credit, 0) - entry.amount_minor
            self.order = evolve(self.order, event, NOW_S)

    def said(self) -> list[str]:
        """What the last command led to, by name."""
        return [type(event).__name__ for event in self.events]

    def tender_of(self, event: Any) -> str:
        """The tender that an event is about."""
        return str(event.tender)

    def amount_of(self, event: Any) -> int:
        """The amount that an event is about."""
        return int(event.amount_minor)

    def answer(self, name: str, outcome: str) -> bool:
        """A gateway's answer."""
        assert self.order is not None
        if outcome == "unknown":
            return self.give(RecordUnknown(name))
        answer = ANSWERS[self.order.transactions[name].kind]
        if outcome == "expired":
            return self.give(answer(name, "declined", detail=EXPIRED))
        return self.give(answer(name, outcome, reference=f"psp-{name}"))

    def allocate(self, fulfillment: str, units: list[Unit]) -> None:
        """A location is to give these; which one does not matter here."""
        self.apply([UnitsAllocated(fulfillment=fulfillment, location="DAL", units=ranges(units))])

    def ship(self, fulfillment: str, parcel: str, units: list[Unit]) -> bool:
        """A location has shipped these."""
        return self.give(RecordShipment(fulfillment, parcel, ranges(units)))

    def deliver(self, parcel: str) -> bool:
        """A carrier has delivered."""
        return self.give(RecordDelivery(parcel))

    def cancel(self, line: int, quantity: int) -> bool:
        """Somebody cancels."""
        return self.give(Cancel("cents", line, quantity))

    def bring_back(self, line: int, quantity: int) -> bool:
        """Units are back."""
        return self.give(RecordReturn(line, quantity))


def ranges(units: list[Unit]) -> dict[int, Units]:
    """Units as the core writes them."""
    found: dict[int, Units] = {}
    for unit in units:
        found[unit.line] = union(found.get(unit.line, ()), ((unit.number, unit.number),))
    return found


METHODS = ("card", "gift_card", "store_credit")


@cache
def means_for(terms: Terms) -> dict[str, Means]:
    """How means of payment behave."""
    return {
        method: Means("one" if method in terms.one_capture else "many", method in terms.void_part) for method in METHODS
    }


@cache
def workflow_for(terms: Terms) -> Workflow:
    """The prebuilt workflow, with prebuilt policies for these terms."""
    known = policies()
    capture = Rule(terms.capture, known["capture"][terms.capture].function)
    shipping = Rule(terms.shipping, known["shipping_refund"][terms.shipping].function) if terms.shipping else None
    made = copy(standard())  # not `replace`, which would compile all its conditions again
    for name, rule in (("capture", capture), ("shipping_refund", shipping), ("return_fee", _fee(terms))):
        force_setattr(made, name, rule)
    force_setattr(made, "grace", None)  # orders are released and paid for at once
    force_setattr(made, "capture_from", terms.capture_from)
    force_setattr(made, "refund_to", terms.refund_to)
    percent = int(terms.deposit_share * 100)
    force_setattr(made, "deposit", Deposit(percent, terms.deposit) if terms.has_deposit else None)
    return made


def _fee(terms: Terms) -> Rule | None:
    """A return's fee: an amount, a share, or both."""
    known = policies()["return_fee"]

    def charged(order: Order, units: dict[int, Units], reason: str) -> int:
        fee: int = known["per_return"].function(order, units, reason, fee_minor=terms.fee)
        share: int = known["restocking"].function(order, units, reason, percent=float(terms.fee_share * 100))
        return fee + share

    return Rule("fees", charged) if terms.fee or terms.fee_share else None


@cache
def policies() -> dict[str, dict[str, Policy]]:
    """The prebuilt policies, by kind."""
    return registry()


@cache
def standard() -> Workflow:
    """The prebuilt workflow."""
    return kept_workflow(archived("standard", read_library(None, Problems())))
