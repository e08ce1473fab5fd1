"""Faults: what goes wrong between us and the simulated world, planned call by call and message by message.

A plan is a script, which names each fault exactly ("the 2nd capture of order X is lost after it acted"), or chance
(`by_chance.py`). What was met is kept in `met`, so that one can look whether it happened.

Faults of calls:

    lost_before   the request never arrived: nothing was done, and nobody answers
    lost_after    it was done, and the answer never arrived
    declined      the provider says no, under this key for good; `detail` says why
    verdict       the fraud vendor's answer is `outcome`: accepted, review, rejected, pending
    other_amount  the gateway does as it was asked, and says that it was `amount_minor`
    late          it was done, and the answer comes `late_s` later; any other fault may be late too
    held_up       nobody answers, and the gateway gets the request `late_s` later, if it was not sent again meanwhile
    doubled       the gateway gets the request twice at once; in a trial its answer comes once more as a message

Faults of messages: `delayed` and `duplicated` by `after_s`, `reversed` (those of one call come in the opposite order), and
`never`.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from segue.core.base import Value
from segue.ports import Answer, Inbound

LOST = ("lost_before", "lost_after")
CALL_FAULTS = (*LOST, "declined", "verdict", "other_amount", "late", "held_up", "doubled")
MESSAGE_FAULTS = ("delayed", "duplicated", "reversed", "never")
PORTS = ("gateway", "fraud", "warehouse", "carrier", "mailer", "channel", "issuer")
SOURCE = "source"  # stands for a port where messages are fetched: its operations are `collect` and `settle`
HOUR_S = 3600


class Fault(Value):
    """What becomes of one call."""

    what: str = ""  # one of CALL_FAULTS; empty: all is well
    late_s: int = 0
    detail: str = ""
    outcome: str = ""
    amount_minor: int = 0

    @property
    def is_lost(self) -> bool:
        """Whether nobody hears the answer."""
        return self.what in LOST

    def decided(self) -> Answer | None:
        """The answer that the provider gives for good, if the fault says so."""
        if self.what == "declined":
            return Answer("declined", detail=self.detail or "declined")
        return Answer(self.outcome, detail=self.detail) if self.what == "verdict" else None

    def heard(self, answer: Answer) -> Answer:
        """The answer as it arrives."""
        return replace(answer, amount_minor=self.amount_minor) if self.what == "other_amount" else answer


WELL = Fault()


class Call(NamedTuple):
    """One call as a plan sees it."""

    port: str
    operation: str  # authorize, capture, void, refund, look_up; screen, release, track, send, tell; collect, settle
    order: str
    key: str
    nth: int  # which request of this operation about this order it is, from 1; a retry has the number of its first try
    attempt: int  # which try of this request, from 1
    at_s: int


class Met(NamedTuple):
    """A fault that was met."""

    port: str  # or the source of a message
    what: str
    operation: str  # or the kind of a message
    order: str
    key: str  # or the id of a message
    attempt: int
    at_s: int


class Plan(Protocol):
    """Decides what goes wrong."""

    met: list[Met]

    def of_call(self, call: Call) -> Fault:
        """What becomes of a call."""
        ...

    def of_messages(self, messages: Sequence[Inbound]) -> tuple[Inbound, ...]:
        """What arrives of the messages that come of one call, and when."""
        ...


class CallFault(Value):
    """A scripted fault of a call. What is left empty or 0 fits all."""

    what: str
    port: str
    operation: str = ""
    order: str = ""
    nth: int = 0
    attempt: int = 1  # 0: however often it is tried
    late_s: int = 0
    detail: str = ""
    outcome: str = ""
    amount_minor: int = 0

    def fits(self, call: Call) -> bool:
        """Whether it is about this call."""
        return (
            self.port == call.port
            and self.operation in ("", call.operation)
            and self.order in ("", call.order)
            and self.nth in (0, call.nth)
            and self.attempt in (0, call.attempt)
        )


class MessageFault(Value):
    """A scripted fault of a message. What is left empty or 0 fits all."""

    what: str
    source: str = ""  # warehouse, carrier, fraud
    kind: str = ""  # record_shipment, record_short_pick, record_reject, record_delivery, record_screening
    order: str = ""
    nth: int = 0  # which message of this kind about this order, from 1
    after_s: int = HOUR_S

    def fits(self, message: Inbound, nth: int) -> bool:
        """Whether it is about this message."""
        return (
            self.source in ("", message.source)
            and self.kind in ("", message.kind)
            and self.order in ("", message.order)
            and self.nth in (0, nth)
        )


class Outage(Value):
    """A time in which a provider does not answer at all."""

    port: str
    from_s: int
    to_s: int | None = None  # none: for ever

    def covers(self, port: str, at_s: int) -> bool:
        """Whether this provider is dead now."""
        return self.port == port and self.from_s <= at_s and (self.to_s is None or at_s < self.to_s)


class Script:
    """A plan that says exactly what goes wrong; the first fault that fits is taken. `faults` may grow while it runs."""

    def __init__(
        self,
        faults: Sequence[CallFault] = (),
        messages: Sequence[MessageFault] = (),
        outages: Sequence[Outage] = (),
    ) -> None:
        self.faults = list(faults)
        self.messages = list(messages)
        self.outages = list(outages)
        self.met: list[Met] = []
        self._seen: dict[tuple[str, str], int] = {}  # (kind, order) -> messages so far

    def of_call(self, call: Call) -> Fault:
        """The first fault that fits; a dead provider does not even hear the call."""
        if any(outage.covers(call.port, call.at_s) for outage in self.outages):
            return met_by(self.met, call, Fault("lost_before", detail="dead"))
        for planned in self.faults:
            if planned.fits(call):
                fault = Fault(planned.what, planned.late_s, planned.detail, planned.outcome, planned.amount_minor)
                return met_by(self.met, call, fault)
        return WELL

    def of_messages(self, messages: Sequence[Inbound]) -> tuple[Inbound, ...]:
        """The messages as they arrive."""
        arriving: list[Inbound] = []
        backwards = False
        for message in messages:
            nth = self._seen[message.kind, message.order] = self._seen.get((message.kind, message.order), 0) + 1
            planned = next((fault for fault in self.messages if fault.fits(message, nth)), None)
            backwards |= planned is not None and planned.what == "reversed"
            arriving += deliveries(self.met, message, planned.what, planned.after_s) if planned else [message]
        return in_reverse(arriving) if backwards else tuple(arriving)


def met_by(met: list[Met], call: Call, fault: Fault, name: str = "") -> Fault:
    """The fault that a call meets, put on record."""
    met.append(Met(call.port, name or fault.what, call.operation, call.order, call.key, call.attempt, call.at_s))
    return fault


def deliveries(met: list[Met], message: Inbound, what: str, after_s: int) -> list[Inbound]:
    """What arrives of one message."""
    if what:
        met.append(Met(message.source, what, message.kind, message.order, message.id, 1, message.due_at_s))
    later = replace(message, due_at_s=message.due_at_s + after_s)
    return {"never": [], "delayed": [later], "duplicated": [message, later]}.get(what, [message])


def in_reverse(messages: Sequence[Inbound]) -> tuple[Inbound, ...]:
    """The same messages at the same instants, the last one first."""
    instants = sorted(message.due_at_s for message in messages)
    latest_first = sorted(messages, key=lambda message: -message.due_at_s)
    return tuple(replace(m, due_at_s=at_s) for m, at_s in zip(latest_first, instants, strict=True))
