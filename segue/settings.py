"""Settings: what stands in a shop's folder, read without opening the shop. Small commands start here, not at the app."""

from importlib.metadata import entry_points
from pathlib import Path

from segue.core.decide import COMMANDS, EVENTS
from segue.core.policy import Policy, policies_in
from segue.core.workflow import Workflow
from segue.loader.archive import restored
from segue.loader.shop import Shop, load_shop

PLUGINS = "segue.policies"
KEY_FILE = "segue.key"
WORLD_FILE = "world.ndjson"
MAIL_FOLDER = "mail"


def registry() -> dict[str, dict[str, Policy]]:
    """All policies: those of the built-in modules and of plug-ins, found in the same way."""
    return policies_in(entry.load() for entry in entry_points(group=PLUGINS))


def read_shop(folder: Path) -> Shop:
    """The shop of a folder. Raises Broken with all mistakes in its files."""
    return load_shop(folder, registry(), COMMANDS, EVENTS)


def kept_workflow(text: str) -> Workflow:
    """The workflow of a text that the store has kept. Raises Broken if this Segue no longer understands it."""
    return restored(text, registry(), COMMANDS, EVENTS)
