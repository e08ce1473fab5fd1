"""Settings: what stands in a shop's folder, read without opening the shop. Small commands start here, not at the app."""

from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Literal, TypeVar

import msgspec

from segue import policies
from segue.core.decide import COMMANDS, EVENTS
from segue.core.mapping import Mapping
from segue.core.policy import Policy
from segue.core.workflow import Workflow
from segue.loader.channel import load_channel, prebuilt_channels
from segue.loader.declared import Offered
from segue.loader.library import read_library
from segue.loader.problems import Broken, Problem, Problems
from segue.loader.shop import SHOP_FILE, Shop, load_shop
from segue.loader.trying import tried
from segue.store.audit import LATE_S, Terms, terms_of
from segue.store.database import Connection
from segue.store.outline import Declared, Outline
from segue.store.reading import every_workflow
from segue.versions import compiled, policies_of

PLUGINS = "segue.policies"
KEY_FILE = "segue.key"
WORLD_FILE = "world.ndjson"
MAIL_FOLDER = "mail"

Kind = TypeVar("Kind")


class Simulation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a shop says of its simulated world."""

    seed: int = 1
    clock: Literal["virtual", "real"] = "virtual"
    tick_s: int = 600  # a virtual clock jumps to whole ticks
    behavior: Literal["lifelike", "calm"] | dict[str, Any] = "lifelike"  # or how each system behaves


def registry() -> dict[str, dict[str, Policy]]:
    """All policies: those of the built-in modules and of plug-ins, found in the same way."""
    return policies_of(policy_modules())


def policy_modules() -> tuple[str, ...]:
    """The modules that policies are in: those of the package, and those that plug-ins name."""
    built_in = [f"{policies.__name__}.{module.name}" for module in iter_modules(policies.__path__)]
    return tuple(dict.fromkeys((*built_in, *(entry.module for entry in entry_points(group=PLUGINS)))))


def read_shop(folder: Path) -> Shop:
    """The shop of a folder. Raises Broken with all mistakes in its files."""
    return load_shop(folder, registry(), COMMANDS, EVENTS)


def tried_workflow(folder: Path, path: Path, base: str) -> Workflow:
    """A workflow of a shop's folder with what a file says of choosing locations. Raises Broken with all mistakes."""
    return tried(path, base, Offered(registry(), COMMANDS, EVENTS), read_library(folder, Problems()))


def kept_workflow(text: str) -> Workflow:
    """The workflow of a text that the store has kept. Raises Broken if this Segue no longer understands it."""
    return compiled(text, policy_modules())


def kept_workflows(connection: Connection) -> list[Workflow]:
    """The workflow versions that are kept, but for those that this Segue no longer understands."""
    workflows = []
    for _, text in every_workflow(connection):
        with suppress(Broken):
            workflows.append(kept_workflow(text))
    return workflows


def channel_mapping(folder: Path, channel: str) -> Mapping:
    """The mapping of a channel: the shop's own file, or the prebuilt one. Raises Broken."""
    problems = Problems()
    path = folder / "channels" / f"{channel}.yaml"
    if not path.exists():
        path = prebuilt_channels().get(channel, path)
    mapping = load_channel(path, f"channels/{channel}.yaml", problems, [folder, folder / "channels"])
    if mapping is None:
        raise Broken(problems.sorted())
    return mapping


def audit_terms(connection: Connection, folder: Path) -> Terms:
    """What the audit has to be told of this shop: what its kept workflows promise, and the ticks of a virtual clock."""
    try:
        simulation = simulation_of(read_shop(folder))
    except Broken:  # mistakes in the files keep nobody from auditing what is stored
        simulation = Simulation()
    return terms_of(kept_workflows(connection), LATE_S + (simulation.tick_s if simulation.clock == "virtual" else 0))


def outlined(shop: Shop) -> Outline:
    """The outline of a shop, for those who only look."""
    folders: dict[str, Declared] = {}
    for workflow in shop.workflows.values():
        for each in workflow.folders:
            known = folders.get(each.name, Declared())
            limits = [limit for limit in (known.within_s, each.within_s) if limit is not None]
            owners = dict.fromkeys((*known.owners, each.owner))
            folders[each.name] = Declared(tuple(owners), min(limits, default=None))
    is_virtual = simulation_of(shop).clock == "virtual"
    return Outline(
        time_zone=shop.time_zone,
        is_virtual=is_virtual,
        locations=shop.locations,
        shipping_methods=shop.shipping_methods,
        folders=folders,
        policy_modules=policy_modules(),
        name=shop.name,
        means=shop.means,
        channels=tuple(shop.channels),
        statuses=tuple(dict.fromkeys(each.name for workflow in shop.workflows.values() for each in workflow.statuses)),
        recipes=shop.recipes,
    )


def simulation_of(shop: Shop) -> Simulation:
    """What the shop says of its simulated world. Raises Broken."""
    return converted(shop, shop.simulated, Simulation)


def converted(shop: Shop, value: Any, kind: type[Kind]) -> Kind:
    """A value under `simulated` as what it should be. Raises Broken."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        node = shop.simulated_node
        place = (node.line, node.column) if node is not None else (1, 1)
        raise Broken([Problem(SHOP_FILE, *place, f"simulated: {error}")]) from error
