"""Deeds with goods: they arrive and break, are counted and reported, are sent and ordered, and come later than was said."""

from collections.abc import Iterator
from typing import Literal

from segue.connectors.simulated.chance import Chance
from segue.sim.trial.coming_deeds import coming_deeds
from segue.sim.trial.deed import Arrive, Count, Deed, List, Reported, Send, Supply
from segue.sim.trial.goods import GHOST, HOT, LATER, LOCATIONS
from segue.sim.trial.setting import DAY_S, HOUR_S, ORDERS_OVER_S, START_S, Setting

OVER_S = 3 * ORDERS_OVER_S


def goods_deeds(setting: Setting) -> Iterator[Deed]:
    """All that is done with the goods."""
    chance = Chance(setting.seed)
    yield from _counted(setting, chance)
    yield from _reported(setting, chance)
    yield from _sent(setting, chance)
    yield from _ordered(setting, chance)
    yield from coming_deeds(setting, chance)
    for sku in LATER:
        yield Deed(START_S + ORDERS_OVER_S // 2, f"list {sku}", "list", List(sku))
        yield Deed(START_S + ORDERS_OVER_S // 2 + HOUR_S, f"listed {sku}", "arrive", Arrive(sku, "LEJ", 3))


def _counted(setting: Setting, chance: Chance) -> Iterator[Deed]:
    for number in range(3 + setting.orders // 10):
        key = f"stock {number:04}"
        sku, location, at_s = _which(chance, key)
        if chance.happens("counted", key, 0.4):
            safety = chance.whole("safety", key, 0, 2)
            yield Deed(at_s, key, "count", Count(sku, location, chance.whole("found", key, -2, 3), safety))
        else:
            yield Deed(at_s, key, "arrive", Arrive(sku, location, chance.whole("arrived", key, -1, 8)))


def _which(chance: Chance, key: str) -> tuple[str, str, int]:
    sku = HOT[chance.whole("which", key, 0, 2)] if chance.happens("hot", key, 0.7) else "SKU-03"
    return sku, LOCATIONS[chance.whole("where", key, 0, 3)], START_S + chance.whole("when", key, 0, OVER_S)


def _reported(setting: Setting, chance: Chance) -> Iterator[Deed]:
    """Snapshots and deltas, of now or of earlier; some come twice, some are of what nobody knows yet or ever."""
    for number in range(4 + setting.orders // 8):
        key = f"report {number:04}"
        sku, location, at_s = _which(chance, key)
        if chance.happens("not known", key, 0.1):
            sku = (GHOST, *LATER)[chance.whole("what", key, 0, 2)]
        kind: Literal["snapshot", "delta"] = "snapshot" if chance.happens("snapshot", key, 0.5) else "delta"
        age_s = chance.whole("age", key, 1, 8 * HOUR_S) if chance.happens("late", key, 0.6) else 0
        sequence = number + 1 if chance.happens("numbered", key, 0.3) else 0
        said = Reported(key, kind, sku, location, chance.whole("differs", key, -3, 4), at_s - age_s, sequence)
        yield Deed(at_s, key, "report", said)
        if chance.happens("again", key, 0.3):
            after_s = chance.whole("again after", key, 1, 6 * HOUR_S)
            yield Deed(at_s + after_s, f"{key} again", "report", said)


def _sent(setting: Setting, chance: Chance) -> Iterator[Deed]:
    for number in range(1 + setting.orders // 25):
        key = f"T-{number}"
        sku, origin, at_s = _which(chance, key)
        places = [name for name in LOCATIONS if name != origin]
        location = places[chance.whole("to", key, 0, len(places) - 1)]
        units, takes_s = chance.whole("units", key, 1, 2), chance.whole("takes", key, HOUR_S, DAY_S)
        yield Deed(at_s, key, "transfer", Send(sku, origin, location, units, key, takes_s))


def _ordered(setting: Setting, chance: Chance) -> Iterator[Deed]:
    """Purchase orders of what everybody wants: put off, shrunk, canceled, received in part or whole, or more than that."""
    for number in range(2 + setting.orders // 20):
        key = f"PO-{number}"
        sku, location, at_s = _which(chance, key)
        units, in_s = chance.whole("ordered", key, 2, 9), chance.whole("expected", key, HOUR_S, 3 * DAY_S)
        yield Deed(at_s, key, "supply", Supply("add", key, sku, location, units, in_s))
        for again in range(chance.whole("changes", key, 0, 2)):
            name = f"{key} {again}"
            how = ("move", "cancel")[chance.whole("how", name, 0, 1)]
            some = chance.whole("some", name, 0, 2)
            put_off_s = chance.whole("put off", name, HOUR_S, 6 * DAY_S)
            yield Deed(
                at_s + chance.whole("after", name, 60, in_s), name, "supply", Supply(how, key, sku, "", some, put_off_s)
            )
        comes_s = at_s + in_s + chance.whole("late by", key, -HOUR_S, DAY_S)
        come = Supply("last", key, sku, units=chance.whole("came", key, 0, units + 1))
        yield Deed(max(at_s + 1, comes_s), f"{key} comes", "supply", come)
