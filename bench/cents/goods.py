"""The goods of the model: units, each on its own, and what the order is worth for them. From MONEY.md alone."""

from dataclasses import dataclass, field
from fractions import Fraction

from bench.cents.arithmetic import over_units, rounded
from bench.cents.giving_back import Kept, Reclaiming, Terms, fee_of, shipping_back
from bench.cents.parts import GIVEN_UP, GONE, KEPT, WAITING, No, Unit


@dataclass(kw_only=True)
class Goods:
    """An order's units, and what is owed beside them."""

    terms: Terms
    lines: list[list[Unit]]
    shipping: int
    charges: dict[str, int]
    reclaiming: Reclaiming
    withheld: int = 0  # of refunds, by promotions that reclaim
    shipping_back: int = 0
    fees: int = 0
    fees_tax: int = 0
    goodwill: int = 0
    parcels: dict[str, list[Unit]] = field(default_factory=dict)
    given: dict[str, list[Unit]] = field(default_factory=dict)  # what each fulfillment has

    # What things are worth

    def units(self, *states: str) -> list[Unit]:
        """The units in these states."""
        return [unit for line in self.lines for unit in line if unit.state in states]

    @property
    def extras(self) -> int:
        """Shipping as far as it is not given back, charges, fees, less goodwill."""
        return self.shipping - self.shipping_back + sum(self.charges.values()) + self.fees - self.goodwill

    def kept(self) -> Kept:
        """Which units are neither canceled nor returned."""
        return frozenset((unit.line, unit.number) for line in self.lines for unit in line if unit.state not in GIVEN_UP)

    def balance(self) -> int:
        """Goods that are kept, what is withheld, and the extras unless everything was canceled. May be below nothing."""
        kept, is_owed = 0, False
        for line in self.lines:
            for unit in line:
                if unit.state not in GIVEN_UP:
                    kept += unit.paid - unit.off
                is_owed = is_owed or unit.state != "canceled"
        return kept + self.withheld + self.extras if is_owed else 0

    def worth(self) -> int:
        """What the customer owes, never below nothing."""
        return max(0, self.balance())

    def earned(self, payable: tuple[str, ...]) -> int:
        """What is to be paid by now; the extras with the first of it, and kept if all comes back."""
        units = self.units(*payable)
        if not units and not self.units("returned"):
            return 0
        withheld = 0
        if self.withheld:
            pieces = frozenset((unit.line, unit.number) for unit in units)
            withheld = min(self.withheld, self.reclaiming.more(pieces, self.kept()))
        return max(0, sum(unit.paid - unit.off for unit in units) + withheld + self.extras)

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
        lowered = amount + sum(unit.off for unit in whole)  # the tax in all of it, less what was said before
        tax = rounded(Fraction(lowered * sum(unit.tax for unit in whole), sum(unit.paid for unit in whole)))
        tax -= sum(unit.off_tax for unit in whole)
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
