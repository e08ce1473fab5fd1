"""Properties: what must hold of every step that a workflow leads to, each with its name and its sentence.

Those about one step are here; those about what may follow from a situation are in `following`.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from segue.checker.explore import Taken
from segue.checker.going import messages_of
from segue.checker.situation import Situation
from segue.core.order import Order, count_in, money_in
from segue.core.outside import unanswered, uncovered
from segue.core.step import Outcome, Restless
from segue.core.tally import HOLDING
from segue.core.transactions import CHARGED
from segue.core.worth import keeps

SENTENCES = {
    "cover": "No shipment without cover: what leaves is authorized, captured, or agreed to be paid on account.",
    "capture": "No capture beyond what was authorized.",
    "refund": "No refund beyond what was captured.",
    "stock": "Every reservation and allocation is released in the end, and held for units that wait only.",
    "square": "An order that is over is square: what was charged is what was kept.",
    "finish": "Every order can finish.",
    "dead_end": "There is no dead end: while an order is open, something can still happen.",
    "unanswered": "There is no trouble that nobody handles: a reaction answers it, or a folder with an owner shows it.",
    "waiting": "Every wait has a timer or a folder with an owner.",
    "loop": "There is no loop without a timer.",
    "unreachable": "There is no status and no folder of the shop's own that no order comes into.",
    "message": "No customer is promised the same twice: one message for one cause.",
    "mistake": "Nothing that may happen makes a rule of the shop fail.",
}


class Breach(NamedTuple):
    """A property that a step breaks, and in what way."""

    property: str
    detail: str
    about: str = ""  # the status or folder that it is about


Sums = dict[tuple[str, str], int]
Property = Callable[[Situation, Outcome], Iterator[Breach]]


def breaches(taken: Taken) -> Iterator[Breach]:
    """What a step breaks."""
    if taken.error is not None:
        name = "loop" if isinstance(taken.error, Restless) else "mistake"
        yield Breach(name, f"{type(taken.error).__name__}: {taken.error}")
    elif taken.outcome is not None and taken.after is not None:
        for each in STEPWISE:
            yield from each(taken.after, taken.outcome)


def _cover(here: Situation, outcome: Outcome) -> Iterator[Breach]:
    if missing := uncovered(here.order):
        yield Breach("cover", f"goods have left, and {missing} of what they cost is not secured")


def _money(here: Situation, outcome: Outcome) -> Iterator[Breach]:
    asked, done = _sums(here.order)
    for name, tender in here.order.tenders.items():
        taken, back = asked.get((name, "capture"), 0), asked.get((name, "refund"), 0)
        allowed = done.get((name, "authorize"), 0) if tender.kind in CHARGED else tender.amount_minor
        captured = tender.amount_minor if tender.kind == "prepaid" else done.get((name, "capture"), 0)
        if taken > allowed:
            yield Breach("capture", f"{taken} of {name} is captured, {allowed} was authorized")
        if back > captured:
            yield Breach("refund", f"{back} of {name} is given back, {captured} was captured")


def _sums(order: Order) -> tuple[Sums, Sums]:
    """By tender and kind, the amounts of all transactions that were not declined, and of those that are done."""
    asked: Sums = {}
    done: Sums = {}
    for each in order.transactions.values():
        key = each.tender, each.kind
        if each.outcome != "declined":
            asked[key] = asked.get(key, 0) + each.amount_minor
        if each.outcome == "done":
            done[key] = done.get(key, 0) + each.amount_minor
    return asked, done


def _stock(here: Situation, outcome: Outcome) -> Iterator[Breach]:
    held, waiting = sum(here.held.values()), count_in(here.order, *HOLDING)
    if held != waiting or (held and not here.open):
        yield Breach("stock", f"stock is set aside for {held} units, {waiting} wait for it")


def _square(here: Situation, outcome: Outcome) -> Iterator[Breach]:
    charged = money_in(here.order, "captured", "charged_back") - here.order.capped.get("chargebacks", 0)
    if not here.open and charged != keeps(here.order):
        yield Breach("square", f"{charged} was charged, goods and shipping for {keeps(here.order)} were kept")


def _waiting(here: Situation, outcome: Outcome) -> Iterator[Breach]:
    is_asked = here.order.screening == "asked" or any(d.outcome == "asked" for d in here.order.transactions.values())
    if here.open and here.wake_at_s is None and not here.folders and not is_asked:
        yield Breach("waiting", f"it is open as {here.status or 'nothing'}, and nothing will happen by itself")


def _unanswered(here: Situation, outcome: Outcome) -> Iterator[Breach]:
    if here.open and not here.folders:
        for name in unanswered(here.order, outcome.decisions):
            yield Breach("unanswered", f"{name}: no reaction follows, and no folder shows the order")


def _message(here: Situation, outcome: Outcome) -> Iterator[Breach]:
    sent = messages_of(outcome.decisions)
    if len(sent) > 1:
        for message, count in Counter(sent).items():
            if count > 1:
                yield Breach("message", f"{message} is sent {count} times at once")


STEPWISE: tuple[Property, ...] = (
    _cover, _money, _stock, _square, _waiting, _unanswered, _message,
)  # fmt: skip
