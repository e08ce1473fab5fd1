"""The books of the model: what every account of the ledger has to hold, from what is so now, never from what was booked.

Debits are positive. Goods are booked as they leave; what is owed beside them with the first parcel. How much of the
shipping and of what was withheld is tax is a matter of proportion: those accounts are known to less than a cent.
"""

from bench.cents.basket import Amounts, Basket
from bench.cents.model import Model
from bench.cents.parts import ASKED_OF_A_GATEWAY, GONE, OURS


class Books:
    """M11: what the accounts of one order have to hold."""

    def __init__(self, basket: Basket, amounts: Amounts) -> None:
        self.included = basket.included
        on_top = 0 if basket.included else amounts.shipping_tax
        self.shipping_tax = amounts.shipping_tax, basket.shipping - amounts.shipping_discount + on_top or 1
        self.goods_tax = sum(amounts.taxes), sum(amounts.paid) or 1

    def exact(self, model: Model) -> dict[str, int]:
        """The accounts whose balance follows to the cent. A customer's is what was earned less what was paid."""
        held: dict[str, int] = {}
        cash = 0
        for name, purse in model.purses.items():
            here = purse.has("captured", "refunding")
            cash += here + purse.has("charged_back")
            account = f"cash:{self._of_tender(model, name)}"
            held[account] = held.get(account, 0) + here
            if purse.kind in ASKED_OF_A_GATEWAY:
                secured = purse.has("authorized", "capturing", "voiding")
                held[f"authorized:{name}"], held[f"authorizable:{name}"] = secured, -secured
        gone = model.units(*GONE)
        earned = sum(unit.paid - unit.off for unit in gone)
        prices = sum(unit.price - (unit.tax if self.included else 0) for unit in gone)
        held["sales"] = -prices
        held["discounts"] = prices - sum(unit.paid - unit.tax for unit in gone)
        held["adjustments"] = sum(unit.off - unit.off_tax for unit in gone)
        held["fees"] = model.fees_tax - model.fees
        by_bank = model.capped["chargebacks"]
        held["chargebacks"] = model.money("charged_back") - by_bank + sum(model.twice.values())
        for name, amount in model.twice.items():
            account = f"twice:{self._of_tender(model, name)}"
            held[account] = held.get(account, 0) - amount
        if model.parcels:
            earned += model.extras + model.withheld + model.capped["goodwill"] + model.capped["charges"]
            held |= {f"charges:{code}": -amount for code, amount in model.charges.items()}
            held["charges:capped"] = -model.capped["charges"]
            held["goodwill"] = model.goodwill - model.capped["goodwill"]
        held["customer"] = earned + by_bank - cash
        return {account: amount for account, amount in held.items() if amount}

    def _of_tender(self, model: Model, name: str) -> str:
        purse = model.purses[name]
        return purse.method if purse.method in OURS else purse.kind

    def near(self, model: Model) -> dict[str, tuple[int, int]]:
        """The accounts that are a proportion, as numerator and denominator; what is booked is half a cent away at most."""
        if not model.parcels:
            return {}
        found = {}
        shipping = model.shipping - model.shipping_back
        for account, amount, (tax, of) in (
            ("shipping", shipping, self.shipping_tax),
            ("reclaimed", model.withheld, self.goods_tax),
        ):
            found[account] = -amount * (of - tax), of
        return found
