"""The shop loader: a folder of files becomes one value, and every mistake in it is found before any order."""

from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from segue.core.amounts import CURRENCIES
from segue.core.bundles import Recipes
from segue.core.calendar import Timing
from segue.core.facts import Item, Location
from segue.core.means import Means
from segue.core.price_list import Shipping
from segue.core.pricing.rates import RateTable
from segue.core.promotion import Promotions
from segue.core.rates import Rates
from segue.core.supply import Turns
from segue.core.workflow import Workflow
from segue.loader.bundles import bundles
from segue.loader.calendars import names_in, read_calendars, timing_of
from segue.loader.declared import NAME, Commands, Events, Offered, Registry
from segue.loader.goods import Stocked, catalog, digital_of, locations, stock
from segue.loader.library import Library, read_library, yaml_files
from segue.loader.problems import Broken, Problems, listed, shortened
from segue.loader.promotion_needs import Around
from segue.loader.promotions import promotions
from segue.loader.rates import Known, rates
from segue.loader.reading import read_tree
from segue.loader.serving import check_serving
from segue.loader.shipping import shipping_methods, shipping_prices
from segue.loader.subscriptions import Subscribing, read_subscribing
from segue.loader.taxes import taxes
from segue.loader.tenders import read_means
from segue.loader.time_zones import time_zone, with_days
from segue.loader.tree import Node
from segue.loader.turns import read_turns
from segue.loader.workflow import load_workflow

SHOP_FILE = "shop.yaml"
SHOP_KEYS = (
    "name", "currency", "time_zone", "workflow", "channels", "shipping_methods", "tenders", "payment_link", "providers",
    "simulated", "scarce_stock", "subscriptions",
)  # fmt: skip
PORTS = ("gateway", "fraud", "warehouse", "carrier", "mailer", "channel", "issuer")
LIMIT_KEYS = ("per_second", "burst", "attempts")


class Limit(Struct, frozen=True):
    """How hard a provider may be asked."""

    per_second: float = 10.0
    burst: int = 20
    attempts: int = 6


class ChannelUse(Struct, frozen=True):
    """A sales channel of the shop: the file of its mapping, and the workflow of its orders."""

    name: str
    file: str  # channels/webshop.yaml, within the shop's folder
    workflow: str


class Shop(Struct, frozen=True):
    """All that a shop's folder says. One shop is one database."""

    name: str
    currency: str  # ISO 4217
    time_zone: str
    workflow: str  # the one of channels that name none
    workflows: dict[str, Workflow]  # those in use and all of the shop's own, by name
    channels: dict[str, ChannelUse]
    shipping_methods: tuple[str, ...]
    limits: dict[str, Limit]  # port -> limit
    simulated: dict[str, Any]  # handed on as it stands
    simulated_node: Node | None  # the same with its places, for the simulation's own messages
    locations: dict[str, Location]
    items: dict[str, Item]
    stock: Stocked
    shipping: dict[str, Shipping] = {}  # what its methods cost; of one that is not here the price is not known
    taxes: RateTable = RateTable()
    means: dict[str, Means] = {}  # payment method -> how it behaves
    payment_link: str = ""  # where a customer can pay in another way, with $order in it
    promotions: Promotions = Promotions()
    timing: Timing = Timing()
    rates: Rates | None = None  # what parcels cost the shop itself
    turns: Turns = Turns()  # who of those that wait has arriving stock first
    recipes: Recipes = {}  # what its bundles are made of
    subscribing: Subscribing = Subscribing()


class Goods(NamedTuple):
    """What the files of a shop say of its locations and goods, before its shop.yaml is read."""

    dates: Node | None
    places: dict[str, Location]
    items: dict[str, Item]
    stocked: Stocked
    in_order: bool  # whether nothing was wrong in them so far


def load_shop(folder: Path, registry: Registry, commands: Commands, events: Events) -> Shop:
    """The shop of a folder. Raises Broken with all mistakes if there is any."""
    problems = Problems()
    shop = read_shop(folder, Offered(registry, commands, events), problems)
    if len(problems) or shop is None:
        raise Broken(problems.sorted())
    return shop


def read_shop(folder: Path, offered: Offered, problems: Problems) -> Shop | None:
    """The shop as far as it could be read; None without a shop.yaml. Its mistakes are in `problems`."""
    goods = _goods(folder, problems)
    library, tree = read_library(folder, problems), read_tree(folder / SHOP_FILE, SHOP_FILE, problems)
    if tree is None:
        _workflows(set(library.own), library, offered, problems)
        return None
    return _shop(tree, folder, goods, library, offered, problems)


def _goods(folder: Path, problems: Problems) -> Goods:
    dates = read_calendars(folder, problems)
    places, items = locations(folder, problems, names_in(dates)), catalog(folder, problems)
    in_order = not len(problems)
    return Goods(dates, places, items, stock(folder, items, places, in_order, problems), in_order)


