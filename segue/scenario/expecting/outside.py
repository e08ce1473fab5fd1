"""Of the shop and the world: stock, the gateway's own ledger and calls, mail, folders, messages that wait, the audit."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from segue.connectors.simulated.witness import unmatched
from segue.loader.tree import Node
from segue.scenario.expecting import promises, subscribed
from segue.scenario.expecting.check import Check, decimal, same
from segue.scenario.expecting.orders import REFUSALS
from segue.scenario.forms import Field, Form, Kind, Words, by_name, list_of, read_form, schema_of
from segue.scenario.kinds import AMOUNT_MINOR, COUNT, TEXT, UNITS_OF, named, one_of
from segue.scenario.plot import PORT_OF
from segue.scenario.stage import Stage, name_of_refusal
from segue.store.audit import RULES
from segue.store.overview import Overview
from segue.store.reading import every_order
from segue.store.trouble import Trouble

LEDGER_LINE = re.compile(r"(authorize|capture|void|refund|adopt) (.+)")
CALL = re.compile(r"(authorize|capture|void|refund|look_up|adopt) ([a-z][0-9]*)(?: (done|declined|nothing))?")
TAKEN = re.compile(r"([^\s:]+): (.+)")
LIMIT = 10_000
SHELF: Form = {
    "on_hand": Field(COUNT, "units that are there"),
    "allocated": Field(COUNT, "units of them that orders have"),
    "free": Field(COUNT, "units that can still be promised"),
    "safety": Field(COUNT, "units that are never promised"),
    "reserved": Field(COUNT, "units that carts have"),
    "damaged": Field(COUNT, "units of them that are damaged"),
    "quarantined": Field(COUNT, "units of them that nobody may have until somebody has looked at them"),
    "in_transit": Field(COUNT, "units that are on their way there"),
}


class Aspect(NamedTuple):
    """Something that can be said of the shop or the world."""

    meaning: str
    kind: Kind
    look: Callable[[Stage], Any]
    meets: Callable[[Any, Any], bool] = same


def _ledger_line(node: Node, words: Words) -> str:
    """`capture 32.50`."""
    text = node.text(words.problems, "an operation and its amount")
    found = LEDGER_LINE.fullmatch(text)
    if found is None:
        words.problems.add(node, f"`{text}` is no entry of a gateway's ledger", "write it like `capture 32.50`")
        return text
    return f"{found[1]} {decimal(AMOUNT_MINOR.read(_part(node, found[2]), words), words.currency)}"


def _part(node: Node, text: str) -> Node:
    """The end of a scalar as a node of its own, with its own place."""
    before = len(node.content) - len(text)
    part = Node("scalar", text, node.spot_of(1, before))
    part.source, part.start, part.end = node.source, node.start + before + (not node.plain), node.end
    return part


def _call(node: Node, words: Words) -> tuple[str, str, str]:
    """`capture a`, `look_up a done`: an operation, a letter that stands for its key, and its outcome."""
    text = node.text(words.problems, "a call")
    found = CALL.fullmatch(text)
    if found is None:
        words.problems.add(
            node, f"`{text}` is no call of a gateway", "write it like `capture a`, or `capture a declined`"
        )
        return "", "", ""
    return found[1], found[2], found[3] or ""


def _taken(node: Node, words: Words) -> str:
    """`BER: 2 MUG, 1 TEA`, as text or as a mapping."""
    if node.kind == "mapping":
        ((location, value),) = list(node.content.items())[:1] or (("", node),)
        units = UNITS_OF.read(value, words)
    else:
        found = TAKEN.fullmatch(node.text(words.problems, "a location and its units"))
        if found is None:
            words.problems.add(node, "expected a location and its units", "write it like `BER: 2 MUG, 1 TEA`")
            return ""
        location, units = found[1], UNITS_OF.read(_part(node, found[2]), words)
    if location not in words.names["location"]:
        words.problems.add_unknown(node, "location", location, words.names["location"])
    return _taken_text(location, units)


def _taken_text(location: str, units: Iterable[tuple[str, int]]) -> str:
    return f"{location}: {', '.join(f'{count} {sku}' for sku, count in units)}"


def _ledger(stage: Stage) -> list[str]:
    return [f"{row.operation} {decimal(row.amount_minor, row.currency)}" for row in stage.world.gateway.ledger()]


def _calls(stage: Stage) -> list[tuple[str, str, str]]:
    """The calls with letters for keys, in the order in which they were first used."""
    letters: dict[str, str] = {}
    found = []
    for operation, key, outcome in stage.world.gateway.calls:
        letter = letters.setdefault(key, chr(97 + len(letters)) if len(letters) < 26 else f"z{len(letters) - 25}")
        found.append((operation, letter, outcome or "nothing"))
    return found


def _as_calls(expected: list[tuple[str, str, str]], found: list[tuple[str, str, str]]) -> bool:
    """The same operations under the same keys, whatever letters they have; outcomes only where they are said."""
    letters: dict[str, str] = {}
    for call, real in zip(expected, found, strict=False):
        if call[0] != real[0] or letters.setdefault(call[1], real[1]) != real[1] or call[2] not in ("", real[2]):
            return False
    return len(expected) == len(found) and len(set(letters.values())) == len(letters)


def _warehouse(stage: Stage) -> list[str]:
    return [_taken_text(taken.location, taken.lines) for taken in stage.world.warehouse.taken]


def _handled(stage: Stage, state: str) -> list[str]:
    messages = Trouble(stage.app.reader()).messages(limit=LIMIT)
    return [name_of_refusal(each.reason) for each in messages if each.state == state]


def differences(stage: Stage) -> list[str]:
    """What the gateway did and we do not know, and what we believe and it did not do."""
    orders = every_order(stage.app.reader())
    theirs, ours = unmatched(stage.world.gateway.ledger(), orders)
    return [f"{row.operation} {decimal(row.amount_minor, row.currency)}" for row in (*theirs, *ours)]


def _given_up(stage: Stage) -> list[str]:
    """Tasks whose outcome nobody could find out, or that a provider declined without their order hearing of it."""
    return [
        each.task.kind for each in Trouble(stage.app.reader()).tasks(LIMIT) if each.state in ("unknown", "declined")
    ]


def _audit(stage: Stage) -> list[str]:
    return sorted({violation.id for violation in stage.app.audit()})


def _stock(node: Node, words: Words) -> Iterator[Check]:
    """By SKU and location: units on hand, or on hand, allocated, free and safety."""
    for sku, places in by_name("SKU", NODE).read(node, words).items():
        for location, shelf in by_name("location", NODE).read(places, words).items():
            whole = shelf.kind == "mapping"
            values = read_form(SHELF, shelf, words) if whole else {"on_hand": COUNT.read(shelf, words)}
            for name, count in values.items():
                place = shelf.content[name] if whole else shelf
                yield Check(place, f"stock of {sku} at {location}: {name}", count, _shelf(sku, location, name))


def _shelf(sku: str, location: str, name: str) -> Callable[[Stage], Any]:
    def look(stage: Stage) -> int:
        found = Overview(stage.app.reader()).stock(sku, location)
        return int(getattr(found[0], name)) if found else 0

    return look


def _uses(node: Node, words: Words) -> dict[str, int]:
    return {code: COUNT.read(value, words) for code, value in node.entries(words.problems, "uses by code").items()}


NODE = Kind(lambda node, words: node, {}, "anything")
LEDGER_KIND = Kind(_ledger_line, {"type": "string"}, "`capture 32.50`")
CALL_KIND = Kind(_call, {"type": "string"}, "`capture a`, `look_up a done`: the same letter is the same key")
TAKEN_KIND = Kind(_taken, {"type": ["string", "object"]}, "`BER: 2 MUG, 1 TEA`")
COUNTS_OF = {
    "folders": by_name("folder", COUNT),
    "statuses": by_name("status", COUNT),
}
STOCK_SCHEMA = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "additionalProperties": {"anyOf": [COUNT.schema, schema_of(SHELF)]},
    },
}
ASPECTS: dict[str, Aspect] = {
    "gateway": Aspect("the gateway's own ledger, in its order", list_of(LEDGER_KIND), _ledger),
    "calls": Aspect("the calls that reached the gateway, with their keys", list_of(CALL_KIND), _calls, _as_calls),
    "mails": Aspect(
        "all messages sent to customers, in their order",
        list_of(named("message")),
        lambda stage: [template for _, template in stage.world.mailer.letters],
    ),
    "codes": Aspect(
        "the articles of which codes were made, one for each unit, in their order",
        list_of(TEXT),
        lambda stage: [sku for _, sku, _ in stage.world.issuer.issued],
    ),
    "warehouse": Aspect("what locations were asked to ship, in this order", list_of(TAKEN_KIND), _warehouse),
    "folders": Aspect(
        "how many orders are in which folder; in those not named none",
        COUNTS_OF["folders"],
        lambda stage: {each.folder: each.orders for each in Overview(stage.app.reader()).folders()},
    ),
    "statuses": Aspect(
        "how many orders are in which status; in those not named none",
        COUNTS_OF["statuses"],
        lambda stage: Overview(stage.app.reader()).statuses(),
    ),
    "coupons": Aspect(
        "how often which coupon is used; those not named not at all",
        Kind(_uses, {"type": "object", "additionalProperties": COUNT.schema}, "uses by code: `{SPRING: 10}`"),
        lambda stage: Overview(stage.app.reader()).coupons(),
    ),
    "subscriptions": Aspect("the state of each subscription", subscribed.STATES, subscribed.states),
    "cycles": Aspect("what became of the days of each subscription", subscribed.DAYS, subscribed.cycles),
    "refused": Aspect(
        "what messages were refused for, in their order", REFUSALS, lambda stage: _handled(stage, "refused")
    ),
    "parked": Aspect(
        "why messages wait for something, in their order: names of refusals, or texts",
        list_of(TEXT),
        lambda stage: _handled(stage, "parked"),
    ),
    "given_up": Aspect(
        "tasks whose outcome nobody could find out, for people to see to", list_of(one_of("task", *PORT_OF)), _given_up
    ),
    "witness": Aspect(
        "in what the gateway's ledger and ours differ; in nothing, if it is not said", list_of(LEDGER_KIND), differences
    ),
    "audit": Aspect(
        "the invariants that are broken, by id; none, if it is not said",
        list_of(one_of("invariant", *(rule.id for rule in RULES))),
        _audit,
        lambda expected, found: sorted(expected) == found,
    ),
}


def checks_of(key: str, node: Node, words: Words) -> Iterator[Check]:
    """What is expected of the shop or the world."""
    if key == "stock":
        yield from _stock(node, words)
        return
    if key == "promise":
        yield from promises.checks_of(node, words)
        return
    aspect = ASPECTS[key]
    yield Check(node, key, aspect.kind.read(node, words), aspect.look, aspect.meets)
