"""Previewing: what a command would come to, as people read it, with the command that commits just that."""

from typing import Any

import msgspec

from segue.core.preview import Consequence, Preview, Totals
from segue.main.failing import Failed
from segue.main.formats import count, money, words
from segue.main.output import facts, heading, say, table

PARTS = (
    ("  goods", "goods_minor"),
    ("  shipping", "shipping_minor"),
    ("  charges", "charges_minor"),
    ("  withheld by promotions", "withheld_minor"),
    ("  fees", "fees_minor"),
    ("  goodwill, off", "goodwill_minor"),
)
ROWS = (
    ("not asked for yet", "due_minor"),
    ("secured", "secured_minor"),
    ("taken", "taken_minor"),
    ("given back", "refunded_minor"),
)
BY_BANKS = ("taken back by banks", "charged_back_minor")


def show(result: dict[str, Any], currency: str) -> None:
    """A preview on one page. Raises Failed if the command would be refused."""
    seen = msgspec.convert(result, Preview)
    if seen.refused:
        raise Failed(f"It would be refused: {seen.refused}.")
    say(f"{seen.order}: what {words(seen.command)} would come to. Nothing has happened yet.")
    _show_money(seen, currency)
    _show_consequences(seen)
    say(f"To commit just this, give the same command with --expect {seen.expects}")


def _show_money(seen: Preview, currency: str) -> None:
    parts = [(name, field) for name, field in PARTS if getattr(seen.before, field) or getattr(seen.after, field)]
    by_banks = [BY_BANKS] if seen.before.charged_back_minor or seen.after.charged_back_minor else []
    shown = (("the order is worth", "worth_minor"), *parts, *ROWS, *by_banks)
    rows = [
        (name, _amount(seen.before, field, currency), _amount(seen.after, field, currency)) for name, field in shown
    ]
    table(("", ">before", ">after"), rows)
    for change in seen.tenders:
        amounts = (
            ("taken", change.taken_minor), ("given back", change.refunded_minor), ("let go of", change.let_go_minor),
            ("taken back by a bank", change.charged_back_minor),
        )  # fmt: skip
        said = ", ".join(f"{money(amount, currency)} {name}" for name, amount in amounts if amount)
        say(f"{change.tender}, {change.kind} {change.method}: {said}")
    if seen.capped_minor:
        say(f"Not given back, since it was given before: {money(seen.capped_minor, currency)}")
    if seen.owed_minor:
        say(f"Still owed to the customer then: {money(seen.owed_minor, currency)}")


def _amount(totals: Totals, field: str, currency: str) -> str:
    return money(getattr(totals, field), currency)


def _show_consequences(seen: Preview) -> None:
    heading("What follows")
    facts((_what(each), _outcome(each)) for each in seen.consequences if each.command or each.events)
    moved = [f"{move.sku} at {move.location}: {_moved(move.on_hand, move.allocated)}" for move in seen.moves]
    facts(
        [
            ("messages", ", ".join(words(name) for name in seen.messages)),
            ("stock", "; ".join(moved)),
            ("taken for granted", _granted(seen.awaited)),
            ("then it is", words(seen.status)),
        ]
    )


def _what(each: Consequence) -> str:
    after = f"once {each.after} is done: " if each.after else ""
    return f"{after}{words(each.command or 'it')}"


def _outcome(each: Consequence) -> str:
    return f"refused: {each.refused}" if each.refused else ", ".join(words(name) for name in each.events)


def _moved(on_hand: int, allocated: int) -> str:
    parts = ((on_hand, "there"), (allocated, "set aside"))
    return ", ".join(f"{units:+} {what}" for units, what in parts if units)


def _granted(awaited: tuple[str, ...]) -> str:
    return f"{count(len(awaited), 'answer')} of gateways, that it is done: {', '.join(awaited)}" if awaited else ""
