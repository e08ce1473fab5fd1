"""Kits: what is sold as one and is several SKUs, and may lie ready packed. In a history some share their parts."""

import random
from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from bench.checkouts import draft as plain_draft
from segue.core.bundles import Bundle, OnShort, Rules, Ship
from segue.core.draft import Draft, DraftLine

SHIPS: tuple[Ship, ...] = ("together", "one_location", "whole", "independently")
ON_SHORT: tuple[OnShort, ...] = ("cancel", "keep")


class Kit(NamedTuple):
    """What is sold as one: so many of each SKU, and by which rules."""

    parts: Mapping[str, int]
    rules: Rules


def drawn_kits(name: str, skus: list[str], dice: random.Random) -> dict[str, Kit]:
    """One or two kits that share their parts, with names of their own: those are SKUs, too."""
    found = {}
    for letter in "KL"[: dice.choice((1, 2))]:
        parts = {sku: dice.choice((1, 1, 2)) for sku in skus[: dice.choice((1, 2, 2, 2))]}
        rules = Rules(ship=dice.choice(SHIPS), on_short=dice.choice(ON_SHORT), prepacked=dice.random() < 0.5)
        found[f"{name}{letter}"] = Kit(parts, rules)
    return found


def draft(key: str, units: Mapping[str, int], channel: str, cart: str, kits: Mapping[str, Kit]) -> Draft:
    """An order, or a cart, of so many units of each SKU; kits are made into their parts."""
    lines: list[DraftLine] = []
    bundles: dict[str, Bundle] = {}
    for sku, count in units.items():
        if sku not in kits:
            lines.append(DraftLine(sku, count, 0))
            continue
        name = f"B{len(bundles) + 1}"
        parts = {}
        for part, per in kits[sku].parts.items():
            lines.append(DraftLine(part, count * per, 0, bundle=name))
            parts[len(lines)] = per
        bundles[name] = Bundle(sku, count, parts, rules=kits[sku].rules)
    return replace(plain_draft(key, {}, channel, cart), lines=tuple(lines), bundles=bundles)
