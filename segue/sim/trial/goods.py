"""The shop of a trial: its files are in `shop/`; its catalog and its stock are made from the seed."""

from functools import cache
from pathlib import Path

from msgspec.structs import replace

from segue.connectors.simulated.chance import Chance
from segue.core.facts import Item
from segue.loader.library import Library, read_library
from segue.loader.problems import Problems
from segue.loader.shop import Shop
from segue.settings import read_shop
from segue.sim.trial.setting import Setting

FOLDER = Path(__file__).with_name("shop")
LOCATIONS = ("LEJ", "RTM", "BER", "MUC")
HOT = ("HOT-1", "HOT-2", "HOT-3")  # what everybody wants, and less of it than is wanted
USUAL = tuple(f"SKU-{number:02}" for number in range(1, 15))
LATER = ("NEW-1", "NEW-2")  # ordered before the catalog has them
GHOST = "GHOST-1"  # never in the catalog
PRICES = (333, 799, 850, 1_249, 1_990, 2_999, 4_500, 8_995, 17_900)  # minor units


@cache
def library() -> Library:
    """The workflows that the shop may use: read once, however often it is opened."""
    return read_library(FOLDER, Problems())


@cache
def _files() -> Shop:
    return read_shop(FOLDER)


def shop_of(setting: Setting) -> Shop:
    """The shop of a trial. The more orders, the more stock."""
    chance = Chance(setting.seed)
    items = {sku: Item(sku, f"Thing {sku}", price_of(sku), 300) for sku in (*HOT, *USUAL)}
    stock = {
        (sku, location): units
        for sku in items
        for location in LOCATIONS
        if (units := _units(sku, location, setting.orders, chance))
    }
    return replace(_files(), name=f"trial {setting.seed}", items=items, stock=stock)


def price_of(sku: str) -> int:
    """What one unit costs, always the same."""
    return PRICES[sum(sku.encode()) % len(PRICES)]


def _units(sku: str, location: str, orders: int, chance: Chance) -> int:
    """Of what is hot a fraction of what will be ordered; of some other things none at all at most places."""
    where = f"{sku}@{location}"
    if sku in HOT:
        return chance.whole("stock", where, 0, 1 + orders // 25)
    if chance.happens("none", where, 0.4):
        return 0
    return chance.whole("stock", where, 2, 4 + orders // 4)
