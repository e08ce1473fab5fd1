"""Making a shop for the demonstration: made up from a seed, or from real data that lies in a folder."""

import gzip
import json
import shutil
from collections.abc import Callable
from importlib.resources import files as resources
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

from segue.connectors.shop_data import sellers_of, weights_of, write_shop_data
from segue.core.mapping import Mapping
from segue.main.failing import OWNED, WRONG_USE, Failed
from segue.store.lock import owner_of

MARK_FILE = ".made-by-segue-demo"
TICK_S = 10_800  # a month of made-up orders
TICK_OF_YEARS_S = 21_600


class Scene(NamedTuple):
    """A shop's folder, ready to run: where its orders are, and what people mend while they come in."""

    folder: Path
    channel: str
    paths: tuple[Path, ...]
    rows: int | None  # how many rows there are to import, about
    mends: tuple[dict[str, Any], ...] = ()


def make(folder: Path, data: Path | None, orders: int, seed: int) -> Scene:
    """Make the shop. Raises Failed if the folder is something else, or the data is of no kind that is known."""
    _clear(folder)
    if data is None:
        return _made_up(folder, orders, seed)
    if not data.is_dir():
        raise Failed(f"{data}: there is no such folder.", WRONG_USE)
    for name, (sign, from_data) in KINDS.items():
        found = tuple(sorted(path for path in data.iterdir() if path.name.removesuffix(".gz").endswith(".csv")))
        if any(path.name.startswith(sign) for path in found):
            return from_data(folder, data.resolve(), found, name)
    raise Failed(f"{data} has none of the data that is known here: {', '.join(KINDS)}.", WRONG_USE)


def _clear(folder: Path) -> None:
    """A folder of an earlier demonstration is deleted; any other that is not empty is left alone."""
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / MARK_FILE).exists():
            raise Failed(f"{folder} was not made by `segue demo`; name another with --folder.", WRONG_USE)
        if (owner := owner_of(folder)) is not None:
            raise Failed(f"Process {owner} is at work in {folder}: stop it first.", OWNED)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK_FILE).write_text(
        "This folder is deleted and made anew by the next `segue demo`.\n", encoding="utf-8"
    )


def _made_up(folder: Path, orders: int, seed: int) -> Scene:
    from segue.sim.shopping import Plan, write_shop

    shop = write_shop(folder, Plan(seed=seed, orders=orders))
    (folder / "channels").mkdir()
    mapping = resources("segue.sim.shopping").joinpath("webshop.yaml").read_text("utf-8")
    (folder / "channels/webshop.yaml").write_text(mapping, encoding="utf-8")
    _write_frame(folder, "demo", "webshop", shop.currency, "America/Chicago", "standard, express", seed, TICK_S)
    lines = (folder / "mends.ndjson").read_text("utf-8").splitlines()
    return Scene(folder, "webshop", (folder / "orders.ndjson",), orders, tuple(json.loads(line) for line in lines))


def _olist(folder: Path, data: Path, found: tuple[Path, ...], name: str) -> Scene:
    places = next((path for path in found if path.name.startswith("geo_by_zip_prefix")), None)
    (folder / "channels").mkdir()
    if places is not None:
        shutil.copy(places, folder / "channels")
    _write_frame(folder, name, name, "BRL", "America/Sao_Paulo", "", 1, TICK_OF_YEARS_S)
    mapping = _extending(folder, name)
    write_shop_data(mapping, [data], folder, sellers_of(data), weights_of(data))
    return Scene(folder, name, (data,), _rows(path for path in found if path.name.startswith("order")))


def _uci(folder: Path, data: Path, found: tuple[Path, ...], name: str) -> Scene:
    (folder / "channels").mkdir()
    _write_frame(folder, name, name, "GBP", "Europe/London", "", 1, TICK_OF_YEARS_S)
    write_shop_data(_extending(folder, name), found, folder)
    return Scene(folder, name, found, _rows(found))


def _extending(folder: Path, name: str) -> Mapping:
    """The shop's own channel file, that takes over the prebuilt one; as it is compiled."""
    from segue.settings import channel_mapping

    text = f"# As the prebuilt channel `{name}`; what is written here takes the place of what stands there.\n"
    (folder / f"channels/{name}.yaml").write_text(f"{text}name: {name}\nextends: {name}\n", encoding="utf-8")
    return channel_mapping(folder, name)


def _write_frame(
    folder: Path, workflow: str, channel: str, currency: str, time_zone: str, methods: str, seed: int, tick_s: int
) -> None:
    """shop.yaml and the workflow."""
    values = {
        "name": f"{channel} demo",
        "currency": currency,
        "time_zone": time_zone,
        "workflow": workflow,
        "channel": channel,
        "methods": methods,
        "seed": str(seed),
        "tick_s": str(tick_s),
    }
    templates = resources("segue.main.demo").joinpath("templates")
    shop = Template(templates.joinpath("shop.yaml").read_text("utf-8")).substitute(values)
    (folder / "shop.yaml").write_text(shop, encoding="utf-8")
    (folder / "workflows").mkdir()
    text = templates.joinpath(f"{workflow}.yaml").read_text("utf-8")
    (folder / f"workflows/{workflow}.yaml").write_text(text, encoding="utf-8")


def _rows(paths: Any) -> int:
    total = 0
    for path in paths:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            total += sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))
    return total


KINDS: dict[str, tuple[str, Callable[[Path, Path, tuple[Path, ...], str], Scene]]] = {
    "olist": ("order_items.csv", _olist),
    "uci": ("uci_", _uci),
}
