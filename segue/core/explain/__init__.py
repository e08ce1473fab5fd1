"""Explain: the recorded story of an order in sentences that a customer-service agent can read, each with its reasons."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from typing import Any, NamedTuple

from segue.core.base import Because, Event, snake
from segue.core.decide import Decision, evolve
from segue.core.explain.costs import FIGURES, MORE, costs
from segue.core.explain.happened import SENTENCES
from segue.core.explain.situation import situation
from segue.core.explain.words import Tale, listed, plain
from segue.core.facts import Location
from segue.core.order import Order

AMOUNTS = {  # figures that are minor units
    "value", "shipping", "amount", "captured", "kept", "total", "from", "worth", "deposit", "needed", "excess", "left",
    "withheld", "fee", "goodwill", "goods", "discounts", "tax", "refunded", "twice",
}  # fmt: skip


class Recorded(NamedTuple):
    """One step of an order as it was recorded."""

    at_s: int
    by: str
    decisions: Sequence[Decision]


class Sentence(NamedTuple):
    """Something that happened, or was refused, and why so."""

    at_s: int
    by: str
    text: str
    details: tuple[str, ...] = ()


def explain(
    story: Sequence[Recorded], locations: Mapping[str, Location] | None = None, zone: tzinfo = UTC
) -> list[Sentence]:
    """What happened, from the first step on, and last the current situation. With `locations`, places have names.

    Instants are in the time of `zone`.
    """
    told: list[Sentence] = []
    order: Order | None = None
    asked: dict[str, str] = {}
    for recorded in story:
        for decision in recorded.decisions:
            if decision.reaction:
                asked[decision.reaction] = snake(type(decision.command).__name__)
            for each in decision.events:
                event: Event = each
                before, order = order, evolve(order, event, recorded.at_s)
                tale = Tale(before or order, locations or {}, asked, zone)
                details = (*reasons(event.because, tale), *_origin(decision))
                told.append(Sentence(recorded.at_s, decision.by, SENTENCES[type(event)](event, tale), details))
            if decision.refused:
                told.append(_refused(recorded.at_s, decision))
    if order is not None:
        now = situation(Tale(order, locations or {}, asked, zone))
        told.append(Sentence(story[-1].at_s, "", "Where it stands", now))
    return told


def _refused(at_s: int, decision: Decision) -> Sentence:
    wanted = plain(snake(type(decision.command).__name__))
    return Sentence(at_s, decision.by, f"The workflow wanted to {wanted}, but: {decision.refused}", _origin(decision))


def _origin(decision: Decision) -> tuple[str, ...]:
    return (f"as the workflow says in {decision.reaction}",) if decision.reaction else ()


def reasons(reason: Because | None, tale: Tale) -> Iterator[str]:
    """The rule with its figures, then whom it passed over and why."""
    if reason is None:
        return
    figures = [
        f"{_label(name)} {_figure(name, value, tale)}"
        for name, value in reason.figures.items()
        if name not in FIGURES and not (name == MORE and "parcels" in reason.figures)
    ]
    yield f"because {reason.rule}" + (f": {', '.join(figures)}" if figures else "")
    yield from costs(reason.figures, tale)
    for location, why in reason.passed_over.items():
        yield f"passed over {tale.place(location)}: {why}"


def _label(name: str) -> str:
    return plain(name.removesuffix("_at_s"))


def _figure(name: str, value: Any, tale: Tale) -> str:
    """A figure, amounts as money, instants as such."""
    if isinstance(value, dict):
        each_name = "amount" if name == "given" else ""  # all of them are amounts, or each is what it is called
        return f"({', '.join(f'{_label(key)} {_figure(each_name or key, each, tale)}' for key, each in value.items())})"
    if isinstance(value, list | tuple):
        return listed(str(each) for each in value)
    if name.endswith("_at_s") and isinstance(value, int):
        return tale.moment(value)
    return tale.money(value) if name in AMOUNTS and isinstance(value, int) else str(value)
