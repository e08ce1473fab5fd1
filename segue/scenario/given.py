"""Given: the shop that a scenario begins with: a folder's, or the default one, with what the scenario says laid over it."""

from collections.abc import Collection, Iterable
from pathlib import Path

from msgspec.structs import replace

from segue.core.amounts import CURRENCIES
from segue.core.workflow import Workflow
from segue.loader.problems import Broken, Problems, Spot
from segue.loader.shop import SHOP_FILE, ChannelUse, Shop
from segue.loader.subscriptions import read_subscribing
from segue.loader.tenders import read_means
from segue.loader.tree import Node
from segue.loader.turns import read_turns
from segue.scenario.behaving import BEHAVIOR
from segue.scenario.calendars import CALENDARS, with_calendars
from segue.scenario.forms import Field, Form, Kind, Words
from segue.scenario.kinds import INSTANT_S, TEXT, TEXTS
from segue.scenario.pricing import PRICES, with_methods, with_prices, with_rates
from segue.scenario.setting import (
    START_S,
    Setting,
    default_shop,
    own_workflow,
    prebuilt,
    shop_of,
    state_of,
    usual_stock,
    with_workflow,
    workflow_named,
)
from segue.scenario.shelves import ITEMS_OF, LOCATIONS_OF, SHELVES, text_keyed

SCENARIOS = "scenarios"  # the folder of a shop's own
OF_WORKFLOW = ("hold", "status", "folder", "message", "item state", "check", "band")
BY_HAND = ("warehouse", "carrier", "fraud")
AS_IT_IS = Kind(lambda node, words: node, {"type": "object"}, "a mapping")
GIVEN: Form = {
    "shop": Field(
        TEXT,
        "a shop's folder, as seen from this file; without it the shop in whose `scenarios` the file is, else a small one",
    ),
    "start": Field(INSTANT_S, "when it begins"),
    "currency": Field(TEXT, "of the default shop, ISO 4217"),
    "workflow": Field(
        Kind(lambda node, words: node, {"type": ["string", "object"]}, "a name, or a workflow"),
        "what orders follow: a name, or a workflow as in a file of its own, which extends `standard` if it does not say",
    ),
    "policies": Field(AS_IT_IS, "short for a workflow with other policies"),
    "channels": Field(
        text_keyed(lambda name, node, words: node, {"type": ["string", "null"]}, "workflows by channel"),
        "the sales channels and their workflows, instead of `web`",
    ),
    "catalog": Field(ITEMS_OF, "items beside those of the shop, or in their place"),
    "locations": Field(LOCATIONS_OF, "the locations, instead of those of the shop"),
    "stock": Field(SHELVES, "what there is of a SKU; of those not named what the shop has"),
    **PRICES,
    **CALENDARS,
    "tenders": Field(AS_IT_IS, "how means of payment behave, as in shop.yaml, over those of the shop"),
    "scarce_stock": Field(
        Kind(lambda node, words: node, {"type": ["array", "object"]}, "a list of measures, or `turns` and `queue`"),
        "who of those that wait has arriving stock first, as in shop.yaml",
    ),
    "subscriptions": Field(AS_IT_IS, "notices, retries and the link of subscriptions, as in shop.yaml"),
    "unknown": Field(TEXTS, "SKUs and shipping methods that the shop does not know, on purpose"),
    "world": Field(BEHAVIOR, "how the world outside behaves; steadily and without faults where it is not said"),
    "by_hand": Field(
        TEXTS, "of `warehouse`, `carrier`, `fraud`: those that do what steps say, and nothing by themselves"
    ),
}


def read_given(node: Node | None, place: Node, here: Path | None, on_disk: bool, problems: Problems) -> Setting | None:
    """The setting that a scenario begins with; None if it cannot be read. `here` is the folder of its file."""
    fields = node.fields(problems, GIVEN) if node is not None else {}
    setting = _shop(fields.get("shop"), fields.get("currency"), here, problems)
    if setting is None:
        return None
    start = INSTANT_S.read(fields["start"], Words(problems)) if "start" in fields else START_S
    setting = replace(setting, shop=_with_goods(setting, fields, problems), start_s=start, on_disk=on_disk)
    setting = with_rates(setting, fields, problems)
    words = words_of(setting, problems)
    if "stock" in fields:
        setting = _stocked(setting, SHELVES.read(fields["stock"], words))
    if "world" in fields:
        setting = replace(setting, behavior=BEHAVIOR.read(fields["world"], words))
    if "unknown" in fields:
        setting = replace(setting, unknown=tuple(TEXTS.read(fields["unknown"], words)))
    setting = replace(setting, by_hand=_by_hand(fields.get("by_hand"), problems))
    setting = _with_channels(_with_workflow(setting, fields, problems), fields.get("channels"), problems)
    return with_calendars(with_prices(setting, fields, problems), fields, problems)


def _by_hand(node: Node | None, problems: Problems) -> frozenset[str]:
    found = [item.choice(problems, "system", BY_HAND) for item in node.items(problems)] if node is not None else []
    return frozenset(found)


def _shop(node: Node | None, currency: Node | None, here: Path | None, problems: Problems) -> Setting | None:
    folder = _own_shop(here) if node is None else (here or Path()) / node.text(problems, "a folder")
    if folder is None:
        code = currency.choice(problems, "currency", CURRENCIES) if currency is not None else "EUR"
        return Setting(default_shop(code or "EUR"), prebuilt())
    if currency is not None:
        problems.add(currency.place, "the currency is that of the shop", "leave it out")
    if not folder.is_dir() and node is not None:
        problems.add(node, f"there is no folder `{node.content}`", "it is looked for beside this file")
        return None
    try:
        shop, library = shop_of(folder.resolve(), state_of(folder))
    except Broken as broken:
        for problem in broken.problems:
            place = Spot(f"{folder}/{problem.file}", problem.line, problem.column)
            problems.add(place, problem.message, problem.hint)
        return None
    return Setting(shop, library, folder=folder.resolve())


