"""A fraud vendor: judges at once, or says pending and sends its verdict later, or never."""

from typing import Any

from segue.connectors.simulated.behavior import FraudBehavior
from segue.connectors.simulated.desk import HOUR_S, Desk, SimulatedPort
from segue.connectors.simulated.journal import Done
from segue.ports import Answer, Inbound


class SimulatedFraud(SimulatedPort):
    """The vendor. A verdict depends on the order's id alone; the payload names it as `order`."""

    name = "fraud"

    def __init__(self, desk: Desk, behavior: FraudBehavior) -> None:
        super().__init__(desk, behavior)
        self._behavior = behavior

    def screen(self, key: str, order: dict[str, Any]) -> Answer:
        """Accepted, review or rejected; or pending: then a message `record_screening` brings {"verdict": ...}."""
        return self.once(key, lambda now_s: self._judge(key, order["order"], now_s), "screen", order["order"])

    def _judge(self, key: str, order: str, now_s: int) -> Done:
        chance, behavior = self._desk.chance, self._behavior
        reference = f"scr_{chance.token('id', key)}"
        verdict = self._verdict(order)
        if not chance.happens("pending", order, behavior.pending_rate):
            return Done(self.name, key, now_s, Answer(verdict, reference))
        answer = Answer("pending", reference)
        if chance.happens("silent", order, behavior.silent_rate):
            return Done(self.name, key, now_s, answer)
        due_at_s = now_s + self._desk.wait_s("verdict after", order, behavior.pending_hours, HOUR_S)
        message = Inbound(
            self.name, f"{order}/screened/{key}", "record_screening", {"verdict": verdict}, order, due_at_s
        )
        return Done(self.name, key, now_s, answer, self._desk.deliveries(message, behavior.duplicate_rate))

    def _verdict(self, order: str) -> str:
        drawn, behavior = self._desk.chance.share("verdict", order), self._behavior
        if drawn < behavior.rejected_rate:
            return "rejected"
        return "review" if drawn < behavior.rejected_rate + behavior.review_rate else "accepted"
