"""An issuer of codes: license keys, links, and gift cards that the gateway takes. It works by the shop's own key.

It keeps no codes: they are made anew whenever somebody may have them. Its journal has the numbers of cards.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from segue.connectors.codes import Codes, card_number
from segue.connectors.simulated.behavior import IssuerBehavior
from segue.connectors.simulated.cards import Card, Cards
from segue.connectors.simulated.desk import Desk, Faults, SimulatedPort
from segue.connectors.simulated.journal import Done
from segue.core.issued import GIFT_CARD
from segue.core.tally import numbers
from segue.ports import Answer, PortFailed

Spent = Callable[[str], tuple[int, int]]  # a card's number -> what was spent of it, and what is held


class SimulatedIssuer(SimulatedPort):
    """The issuer. The reference of an answer is the key of the request: by it the codes are made again.

    Declined: unknown_code; in_use, while an authorization holds some of a card; and what the behavior refuses.
    """

    name = "issuer"

    def __init__(self, desk: Desk, behavior: IssuerBehavior, codes: Codes, cards: Cards, spent: Spent) -> None:
        super().__init__(desk, behavior)
        self._behavior = behavior
        self._codes = codes
        self._cards = cards
        self._spent = spent
        self._asking = Faults(desk, self.name, behavior)
        self._worth: dict[tuple[str, str], int] = {}  # of each code: issue, name
        self._orders: dict[str, str] = {}  # of each issue
        self.closed: set[tuple[str, str]] = set()
        self.issued: list[tuple[str, str, str]] = []  # order, SKU, name of each code that was made, in their order

    def issue(self, key: str, goods: dict[str, Any]) -> Answer:
        """Make a code for each unit."""
        return self.once(key, lambda now_s: self._make(key, goods, now_s), "issue", goods["order"])

    def codes(self, reference: str, names: Sequence[str]) -> list[str]:
        """The codes of an issue. Raises PortFailed if there are none such."""
        self._asking.leave(self._asking.meet(reference, "codes"))
        unknown = [name for name in names if (reference, name) not in self._worth]
        if unknown:
            raise PortFailed(f"{self.name}: no codes {', '.join(unknown)} of {reference}")
        return [self._codes.code(reference, name) for name in names]

    def take_back(self, key: str, reference: str, name: str) -> Answer:
        """Make a code worthless."""
        return self.once(key, lambda now_s: self._close(key, reference, name, now_s), "take_back", "")

    def numbers_of(self, order: str) -> dict[str, str]:
        """The numbers of the gift cards that an order has bought, by line and unit."""
        made = [(key, name) for key, name in self._worth if self._orders[key] == order]
        numbers = {name: card_number(self._codes.code(key, name)) for key, name in made}
        return {name: number for name, number in numbers.items() if number in self._cards.known}

    def restore(self, done: Done) -> None:
        """Remember also the codes that were made, the cards among them, and those that are worthless."""
        super().restore(done)
        for sku, kind, name, worth_minor in done.note.get("made", ()):
            self._worth[done.key, name] = worth_minor
            self._orders[done.key] = done.note["order"]
            self.issued.append((done.note["order"], sku, name))
            if kind == GIFT_CARD:
                number = card_number(self._codes.code(done.key, name))
                self._cards.known[number] = Card(number, worth_minor, done.note["currency"])
        if "closed" in done.note and done.answer.outcome == "done":
            reference, name = done.note["closed"]
            self.closed.add((reference, name))
            number = card_number(self._codes.code(reference, name))
            if card := self._cards.known.get(number):
                self._cards.known[number] = Card(number, card.worth_minor, card.currency, closed=True)

    def _make(self, key: str, goods: dict[str, Any], now_s: int) -> Done:
        if self._desk.chance.happens("issue", key, self._behavior.decline_rate):
            return Done(self.name, key, now_s, Answer("declined", detail="sold_out"))
        note = {"order": goods["order"], "currency": goods["currency"], "made": list(_units(goods))}
        return Done(self.name, key, now_s, Answer("done", key), note=note)

    def _close(self, key: str, reference: str, name: str, now_s: int) -> Done:
        answer = self._closing(reference, name)
        return Done(self.name, key, now_s, answer, note={"closed": [reference, name]})

    def _closing(self, reference: str, name: str) -> Answer:
        if (reference, name) not in self._worth or (reference, name) in self.closed:
            return Answer("declined", detail="unknown_code")
        spent, held = self._spent(card_number(self._codes.code(reference, name)))
        if held:
            return Answer("declined", detail="in_use")
        return Answer("done", reference, self._worth[reference, name] - spent)


def _units(goods: dict[str, Any]) -> Iterator[tuple[str, str, str, int]]:
    """SKU, kind, name and worth of each code that is wanted."""
    for line in goods["lines"]:
        units = tuple((first, last) for first, last in line["units"])
        for number in numbers(units):
            yield line["sku"], line["kind"], f"{line['line']}.{number}", line["worth_minor"]
