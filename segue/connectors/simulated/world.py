"""The simulated world: one of each system, one seed, one journal."""

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from segue.connectors.clock import SystemClock
from segue.connectors.codes import Codes
from segue.connectors.simulated.behavior import LIFELIKE, Behavior, PortBehavior
from segue.connectors.simulated.cards import Cards
from segue.connectors.simulated.carrier import SimulatedCarrier
from segue.connectors.simulated.channel import SimulatedChannel
from segue.connectors.simulated.desk import Desk, Faults, SimulatedPort
from segue.connectors.simulated.faults import SOURCE, Plan
from segue.connectors.simulated.fraud import SimulatedFraud
from segue.connectors.simulated.gateway import SimulatedGateway
from segue.connectors.simulated.issuer import SimulatedIssuer
from segue.connectors.simulated.journal import Done, Entry, Journal, Operation, Taken
from segue.connectors.simulated.mailer import SimulatedMailer
from segue.connectors.simulated.warehouse import SimulatedWarehouse
from segue.ports import Clock, Inbound


class World:
    """Everything outside: `gateway`, `fraud`, `warehouse`, `carrier`, `mailer`, `channel`, `issuer`; and the source of
    messages.

    With a journal it goes on after a crash where it was: ledger, keys, messages on their way, mail sent. The journal is
    read here and written from the first change on, by one process at a time. `stores` are the ids of the locations that
    behave as stores. `pause` is what a slow answer waits with; it is called only if the behavior has latencies. `plan` says
    what goes wrong beyond the behavior's rates; under the `secret` codes are made that nobody else can make.
    """

    def __init__(
        self,
        seed: int = 0,
        behavior: Behavior = LIFELIKE,
        journal_path: Path | None = None,
        *,
        clock: Clock | None = None,
        mail_folder: Path | None = None,
        stores: Iterable[str] = (),
        pause: Callable[[float], None] = time.sleep,
        plan: Plan | None = None,
        secret: bytes = b"",
    ) -> None:
        self._journal = Journal(journal_path)
        self.plan = plan
        self._desk = desk = Desk(seed, clock or SystemClock(), self._journal, behavior.pace, pause, plan)
        cards, codes = Cards(), Codes(secret or f"segue: world {seed}".encode())
        self.gateway = SimulatedGateway(desk, behavior.gateway, cards)
        self.issuer = SimulatedIssuer(desk, behavior.issuer, codes, cards, self.gateway.spent_on)
        self.fraud = SimulatedFraud(desk, behavior.fraud)
        self.warehouse = SimulatedWarehouse(desk, behavior, frozenset(stores))
        self.carrier = SimulatedCarrier(desk, behavior.carrier)
        self.mailer = SimulatedMailer(desk, behavior.mailer, mail_folder)
        self.channel = SimulatedChannel(desk, behavior.channel)
        self._fetching = Faults(desk, SOURCE, PortBehavior())
        ports: tuple[SimulatedPort, ...] = (
            self.fraud, self.warehouse, self.carrier, self.mailer, self.channel, self.issuer,
        )  # fmt: skip
        self._ports = {port.name: port for port in ports}
        for entry in self._journal.entries():
            self._restore(entry)

    def collect(self, now_s: int, limit: int) -> Sequence[Inbound]:
        """The messages that are due and not yet settled, oldest first. Raises PortFailed if the plan says so."""
        self._fetching.leave(self._fetching.meet(str(now_s), "collect"))
        with self._desk.lock:
            return self._desk.post.collect(now_s, limit)

    def settle(self, messages: Iterable[Inbound]) -> None:
        """These arrived: do not send them again. They are known by source, id and due time, as they were collected."""
        known = list(messages)
        fault = self._fetching.meet(str(self._desk.clock.now_s()), "settle") if known else None
        with self._desk.lock:
            deliveries = self._desk.post.waiting(known)
            if deliveries:
                self._journal.append(Taken(deliveries))
                self._desk.post.settle(deliveries)
        if fault:
            self._fetching.leave(fault)

    def next_at_s(self) -> int | None:
        """When the next message is due; None if nothing is on its way."""
        with self._desk.lock:
            return self._desk.post.next_at_s()

    def post(self, message: Inbound) -> None:
        """Have a message arrive when it is due. It is in no journal."""
        with self._desk.lock:
            self._desk.post.put(message)

    def close(self) -> None:
        """Let go of the journal's file. A world that is not closed loses nothing."""
        self._journal.close()

    def _restore(self, entry: Entry) -> None:
        match entry:
            case Operation():
                self.gateway.restore(entry)
            case Done():
                self._ports[entry.port].restore(entry)
            case Taken():
                self._desk.post.settle(entry.messages)
