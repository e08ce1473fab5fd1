"""Imagined facts: the same facts, to go on with by oneself. What is taken of them is taken of nobody else's."""

from collections.abc import Iterable
from copy import copy

from segue.core.facts import Facts, StockMove


def imagined(facts: Facts, moves: Iterable[StockMove] = ()) -> Facts:
    """A copy of what a step advances: stock, shares, and the days of locations; with these moves already made."""
    made = copy(facts)
    made.stock = {sku: dict(held) for sku, held in facts.stock.items()}
    made.moved = {}
    made.drawn = {}
    made.fences = dict(facts.fences)
    made.days, made.loaded = dict(facts.days), {}
    for move in moves:
        made.advance(move)
    return made
