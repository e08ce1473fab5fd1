"""Goods: four hundred SKUs that a shop might sell, and a few that it will list later."""

from typing import NamedTuple

from segue.core.facts import Item
from segue.sim.shopping.dice import Dice

SIZES = ("S", "M", "L", "XL")
COLORS = ("Black", "Blue", "Green", "Red")
SHOES = ("38", "40", "42", "44")
DESIGNS = ("Harbor", "Meadow", "Atlas", "Juniper", "Cinder")


class Family(NamedTuple):
    """Things of one kind."""

    code: str
    noun: str
    price_from: int  # in whole dollars or euros
    price_to: int
    weight_g: int
    variants: tuple[str, ...]
    engravable: bool = False


FAMILIES = (
    Family("TEE", "T-shirt", 15, 30, 180, SIZES),
    Family("HOD", "Hoodie", 45, 80, 620, SIZES),
    Family("JKT", "Rain jacket", 90, 180, 750, SIZES),
    Family("JNS", "Jeans", 60, 110, 700, SIZES),
    Family("SNK", "Sneakers", 70, 140, 950, SHOES),
    Family("SOK", "Wool socks", 9, 16, 80, SIZES),
    Family("CAP", "Cap", 18, 30, 110, COLORS),
    Family("BAG", "Tote bag", 20, 45, 300, COLORS),
    Family("BPK", "Backpack", 65, 150, 1100, COLORS),
    Family("MUG", "Mug", 10, 18, 380, COLORS),
    Family("BTL", "Water bottle", 20, 40, 350, COLORS, engravable=True),
    Family("LMP", "Desk lamp", 40, 120, 1600, COLORS),
    Family("BLK", "Wool blanket", 60, 140, 1400, COLORS),
    Family("CND", "Candle", 12, 30, 420, COLORS),
    Family("NBK", "Notebook", 8, 20, 260, COLORS),
    Family("PEN", "Fountain pen", 35, 160, 60, COLORS, engravable=True),
    Family("KNF", "Chef's knife", 50, 190, 300, COLORS, engravable=True),
    Family("PAN", "Cast-iron pan", 40, 110, 2600, COLORS),
    Family("WTC", "Watch", 180, 640, 140, COLORS, engravable=True),
    Family("RNG", "Silver ring", 60, 320, 20, SIZES, engravable=True),
)
LATER = Family("SCF", "Silk scarf", 45, 90, 70, COLORS)  # ordered before it is in the catalog: a mistake to be mended
PRICE_ENDINGS = (0, 50, 90, 95, 99)


def catalog(seed: int) -> tuple[Item, ...]:
    """The items of the shop."""
    dice = Dice(f"{seed}/goods")
    return tuple(item for family in FAMILIES for item in _items(family, dice))


def listed_later(seed: int) -> tuple[Item, ...]:
    """Items that customers order before the shop has listed them."""
    return tuple(_items(LATER, Dice(f"{seed}/later")))


def _items(family: Family, dice: Dice) -> list[Item]:
    tags = ("engravable",) if family.engravable else ()
    found = []
    for design in DESIGNS:
        price_minor = dice.whole(family.price_from, family.price_to - 1) * 100 + dice.pick(PRICE_ENDINGS)
        for variant in family.variants:
            sku = f"{family.code}-{design[:3].upper()}-{variant[:3].upper()}"
            title = f"{design} {family.noun}, {variant}"
            found.append(Item(sku, title, price_minor, family.weight_g + dice.whole(0, 40), tags))
    return found
