"""The model of an order's money, from MONEY.md alone: every unit on its own, every amount a sum over units.

It knows nothing of Segue's code. What it says has to be what Segue says, to the cent, after every command. Where the
rules leave a choice to Segue (which authorization is let go of first), it looks at what was chosen, and only bounds it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.cents.arithmetic import over_units, rounded, spread
from bench.cents.basket import Amounts, Basket, tenders_of
from bench.cents.giving_back import Reclaiming, Terms
from bench.cents.goods import Goods
from bench.cents.parts import (
    AGREED_WITHOUT_ONE,
    ASKED_OF_A_GATEWAY,
    GONE,
    IN_FLIGHT,
    KEPT,
    PAYABLE,
    PROPORTIONAL,
    SECURED,
    TAKEN,
    No,
    Operation,
    Purse,
    Unit,
)


@dataclass(kw_only=True)
class Model(Goods):
    """The goods, and the tenders that they are paid with."""

    purses: dict[str, Purse]
    operations: dict[str, Operation] = field(default_factory=dict)
    covered: bool = False  # all that it needs was once secured
    lapsed: dict[str, int] = field(default_factory=dict)  # authorization -> what of it is gone with its only capture
    twice: dict[str, int] = field(default_factory=dict)  # tender -> what a bank took though it was refunded before
    capped: dict[str, int] = field(
        default_factory=lambda: {"goodwill": 0, "charges": 0, "chargebacks": 0}
    )  # not given back, as it was before

    def money(self, *states: str) -> int:
        """What of all tenders is in these states."""
        amount = 0
        for purse in self.purses.values():
            amount += purse.has(*states)
        return amount

    def release(self) -> None:
        """M13: before goods leave there is cover."""
        units = self.units("allocated")
        cover = self.money("capturing", "captured") + sum(self._usable(name) for name in self.purses)
        if not units or cover < self.earned(("allocated", "released", "shipped", "delivered")):
            raise No
        self._move(units, "released")

    # What is asked of the tenders: by tender, how much

    def authorize(self) -> dict[str, int]:
        """What is due, if anything is kept, of a deposit only so much; what needs no gateway is agreed at once."""
        if not self.units(*KEPT):
            return {}
        asked: dict[str, int] = {}
        left = self.to_secure() - self.money(*SECURED, "authorizing")
        for name, purse in self.purses.items():
            due = purse.has("due") if not self.terms.has_deposit else min(purse.has("due"), left)
            if due <= 0:
                continue
            left -= due
            if purse.kind in AGREED_WITHOUT_ONE:
                purse.move("due", "agreed", due)
            else:
                asked[name] = due
                purse.move("due", "authorizing", due)
        self._look_whether_covered()
        return asked

    def deposit(self) -> int:
        """What is taken at once, never more than the order is worth."""
        if not self.terms.has_deposit:
            return 0
        share = rounded(self.worth() * self.terms.deposit_share)
        return min(self.worth(), self.terms.deposit or share)

    def to_secure(self) -> int:
        """A deposit suffices until goods are ready."""
        is_ready = bool(self.units("allocated", "released", *GONE, "returned"))
        return self.deposit() if self.terms.has_deposit and not is_ready else self.worth()

    def _look_whether_covered(self) -> None:
        if self.units(*KEPT) and self.money(*SECURED) >= self.to_secure():
            self.covered = True

    def capture(self) -> dict[str, int]:
        """M10: what is earned and was not taken yet, in turn or in proportion, never more than each tender holds."""
        taken = self.money(*TAKEN)
        deposit = self.deposit() if self.covered else 0
        most = {name: self._usable(name) for name in self.purses}
        if self.terms.capture_from == PROPORTIONAL:  # but for those that pay when the goods arrive
            owed = max(self.earned(PAYABLE[self.terms.capture]), deposit) - taken
            others = {name: held for name, held in most.items() if self.purses[name].kind != "on_delivery"}
            most |= dict.fromkeys(others, 0) | self._shared(owed, others, PROPORTIONAL)
        asked = {}
        for name in self._in_turn(most, self.terms.capture_from):
            purse = self.purses[name]
            payable = PAYABLE["on_delivery" if purse.kind == "on_delivery" else self.terms.capture]
            amount = min(max(self.earned(payable), deposit) - taken, most[name]) if most[name] else 0
            if amount > 0:
                asked[name] = amount
                taken += amount
                source, target = ("authorized", "capturing") if purse.has("authorized") else ("agreed", "captured")
                purse.move(source, target, amount)
        return asked

    def _usable(self, tender: str) -> int:
        """What can be taken of a tender now: of an authorization that bears one capture only, nothing after that."""
        purse = self.purses[tender]
        if purse.kind not in ASKED_OF_A_GATEWAY:
            return purse.has("agreed")
        found = 0
        for name, operation in self.operations.items():
            if (operation.kind, operation.tender, operation.outcome) == ("authorize", tender, "done"):
                uses = [each for each in self.operations.values() if each.of == name and each.outcome != "declined"]
                if purse.method in self.terms.one_capture and any(each.kind == "capture" for each in uses):
                    continue
                found += self._left(name)
        return found

    def _left(self, authorization: str) -> int:
        """What an authorization still holds."""
        uses = (each for each in self.operations.values() if each.of == authorization and each.outcome != "declined")
        return self.operations[authorization].amount - self.lapsed.get(authorization, 0) - sum(u.amount for u in uses)

    def charge_back(self, tender: str, amount: int) -> None:
        """A bank takes back what a tender has paid; once nothing of it moves, also what was refunded: that is lost."""
        purse = self.purses[tender]
        here = purse.has("captured")
        gone = purse.has("refunded") - self.twice.get(tender, 0)
        if not 1 <= amount <= here + gone or (amount > here and purse.has("capturing", "refunding")):
            raise No
        purse.move("captured", "charged_back", min(amount, here))
        if amount > here:
            self.twice[tender] = self.twice.get(tender, 0) + amount - here

    def _cap(self, taken: int) -> None:
        """M10: what cannot be given back is said: more is off the order than is left of it, or a bank was quicker."""
        by_bank = self.money("charged_back")
        owed = min(by_bank, taken + by_bank - self.worth())
        self.capped["chargebacks"] = max(self.capped["chargebacks"], owed)
        since = "goodwill" if self.goodwill else "charges"
        other = self.capped["charges"] if self.goodwill else 0
        self.capped[since] = max(self.capped[since], -self.balance() - other)

    def refund(self) -> dict[str, int]:
        """M7, M10: what was taken beyond the order's worth, in turn or in proportion, never more than each has taken."""
        in_hand = self.money("captured", "capturing")
        owed = in_hand - self.worth()
        taken = {name: purse.has("captured") for name, purse in reversed(self.purses.items())}
        asked = self._shared(owed, taken, self.terms.refund_to)
        for name, amount in asked.items():
            purse = self.purses[name]
            purse.move("captured", "refunding" if purse.kind in ASKED_OF_A_GATEWAY else "refunded", amount)
        self._cap(in_hand)
        return asked

    def _shared(self, amount: int, held: dict[str, int], turns: tuple[str, ...]) -> dict[str, int]:
        """M10: a sequence by method or kind, those not named last; or each by what it holds (M3)."""
        amount = min(amount, sum(held.values()))
        if amount <= 0:
            return {}
        if turns == PROPORTIONAL:
            names = [name for name in self.purses if name in held]
            parts = dict(zip(names, spread(amount, [held[name] for name in names]), strict=True))
            return {name: part for name, part in parts.items() if part}
        found: dict[str, int] = {}
        for name in self._in_turn(held, turns):
            part = min(amount, held[name])
            amount -= part
            if part:
                found[name] = part
        return found

    def _in_turn(self, names: Iterable[str], turns: tuple[str, ...]) -> list[str]:
        """The tenders as their method or kind is named, then the others as they stand."""
        names = list(names)
        named = [name for turn in turns for name in names if turn in (self.purses[name].method, self.purses[name].kind)]
        return list(dict.fromkeys((*named, *names)))

    def excess(self) -> int:
        """What may be let go of: secured or due beyond what the order still needs."""
        needed = self.worth() - self.money(*TAKEN)
        return self.money("authorized", "agreed", "due", "authorizing") - max(0, needed)

    def let_go(self, tender: str, state: str, amount: int) -> None:
        """Segue chose to let go of this."""
        self.purses[tender].move(state, "voiding" if state == "authorized" else "dropped", amount)

    # What gateways say

    def answer(self, name: str, outcome: str) -> None:
        """M12: done, declined, or unknown; what is unknown stays in flight. M13: a capture may find nothing there."""
        operation = self.operations[name]
        operation.outcome = "declined" if outcome == "expired" else outcome
        if outcome == "unknown":
            return
        purse = self.purses[operation.tender]
        flying, done, back = IN_FLIGHT[operation.kind]
        target = done if outcome == "done" else back
        purse.move(flying, "due" if operation.again and target == "voided" else target, operation.amount)
        if outcome == "expired":
            self._lapse(operation.of, purse)
        if outcome == "done" and operation.kind == "authorize":
            self._look_whether_covered()
        if outcome == "done" and operation.kind == "capture" and purse.method in self.terms.one_capture:
            self._lapse(operation.of, purse)

    def _lapse(self, authorization: str, purse: Purse) -> None:
        """What an authorization still held is gone: it is due again."""
        rest = self._left(authorization)
        self.lapsed[authorization] = self.lapsed.get(authorization, 0) + rest
        purse.move("authorized", "due", rest)


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
    shipping = basket.shipping - amounts.shipping_discount + (0 if basket.included else amounts.shipping_tax)
    paid_for = {(unit.line, unit.number): unit.paid for line in lines for unit in line}
    reclaiming = Reclaiming(basket.promotions, paid_for)
    return Model(
        terms=terms, lines=lines, shipping=shipping, charges=dict(basket.charges), reclaiming=reclaiming, purses=purses
    )
