"""The place of a trial: the shop, the world around it, and who watches, as deeds find them."""

from typing import Protocol

from segue.app import App
from segue.connectors.simulated.chance import Chance
from segue.connectors.simulated.world import World
from segue.engine.worker import Worker
from segue.sim.trial.deed import Deed
from segue.sim.trial.watch import Watch
from segue.store.database import Reader


class Place(Protocol):
    """Where deeds are done."""

    app: App
    chance: Chance
    desk: Worker
    watch: Watch
    world: World
    reader: Reader

    def plan(self, deed: Deed) -> None:
        """Have something done later."""
        ...
