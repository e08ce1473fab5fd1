"""Preview: what a command would come to, to the cent, before anybody commits it; and the commit that keeps to it.

It is the real step, run and thrown away; then what is in flight is taken to be done as it was asked for, and what
follows from that is run too. A commit names the preview that it goes by: it is that very command, and leads to just
that, or is refused.
"""

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from msgspec import json
from msgspec.structs import replace

from segue.core.base import Command, Event, Refusal, Refused, Value
from segue.core.capture import RecordCapture
from segue.core.context import Context, name_of
from segue.core.decide import Decision
from segue.core.facts import StockMove
from segue.core.notify import MessageRequested
from segue.core.order import Order, Tender, units_in
from segue.core.pay import RecordAuthorization
from segue.core.reclaim import net_of
from segue.core.refund import RecordRefund
from segue.core.step import Outcome, step
from segue.core.void import RecordVoid
from segue.core.worth import keeps, kept_of

TOKEN = re.compile(r"([0-9]{1,15})-([0-9a-f]{8})-([0-9a-f]{8})")  # the version, what is asked, what comes of it
ANSWERS_MAX = 200  # gateways' answers that a preview goes through; more are left in flight
ANSWERS: dict[str, Any] = {
    "authorize": RecordAuthorization, "capture": RecordCapture, "void": RecordVoid, "refund": RecordRefund,
}  # fmt: skip
SECURED = ("authorizing", "authorized", "agreed")
IN_HAND = ("capturing", "captured")
TAKEN = (*IN_HAND, "refunding", "refunded", "charged_back")
GIVEN_BACK = ("refunding", "refunded")
DUE = ("due",)
LET_GO = ("voiding", "voided", "dropped")


class Totals(Value):
    """What an order comes to. Minor units; what is in flight counts as done."""

    worth_minor: int  # what the customer owes for all that is neither canceled nor returned
    secured_minor: int
    taken_minor: int
    refunded_minor: int
    due_minor: int
    goods_minor: int = 0  # of the worth: what is kept, at what was paid less what its prices were lowered by since
    shipping_minor: int = 0
    charges_minor: int = 0
    withheld_minor: int = 0  # by promotions whose condition does not hold any more
    fees_minor: int = 0
    goodwill_minor: int = 0  # off
    charged_back_minor: int = 0  # of what was taken, or was refunded: what banks have taken back


class TenderChange(Value):
    """What becomes of one way of payment. Minor units, beyond what was done or in flight before."""

    tender: str
    kind: str
    method: str
    taken_minor: int
    refunded_minor: int
    let_go_minor: int
    charged_back_minor: int = 0  # by a bank


class Consequence(Value):
    """A command that the workflow gives, or the one that is previewed; with what comes of it."""

    command: str
    events: tuple[str, ...] = ()
    reaction: str = ""  # where it stands in the workflow; nothing for the command itself and for gateways' answers
    refused: str = ""
    after: str = ""  # the answer that it waits for: R1; nothing for what is committed at once


class Preview(Value):
    """What a command would lead to, or why it would be refused. Nothing of it has happened."""

    order: str
    version: int
    command: str
    before: Totals
    after: Totals
    expects: str = ""  # what a commit names to get just this
    refused: str = ""
    refusal: str = ""  # its name: NOTHING_TO_CANCEL
    tenders: tuple[TenderChange, ...] = ()
    owed_minor: int = 0  # taken beyond the order's worth, and not given back
    capped_minor: int = 0  # what cannot be given back, since it was given before
    consequences: tuple[Consequence, ...] = ()
    awaited: tuple[str, ...] = ()  # gateways' answers that it takes to be `done`: C1, R1
    messages: tuple[str, ...] = ()
    moves: tuple[StockMove, ...] = ()
    status: str = ""


def preview(order: Order, command: Command, context: Context) -> Preview:
    """What the command would lead to. Raises NeedFacts: load, and ask again. The facts are left as they were."""
    before = totals(order)
    name = name_of(command)
    outcomes: list[Outcome] = []
    try:
        outcomes.append(step(order, command, context))
        awaited = _answered(outcomes, context)
        return _told(order, command, before, outcomes, awaited)
    except Refused as error:
        return Preview(order.id, order.version, name, before, before, refused=str(error), refusal=error.refusal.name)
    finally:
        for outcome in outcomes:
            _undo(outcome, context)


def as_previewed(order: Order, command: Command, context: Context, expects: str) -> Outcome:
    """The step, if it is the one that was previewed, and leads to just that.

    Refused with PREVIEW_UNREADABLE, COMMAND_DIFFERS, ORDER_MOVED_ON or FIGURES_DIFFER.
    """
    named = TOKEN.fullmatch(expects)
    if named is None:
        raise Refused(Refusal.PREVIEW_UNREADABLE, expects)
    version, asked, figures = named.groups()
    if asked != _asked(order, command):
        raise Refused(Refusal.COMMAND_DIFFERS, expects)
    if version != str(order.version):
        raise Refused(Refusal.ORDER_MOVED_ON, f"{version} was expected, it is {order.version}")
    outcome = step(order, command, context)
    if figures != _digest(outcome):
        _undo(outcome, context)
        raise Refused(Refusal.FIGURES_DIFFER, expects)
    return outcome


