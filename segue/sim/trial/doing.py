"""Doing: how a deed is done in the shop."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from segue.core.base import Command, Refused
from segue.core.capture import RecordCapture
from segue.core.order import Order, Transaction
from segue.core.pay import RecordAuthorization
from segue.core.preview import Preview
from segue.core.refund import RecordRefund
from segue.core.transactions import Outcome
from segue.core.void import RecordVoid
from segue.engine.outcomes import Request
from segue.engine.remedies import ask_again
from segue.ports import PortFailed
from segue.sim.trial.deed import Ask, Deed, LookAhead, Receive, Visit
from segue.sim.trial.people import FOLDERS, choice
from segue.sim.trial.place import Place
from segue.sim.trial.setting import HOUR_S
from segue.sim.trial.stocking import GOODS
from segue.store.overview import Overview
from segue.store.reading import Finder

IN_FOLDER_MAX = 1_000
ASKED_AGAIN_RATE = 0.3  # of what is unknown, at each visit
RECORDS: dict[str, Callable[..., Command]] = {
    "authorize": RecordAuthorization,
    "capture": RecordCapture,
    "void": RecordVoid,
    "refund": RecordRefund,
}


def do(deeds: Iterable[Deed], place: Place) -> None:
    """Do these now: what comes in at one time is kept together, and what is asked at one time is decided together."""
    received: list[Receive] = []
    requests: list[Request] = []
    shown: dict[tuple[str, str], Preview | None] = {}
    for deed in deeds:
        match deed.what:
            case Receive():
                received.append(deed.what)
            case Ask():
                requests.append(_request(deed.what))
                shown |= {(requests[-1].order, requests[-1].expects): deed.what.preview}
            case LookAhead(asked, after_s):
                _look_ahead(deed, asked, after_s, place)
            case Visit(number):
                requests += _wishes(number, place)
            case goods:
                GOODS[type(goods)](goods, place)
    if received:
        people = {each.person.id: each.person for each in received if each.person}
        place.app.keep([each.message for each in received], people)
    if requests:
        for result in place.desk.submit(requests):
            place.watch.asked(result, shown.get((result.request.order, result.request.expects)))


def _request(asked: Ask) -> Request:
    return Request(asked.order, asked.command, asked.by, expects=asked.preview.expects if asked.preview else "")


def _look_ahead(deed: Deed, asked: Ask, after_s: int, place: Place) -> None:
    """What it would come to; if it can be done, just that is asked for later."""
    try:
        seen = place.app.preview(asked.order, asked.command, asked.by)
    except Refused:
        return  # there is no such order yet
    if not seen.refused:
        at_s = place.app.clock.now_s() + after_s
        place.plan(Deed(at_s, f"{deed.key} decided", deed.kind, replace(asked, preview=seen), deed.about))


def _wishes(visit: int, place: Place) -> Iterator[Request]:
    """What people want when they have looked into each folder that is not empty."""
    finder = Finder(place.reader)
    for count in Overview(place.reader).folders():
        for found in finder.orders(folder=count.folder, limit=IN_FOLDER_MAX):
            order = finder.order(found.id)
            assert order is not None
            if count.folder == "outcome_unknown":
                yield from _found_out(order, visit, place)
            elif count.folder in FOLDERS:
                command = choice(place.chance, count.folder, order, visit)
                if command is not None:
                    yield Request(order.id, command, f"person:{FOLDERS[count.folder].owner}")


def _found_out(order: Order, visit: int, place: Place) -> Iterator[Request]:
    """What is unknown is asked again, or the provider is asked what became of it, and that is recorded.

    Not within the hour: what was held up may still arrive, and nobody could know.
    """
    now_s = place.app.clock.now_s()
    if now_s - order.places["outcome_unknown"] < HOUR_S:
        return
    for name, unknown in order.transactions.items():
        if unknown.outcome != "unknown":
            continue
        key = place.watch.task_of(order.id, name)
        if place.chance.happens("asked again", f"{key} {visit}", ASKED_AGAIN_RATE):
            yield ask_again(place.watch.claimed[key], order, "person:payments", "is it back?", now_s)
            continue
        try:
            answer = place.world.gateway.look_up(key)
        except PortFailed:
            continue  # next time
        yield Request(order.id, _recorded(name, unknown, answer), "person:payments")


def _recorded(name: str, unknown: Transaction, answer: Any) -> Command:
    outcome: Outcome = "done" if answer is not None and answer.outcome == "done" else "declined"
    reference = answer.reference if answer is not None else ""
    amount = unknown.amount_minor if outcome == "done" else 0
    return RECORDS[unknown.kind](name, outcome, amount, reference)
