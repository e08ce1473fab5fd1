"""Digital: what must be right about goods that a message delivers."""

from collections.abc import Iterator

from segue.core.facts import Facts
from segue.core.issued import GIFT_CARD
from segue.core.order import Failure, Order
from segue.core.policy import policy

ON_DELIVERY = "on_delivery"


@policy("validate")
def paid_in_advance(order: Order, facts: Facts) -> Iterator[Failure]:
    """What a message delivers is not paid on delivery: nobody stands at a door and takes the money."""
    if order.digital and any(tender.kind == ON_DELIVERY for tender in order.tenders.values()):
        skus = ", ".join(line.sku for line in order.lines if line.kind)
        yield Failure("paid_in_advance", f"{skus} cannot be paid on delivery")


@policy("validate")
def gift_cards_untaxed(order: Order, facts: Facts) -> Iterator[Failure]:
    """No tax is on gift cards: what is bought with them is taxed."""
    for line in order.lines if order.digital else ():
        if line.kind == GIFT_CARD and line.tax_minor:
            detail = f"{line.tax_minor} tax on {line.sku}"
            yield Failure("gift_cards_untaxed", detail, line.number, path=f"lines[{line.number - 1}].tax_minor")