def _shop(tree: Node, folder: Path, goods: Goods, library: Library, offered: Offered, problems: Problems) -> Shop:
    dates, places, items, stocked, in_order = goods
    fields = tree.fields(problems, SHOP_KEYS, required=("name", "currency", "workflow", "channels"))
    workflow = _workflow_name(fields.get("workflow"), library, problems)
    channels = _channels(fields.get("channels"), folder, workflow, library, problems)
    used = {workflow, *(channel.workflow for channel in channels.values()), *library.own} & set(library.names)
    methods = shipping_methods(fields.get("shipping_methods"), problems)
    zone, currency = time_zone(fields.get("time_zone"), problems), _currency(fields.get("currency"), problems)
    around = Around(offered.registry, _zone(zone), items if in_order else {}, methods, channels, currency)
    return Shop(
        name=fields["name"].text(problems) if "name" in fields else "",
        currency=currency,
        time_zone=zone,
        workflow=workflow,
        workflows=_workflows(used, library, offered, problems, places if in_order else None),
        channels=channels,
        shipping_methods=methods,
        limits=_limits(fields.get("providers"), problems),
        simulated=_simulated(fields.get("simulated"), problems),
        simulated_node=fields.get("simulated"),
        locations=with_days(places, zone),
        items=items,
        stock=stocked,
        shipping=shipping_prices(fields.get("shipping_methods"), problems),
        taxes=taxes(folder, _zone(zone), items, problems),
        means=read_means(fields.get("tenders"), problems),
        payment_link=_payment_link(fields.get("payment_link"), problems),
        promotions=promotions(folder, around, problems),
        timing=timing_of(dates, zone, places, methods, problems),
        rates=rates(folder, Known(places, methods, items) if in_order else Known(methods=methods), problems),
        turns=read_turns(fields.get("scarce_stock"), problems),
        recipes=bundles(folder, items if in_order else {}, places if in_order else {}, problems, digital_of(items)),
        subscribing=read_subscribing(fields.get("subscriptions"), problems),
    )


def _workflows(
    names: set[str],
    library: Library,
    offered: Offered,
    problems: Problems,
    places: dict[str, Location] | None = None,
) -> dict[str, Workflow]:
    """The workflows by name; with `places` it is looked whether their strategies can serve anybody."""
    loaded: dict[str, Workflow] = {}
    for name in sorted(names):
        tree = library.find(name)
        workflow = load_workflow(tree, *offered, problems, library) if tree else None
        if workflow is not None:
            loaded[name] = workflow
    if places is not None:
        check_serving(loaded, library, places, problems)
    return loaded


def _workflow_name(node: Node | None, library: Library, problems: Problems) -> str:
    if node is None or (node.kind == "scalar" and node.content in library.unread):
        return ""
    return node.choice(problems, "workflow", library.names)


def _channels(
    node: Node | None, folder: Path, workflow: str, library: Library, problems: Problems
) -> dict[str, ChannelUse]:
    """The channels: `- webshop`, or `- market: {workflow: ship_complete}`."""
    found: dict[str, ChannelUse] = {}
    for item in node.items(problems, "a list of channels") if node else []:
        name, fields = _channel(item, problems)
        if name in found:
            problems.add(item, f"the channel `{name}` is given twice")
        elif name:
            own = _workflow_name(fields.get("workflow"), library, problems)
            found[name] = ChannelUse(name, f"channels/{name}.yaml", own or workflow)
            _check_channel_file(name, item, folder, problems)
    return found


def _channel(item: Node, problems: Problems) -> tuple[str, dict[str, Node]]:
    if item.kind != "mapping":
        return item.text(problems, "the name of a channel"), {}
    entries = item.entries(problems)
    if len(entries) != 1:
        problems.add(item, "expected one channel, found several keys", "write it as `- name: {workflow: ...}`")
        return "", {}
    ((name, fields),) = entries.items()
    return name, fields.fields(problems, ("workflow",))


def _check_channel_file(name: str, item: Node, folder: Path, problems: Problems) -> None:
    if not NAME.fullmatch(name):
        problems.add(item, f"`{shortened(name)}` cannot be the name of a channel", "write it like `web_shop`")
    elif not (folder / "channels" / f"{name}.yaml").is_file():
        there = [path.stem for path in yaml_files(folder / "channels", "channels", problems)]
        problems.add(item, f"the channel `{name}` has no file channels/{name}.yaml", f"there is {listed(there)}")


def _payment_link(node: Node | None, problems: Problems) -> str:
    link = "" if node is None else node.text(problems, "a link")
    if node is not None and link and not link.startswith("https://"):
        problems.add(node, "a payment link begins with https://")
    return link


def _currency(node: Node | None, problems: Problems) -> str:
    return "" if node is None else node.choice(problems, "currency", CURRENCIES)


def _zone(name: str) -> tzinfo:
    """The time zone of this name, or UTC if there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def _limits(providers: Node | None, problems: Problems) -> dict[str, Limit]:
    node = providers.fields(problems, ("limits",)).get("limits") if providers else None
    ports = node.fields(problems, PORTS) if node else {}
    return {port: _limit(limits, problems) for port, limits in ports.items()}


def _limit(node: Node, problems: Problems) -> Limit:
    fields = node.fields(problems, LIMIT_KEYS)
    usual = Limit()
    return Limit(
        per_second=fields["per_second"].number(problems, 0.001, 100_000)
        if "per_second" in fields
        else usual.per_second,
        burst=fields["burst"].integer(problems, 1, 1_000_000) if "burst" in fields else usual.burst,
        attempts=fields["attempts"].integer(problems, 1, 100) if "attempts" in fields else usual.attempts,
    )


def _simulated(node: Node | None, problems: Problems) -> dict[str, Any]:
    return {} if node is None else {key: value.plain_value() for key, value in node.entries(problems).items()}
