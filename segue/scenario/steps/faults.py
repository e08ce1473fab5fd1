"""Faults: what goes wrong with the next calls, with messages, and with the engine itself."""

from typing import Any

from segue.connectors.simulated.faults import CallFault, MessageFault, Outage
from segue.loader.tree import Node
from segue.scenario.forms import Field, Form, Kind, Words, brief, read_form, schema_of
from segue.scenario.kinds import COUNT, DURATION, NOTHING, ORDER, TEXT, one_of
from segue.scenario.plot import POINTS, PORT_OF, Kill
from segue.scenario.stage import Stage
from segue.scenario.steps.verb import Values, Verb

OPERATIONS = {
    "gateway": ("authorize", "capture", "void", "refund", "look_up"),
    "fraud": ("screen",),
    "warehouse": ("release",),
    "carrier": ("track",),
    "mailer": ("send",),
    "channel": ("tell",),
    "issuer": ("issue", "codes", "take_back"),
}
WHATS = ("lost_before", "lost_after", "declined", "late", "other_amount")
VERDICTS = ("accepted", "review", "rejected", "pending")
EACH_TRY: Form = {
    "times": Field(COUNT, "how many calls in a row; 1"),
    "late": Field(DURATION, "by how much the answer is late"),
    "detail": Field(TEXT, "what a decline says: `insufficient_funds`"),
    "amount_minor": Field(COUNT, "which amount the gateway says it did, in minor units"),
    "order": Field(ORDER, "only calls about this order"),
}
MESSAGES = {
    "shipped": "record_shipment",
    "short_picked": "record_short_pick",
    "rejected": "record_reject",
    "delivered": "record_delivery",
    "screened": "record_screening",
}
LATER = {"twice": "duplicated", "late": "delayed", "never": "never", "reversed": "reversed"}
POSTED: Form = {
    "what": Field(one_of("fault of messages", *LATER), "what becomes of it", required=True),
    "by": Field(DURATION, "by how much it is late, or after how long it comes again; 1h"),
    "order": Field(ORDER, "only messages about this order"),
}
KILLING: Form = {
    "at": Field(one_of("point", *POINTS), "the point that the engine will come to; now"),
    "task": Field(one_of("task", *PORT_OF), "of which task; needed with `at`"),
    "order": Field(ORDER, "only a task of this order"),
    "down": Field(DURATION, "how long nobody starts it again"),
}


def _choices(port: str) -> tuple[str, ...]:
    return (*WHATS, *VERDICTS) if port == "fraud" else WHATS


def _faults(port: str) -> Kind:
    """`{capture: lost_after}`, or with more: `{capture: {what: declined, times: 2}}`."""
    what = one_of("fault", *_choices(port))
    full: Form = {"what": Field(what, "what goes wrong", required=True), **EACH_TRY}

    def read(node: Node, words: Words) -> list[dict[str, Any]]:
        found = []
        for operation, value in node.fields(words.problems, OPERATIONS[port], what="operation").items():
            given = read_form(full, value, words) if value.kind == "mapping" else {"what": what.read(value, words)}
            found.append({"operation": operation, **given})
        return found

    either = {"anyOf": [what.schema, schema_of(full)]}
    properties = dict.fromkeys(OPERATIONS[port], either)
    return Kind(
        read,
        {"type": "object", "properties": properties, "additionalProperties": False},
        f"a fault by operation: `{{{OPERATIONS[port][0]}: lost_after}}`",
    )


def _coming(port: str) -> Any:
    def coming(stage: Stage, faults: list[dict[str, Any]]) -> None:
        """The next calls meet these faults."""
        for fault in faults:
            what, verdict = fault["what"], ""
            if what in VERDICTS:
                what, verdict = "verdict", what
            stage.plot.meet(
                CallFault(
                    what, port, fault["operation"], fault.get("order", ""), attempt=0, late_s=fault.get("late", 0),
                    detail=fault.get("detail", ""), outcome=verdict, amount_minor=fault.get("amount_minor", 0),
                ),
                fault.get("times", 1),
            )  # fmt: skip

    return coming


def _outages(node: Node, words: Words) -> dict[str, int | None]:
    fields = node.fields(words.problems, OPERATIONS, what="system")
    return {port: None if value.is_nothing else value.duration_s(words.problems) for port, value in fields.items()}


def _posted(node: Node, words: Words) -> list[dict[str, Any]]:
    what = one_of("fault of messages", *LATER)
    found = []
    for name, value in node.fields(words.problems, MESSAGES, what="message").items():
        given = read_form(POSTED, value, words) if value.kind == "mapping" else {"what": what.read(value, words)}
        found.append({"kind": MESSAGES[name], **given})
    return found


def outage(stage: Stage, ports: dict[str, int | None]) -> None:
    """Systems do not answer for a while."""
    for port, lasts_s in ports.items():
        stage.plot.outages.append(Outage(port, stage.now_s, None if lasts_s is None else stage.now_s + lasts_s))


def post(stage: Stage, faults: list[dict[str, Any]]) -> None:
    """From now on messages of these kinds come twice, late, or never."""
    for fault in faults:
        stage.plot.messages.append(
            MessageFault(
                LATER[fault["what"]], kind=fault["kind"], order=fault.get("order", ""), after_s=fault.get("by", 3600)
            )
        )


def kill(stage: Stage, values: Values) -> None:
    """The engine is killed: now, or when it comes to a point."""
    if "at" not in values:
        stage.kill(values.get("down", 0))
        return
    stage.plot.kills.append(Kill(values["at"], values["task"], values.get("order", ""), values.get("down", 0)))


_OUTAGE = {"type": "object", "properties": {key: {"type": ["string", "null"]} for key in OPERATIONS}}
_POSTED = {
    "type": "object",
    "properties": {key: {"anyOf": [{"enum": list(LATER)}, schema_of(POSTED)]} for key in MESSAGES},
}
VERBS = {
    port: Verb(
        f"Something goes wrong with the next calls of the {port}{' vendor' if port == 'fraud' else ''}.",
        _faults(port),
        _coming(port),
    )
    for port in OPERATIONS
} | {
    "outage": Verb(
        "Systems do not answer for a while.",
        Kind(
            _outages,
            {**_OUTAGE, "additionalProperties": False},
            "a duration by system: `{gateway: 2h}`; none: for ever",
        ),
        outage,
    ),
    "post": Verb(
        "From now on messages come twice, late, never or reversed.",
        Kind(_posted, {**_POSTED, "additionalProperties": False}, "by message: `{shipped: twice}`"),
        post,
    ),
    "kill": Verb(
        "The engine is killed, and started again: now, or at a point of the next such task.",
        brief("at", NOTHING, KILLING),
        kill,
    ),
}
