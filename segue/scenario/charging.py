"""Charging: taxes, charges with their tax, and amounts that are wrong on purpose, as a scenario writes them."""

import re
from typing import Any

from segue.loader.tree import Node
from segue.scenario.forms import Field, Form, Kind, Words, filled, list_of
from segue.scenario.kinds import AMOUNT_MINOR, TEXT

STEP = re.compile(r"[^\[\].]+|\[[0-9]{1,4}\]")
TAX: Form = {
    "name": Field(TEXT, "what it is called", required=True),
    "amount": Field(AMOUNT_MINOR, "how much it is", required=True),
    "rate": Field(TEXT, "its rate, a decimal fraction: 0.19"),
}
CHARGE: Form = {
    "amount": Field(AMOUNT_MINOR, "with its tax", required=True),
    "tax": Field(AMOUNT_MINOR, "how much of it is tax"),
}


def _charges(node: Node, words: Words) -> dict[str, dict[str, int]]:
    """`{gift_wrap: 3.00}`, or `{gift_wrap: {amount: 3.00, tax: 0.48}}`."""
    found = {}
    for code, value in node.entries(words.problems).items():
        one = (
            {"amount": AMOUNT_MINOR.read(value, words)} if value.kind == "scalar" else filled(CHARGE).read(value, words)
        )
        found[code] = one
    return found


def _instead(node: Node, words: Words) -> dict[str, Any]:
    return {path: value.plain_value() for path, value in node.entries(words.problems).items()}


TAXES = list_of(filled(TAX))
CHARGES = Kind(_charges, {"type": "object"}, "amounts by name")
INSTEAD = Kind(_instead, {"type": "object"}, "values by path")
IN_FULL: Form = {
    "shipping_discount": Field(AMOUNT_MINOR, "off the shipping"),
    "shipping_taxes": Field(TAXES, "the taxes on the shipping: `[{name: VAT, amount: 0.95, rate: 0.19}]`"),
    "taxes": Field(TAXES, "the taxes on the whole order"),
    "charges": Field(CHARGES, "what else is charged: `{gift_wrap: 3.00}`, `{gift_wrap: {amount: 3.00, tax: 0.48}}`"),
    "instead": Field(INSTEAD, "what the document says instead, by path: `{lines[0].price_minor: 12.345}`"),
}


def taxes_of(taxes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Taxes as the canonical document has them."""
    return [
        {"name": tax["name"], "amount_minor": tax["amount"], **({"rate": tax["rate"]} if "rate" in tax else {})}
        for tax in taxes
    ]


def sum_of(taxes: list[dict[str, Any]]) -> int:
    """What taxes come to."""
    return sum(tax["amount"] for tax in taxes)


def charges_of(values: dict[str, Any]) -> list[dict[str, Any]]:
    """Charges as the canonical document has them."""
    return [
        {"code": code, "amount_minor": charge["amount"], "tax_minor": charge.get("tax", 0)}
        for code, charge in values.get("charges", {}).items()
    ]


def said_instead(document: dict[str, Any], instead: dict[str, Any]) -> dict[str, Any]:
    """The document with these values at these paths. What a path leads through has to be there."""
    for path, value in instead.items():
        here: Any = document
        *way, last = [int(step[1:-1]) if step[0] == "[" else step for step in STEP.findall(path)]
        for step in way:
            here = here[step]
        here[last] = value
    return document
