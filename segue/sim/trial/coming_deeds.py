"""Deeds with what is to come: supplies slip, split, shrink or do not come; street dates move; bundles are packed."""

from collections.abc import Iterator

from segue.connectors.simulated.chance import Chance
from segue.sim.trial.deed import Arrive, Count, Date, Deed, Pack, Supply
from segue.sim.trial.goods import HOT, LOCATIONS, NEXT, PACKED, PART, SLOW
from segue.sim.trial.setting import DAY_S, HOUR_S, ORDERS_OVER_S, START_S, Setting

OVER_S = 12 * DAY_S
AGAIN_WITHIN_S = 20 * 60  # who edits a date often edits it once more soon
EDITS = ("move", "move", "move", "move", "cancel")


def coming_deeds(setting: Setting, chance: Chance) -> Iterator[Deed]:
    """All that is done with what is to come, and with what lies ready packed."""
    yield from _supplied(setting, chance)
    yield from _dated(chance)
    yield from _packed(setting, chance)


def _supplied(setting: Setting, chance: Chance) -> Iterator[Deed]:
    """Purchase orders that are there before the first customer, or come later; each changes up to five times."""
    for number in range(4 + setting.orders // 10):
        key = f"BUY-{number}"
        wanted = (*NEXT, SLOW, SLOW, *HOT[:2], PART)
        sku = wanted[chance.whole("which", key, 0, len(wanted) - 1)]
        location = LOCATIONS[chance.whole("where", key, 0, 3)]
        at_s = START_S + (chance.whole("when", key, 0, ORDERS_OVER_S) if chance.happens("later", key, 0.4) else 0)
        units, in_s = chance.whole("bought", key, 2, 8 + setting.orders // 12), chance.whole("in", key, HOUR_S, OVER_S)
        yield Deed(at_s, key, "supply", Supply("add", key, sku, location, units, in_s))
        yield from _edited(key, sku, at_s, in_s, units, chance)
        comes_s = at_s + in_s + chance.whole("late by", key, -DAY_S, 2 * DAY_S)
        some = Supply("receive", key, sku, units=chance.whole("came first", key, 1, units))
        yield Deed(max(at_s + 1, comes_s), f"{key} comes in part", "supply", some)
        rest = Supply("last", key, sku, units=chance.whole("came last", key, 0, 3))
        yield Deed(max(at_s + 1, comes_s) + chance.whole("rest", key, 1, 8 * DAY_S), f"{key} comes", "supply", rest)


def _edited(key: str, sku: str, at_s: int, in_s: int, units: int, chance: Chance) -> Iterator[Deed]:
    """It slips as a whole, is split, shrinks or is canceled, often several times within minutes."""
    edited_at_s = at_s
    for again in range(chance.whole("edits", key, 0, 5)):
        name = f"{key} {again}"
        soon = again > 0 and chance.happens("soon", name, 0.5)
        edited_at_s += chance.whole("after", name, 1, AGAIN_WITHIN_S if soon else max(HOUR_S, in_s // 2))
        how = EDITS[chance.whole("how", name, 0, len(EDITS) - 1)]
        some = chance.whole("some", name, 0, max(1, units // 2))  # 0: all
        put_off_s = chance.whole("put off", name, HOUR_S, OVER_S)
        yield Deed(edited_at_s, name, "supply", Supply(how, key, sku, "", some, put_off_s))


def _dated(chance: Chance) -> Iterator[Deed]:
    """Street dates are moved, once or twice; now and then there is none any more."""
    for sku in NEXT:
        for again in range(chance.whole("dated", sku, 0, 2)):
            key = f"dated {sku} {again}"
            days = 0 if chance.happens("no day", key, 0.15) else chance.whole("day", key, 1, 20)
            yield Deed(START_S + chance.whole("when", key, HOUR_S, OVER_S), key, "date", Date(sku, days))


def _packed(setting: Setting, chance: Chance) -> Iterator[Deed]:
    """Bundles are packed and unpacked, arrive ready packed, break and are counted."""
    for number in range(4 + setting.orders // 10):
        key = f"pack {number:04}"
        sku, location = (
            PACKED[chance.whole("which", key, 0, len(PACKED) - 1)],
            LOCATIONS[chance.whole("where", key, 0, 3)],
        )
        at_s = START_S + chance.whole("when", key, 0, 3 * ORDERS_OVER_S)
        bundles = chance.whole("bundles", key, -1, 2)
        if chance.happens("packed", key, 0.5):
            yield Deed(at_s, key, "pack", Pack(sku, location, bundles or 1))
        elif chance.happens("counted", key, 0.4):
            yield Deed(at_s, key, "count", Count(sku, location, bundles, chance.whole("safety", key, 0, 1)))
        else:
            yield Deed(at_s, key, "arrive", Arrive(sku, location, bundles or 1))
