"""Deeds with dates: customers choose another day, or another time to come; they collect what is ready, or do not come."""

from segue.core.collect_at import ReschedulePickup
from segue.core.hold import PlaceHold
from segue.core.reschedule import Reschedule
from segue.ports import Inbound
from segue.sim.trial.dating import STORES, WISHES, day, window
from segue.sim.trial.deed import Ask, Kind, Receive
from segue.sim.trial.dice import Dice
from segue.sim.trial.orders import Placed
from segue.sim.trial.setting import DAY_S, HOUR_S


def _reschedules(name: str) -> Kind:
    def made(order: Placed, dice: Dice) -> Ask | None:
        if order.draft.channel != WISHES:
            return None
        line = dice.whole(f"line of {name}", 1, len(order.draft.lines)) if dice.happens(f"a line of {name}", 0.4) else 0
        wanted = "" if dice.happens(f"{name} to none", 0.15) else day(f"date of {name}", dice)
        return Ask(order.id, Reschedule(wanted, line), "person:customer")

    return Kind(0.35, HOUR_S, 12 * DAY_S, made)


def _comes_at_another_time(order: Placed, dice: Dice) -> Ask | None:
    if order.draft.channel != STORES:
        return None
    return Ask(order.id, ReschedulePickup(*window("another pickup", dice)), "person:customer")


def _collects(name: str) -> Kind:
    def made(order: Placed, dice: Dice) -> Receive | None:
        if order.draft.channel != STORES:
            return None
        return Receive(Inbound("till", f"{name}-{order.number}", "record_collection", {}, order.id))

    return Kind(0.5, DAY_S, 14 * DAY_S, made)


def _keeps_it_longer(order: Placed, dice: Dice) -> Ask | None:
    if order.draft.channel != STORES:
        return None
    return Ask(order.id, PlaceHold("kept_longer", "on holiday"), "person:store")


DEEDS: dict[str, Kind] = {
    "reschedules": _reschedules("a change"),
    "reschedules_again": _reschedules("another change"),
    "comes_at_another_time": Kind(0.3, HOUR_S, 6 * DAY_S, _comes_at_another_time),
    "collects": _collects("collected"),
    "collects_the_rest": _collects("rest"),
    "keeps_it_longer": Kind(0.1, 2 * DAY_S, 6 * DAY_S, _keeps_it_longer),
}
