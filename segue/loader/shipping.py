"""Shipping: the methods that customers may choose, and what each costs where Segue prices orders itself."""

from segue.core.price_list import Shipping
from segue.loader.problems import Problems, shortened
from segue.loader.taxes import CLASS
from segue.loader.tree import Node

KEYS = ("price", "free_from", "tax_class")


def shipping_methods(node: Node | None, problems: Problems) -> tuple[str, ...]:
    """The names of the methods: a list, or a mapping that says what each costs."""
    if node is None:
        return ()
    return tuple(node.entries(problems)) if node.kind == "mapping" else node.texts(problems)


def shipping_prices(node: Node | None, problems: Problems) -> dict[str, Shipping]:
    """What each method costs: `standard: 490`, or `standard: {price: 490, free_from: 5000}`. Minor units."""
    entries = node.entries(problems) if node is not None and node.kind == "mapping" else {}
    return {name: _price(entry, problems) for name, entry in entries.items()}


def _price(node: Node, problems: Problems) -> Shipping:
    if node.kind != "mapping":
        return Shipping(node.integer(problems, 0))
    fields = node.fields(problems, KEYS, required=("price",))
    tax_class = fields["tax_class"].text(problems) if "tax_class" in fields else ""
    if tax_class and not CLASS.fullmatch(tax_class):
        problems.add(fields["tax_class"], f"`{shortened(tax_class)}` cannot be the name of a tax class")
    return Shipping(
        fields["price"].integer(problems, 0) if "price" in fields else 0,
        fields["free_from"].integer(problems, 0) if "free_from" in fields else None,
        tax_class,
    )
