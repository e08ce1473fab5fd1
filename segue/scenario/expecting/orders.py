"""Of an order: its tallies, status, folders, holds, money, messages, refusals, and why."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from segue.core.base import Refusal
from segue.core.decide import COMMANDS
from segue.core.lateness import expected_at, late_units
from segue.core.order import Line
from segue.core.outside import unanswered, uncovered
from segue.core.tally import STATES, core_state, size
from segue.core.vocabulary import MONEY_STATES
from segue.core.worth import keeps
from segue.loader.declared import SCREENINGS
from segue.loader.tree import Node
from segue.scenario.expecting.amounts import PRICES, prices_of
from segue.scenario.expecting.channel import told, told_of_waiting
from segue.scenario.expecting.check import Check, decimal, same
from segue.scenario.expecting.money import documents_of, ledger_of, money_of, taxes_on, tenders_of
from segue.scenario.expecting.promises import MOMENT, arriving, leaving, shown_at
from segue.scenario.forms import Kind, Schema, Words, list_of
from segue.scenario.kinds import AMOUNT_MINOR, COUNT, FLAG, NUMBER, TEXT, TEXTS, UNITS_OF, named, one_of
from segue.scenario.stage import Stage, name_of_refusal
from segue.scenario.steps.people import HOLD_NAME
from segue.scenario.story import recorded, text_of
from segue.store.trouble import Trouble

Look = Callable[[Stage, str], Any]
MESSAGES_MAX = 10_000


class Aspect(NamedTuple):
    """Something that can be said of an order."""

    meaning: str
    kind: Kind
    look: Look
    meets: Callable[[Any, Any], bool] = same
    keys: str = ""  # where it is a mapping of which each entry is expected by itself: of what


def _counts(node: Node, words: Words) -> dict[str, int]:
    """Units by state; states that are not named have none."""
    found = {}
    for state, count in node.entries(words.problems, "units by state").items():
        core, _, own = state.partition(".")
        if core not in STATES:
            words.problems.add_unknown(count.place, "state", state, STATES)
        elif own and own not in words.names["item state"]:
            words.problems.add_unknown(count.place, "item state", own, words.names["item state"])
        found[state] = COUNT.read(count, words)
    return {state: count for state, count in found.items() if count}


def _amounts(node: Node, words: Words) -> dict[str, str]:
    """Amounts by state, as text; states that are not named have none."""
    found = {}
    for state, amount in node.entries(words.problems, "amounts by state").items():
        if state not in MONEY_STATES:
            words.problems.add_unknown(amount.place, "state of money", state, MONEY_STATES)
        found[state] = AMOUNT_MINOR.read(amount, words)
    return {state: decimal(amount, words.currency) for state, amount in found.items() if amount}


def _by_name(node: Node, words: Words) -> dict[str, str]:
    """Amounts by the name of a document."""
    named = node.entries(words.problems, "amounts by document").items()
    return {name: decimal(AMOUNT_MINOR.read(amount, words), words.currency) for name, amount in named}


def _amount(node: Node, words: Words) -> str:
    return decimal(AMOUNT_MINOR.read(node, words), words.currency)


def _units_text(node: Node, words: Words) -> dict[str, int]:
    return dict(UNITS_OF.read(node, words))


def _of_states(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _moment_or_none(node: Node, words: Words) -> Any:
    return node.content if node.kind == "scalar" and node.content == "none" else MOMENT.read(node, words)


COUNTS = Kind(_counts, _of_states(COUNT.schema), "units by state: `{shipped: 2, backordered: 1}`")
AMOUNTS = Kind(_amounts, _of_states(AMOUNT_MINOR.schema), "amounts by state: `{captured: 32.50}`")
DOCUMENTS = Kind(_by_name, _of_states(AMOUNT_MINOR.schema), "amounts by document: `{I1: 32.50, M1: 8.67}`")
MONEY = Kind(_amount, AMOUNT_MINOR.schema, AMOUNT_MINOR.called)
UNITS_BY_SKU = Kind(_units_text, UNITS_OF.schema, UNITS_OF.called)
REFUSALS = list_of(one_of("refusal", *(refusal.name.lower() for refusal in Refusal)))._replace(
    called="refusals by name"
)


def tally_of(lines: Iterable[Line]) -> dict[str, int]:
    """How many units of these lines are in which state, in the order in which units go through states."""
    counts: dict[str, int] = {}
    for line in lines:
        for state, units in line.tally.items():
            counts[state] = counts.get(state, 0) + size(units)
    return dict(sorted(counts.items(), key=lambda each: (STATES.index(core_state(each[0])), each[0])))


def _lines(stage: Stage, id: str) -> dict[str, dict[str, int]]:
    """The tally of each line by its number, and of all lines of a SKU."""
    order = stage.order(id)
    skus = dict.fromkeys(line.sku for line in order.lines)
    by_sku = {sku: tally_of(line for line in order.lines if line.sku == sku) for sku in skus}
    return by_sku | {str(line.number): tally_of([line]) for line in order.lines}


def _sources(stage: Stage, id: str) -> dict[str, dict[str, int]]:
    """Units by SKU that each location gives or has given; those of short picks and rejects are not among them."""
    order = stage.order(id)
    found: dict[str, dict[str, int]] = {}
    for made in order.fulfillments.values():
        for number, units in made.units.items():
            here = found.setdefault(made.origin or made.location, {})
            sku = order.lines[number - 1].sku
            here[sku] = here.get(sku, 0) + size(units)
    return found


def _refused(stage: Stage, id: str) -> list[str]:
    """What people and messages asked of it in vain."""
    messages = Trouble(stage.app.reader()).messages(limit=MESSAGES_MAX)
    theirs = [name_of_refusal(each.reason) for each in messages if each.order == id and each.state == "refused"]
    return [name for order, name in stage.refused if order == id] + theirs


def _mails(stage: Stage, id: str) -> list[str]:
    return [template for order, template in stage.world.mailer.letters if order == id]


def _timers(stage: Stage, id: str) -> list[str]:
    return sorted(timer.does for timer in stage.order(id).timers.values())


def _seen_to(stage: Stage, id: str) -> bool:
    found, steps = stage.found(id), recorded(stage.app, id)
    return not found.open or bool(found.folders) or not any(unanswered(stage.order(id), steps[-1].decisions))


class Story(str):
    """A whole story, of which a failure says only that something is not in it."""

    def __str__(self) -> str:
        return "the story below"


def _story(stage: Stage, id: str) -> Story:
    return Story(text_of(stage.app, id))


def _all_in(expected: list[str], found: str) -> bool:
    return all(text in found for text in expected)


def _none_in(expected: list[str], found: str) -> bool:
    return not any(text in found for text in expected)


def _as_set(expected: list[str], found: list[str]) -> bool:
    return sorted(expected) == sorted(found)


ASPECTS: dict[str, Aspect] = {
    "status": Aspect("its status", named("status"), lambda stage, id: stage.found(id).status),
    "open": Aspect("whether something can still happen to it", FLAG, lambda stage, id: stage.found(id).open),
    "folders": Aspect(
        "the folders it is in, all of them", list_of(named("folder")), lambda s, id: list(s.found(id).folders), _as_set
    ),
    "holds": Aspect("its holds, all of them", list_of(HOLD_NAME), lambda s, id: list(s.order(id).holds), _as_set),
    "units": Aspect("all its units by state", COUNTS, lambda stage, id: tally_of(stage.order(id).lines)),
    "lines": Aspect("by SKU or line number, its units by state", COUNTS, _lines, keys="line"),
    "money": Aspect("its money by state", AMOUNTS, money_of),
    "tenders": Aspect("by tender, `P1`, its money by state", AMOUNTS, tenders_of, keys="tender"),
    "worth": Aspect("what it is worth now", MONEY, lambda s, id: decimal(keeps(s.order(id)), s.order(id).currency)),
    "ledger": Aspect("by account of its ledger, debits less credits", MONEY, ledger_of, keys="account"),
    "transactions": Aspect(
        "by transaction, `A1`, its outcome",
        one_of("outcome", "asked", "done", "declined", "unknown"),
        lambda stage, id: {name: done.outcome for name, done in stage.order(id).transactions.items()},
        keys="transaction",
    ),
    "documents": Aspect("its invoices I1, I2 and credit memos M1, all of them", DOCUMENTS, documents_of),
    "total": Aspect("what it costs", MONEY, lambda s, id: decimal(s.order(id).total_minor, s.order(id).currency)),
    "prices": Aspect(
        "by SKU, line number and `shipping`: what is to pay, what is off, and the taxes",
        PRICES,
        prices_of,
        keys="price",
    ),
    "sources": Aspect("by location, the units that it gives", UNITS_BY_SKU, _sources, keys="location"),
    "leaves": Aspect(
        "by location, when the last parcel that it is asked for leaves",
        MOMENT,
        lambda s, id: leaving(s.order(id).fulfillments),
        keys="location",
    ),
    "arrives": Aspect(
        "by location, when the last parcel that it is asked for arrives at the latest",
        MOMENT,
        lambda s, id: arriving(s.order(id).fulfillments),
        keys="location",
    ),
    "expected": Aspect(
        "when the last of its units that wait for stock is to be had, or `none`: nobody knows",
        Kind(_moment_or_none, MOMENT.schema, MOMENT.called),
        lambda s, id: "none" if (at_s := expected_at(s.order(id))) is None else shown_at(at_s),
    ),
    "late": Aspect("how many units come later than promised", COUNT, lambda s, id: late_units(s.order(id))),
    "parcels": Aspect("how many parcels have left", COUNT, lambda stage, id: len(stage.order(id).shipments)),
    "grade": Aspect("its grade", NUMBER, lambda stage, id: stage.order(id).score or 0),
    "band": Aspect("the band of its grade", named("band"), lambda stage, id: stage.order(id).band),
    "screening": Aspect(
        "what the fraud vendor says",
        one_of("verdict", *SCREENINGS[1:], "none"),
        lambda s, id: s.order(id).screening or "none",
    ),
    "checks": Aspect(
        "the checks that it fails, all of them",
        list_of(named("check")),
        lambda stage, id: list(dict.fromkeys(failure.check for failure in stage.order(id).failures)),
        _as_set,
    ),
    "mistakes": Aspect(
        "where its amounts are wrong, each with what is: `discount_above_price at lines[0].discount_minor`",
        list_of(TEXT),
        lambda s, id: [f"{failure.code} at {failure.path}" for failure in s.order(id).failures if failure.code],
        _as_set,
    ),
    "taxes": Aspect("by tax, `VAT`, how much of it is on its goods", MONEY, taxes_on, keys="tax"),
    "workflow": Aspect("the workflow that it follows", TEXT, lambda s, id: s.order(id).workflow.partition("@")[0]),
    "timers": Aspect(
        "the commands that it will be given later, all of them",
        list_of(one_of("command", *COMMANDS)),
        _timers,
        _as_set,
    ),
    "mails": Aspect("the messages sent to its customer, in their order", list_of(named("message")), _mails),
    "channel": Aspect("what its channel was told, in this order", list_of(TEXT), told),
    "channel_waits": Aspect(
        "what its channel was told last of the lines that wait: `2 BOOK by 2026-03-12, place 3, 5 ahead`",
        list_of(TEXT),
        told_of_waiting,
    ),
    "refused": Aspect("what was refused to people and messages, in this order", REFUSALS, _refused),
    "secured": Aspect(
        "whether all of it that has left is paid, or will be", FLAG, lambda s, id: not uncovered(s.order(id))
    ),
    "seen_to": Aspect("whether a reaction or a folder answers what went wrong last", FLAG, _seen_to),
    "why": Aspect("texts that stand in its story", TEXTS, _story, _all_in),
    "why_not": Aspect("texts that do not", TEXTS, _story, _none_in),
}


def checks_of(node: Node, words: Words, name: str, id: str) -> Iterator[Check]:
    """What is expected of an order."""
    for key, value in node.fields(words.problems, ASPECTS, what="aspect of an order").items():
        aspect = ASPECTS[key]
        if aspect.keys:
            yield from _entries(value, aspect, words, f"order {name}: {key}", id)
            continue
        expected = aspect.kind.read(value, words)
        yield Check(value, f"order {name}: {key}", expected, _looking(aspect.look, id), aspect.meets, id)


def _looking(look: Look, id: str) -> Callable[[Stage], Any]:
    return lambda stage: look(stage, id)


def _entries(node: Node, aspect: Aspect, words: Words, what: str, id: str) -> Iterator[Check]:
    for key, value in node.entries(words.problems).items():
        if aspect.keys == "location" and key not in words.names["location"]:
            words.problems.add_unknown(value.place, "location", key, words.names["location"])
        if aspect.keys == "line" and not key.isdigit() and key not in words.names["SKU"]:
            words.problems.add_unknown(value.place, "SKU", key, words.names["SKU"])
        expected = aspect.kind.read(value, words)
        yield Check(value, f"{what} {key}", expected, _entry(aspect.look, id, key), order=id)


def _entry(look: Look, id: str, key: str) -> Callable[[Stage], Any]:
    return lambda stage: look(stage, id).get(key)


def schema() -> Schema:
    """The JSON Schema of what is expected of an order."""
    properties = {}
    for key, aspect in ASPECTS.items():
        whole = {"type": "object", "additionalProperties": aspect.kind.schema} if aspect.keys else aspect.kind.schema
        properties[key] = {**whole, "description": aspect.meaning}
    return {"type": "object", "properties": properties, "additionalProperties": False}
