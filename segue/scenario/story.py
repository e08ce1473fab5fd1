"""The story of an order, as `segue why` tells it, for whoever wonders why an expectation is not met."""

from datetime import UTC, datetime

import msgspec

from segue.app import App
from segue.core.decide import Decision
from segue.core.explain import Recorded, Sentence, explain
from segue.store.reading import Finder

ORIGIN = "as the workflow says in "  # how a detail begins that says where in the workflow's file it came from


def recorded(app: App, order: str) -> list[Recorded]:
    """The order's steps as they are on record."""
    told = Finder(app.reader()).story(order)
    return [
        Recorded(step.at_s, step.by, msgspec.convert(step.record, tuple[Decision, ...], str_keys=True)) for step in told
    ]


def sentences_of(app: App, order: str) -> list[Sentence]:
    """The story in sentences; the last is where the order stands. Nothing if there is no such order."""
    return explain(recorded(app, order), app.shop.locations)


def story_of(app: App, order: str) -> tuple[str, ...]:
    """The story line by line: when, who, what, and below it why; where in the workflow it stands is left out."""
    lines = []
    before = ""
    for sentence in sentences_of(app, order):
        when = f"{datetime.fromtimestamp(sentence.at_s, UTC):%Y-%m-%d %H:%M:%S}"
        lines.append(f"{when if when != before else '':19}  {sentence.by or 'now':12}  {sentence.text}")
        lines += [f"{'':35}  {detail}" for detail in sentence.details if not detail.startswith(ORIGIN)]
        before = when
    return tuple(lines)


def text_of(app: App, order: str) -> str:
    """All that the story says, for looking whether something stands in it."""
    return "\n".join("\n".join((sentence.text, *sentence.details)) for sentence in sentences_of(app, order))
