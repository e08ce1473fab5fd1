"""A shop's whole world on a laptop: payments, fraud checks, warehouses, a carrier, mail, a channel; no accounts."""

from segue.connectors.simulated.behavior import CALM, LIFELIKE, Behavior
from segue.connectors.simulated.world import World

__all__ = ["CALM", "LIFELIKE", "Behavior", "World"]
