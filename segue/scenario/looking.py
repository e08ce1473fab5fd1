"""Looking ahead: what a command would come to, with the figures that are expected; and the commit that goes by it."""

from typing import Any

from segue.core.preview import Preview
from segue.loader.tree import Node
from segue.scenario.expecting.check import decimal, shown
from segue.scenario.forms import Field, Form, Kind, Words, filled
from segue.scenario.kinds import AMOUNT_MINOR, NOTHING, TEXTS
from segue.scenario.stage import Impossible, Seen, Stage
from segue.scenario.steps.people import COMMAND, WHO, by_of
from segue.scenario.steps.verb import Refusal, Values, Verb, given


def _by_tender(node: Node, words: Words) -> dict[str, int]:
    fields = node.entries(words.problems, "amounts by tender")
    return {tender: AMOUNT_MINOR.read(amount, words) for tender, amount in fields.items()}


BY_TENDER = Kind(
    _by_tender, {"type": "object", "additionalProperties": AMOUNT_MINOR.schema}, "amounts by tender: `{P1: 8.67}`"
)
PREVIEWING: Form = {
    "do": Field(COMMAND, "what is previewed", required=True),
    "worth": Field(AMOUNT_MINOR, "what the order is worth then"),
    "taken": Field(BY_TENDER, "what is taken of each tender"),
    "refunded": Field(BY_TENDER, "what each tender gets back"),
    "let_go": Field(BY_TENDER, "what of each tender is voided or dropped"),
    "owed": Field(AMOUNT_MINOR, "what stays owed to the customer"),
    "messages": Field(TEXTS, "what the customer is told"),
    **WHO,
}  # fmt: skip


def preview(stage: Stage, values: Values) -> None:
    """Somebody looks what a command would come to. Raises Refusal, or Impossible where another figure is expected."""
    order, command = values["order"], values["do"]["command"]
    currency = stage.order(order).currency
    seen = stage.app.preview(order, command, by_of(values))
    if seen.refused:
        raise Refusal(seen.refusal.lower(), seen.refused)
    found = _found(seen)
    for name, expected in values.items():
        if name in found and found[name] != expected:
            raise Impossible(f"{name} {_shown(expected, currency)}", _shown(found[name], currency))
    stage.seen = Seen(order, command, by_of(values), seen.expects)


def _found(seen: Preview) -> dict[str, Any]:
    changes = {change.tender: change for change in seen.tenders}
    return {
        "worth": seen.after.worth_minor,
        "taken": {name: each.taken_minor for name, each in changes.items() if each.taken_minor},
        "refunded": {name: each.refunded_minor for name, each in changes.items() if each.refunded_minor},
        "let_go": {name: each.let_go_minor for name, each in changes.items() if each.let_go_minor},
        "owed": seen.owed_minor,
        "messages": list(seen.messages),
    }


def _shown(value: Any, currency: str) -> str:
    if isinstance(value, dict):
        return shown({name: decimal(amount, currency) for name, amount in value.items()})
    return decimal(value, currency) if isinstance(value, int) else shown(tuple(value))


def commit(stage: Stage, values: Values) -> None:
    """Somebody commits what was previewed last: just that. Raises Refusal."""
    if stage.seen is None:
        raise Impossible("that something was previewed", "nothing was")
    given(stage, *stage.seen)


VERBS = {
    "preview": Verb(
        "Somebody looks what a command would come to; nothing is changed.", filled(PREVIEWING), preview, True
    ),
    "commit": Verb("Somebody commits what was previewed last, just as it was shown.", NOTHING, commit),
}