def _asked(order: Order, command: Command) -> str:
    """A digest of what is asked of which order: the command with all of its values. Who asks is not part of it."""
    return blake2b(json.encode((order.id, command)), digest_size=4).hexdigest()


def totals(order: Order) -> Totals:
    """What an order comes to now."""
    money = Totals(
        keeps(order), _sum(order, SECURED), _sum(order, TAKEN), _sum(order, GIVEN_BACK), _sum(order, DUE),
        charged_back_minor=sum(_charged_back(order, name) for name in order.tenders),
    )  # fmt: skip
    kept = kept_of(order)
    if not kept and not units_in(order, "returned"):  # nothing was ever sent: nothing is owed
        return money
    return replace(
        money,
        goods_minor=net_of(order, kept),
        shipping_minor=order.shipping_minor - order.shipping_back_minor,
        charges_minor=sum(charge.amount_minor for charge in order.charges),
        withheld_minor=order.withheld_minor,
        fees_minor=order.fees_minor,
        goodwill_minor=order.goodwill_minor,
    )


def _sum(order: Order, states: tuple[str, ...]) -> int:
    return sum(_held(tender, states) for tender in order.tenders.values())


def _held(tender: Tender, states: tuple[str, ...]) -> int:
    return sum(tender.tally.get(state, 0) for state in states)


def _answered(outcomes: list[Outcome], context: Context) -> tuple[str, ...]:
    """Run what follows when gateways do all that they are asked for; `outcomes` grows by it. Returns what they did."""
    answered: list[str] = []
    while len(answered) < ANSWERS_MAX:
        order = outcomes[-1].order
        asked = next((name for name, done in order.transactions.items() if done.outcome == "asked"), "")
        if not asked:
            break
        answer = ANSWERS[order.transactions[asked].kind](asked, "done", reference=f"preview-{asked}")
        outcomes.append(step(order, answer, context))
        answered.append(asked)
    return tuple(answered)


def _told(order: Order, command: Command, before: Totals, outcomes: list[Outcome], awaited: tuple[str, ...]) -> Preview:
    committed, last = outcomes[0], outcomes[-1]
    after = totals(last.order)
    steps = zip(("", *awaited), outcomes, strict=True)
    return Preview(
        order.id,
        order.version,
        name_of(command),
        before,
        after,
        f"{order.version}-{_asked(order, command)}-{_digest(committed)}",
        tenders=_changes(order, last.order),
        owed_minor=max(0, _sum(last.order, IN_HAND) - after.worth_minor),
        capped_minor=sum(last.order.capped.values()) - sum(order.capped.values()),
        consequences=tuple(_consequence(each, answer) for answer, made in steps for each in made.decisions),
        awaited=awaited,
        messages=tuple(_messages(outcomes)),
        moves=tuple(move for outcome in outcomes for move in outcome.moves),
        status=last.status,
    )


def _changes(before: Order, after: Order) -> tuple[TenderChange, ...]:
    """The tenders of which something becomes else than was under way."""
    changes = []
    for name, tender in after.tenders.items():
        known = before.tenders.get(name)
        moved = [
            _held(tender, states) - (_held(known, states) if known else 0) for states in (TAKEN, GIVEN_BACK, LET_GO)
        ]
        moved.append(_charged_back(after, name) - (_charged_back(before, name) if known else 0))
        if any(moved):
            changes.append(TenderChange(name, tender.kind, tender.method, *moved))
    return tuple(changes)


def _charged_back(order: Order, name: str) -> int:
    """What banks have taken back of a tender, with what was refunded before and has gone out twice."""
    twice = sum(case.beyond_minor for case in order.chargebacks.values() if case.tender == name)
    return order.tenders[name].tally.get("charged_back", 0) + twice


def _consequence(decision: Decision, after: str) -> Consequence:
    command: Command | None = decision.command
    events = tuple(name_of(event) for event in decision.events)
    return Consequence(name_of(command) if command else "", events, decision.reaction, decision.refused, after)


def _messages(outcomes: list[Outcome]) -> list[str]:
    events: Iterator[Event] = (
        event for outcome in outcomes for decision in outcome.decisions for event in decision.events
    )
    return [event.message for event in events if isinstance(event, MessageRequested)]


def _digest(outcome: Outcome) -> str:
    """A digest of what a step makes of an order's units and money: which of them are where, and what was asked for."""
    order = outcome.order
    money = [(name, tender.tally) for name, tender in order.tenders.items()]
    asked = [(n, done.kind, done.tender, done.amount_minor, done.outcome) for n, done in order.transactions.items()]
    units = [line.tally for line in order.lines]
    return blake2b(json.encode((keeps(order), money, asked, units)), digest_size=4).hexdigest()


def _undo(outcome: Outcome, context: Context) -> None:
    """The step is thrown away: what it took is there for others."""
    for move in outcome.moves:
        context.facts.undo(move, outcome.order.channel)
