"""The model of an order's money, from MONEY.md alone: every unit on its own, every amount a sum over units.

It knows nothing of Segue's code. What it says has to be what Segue says, to the cent, after every command. Where the
rules leave a choice to Segue (which authorization is let go of first), it looks at what was chosen, and only bounds it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from bench.cents.arithmetic import over_units, rounded, spread
from bench.cents.basket import Amounts, Basket, tenders_of
from bench.cents.giving_back import Kept, Reclaiming, Terms, fee_of, shipping_back
from bench.cents.parts import (
    AGREED_WITHOUT_ONE,
    ASKED_OF_A_GATEWAY,
    GONE,
    IN_FLIGHT,
    KEPT,
    PAYABLE,
    WAITING,
    No,
    Operation,
    Purse,
    Unit,
)


@dataclass
class Model:
    """An order's units and money."""

    terms: Terms
    lines: list[list[Unit]]
    shipping: int
    charges: dict[str, int]
    purses: dict[str, Purse]
    reclaiming: Reclaiming
    withheld: int = 0  # of refunds, by promotions that reclaim
    shipping_back: int = 0
    fees: int = 0
    fees_tax: int = 0
    goodwill: int = 0
    capped: dict[str, int] = field(
        default_factory=lambda: {"goodwill": 0, "charges": 0}
    )  # not given back, as it was before
    operations: dict[str, Operation] = field(default_factory=dict)
    parcels: dict[str, list[Unit]] = field(default_factory=dict)
    given: dict[str, list[Unit]] = field(default_factory=dict)  # what each fulfillment has

    # What things are worth

    def units(self, *states: str) -> Iterable[Unit]:
        """The units in these states."""
        return (unit for line in self.lines for unit in line if unit.state in states)

    @property
    def extras(self) -> int:
        """Shipping as far as it is not given back, charges, fees, less goodwill."""
        return self.shipping - self.shipping_back + sum(self.charges.values()) + self.fees - self.goodwill

    def kept(self) -> Kept:
        """Which units are neither canceled nor returned."""
        return frozenset(
            (unit.line, unit.number)
            for line in self.lines
            for unit in line
            if unit.state not in ("canceled", "returned")
        )

    def balance(self) -> int:
        """Goods that are kept, what is withheld, and the extras unless everything was canceled. May be below nothing."""
        if all(unit.state == "canceled" for line in self.lines for unit in line):
            return 0
        kept = 0
        for line in self.lines:
            for unit in line:
                if unit.state not in ("canceled", "returned"):
                    kept += unit.paid - unit.off
        return kept + self.withheld + self.extras

    def worth(self) -> int:
        """What the customer owes, never below nothing."""
        return max(0, self.balance())

    def earned(self, payable: tuple[str, ...]) -> int:
        """What is to be paid by now; the extras with the first of it, and kept if all comes back."""
        units = list(self.units(*payable))
        if not units and not any(self.units("returned")):
            return 0
        withheld = 0
        if self.withheld:
            pieces = frozenset((unit.line, unit.number) for unit in units)
            withheld = min(self.withheld, self.reclaiming.more(pieces, self.kept()))
        return max(0, sum(unit.paid - unit.off for unit in units) + withheld + self.extras)

    def money(self, *states: str) -> int:
        """What of all tenders is in these states."""
        return sum(purse.has(*states) for purse in self.purses.values())

    # What people and places do

    def cancel(self, line: int, quantity: int) -> None:
        """M5: the lowest-numbered units that may still be canceled."""
        units = self._of(line, WAITING)
        if not units or len(units) < quantity:
            raise No
        self._give_up(units[: quantity or None], "canceled")

    def bring_back(self, line: int, quantity: int) -> None:
        """M5: the lowest-numbered units that have left."""
        units = self._of(line, GONE)
        if quantity < 1 or len(units) < quantity:
            raise No
        before = self.worth()
        self._give_up(units[:quantity], "returned")
        paid, tax = sum(unit.paid for unit in units[:quantity]), sum(unit.tax for unit in units[:quantity])
        fee = min(fee_of(self.terms, paid), max(0, before - self.worth()))  # never more than the return brings back
        self.fees += fee
        self.fees_tax += rounded(Fraction(fee * tax, paid or 1))

    def allocate(self, fulfillment: str, units: list[Unit]) -> None:
        """A location is to give these."""
        self.given[fulfillment] = units
        self._move(units, "allocated")

    def release(self) -> None:
        """M13: before goods leave there is cover."""
        units = list(self.units("allocated"))
        cover = self.money("authorized", "capturing", "captured", "agreed")
        if not units or cover < self.earned(("allocated", "released", "shipped", "delivered")):
            raise No
        self._move(units, "released")

    def ship(self, parcel: str, units: list[Unit]) -> None:
        """A parcel leaves."""
        self.parcels[parcel] = units
        self._move(units, "shipped")

    def deliver(self, parcel: str) -> None:
        """A parcel arrives, but for what has come back on the way."""
        self._move([unit for unit in self.parcels[parcel] if unit.state == "shipped"], "delivered")

    def _of(self, line: int, states: tuple[str, ...]) -> list[Unit]:
        return [unit for unit in self.units(*states) if line in (0, unit.line)]

    def adjust(self, line: int, amount: int, quantity: int) -> None:
        """H-6: the lowest-numbered units that are kept cost less from now on, none of them less than nothing."""
        units = self._of(line, KEPT)[: quantity or None]
        if not 1 <= amount <= self.worth() or not units or len(units) < quantity:
            raise No
        shares = over_units(amount, len(units))
        if any(share > unit.paid - unit.off for unit, share in zip(units, shares, strict=True)):
            raise No
        whole = self.lines[line - 1]
        tax = rounded(Fraction(amount * sum(unit.tax for unit in whole), sum(unit.paid for unit in whole)))
        for unit, share, of_tax in zip(units, shares, over_units(tax, len(units)), strict=True):
            unit.off += share
            unit.off_tax += of_tax

    def give_goodwill(self, amount: int) -> None:
        """An apology, never of more than is left."""
        if not 1 <= amount <= self.worth():
            raise No
        self.goodwill += amount

    def _give_up(self, units: list[Unit], state: str) -> None:
        """M8: promotions are looked at again; and what goes back of the shipping never comes again."""
        self._move(units, state)
        kept = self.kept()
        off = {(unit.line, unit.number): unit.off for line in self.lines for unit in line if unit.off}
        self.withheld = self.reclaiming.withheld(kept, off)
        paid = [[unit.paid for unit in line] for line in self.lines]
        back = shipping_back(self.terms.shipping, self.shipping, paid, kept, is_touched=True)
        self.shipping_back = max(self.shipping_back, back)

    def _move(self, units: list[Unit], state: str) -> None:
        for unit in units:
            unit.state = state

    # What is asked of the tenders: by tender, how much

    def authorize(self) -> dict[str, int]:
        """What is due, if anything is kept; what needs no gateway is agreed at once."""
        if all(unit.state in ("canceled", "returned") for line in self.lines for unit in line):
            return {}
        asked = {}
        for name, purse in self.purses.items():
            due = purse.has("due")
            if due and purse.kind in AGREED_WITHOUT_ONE:
                purse.move("due", "agreed", due)
            elif due:
                asked[name] = due
                purse.move("due", "authorizing", due)
        return asked

    def capture(self) -> dict[str, int]:
        """What is earned and was not taken yet, from the tenders in their order, never more than each holds."""
        taken = self.money("capturing", "captured")
        asked = {}
        for name, purse in self.purses.items():
            held = purse.has("authorized", "agreed")
            payable = PAYABLE["on_delivery" if purse.kind == "on_delivery" else self.terms.capture]
            amount = min(self.earned(payable) - taken, held) if held else 0
            if amount > 0:
                asked[name] = amount
                taken += amount
                source, target = ("authorized", "capturing") if purse.has("authorized") else ("agreed", "captured")
                purse.move(source, target, amount)
        return asked

    def refund(self) -> dict[str, int]:
        """M7, M10: what was taken beyond the order's worth, in turn or in proportion, never more than each has taken."""
        owed = self.money("captured", "capturing") - self.worth()
        taken = {name: purse.has("captured") for name, purse in reversed(self.purses.items())}
        asked = self._shared(owed, taken, self.terms.refund_to)
        for name, amount in asked.items():
            purse = self.purses[name]
            purse.move("captured", "refunding" if purse.kind in ASKED_OF_A_GATEWAY else "refunded", amount)
        since = "goodwill" if self.goodwill else "charges"
        self.capped[since] += max(
            0, -self.balance() - sum(self.capped.values())
        )  # M10: what cannot be given back is said
        return asked

    def _shared(self, amount: int, held: dict[str, int], turns: tuple[str, ...]) -> dict[str, int]:
        """M10: a sequence by method or kind, those not named last; or each by what it holds (M3)."""
        amount = min(amount, sum(held.values()))
        if amount <= 0:
            return {}
        if turns == ("proportional",):
            names = [name for name in self.purses if name in held]
            parts = dict(zip(names, spread(amount, [held[name] for name in names]), strict=True))
            return {name: part for name, part in parts.items() if part}
        named = [name for turn in turns for name in held if turn in (self.purses[name].method, self.purses[name].kind)]
        found: dict[str, int] = {}
        for name in dict.fromkeys((*named, *held)):
            part = min(amount, held[name])
            amount -= part
            if part:
                found[name] = part
        return found

    def excess(self) -> int:
        """What may be let go of: secured or due beyond what the order still needs."""
        needed = self.worth() - self.money("capturing", "captured")
        return self.money("authorized", "agreed", "due", "authorizing") - max(0, needed)

    def let_go(self, tender: str, state: str, amount: int) -> None:
        """Segue chose to let go of this."""
        self.purses[tender].move(state, "voiding" if state == "authorized" else "dropped", amount)

    # What gateways say

    def answer(self, name: str, outcome: str) -> None:
        """M12: done, declined, or unknown; what is unknown stays in flight."""
        operation = self.operations[name]
        operation.outcome = outcome
        if outcome != "unknown":
            flying, done, back = IN_FLIGHT[operation.kind]
            target = done if outcome == "done" else back
            self.purses[operation.tender].move(flying, target, operation.amount)


def model_of(basket: Basket, amounts: Amounts, terms: Terms) -> Model:
    """M4: at intake every unit gets its cents."""
    lines = []
    for number, (wanted, paid, tax) in enumerate(zip(basket.lines, amounts.paid, amounts.taxes, strict=True), 1):
        shares = zip(over_units(paid, wanted.quantity), over_units(tax, wanted.quantity), strict=True)
        lines.append([Unit(number, each, *cents, wanted.price) for each, cents in enumerate(shares, 1)])
    start = {"adopted": "authorized", "prepaid": "captured"}
    purses = {}
    for number, (paying, amount) in enumerate(zip(basket.tenders, tenders_of(basket, amounts.total), strict=True), 1):
        held = {start.get(paying.kind, "due"): amount}
        purses[f"P{number}"] = Purse(paying.kind, paying.method, amount, held)
    shipping = basket.shipping + (0 if basket.included else amounts.shipping_tax)
    paid_for = {(unit.line, unit.number): unit.paid for line in lines for unit in line}
    reclaiming = Reclaiming(basket.promotions, paid_for)
    return Model(terms, lines, shipping, dict(basket.charges), purses, reclaiming)
