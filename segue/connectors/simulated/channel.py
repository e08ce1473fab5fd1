"""A sales channel, as the place that is told what became of its orders. It keeps what it hears."""

from typing import Any

from segue.connectors.simulated.behavior import ChannelBehavior
from segue.connectors.simulated.desk import Desk, SimulatedPort
from segue.connectors.simulated.journal import Done
from segue.ports import Answer

TOLD = Answer("done")


class SimulatedChannel(SimulatedPort):
    """The channel. An update names its order as `order`."""

    name = "channel"

    def __init__(self, desk: Desk, behavior: ChannelBehavior) -> None:
        super().__init__(desk, behavior)
        self.told: dict[str, list[dict[str, Any]]] = {}  # order -> its updates, as they came

    def tell(self, key: str, update: dict[str, Any]) -> Answer:
        """Keep an update."""
        order = str(update.get("order", ""))
        return self.once(key, lambda now_s: Done(self.name, key, now_s, TOLD, note=update), "tell", order)

    def restore(self, done: Done) -> None:
        """Remember also what was told, by order."""
        super().restore(done)
        self.told.setdefault(str(done.note.get("order", "")), []).append(done.note)