def _own_shop(here: Path | None) -> Path | None:
    """The shop in whose `scenarios` folder a file is; None if it is in none."""
    for folder in (here, *here.resolve().parents) if here is not None else ():
        if folder.name == SCENARIOS and (folder.parent / SHOP_FILE).is_file():
            return folder.parent
    return None


def _with_goods(setting: Setting, fields: dict[str, Node], problems: Problems) -> Shop:
    shop = setting.shop
    words = Words(problems, shop.currency)
    items = shop.items | (ITEMS_OF.read(fields["catalog"], words) if "catalog" in fields else {})
    places = LOCATIONS_OF.read(fields["locations"], words) if "locations" in fields else shop.locations
    stock = {key: units for key, units in shop.stock.items() if key[1] in places}
    if setting.folder is None:
        stock = usual_stock(items, places)
    means = read_means(fields["tenders"], problems, shop.means) if "tenders" in fields else shop.means
    turns = read_turns(fields["scarce_stock"], problems) if "scarce_stock" in fields else shop.turns
    all_of_them = read_subscribing(fields.get("subscriptions"), problems)
    shop = replace(shop, items=items, locations=places, stock=stock, means=means, turns=turns, subscribing=all_of_them)
    return with_methods(shop, fields, words)


def _stocked(setting: Setting, shelves: dict[tuple[str, str], tuple[int, int]]) -> Setting:
    """The stock with these SKUs as they are said, everywhere."""
    named = {sku for sku, _ in shelves}
    stock = {key: units for key, units in setting.shop.stock.items() if key[0] not in named}
    stock |= {key: units for key, (units, _) in shelves.items()}
    safety = {key: safety for key, (_, safety) in shelves.items() if safety}
    return replace(setting, shop=replace(setting.shop, stock=stock), safety=safety)


def _with_workflow(setting: Setting, fields: dict[str, Node], problems: Problems) -> Setting:
    """The setting with the workflow that orders follow, and `policies` laid over it."""
    node, own = fields.get("workflow"), fields.get("policies")
    library, shop, name = setting.library, setting.shop, setting.shop.workflow
    workflow: Workflow | None = shop.workflows.get(name)
    if workflow is not None and node is None and own is None:
        return setting
    if node is not None and node.kind == "mapping":
        if own is not None:
            problems.add(own.place, "`policies` stands in the workflow already", "put it there")
        library, workflow = own_workflow(node, name, library, problems)
    elif node is not None:
        name = node.choice(problems, "workflow", library.names)
    if own is not None and (node is None or node.kind == "scalar"):
        whole = Node("mapping", {"policies": own}, Spot(own.file, own.line, own.column))
        library, workflow = own_workflow(whole, name or "standard", library, problems)
    elif workflow is None or workflow.name != name:
        workflow = (
            workflow_named(name, library, problems) if name and (node is None or node.kind == "scalar") else workflow
        )
    if workflow is None:
        return setting
    return replace(setting, library=library, shop=with_workflow(shop, workflow))


def changed_workflow(setting: Setting, node: Node, problems: Problems) -> Setting:
    """The setting with another workflow for the orders to come."""
    return _with_workflow(setting, {"workflow": node}, problems)


def _with_channels(setting: Setting, node: Node | None, problems: Problems) -> Setting:
    if node is None:
        return setting
    channels, workflows = {}, dict(setting.shop.workflows)
    for name, value in node.entries(problems, "a mapping of workflows by channel").items():
        chosen = setting.shop.workflow
        if not value.is_nothing:
            chosen = value.choice(problems, "workflow", setting.library.names)
        if chosen and chosen not in workflows:
            workflow = workflow_named(chosen, setting.library, problems)
            workflows |= {chosen: workflow} if workflow is not None else {}
        channels[name] = ChannelUse(name, f"channels/{name}.yaml", chosen)
    return replace(setting, shop=replace(setting.shop, channels=channels, workflows=workflows))


class Anything(tuple[str, ...]):
    """Names of which nothing is known, so that none can be wrong."""

    def __contains__(self, _: object) -> bool:
        return True


def words_of(setting: Setting, problems: Problems) -> Words:
    """The names that steps and expectations may use."""
    shop = setting.shop
    flows = list(shop.workflows.values())
    names: dict[str, Iterable[str]] = {
        "SKU": (*shop.items, *setting.unknown),
        "location": shop.locations,
        "shipping method": (*shop.shipping_methods, *setting.unknown),
        "channel": shop.channels,
        "hold": dict.fromkeys(name for flow in flows for name in flow.holds),
        "status": dict.fromkeys(status.name for flow in flows for status in flow.statuses),
        "folder": dict.fromkeys(folder.name for flow in flows for folder in flow.folders),
        "message": dict.fromkeys(name for flow in flows for name in flow.messages),
        "item state": dict.fromkeys(name for flow in flows for name in flow.item_states),
        "check": dict.fromkeys(rule.name for flow in flows for rule in flow.validate),
        "band": dict.fromkeys(name for flow in flows for name, _ in flow.bands),
    }
    known: dict[str, Collection[str]] = {what: tuple(found) for what, found in names.items()}
    if not flows:  # the workflow has mistakes, and they are told: what it declares is not known
        known |= dict.fromkeys(OF_WORKFLOW, Anything())
    return Words(problems, shop.currency, setting.start_s, known)
