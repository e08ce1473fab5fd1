"""A carrier: tells when a shipment was delivered, some days later. A lost parcel is never heard of again."""

from typing import Any

from segue.connectors.simulated.behavior import CarrierBehavior
from segue.connectors.simulated.desk import DAY_S, Desk, SimulatedPort
from segue.connectors.simulated.journal import Done
from segue.ports import Answer, Inbound


class SimulatedCarrier(SimulatedPort):
    """The carrier. Its message is `record_delivery` {"shipment"}, with id <order>/<shipment>/delivered."""

    name = "carrier"

    def __init__(self, desk: Desk, behavior: CarrierBehavior) -> None:
        super().__init__(desk, behavior)
        self._behavior = behavior

    def track(self, key: str, shipment: dict[str, Any]) -> Answer:
        """Ask to be told of the delivery of {"order", "shipment", ...}."""
        order, name = shipment["order"], shipment["shipment"]
        return self.once(key, lambda now_s: self._follow(key, order, name, now_s), "track", order)

    def _follow(self, key: str, order: str, shipment: str, now_s: int) -> Done:
        name, behavior = f"{order}/{shipment}", self._behavior
        answer = Answer("done", name)
        if self._desk.chance.happens("lost parcel", name, behavior.lost_rate):
            return Done(self.name, key, now_s, answer)
        due_at_s = now_s + self._desk.wait_s("transit", name, behavior.transit_days, DAY_S)
        message = Inbound(self.name, f"{name}/delivered", "record_delivery", {"shipment": shipment}, order, due_at_s)
        return Done(self.name, key, now_s, answer, self._desk.deliveries(message, behavior.duplicate_rate))
