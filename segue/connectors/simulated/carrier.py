"""A carrier: says what a parcel costs, and when it was delivered, some days later. A lost one is never heard of again."""

from collections.abc import Sequence
from typing import Any

from msgspec import json
from msgspec.structs import replace

from segue.connectors.simulated.behavior import CarrierBehavior
from segue.connectors.simulated.desk import DAY_S, Desk, Faults, SimulatedPort
from segue.connectors.simulated.journal import Done
from segue.core.rates import RateAnswer, RateRequest
from segue.ports import Answer, Inbound, PortFailed

RATE_TIMEOUT_S = 2  # an order waits no longer for what a parcel costs


class SimulatedCarrier(SimulatedPort):
    """The carrier. Its message is `record_delivery` {"shipment"}, with id <order>/<shipment>/delivered."""

    name = "carrier"

    def __init__(self, desk: Desk, behavior: CarrierBehavior) -> None:
        super().__init__(desk, behavior)
        self._behavior = behavior
        self._rating = Faults(desk, self.name, replace(behavior, latency_s=(0, 0)))  # it waits in a way of its own

    def track(self, key: str, shipment: dict[str, Any]) -> Answer:
        """Ask to be told of the delivery of {"order", "shipment", ...}."""
        order, name = shipment["order"], shipment["shipment"]
        return self.once(key, lambda now_s: self._follow(key, order, name, now_s), "track", order)

    def rate(self, carrier: str, requests: Sequence[RateRequest]) -> list[RateAnswer]:
        """What each of these parcels costs. Raises PortFailed if the carrier is down, or too slow."""
        key = json.encode(requests).decode()
        fault = self._rating.meet(key, "rate")
        wait_s = self._desk.chance.between("latency of rates", key, *self._behavior.latency_s)
        if wait_s:
            self._desk.pause(min(wait_s, RATE_TIMEOUT_S))
        if wait_s > RATE_TIMEOUT_S or fault.late_s > RATE_TIMEOUT_S:
            raise PortFailed(f"{self.name}: no answer within {RATE_TIMEOUT_S} s")
        if fault.is_lost:
            raise PortFailed(f"{self.name}: no answer in time")
        return [self._price(request) for request in requests]

    def _price(self, request: RateRequest) -> RateAnswer:
        """By weight, and a little by the lane."""
        behavior, kilograms = self._behavior, request.weight_g / 1000
        if kilograms > behavior.refused_from_kg:
            return RateAnswer()
        lane = f"{request.carrier} {request.method} {request.origin} {request.country} {request.postcode_area}"
        spread = behavior.rate_spread
        share = self._desk.chance.between("rate of a lane", lane, 1 - spread, 1 + spread)
        return RateAnswer(round((behavior.rate_minor + behavior.rate_per_kg_minor * kilograms) * share))

    def _follow(self, key: str, order: str, shipment: str, now_s: int) -> Done:
        name, behavior = f"{order}/{shipment}", self._behavior
        answer = Answer("done", name)
        if self._desk.chance.happens("lost parcel", name, behavior.lost_rate):
            return Done(self.name, key, now_s, answer)
        due_at_s = now_s + self._desk.wait_s("transit", name, behavior.transit_days, DAY_S)
        message = Inbound(self.name, f"{name}/delivered", "record_delivery", {"shipment": shipment}, order, due_at_s)
        return Done(self.name, key, now_s, answer, self._desk.deliveries(message, behavior.duplicate_rate))
