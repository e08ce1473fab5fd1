"""The simulated world: one of each system, one seed, one journal."""

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from segue.connectors.clock import SystemClock
from segue.connectors.simulated.behavior import LIFELIKE, Behavior
from segue.connectors.simulated.carrier import SimulatedCarrier
from segue.connectors.simulated.channel import SimulatedChannel
from segue.connectors.simulated.desk import Desk, SimulatedPort
from segue.connectors.simulated.fraud import SimulatedFraud
from segue.connectors.simulated.gateway import SimulatedGateway
from segue.connectors.simulated.journal import Done, Entry, Journal, Operation, Taken
from segue.connectors.simulated.mailer import SimulatedMailer
from segue.connectors.simulated.warehouse import SimulatedWarehouse
from segue.ports import Clock, Inbound


class World:
    """Everything outside: `gateway`, `fraud`, `warehouse`, `carrier`, `mailer`, `channel`; and the source of messages.

    With a journal it goes on after a crash where it was: ledger, keys, messages on their way, mail sent. The journal is
    read here and written from the first change on, by one process at a time. `stores` are the ids of the locations that
    behave as stores. `pause` is what a slow answer waits with; it is called only if the behavior has latencies.
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
    ) -> None:
        self._journal = Journal(journal_path)
        self._desk = desk = Desk(seed, clock or SystemClock(), self._journal, behavior.pace, pause)
        self.gateway = SimulatedGateway(desk, behavior.gateway)
        self.fraud = SimulatedFraud(desk, behavior.fraud)
        self.warehouse = SimulatedWarehouse(desk, behavior, frozenset(stores))
        self.carrier = SimulatedCarrier(desk, behavior.carrier)
        self.mailer = SimulatedMailer(desk, behavior.mailer, mail_folder)
        self.channel = SimulatedChannel(desk, behavior.channel)
        ports: tuple[SimulatedPort, ...] = (self.fraud, self.warehouse, self.carrier, self.mailer, self.channel)
        self._ports = {port.name: port for port in ports}
        for entry in self._journal.entries():
            self._restore(entry)

    def collect(self, now_s: int, limit: int) -> Sequence[Inbound]:
        """The messages that are due and not yet settled, oldest first."""
        with self._desk.lock:
            return self._desk.post.collect(now_s, limit)

    def settle(self, messages: Iterable[Inbound]) -> None:
        """These arrived: do not send them again. They are known by source, id and due time, as they were collected."""
        with self._desk.lock:
            deliveries = self._desk.post.waiting(messages)
            if deliveries:
                self._journal.append(Taken(deliveries))
                self._desk.post.settle(deliveries)

    def next_at_s(self) -> int | None:
        """When the next message is due; None if nothing is on its way."""
        with self._desk.lock:
            return self._desk.post.next_at_s()

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
