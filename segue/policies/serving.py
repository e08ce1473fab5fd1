"""Serving: which lines of an order a location may serve; it may give the others all the same."""

from segue.core.facts import Facts, Location
from segue.core.order import Line, Order
from segue.core.policy import policy


@policy("serve", sees="goods")
def capable(
    location: Location, line: Line, order: Order, facts: Facts, *, properties: tuple[str, ...] = ()
) -> str | None:
    """The location can do all that the goods need (`needs` in the catalog), and these wishes, if the customer has them."""
    item = facts.item(line.sku)
    wanted = (*(item.needs if item else ()), *(name for name in properties if name in line.properties))
    lacking = [need for need in wanted if need not in location.capabilities]
    return f"not capable of {', '.join(lacking)}" if lacking else None
