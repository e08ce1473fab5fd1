"""Gift cards that the shop has sold: what each was worth, and whether it still is. What was spent is in its books."""

from segue.core.base import Value


class Card(Value):
    """A gift card. What it is worth never changes; it can be closed, and then pays for nothing any more."""

    number: str
    worth_minor: int
    currency: str
    closed: bool = False


class Cards:
    """The cards by number."""

    def __init__(self) -> None:
        self.known: dict[str, Card] = {}

    def objection(self, number: str, amount_minor: int, currency: str, spent_minor: int) -> str:
        """Why a card does not pay an amount beyond what was spent of it, or nothing."""
        card = self.known.get(number)
        if card is None:
            return "unknown_card"
        if card.closed:
            return "card_closed"
        if card.currency != currency:
            return "currency_differs"
        return "insufficient_funds" if amount_minor > card.worth_minor - spent_minor else ""
