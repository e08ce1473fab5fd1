"""Telling: what happened on a way to a breach, an event in a few words each."""

from segue.checker.moves import STOCK, TIME, Move
from segue.core.context import name_of
from segue.core.intake import PlaceOrder

LEFT_OUT = ("draft", "id", "reference", "detail", "currency", "amount_minor", "carrier", "tracking", "sellable")


def event_of(move: Move) -> str:
    """A move in a few words: `answer: record_capture C1 declined`."""
    if isinstance(move.command, PlaceOrder):
        return "customer: an order is placed"
    if move.kind == TIME:
        return "time: what is due next comes due"
    if move.kind == STOCK:
        return f"stock: goods arrive, {', '.join(move.arrives)}"
    command = move.command
    values = [getattr(command, name) for name in command.__struct_fields__ if name not in LEFT_OUT]
    told = " ".join(str(value) for value in values if value and not isinstance(value, dict))
    units = " (not all of it)" if getattr(command, "units", {}) else ""
    return f"{move.kind}: {name_of(command)} {told}{units}".rstrip()
