"""Orders come in: in a few words, or as a channel's own document."""

from pathlib import Path
from typing import Any

from msgspec import json
from msgspec.structs import replace

from segue.connectors.documents import document_of as documents_of
from segue.connectors.documents import read_documents
from segue.connectors.importing import Intake, draft_in
from segue.core.intake import CorrectOrder
from segue.core.mapping import Document, Mapping, Reject
from segue.engine.inbox import order_id
from segue.loader.channel import prebuilt_channels
from segue.loader.tree import Node
from segue.scenario.forms import Field, Form, Kind, Words, filled
from segue.scenario.kinds import TEXT, TEXTS
from segue.scenario.placing import PLACED, PLACING, document_of
from segue.scenario.stage import Impossible, Stage
from segue.scenario.steps.people import ANN, WHO
from segue.scenario.steps.verb import Values, Verb, given

CANONICAL = "canonical"
NOT_CORRECTED = ("id", "copies", "channel")


def _path(node: Node, words: Words) -> Path:
    """A file beside the scenario's own."""
    path = Path(words.file).parent / node.text(words.problems, "a file")
    if not path.is_file():
        words.problems.add(node, f"there is no file `{node.content}`", "it is looked for beside this file")
    return path


def _mapping_name(node: Node, words: Words) -> str:
    """A mapping of the shop, or a prebuilt one."""
    return node.choice(words.problems, "mapping", (*words.names["mapping"], *prebuilt_channels()))


FILE = Kind(_path, {"type": "string"}, "a file, as seen from this one")
BODY = Kind(lambda node, words: node.plain_value(), {"type": ["object", "array"]}, "a document as the channel sends it")
DOCUMENT: Form = {
    "mapping": Field(
        Kind(_mapping_name, {"type": "string"}, "a mapping"), "how the channel's documents are read", True
    ),
    "channel": Field(TEXT, "the channel that it comes from; called as the mapping"),
    "body": Field(BODY, "the document itself"),
    "file": Field(FILE, "a file with documents"),
    "orders": Field(TEXTS, "the channel's numbers of the orders in it, which are their names in this scenario"),
    "rejected": Field(TEXT, "a part of the reason why something of it is not taken in"),
}


CORRECTING: Form = {**{key: field for key, field in PLACED.items() if key not in NOT_CORRECTED}, **WHO}


def place(stage: Stage, values: Values) -> None:
    """The channel sends an order, or so many of them."""
    channel = values.get("channel", next(iter(stage.setting.shop.channels), CANONICAL))
    mapping = replace(stage.mapping(CANONICAL), name=channel)
    shop, many = stage.setting.shop, len(values["ids"]) > 1
    documents = []
    for id in values["ids"]:
        own = {"customer": f"customer-{id}", **values} if many else values
        own = own | {"pay": [_with_number(stage, tender) for tender in own["pay"]]} if "pay" in own else own
        documents.append(Document(document_of(own, id, shop, stage.now_s), "scenario"))
    rejects = stage.take_in(mapping, documents)
    if rejects:
        raise Impossible("that the channel can send this order", f"{rejects[0].path}: {rejects[0].reason}")


def _with_number(stage: Stage, tender: Values) -> Values:
    """A tender with the number of the gift card that pays: what the checkout tells us, once it has seen the code."""
    if "card" not in tender:
        return tender
    card = tender["card"]
    name = f"{card.get('line', 1)}.{card.get('unit', 1)}"
    number = stage.world.issuer.numbers_of(card["order"]).get(name)
    if number is None:
        raise Impossible("that somebody pays with this gift card", f"{card['order']} has bought no card {name}")
    return {**tender, "reference": number}


def correct(stage: Stage, values: Values) -> None:
    """Somebody gives the order another document, as its channel would send it."""
    order = stage.order(values["order"])
    mapping = replace(stage.mapping(CANONICAL), name=order.channel)
    document = document_of(values, order.channel_order_id, stage.setting.shop, order.placed_at_s)
    draft = draft_in(Intake(mapping, stage.app.seal.digest).take(Document(document, "scenario")))
    if draft is None:
        raise Impossible("that the document can be used", "it is rejected")
    given(stage, values["order"], CorrectOrder(draft), f"person:{values.get('by', ANN)}")


def take_in(stage: Stage, values: Values) -> None:
    """A channel's own document comes in through its mapping."""
    mapping = stage.mapping(values["mapping"])
    if "channel" in values:
        mapping = replace(mapping, name=values["channel"])
    rejects = [*_taken_in(stage, mapping, values)]
    wanted = values.get("rejected")
    if wanted is None and rejects:
        raise Impossible("that the whole document is taken in", f"{rejects[0].path}: {rejects[0].reason}")
    if wanted is not None and not any(wanted in reject.reason for reject in rejects):
        raise Impossible(
            f"that it is rejected: {wanted}", "; ".join(each.reason for each in rejects) or "it is taken in"
        )


def _taken_in(stage: Stage, mapping: Mapping, values: Values) -> list[Reject]:
    if "file" in values:
        read = list(read_documents(mapping.layout, [values["file"]]))
    else:
        read = list(documents_of(mapping.layout, json.encode(values.get("body", {})), "scenario"))
    unread = [each for each in read if isinstance(each, Reject)]
    return unread + stage.take_in(mapping, [each for each in read if isinstance(each, Document)])


def ids_of(step: Any, number: int) -> list[str]:
    """The channel's numbers of the orders that a step places; `number` orders were placed before."""
    copies = step.get("copies", 1)
    first = step.get("id", str(number + 1))
    if copies == 1:
        return [first]
    return [str(int(first) + n) if first.isdigit() else f"{first}{n + 1}" for n in range(copies)]


def names_of(name: str, values: Values, channel: str) -> dict[str, str]:
    """The scenario's names of the orders that come with a step, and their ids."""
    if name == "document":
        channel = str(values.get("channel", values.get("mapping", "")))
        return {each: order_id(channel, each) for each in values.get("orders", ())}
    return {each: order_id(values.get("channel", channel), each) for each in values["ids"]}


VERBS = {
    "order": Verb("A customer orders.", PLACING, place),
    "correct": Verb("Somebody corrects the document of an order that waits.", filled(CORRECTING), correct, True),
    "document": Verb("A channel sends a document of its own.", filled(DOCUMENT), take_in),
}
