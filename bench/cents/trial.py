"""A trial: one life, told to the product and to the model; after every command both are compared, to the cent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.cents.basket import Basket, amounts_of
from bench.cents.books import Books
from bench.cents.comparing import Difference, compare_bounds, compare_intake, compare_money, compare_units, same
from bench.cents.giving_back import Terms
from bench.cents.lives import Step, basket_of, first_answers, first_steps, next_steps, terms_of
from bench.cents.model import Model, model_of
from bench.cents.parts import No, Operation, Unit
from bench.cents.product import COMMANDS, Product
from segue.core.adjust import AdjustPrice, GiveGoodwill
from segue.core.base import Refused
from segue.core.chargeback import RecordChargeback
from segue.core.order import Order
from segue.sim.shopping.dice import Dice

HAPPENINGS = (2, 9)  # least and most of what happens to an order, each with what a workflow does about it
ENDINGS_MAX = 20  # rounds of answers until everything is at rest
MISTAKES = (Difference, Refused, AssertionError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
MOVING = ("cancel", "bring_back", "allocate", "release", "ship", "deliver")


@dataclass(frozen=True)
class Case:
    """One life: what was bought, on which terms, and all that happened; and what differs, if anything does."""

    basket: Basket
    terms: Terms
    steps: tuple[Step, ...]
    detail: str = ""


def played(seed: int, number: int) -> Case:
    """Make up one life and live it to its end, or to the first difference."""
    dice = Dice(f"cents/{seed}/{number}")
    basket, terms = basket_of(dice), terms_of(dice)
    steps: list[Step] = []
    detail = ""
    try:
        trial = Trial(basket, terms)
        trial.take_all(first_steps(dice), steps)
        trial.take_all(first_answers(trial.model, dice), steps)
        for _ in range(dice.whole(*HAPPENINGS)):
            trial.take_all(next_steps(trial.model, dice), steps)
        trial.end(steps)
    except MISTAKES as error:
        detail = f"{type(error).__name__}: {error}"
    return Case(basket, terms, tuple(steps), detail)


def played_again(case: Case) -> Case:
    """Live a life again. Steps that have become impossible are left out."""
    steps: list[Step] = []
    detail = ""
    try:
        trial = Trial(case.basket, case.terms)
        trial.take_all(case.steps, steps)
        trial.end(steps)
    except MISTAKES as error:
        detail = f"{type(error).__name__}: {error}"
    return Case(case.basket, case.terms, tuple(steps), detail)


class Trial:
    """The product and the model beside each other."""

    def __init__(self, basket: Basket, terms: Terms) -> None:
        amounts = amounts_of(basket)
        self.model: Model = model_of(basket, amounts, terms)
        self.cases = 0
        self.books = Books(basket, amounts)
        self.product = Product(basket, amounts, terms)
        same("what is wrong with it at intake", self.product.said(), ["OrderPlaced"])
        self._new_operations()
        compare_intake(self.order, amounts, self.model)
        compare_units(self.order, self.model)
        compare_money(self.product, self.model, self.books)

    @property
    def order(self) -> Order:
        """The product's order."""
        assert self.product.order is not None
        return self.product.order

    def take_all(self, coming: Any, steps: list[Step]) -> None:
        """Several things happen; each is noted first."""
        for step in coming:
            steps.append(step)
            self.take(step)

    def take(self, step: Step) -> None:
        """Something happens, to both; then they are compared."""
        self.product.events = []
        TAKEN[step[0]](self, *step[1:])
        if not self.product.events:  # nothing came of it, and both have agreed on that
            return
        if step[0] in MOVING:
            compare_units(self.order, self.model)
        compare_money(self.product, self.model, self.books)
        compare_bounds(self.model)

    def end(self, steps: list[Step]) -> None:
        """Gateways do all that they are asked for, and the workflow what is left to do: then nothing stays owed."""
        for _ in range(ENDINGS_MAX):
            asked = [name for name, each in self.model.operations.items() if each.outcome in ("asked", "unknown")]
            self.take_all([*(("answer", name, "done") for name in asked), ("capture",), ("void",), ("refund",)], steps)
            if not any(each.outcome == "asked" for each in self.model.operations.values()):
                break
        owed = self.model.money("captured") - max(0, self.model.worth())  # a charge below nothing may outlast the goods
        if owed > 0:
            raise Difference(f"{owed} stay owed to the customer")

    def by_people(self, name: str, line: int, quantity: int) -> None:
        """Units are canceled, or come back."""
        if line <= len(self.model.lines):
            asked: Callable[..., bool] = getattr(self.product, name)
            self.either(name, lambda: getattr(self.model, name)(line, quantity), asked(line, quantity))

    def adjust(self, line: int, amount: int, quantity: int) -> None:
        """A price is lowered after the sale."""
        if line <= len(self.model.lines):
            is_done = self.product.give(AdjustPrice(line, amount, quantity))
            self.either("adjust", lambda: self.model.adjust(line, amount, quantity), is_done)

    def give_goodwill(self, amount: int) -> None:
        """An apology in money."""
        is_done = self.product.give(GiveGoodwill(amount, "cents"))
        self.either("give_goodwill", lambda: self.model.give_goodwill(amount), is_done)

    def charge_back(self, tender: str, amount: int) -> None:
        """A bank takes money back; each time a case of its own."""
        if tender in self.model.purses:
            self.cases += 1
            is_done = self.product.give(RecordChargeback(tender, amount, f"case {self.cases}"))
            self.either("charge_back", lambda: self.model.charge_back(tender, amount), is_done)

    def release(self) -> None:
        """Locations are asked to ship what is allocated."""
        self.either("release", self.model.release, self.product.give(COMMANDS["release"]))

    def either(self, what: str, of_model: Callable[[], None], is_done: bool) -> None:
        """Both do it, or both refuse it."""
        try:
            of_model()
        except No:
            same(f"{what} is done", is_done, False)
        else:
            same(f"{what} is done", is_done, True)

    def allocate(self, counts: dict[int, int]) -> None:
        """A location is to give so many units of each line."""
        units: list[Unit] = []
        for line in self.model.lines:
            new = [unit for unit in line if unit.state == "new"]
            units += new[: counts.get(line[0].line, 0)]
        if units:
            name = f"F{len(self.model.given) + 1}"
            self.model.allocate(name, units)
            self.product.allocate(name, units)

    def ship(self, fulfillment: str, count: int) -> None:
        """A location ships all that it has, or so many units."""
        units = [unit for unit in self.model.given.get(fulfillment, []) if unit.state == "released"][: count or None]
        if units:
            parcel = f"S{len(self.model.parcels) + 1}"
            self.model.ship(parcel, units)
            same("ship is done", self.product.ship(fulfillment, parcel, units), True)

    def deliver(self, parcel: str) -> None:
        """A carrier delivers."""
        if parcel in self.model.parcels:
            self.model.deliver(parcel)
            same("deliver is done", self.product.deliver(parcel), True)

    def ask(self, name: str) -> None:
        """Tenders are to be authorized, captured, refunded: of each just so much, in requests of its own."""
        same(f"{name} is done", self.product.give(COMMANDS[name]), True)
        expected: dict[str, int] = getattr(self.model, name)()
        asked: dict[str, int] = {}
        for operation in self._new_operations():
            asked[operation.tender] = asked.get(operation.tender, 0) + operation.amount
        same(f"{name} by tender", asked, expected)

    def void(self) -> None:
        """What is not needed is let go of: never more than that."""
        excess = self.model.excess()
        same("void is done", self.product.give(COMMANDS["void"]), True)
        for event in self.product.events:
            source: str = getattr(event, "source", "authorized")
            tender, amount = self.product.tender_of(event), self.product.amount_of(event)
            self.model.let_go(tender, source, amount)
            excess -= amount
            if excess < 0:
                raise Difference(f"{-excess} too much is let go of")
        self._new_operations()

    def reverse(self) -> None:
        """What is secured is let go of for now: it is due again once the gateway has done so."""
        same("reverse is done", self.product.give(COMMANDS["reverse"]), True)
        for event in self.product.events:
            self.model.let_go(self.product.tender_of(event), "authorized", self.product.amount_of(event))
        for operation in self._new_operations():
            operation.again = True

    def answer(self, name: str, outcome: str) -> None:
        """A gateway answers."""
        if name in self.model.operations and self.model.operations[name].outcome in ("asked", "unknown"):
            self.model.answer(name, outcome)
            same("the answer is taken", self.product.answer(name, outcome), True)

    def _new_operations(self) -> list[Operation]:
        """What was asked of gateways now, or done at once."""
        new = []
        for name, done in self.order.transactions.items():
            if name not in self.model.operations:
                made = Operation(done.kind, done.tender, done.amount_minor, done.outcome, done.reference_of)
                self.model.operations[name] = made
                new.append(made)
        return new


TAKEN: dict[str, Callable[..., None]] = {
    "cancel": lambda trial, *step: trial.by_people("cancel", *step),
    "bring_back": lambda trial, *step: trial.by_people("bring_back", *step),
    "adjust": Trial.adjust,
    "give_goodwill": Trial.give_goodwill,
    "charge_back": Trial.charge_back,
    "allocate": Trial.allocate,
    "release": Trial.release,
    "ship": Trial.ship,
    "deliver": Trial.deliver,
    "authorize": lambda trial: trial.ask("authorize"),
    "capture": lambda trial: trial.ask("capture"),
    "refund": lambda trial: trial.ask("refund"),
    "void": Trial.void,
    "reverse": Trial.reverse,
    "answer": Trial.answer,
}
