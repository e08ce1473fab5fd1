"""Faults by chance: a hash of the seed and of what a fault is about decides, never the order or the time of what happens."""

from collections import Counter
from collections.abc import Mapping, Sequence

from segue.connectors.simulated.chance import Chance
from segue.connectors.simulated.faults import (
    HOUR_S,
    MESSAGE_FAULTS,
    WELL,
    Call,
    Fault,
    Met,
    deliveries,
    in_reverse,
    met_by,
)
from segue.core.base import Value
from segue.ports import Inbound

OF_ATTEMPT = ("lost_before", "held_up", "lost_after", "late", "doubled")  # drawn anew for each attempt
OF_REQUEST = ("declined", "other_amount")  # the same for each attempt


class Rates(Value):
    """How often something goes wrong with one provider: shares of 1."""

    lost_before: float = 0
    lost_after: float = 0
    late: float = 0
    late_s: tuple[int, int] = (1, 60)
    held_up: float = 0
    doubled: float = 0
    declined: float = 0
    other_amount: float = 0
    dead: float = 0  # of times, each `dead_hours` long
    dead_hours: int = 6
    delayed: float = 0
    delay_s: tuple[int, int] = (60, 2 * 24 * HOUR_S)
    duplicated: float = 0
    reversed: float = 0
    never: float = 0


class RandomPlan:
    """A plan by chance, from a seed. Names in `without`, such as `gateway.lost_after` or `carrier.never`, do not happen."""

    def __init__(self, seed: int, rates: Mapping[str, Rates], without: frozenset[str] = frozenset()) -> None:
        self._chance = Chance(seed)
        self._rates = dict(rates)
        self._without = without
        self.met: list[Met] = []
        self.calls: Counter[str] = Counter()  # "gateway.capture" -> calls that were made, whatever became of them

    def of_call(self, call: Call) -> Fault:
        """Drawn by port, request and attempt; declines by request alone; outages by port and time of the clock."""
        self.calls[f"{call.port}.{call.operation}"] += 1
        rates = self._rates.get(call.port)
        if rates is None:
            return WELL
        if self._is_dead(call, rates):
            return met_by(self.met, call, Fault("lost_before", detail="dead"), "dead")
        fault = self._drawn(call, rates)
        return met_by(self.met, call, fault) if fault.what else WELL

    def of_messages(self, messages: Sequence[Inbound]) -> tuple[Inbound, ...]:
        """Drawn by the message's source and id."""
        arriving: list[Inbound] = []
        backwards = False
        for message in messages:
            rates = self._rates.get(message.source)
            what = "" if rates is None else self._message_fault(message, rates)
            backwards |= what == "reversed"
            least, most = rates.delay_s if rates else (0, 0)
            after_s = self._chance.whole("after", f"{message.source}/{message.id}", least, most)
            arriving += deliveries(self.met, message, what, after_s)
        return in_reverse(arriving) if backwards else tuple(arriving)

    def _is_dead(self, call: Call, rates: Rates) -> bool:
        if not rates.dead or f"{call.port}.dead" in self._without:
            return False
        return self._chance.happens("dead", f"{call.port}@{call.at_s // (rates.dead_hours * HOUR_S)}", rates.dead)

    def _drawn(self, call: Call, rates: Rates) -> Fault:
        names = f"{call.port} {call.operation}"
        what = self._one_of(OF_ATTEMPT, f"call {names}", f"{call.key}#{call.attempt}", rates)
        what = what or self._one_of(OF_REQUEST, f"answer {names}", call.key, rates)
        if not what or f"{call.port}.{what}" in self._without:
            return WELL
        late_s = self._chance.whole("late", call.key, *rates.late_s) if what in ("late", "held_up") else 0
        return Fault(what, late_s, amount_minor=1 if what == "other_amount" else 0)

    def _one_of(self, whats: Sequence[str], kind: str, key: str, rates: Rates) -> str:
        drawn = self._chance.share(kind, key)
        for what in whats:
            rate: float = getattr(rates, what)
            if drawn < rate:
                return what
            drawn -= rate
        return ""

    def _message_fault(self, message: Inbound, rates: Rates) -> str:
        what = self._one_of(MESSAGE_FAULTS, "message", f"{message.source}/{message.id}", rates)
        return "" if f"{message.source}.{what}" in self._without else what
