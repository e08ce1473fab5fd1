"""The parts of the model: a unit with its cents, a tender with its states, a request to a gateway."""

from dataclasses import dataclass

WAITING = ("new", "allocated")  # may still be canceled
GONE = ("shipped", "delivered")  # may come back
KEPT = (*WAITING, "released", *GONE)
ASKED_OF_A_GATEWAY = ("gateway", "adopted")
AGREED_WITHOUT_ONE = ("account", "on_delivery")
GIVEN_UP = ("canceled", "returned")
PAYABLE = {  # which units are to be paid when a capture is asked for, by policy
    "on_shipment": ("shipped", "delivered"),
    "on_release": ("released", "shipped", "delivered"),
    "at_once": ("new", "allocated", "released", "shipped", "delivered"),
    "on_delivery": ("delivered",),
}
PROPORTIONAL = ("proportional",)
SECURED = ("authorized", "agreed", "capturing", "captured")
TAKEN = ("capturing", "captured", "charged_back")
OURS = ("gift_card", "store_credit")  # methods that have accounts of their own in the ledger
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
    price: int = 0
    off: int = 0  # its price was lowered by this, after the sale
    off_tax: int = 0
    state: str = "new"


@dataclass(slots=True)
class Purse:
    """A tender: how much of it is in which state."""

    kind: str
    method: str
    amount: int
    held: dict[str, int]

    def has(self, *states: str) -> int:
        """What of it is in one of these states."""
        amount = 0
        for state in states:
            amount += self.held.get(state, 0)
        return amount

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
    of: str = ""  # a capture or void: its authorization; a refund: the capture that it gives back
    again: bool = False  # a void of what is asked for again later
