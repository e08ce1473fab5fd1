"""Dating: orders that shall arrive on a date, or are collected at a store, at a time or not."""

from msgspec.structs import replace

from segue.core.draft import Draft
from segue.sim.trial.dice import Dice
from segue.sim.trial.goods import day_after
from segue.sim.trial.setting import DAY_S, HOUR_S, START_S

WISHES, STORES = "wishes", "stores"  # the channels: where a date can be chosen, and where customers collect
PICKUP = "pickup"  # the shipping method
COLLECTED_AT = ("BER", "MUC")
WANTED_DAYS = (-1, 32)  # from the first day: some dates are over, or too soon; some are after the night of the clocks
WINDOW_S = 3 * HOUR_S
COMES_WITHIN_DAYS = 9


def day(name: str, dice: Dice) -> str:
    """A date on which something shall arrive."""
    return day_after(dice.whole(name, *WANTED_DAYS))


def window(name: str, dice: Dice) -> tuple[int, int]:
    """From when until when a customer will come; not always while the store is open."""
    days = dice.whole(f"day of {name}", 0, COMES_WITHIN_DAYS)
    from_s = START_S + days * DAY_S + dice.whole(f"hour of {name}", 8, 16) * HOUR_S
    return from_s, from_s + WINDOW_S


def dated(draft: Draft, dice: Dice) -> Draft:
    """The draft with the date, or the store and the time, that its customer has chosen, if its channel asks for one."""
    if draft.channel == WISHES:
        lines = [
            replace(line, deliver_on=day(f"date {number}", dice)) if dice.happens(f"dated {number}", 0.15) else line
            for number, line in enumerate(draft.lines)
        ]
        wanted = day("date", dice) if dice.happens("dated", 0.75) else ""
        return replace(draft, lines=tuple(lines), deliver_on=wanted)
    return _collected(draft, dice) if draft.channel == STORES else draft


def _collected(draft: Draft, dice: Dice) -> Draft:
    """All of it at one store; a few lines name none, by mistake."""
    store = COLLECTED_AT[dice.whole("store", 0, 1)]
    lines = [
        replace(line, location="" if dice.happens(f"no store {number}", 0.03) else store)
        for number, line in enumerate(draft.lines)
    ]
    from_s, until_s = window("pickup", dice) if dice.happens("comes at a time", 0.6) else (None, None)
    return replace(draft, lines=tuple(lines), ship_method=PICKUP, pickup_from_s=from_s, pickup_until_s=until_s)
