"""The model of an order's money, from MONEY.md alone: every unit on its own, every amount a sum over units.

It knows nothing of Segue's code. What it says has to be what Segue says, to the cent, after every command. Where the
rules leave a choice to Segue (which authorization is let go of first), it looks at what was chosen, and only bounds it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.cents.arithmetic import over_units
from bench.cents.basket import Amounts, Basket, tenders_of

WAITING = ("new", "allocated")  # may still be canceled
GONE = ("shipped", "delivered")  # may come back
ASKED_OF_A_GATEWAY = ("gateway", "adopted")
AGREED_WITHOUT_ONE = ("account", "on_delivery")
PAYABLE = {  # which units are to be paid when a capture is asked for, by policy
    "on_shipment": ("shipped", "delivered"),
    "on_release": ("released", "shipped", "delivered"),
    "at_once": ("new", "allocated", "released", "shipped", "delivered"),
    "on_delivery": ("delivered",),
}
IN_FLIGHT = {
    "authorize": ("authorizing", "authorized", "due"), "capture": ("capturing", "captured", "authorized"),
    "void": ("voiding", "voided", "authorized"), "refund": ("refunding", "refunded", "captured"),
}  # fmt: skip


class No(Exception):
    """What is asked for has to be refused."""


@dataclass(slots=True)
class Unit:
    """One piece, with its own cents."""

    line: int
    number: int
    paid: int
    tax: int
    state: str = "new"


@dataclass(slots=True)
class Purse:
    """A tender: how much of it is in which state."""

    kind: str
    amount: int
    held: dict[str, int]

    def has(self, *states: str) -> int:
        """What of it is in one of these states."""
        return sum(self.held.get(state, 0) for state in states)

    def move(self, source: str, target: str, amount: int) -> None:
        """Move an amount; there has to be so much."""
        assert 0 <= amount <= self.has(source), f"{amount} of {self.has(source)} {source}"
        self.held[source] -= amount
        self.held[target] = self.has(target) + amount


@dataclass(slots=True)
class Operation:
    """One request to a gateway."""

    kind: str
    tender: str
    amount: int
    outcome: str
    of: str = ""  # a refund: the capture that it gives back


@dataclass
class Model:
    """An order's units and money."""

    policy: str
    lines: list[list[Unit]]
    shipping: int
    charges: dict[str, int]
    purses: dict[str, Purse]
    operations: dict[str, Operation] = field(default_factory=dict)
    parcels: dict[str, list[Unit]] = field(default_factory=dict)
    given: dict[str, list[Unit]] = field(default_factory=dict)  # what each fulfillment has

    # What things are worth

    def units(self, *states: str) -> Iterable[Unit]:
        """The units in these states."""
        return (unit for line in self.lines for unit in line if unit.state in states)

    @property
    def extras(self) -> int:
        """Shipping and charges."""
        return self.shipping + sum(self.charges.values())

    def worth(self) -> int:
        """What the customer owes for what is kept; the extras unless everything was canceled."""
        kept = sum(unit.paid for line in self.lines for unit in line if unit.state not in ("canceled", "returned"))
        return kept + (0 if all(unit.state == "canceled" for line in self.lines for unit in line) else self.extras)

    def earned(self, payable: tuple[str, ...]) -> int:
        """What is to be paid by now; the extras with the first of it, and kept if all comes back."""
        paid = [unit.paid for unit in self.units(*payable)]
        return sum(paid) + (self.extras if paid or any(self.units("returned")) else 0)

    def money(self, *states: str) -> int:
        """What of all tenders is in these states."""
        return sum(purse.has(*states) for purse in self.purses.values())

    # What people and places do

    def cancel(self, line: int, quantity: int) -> None:
        """M5: the lowest-numbered units that may still be canceled."""
        units = self._of(line, WAITING)
        if not units or len(units) < quantity:
            raise No
        self._move(units[: quantity or None], "canceled")

    def bring_back(self, line: int, quantity: int) -> None:
        """M5: the lowest-numbered units that have left."""
        units = self._of(line, GONE)
        if quantity < 1 or len(units) < quantity:
            raise No
        self._move(units[:quantity], "returned")

    def allocate(self, fulfillment: str, units: list[Unit]) -> None:
        """A location is to give these."""
        self.given[fulfillment] = units
        self._move(units, "allocated")

    def release(self) -> None:
        """M13: before goods leave there is cover."""
        units = list(self.units("allocated"))
        cover = self.money("authorized", "capturing", "captured", "agreed")
        at_work = sum(unit.paid for unit in self.units("allocated", "released", "shipped", "delivered"))
        if not units or cover < at_work + self.extras:
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
            payable = PAYABLE["on_delivery" if purse.kind == "on_delivery" else self.policy]
            amount = min(self.earned(payable) - taken, purse.has("authorized", "agreed"))
            if amount > 0:
                asked[name] = amount
                taken += amount
                source, target = ("authorized", "capturing") if purse.has("authorized") else ("agreed", "captured")
                purse.move(source, target, amount)
        return asked

    def refund(self) -> dict[str, int]:
        """M7, M10: what was taken beyond the order's worth, the last tender first, never more than each has taken."""
        owed = self.money("captured", "capturing") - self.worth()
        asked = {}
        for name, purse in reversed(self.purses.items()):
            amount = min(owed, purse.has("captured"))
            if amount > 0:
                asked[name] = amount
                owed -= amount
                purse.move("captured", "refunding" if purse.kind in ASKED_OF_A_GATEWAY else "refunded", amount)
        return asked

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

    # The ledger, as the sum of all that has happened

    def accounts(self) -> dict[str, int]:
        """M11: what each account has to hold, debits positive. The customer's is what is left."""
        held: dict[str, int] = {}
        for name, purse in self.purses.items():
            held[f"cash:{purse.kind}"] = held.get(f"cash:{purse.kind}", 0) + purse.has("captured", "refunding")
            secured = purse.has("authorized", "capturing", "voiding") if purse.kind in ASKED_OF_A_GATEWAY else 0
            held[f"authorized:{name}"], held[f"authorizable:{name}"] = secured, -secured
        held["sales"] = -sum(unit.paid for unit in self.units(*GONE))
        if self.parcels:
            held["shipping"] = -self.shipping
            held |= {f"charges:{code}": -amount for code, amount in self.charges.items()}
        held["customer"] = -sum(held.values())
        return {account: amount for account, amount in held.items() if amount}


def model_of(basket: Basket, amounts: Amounts, policy: str) -> Model:
    """M4: at intake every unit gets its cents."""
    lines = []
    for number, (wanted, paid, tax) in enumerate(zip(basket.lines, amounts.paid, amounts.taxes, strict=True), 1):
        shares = zip(over_units(paid, wanted.quantity), over_units(tax, wanted.quantity), strict=True)
        lines.append([Unit(number, each, *cents) for each, cents in enumerate(shares, 1)])
    start = {"adopted": "authorized", "prepaid": "captured"}
    paying = enumerate(tenders_of(basket, amounts.total), 1)
    purses = {f"P{n}": Purse(kind, amount, {start.get(kind, "due"): amount}) for n, (kind, amount) in paying}
    shipping = basket.shipping + (0 if basket.included else amounts.shipping_tax)
    return Model(policy, lines, shipping, dict(basket.charges), purses)
