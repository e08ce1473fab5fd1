"""The shop of a trial: its files are in `shop/`; its street dates and its stock are made from the seed."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from segue.connectors.simulated.chance import Chance
from segue.loader.library import Library, read_library
from segue.loader.problems import Problems
from segue.loader.shop import Shop
from segue.settings import read_shop
from segue.sim.trial.setting import DAY_S, START_S, Setting

FOLDER = Path(__file__).with_name("shop")
LOCATIONS = ("LEJ", "RTM", "BER", "MUC")
HOT = ("HOT-1", "HOT-2", "HOT-3")  # what everybody wants, and less of it than is wanted
USUAL = tuple(f"SKU-{number:02}" for number in range(1, 15))
NEXT = ("NEXT-1", "NEXT-2")  # sold before their street dates
SLOW = "SLOW-1"  # never there before it is sold
PART = "PART-1"  # sold in bundles only
PACKED = ("PAIR", "COVER", "DUET", "PREMIERE")  # bundles that may lie ready packed
BUNDLES = (*PACKED, "TRIO", "HAMPER", "LOOSE", "OWN")
OUT_AFTER_DAYS = (1, 12)  # from the first day to a street date
LATER = ("NEW-1", "NEW-2")  # ordered before the catalog has them
GHOST = "GHOST-1"  # never in the catalog
PRICES = (333, 799, 850, 1_249, 1_990, 2_999, 4_500, 8_995, 17_900)  # minor units


@cache
def library() -> Library:
    """The workflows that the shop may use: read once, however often it is opened."""
    return read_library(FOLDER, Problems())


@cache
def shop_files() -> Shop:
    """The shop as its files say it."""
    return read_shop(FOLDER)


def shop_of(setting: Setting) -> Shop:
    """The shop of a trial. The more orders, the more stock."""
    chance = Chance(setting.seed)
    items = shop_files().items | {
        sku: replace(shop_files().items[sku], street_date=day_after(chance.whole("out", sku, *OUT_AFTER_DAYS)))
        for sku in NEXT
    }
    stock = {
        (sku, location): units
        for sku in (*HOT, *USUAL, *NEXT, PART, *PACKED)
        for location in LOCATIONS
        if (units := _units(sku, location, setting.orders, chance))
    }
    return replace(shop_files(), name=f"trial {setting.seed}", items=items, stock=stock)


def day_after(days: int) -> str:
    """The day so long after the first one."""
    return datetime.fromtimestamp(START_S + days * DAY_S, UTC).date().isoformat()


def price_of(sku: str) -> int:
    """What one unit costs, always the same."""
    item = shop_files().items.get(sku)
    if item is not None and item.price_minor is not None:
        return item.price_minor
    return PRICES[sum(sku.encode()) % len(PRICES)]


def _units(sku: str, location: str, orders: int, chance: Chance) -> int:
    """Of what is hot a fraction of what will be ordered; of some other things none at all at most places."""
    where = f"{sku}@{location}"
    if sku in HOT:
        return chance.whole("stock", where, 0, 1 + orders // 25)
    if sku in (*NEXT, *PACKED):
        return chance.whole("stock", where, 0, 2) if chance.happens("some", where, 0.4) else 0
    if chance.happens("none", where, 0.4):
        return 0
    return chance.whole("stock", where, 2, 4 + orders // 4)
