"""Lives: random baskets, and what may happen to an order next. A step is a plain tuple, so that a life can be shortened."""

from fractions import Fraction
from typing import Any

from bench.cents.basket import Basket, Wanted, amounts_of
from bench.cents.model import GONE, PAYABLE, WAITING, Model
from segue.sim.shopping.dice import Dice

Step = tuple[Any, ...]
CURRENCIES = ("USD", "EUR", "JPY", "KWD")  # two digits, none, and three
RATES = tuple(Fraction(rate, 10_000) for rate in (0, 250, 550, 700, 725, 825, 887, 1_000, 1_900, 2_000, 2_500))
SHARES = tuple(Fraction(share, 1_000) for share in (0, 0, 0, 50, 100, 125, 150, 200, 333, 500, 1_000))
KINDS = ("gateway", "gateway", "gateway", "adopted", "prepaid", "account", "on_delivery")
OUTCOMES = ("done",) * 17 + ("declined",) * 2 + ("unknown",)
MONEY: tuple[Step, ...] = (("capture",), ("void",), ("refund",))


def basket_of(dice: Dice) -> Basket:
    """Anything that somebody could buy, at any price, discount, rate, and paid in any way."""
    lines = [_line(dice) for _ in range(dice.pick((1, 1, 2, 2, 2, 3, 3, 4)))]
    share = dice.pick(SHARES)
    tenders = [(dice.pick(KINDS), Fraction(dice.whole(0, 10), 10)) for _ in range(dice.pick((1, 1, 1, 2, 2, 3)))]
    charges = {code: dice.whole(0, 900) for code in ("wrap", "fee") if dice.happens(0.15)}
    basket = Basket(
        dice.pick(CURRENCIES),
        lines,
        off_share=share,
        off_amount=0 if share else _amount(dice) * dice.happens(0.3),
        included=dice.happens(0.4),
        tax_by_line=dice.happens(0.8),
        shipping=dice.pick((0, 0, 499, 500, dice.whole(1, 2_000))),
        shipping_rate=dice.pick(RATES) if dice.happens(0.4) else Fraction(0),
        charges=charges,
        tenders=tenders,
    )
    if dice.happens(0.1):  # a charge that is none: what is taken off for a reason of its own, never below nothing
        basket.charges["off"] = -dice.whole(0, amounts_of(basket).total)
    return basket


def _line(dice: Dice) -> Wanted:
    quantity = dice.whole(1, 4) if dice.happens(0.9) else dice.whole(5, 40)
    share = dice.pick(SHARES)
    rates = tuple(dice.pick(RATES) for _ in range(dice.pick((0, 1, 1, 1, 2, 3))))
    return Wanted(quantity, _amount(dice), share, 0 if share else _amount(dice) * dice.happens(0.2), rates)


def _amount(dice: Dice) -> int:
    """Small, usual and big amounts, and those at which rounding goes wrong."""
    return dice.whole(*dice.pick(((0, 9), (1, 99), (100, 2_000), (100, 20_000), (999, 1_005), (100_000, 9_999_999))))


def policy_of(dice: Dice) -> str:
    """When the shop takes the money."""
    return dice.pick(tuple(PAYABLE))


def next_steps(model: Model, dice: Dice) -> list[Step]:
    """What happens next: something with goods, or an answer; mostly with what a workflow does about it."""
    asked = [name for name, operation in model.operations.items() if operation.outcome in ("asked", "unknown")]
    if asked and dice.happens(0.6):
        steps: list[Step] = [("answer", dice.pick(asked), dice.pick(OUTCOMES))]
    else:
        choices = _possible(model)
        steps = [dice.pick(choices)(model, dice)]
    return [*steps, *MONEY] if dice.happens(0.8) else [*steps, dice.pick(MONEY)]


def _possible(model: Model) -> list[Any]:
    found = [_cancel, _bring_back, _authorize]
    if any(model.units("new")):
        found += [_allocate] * 3
    if any(model.units("allocated")):
        found += [_release] * 4
    if any(model.units("released")):
        found += [_ship] * 4
    if any(model.units("shipped")):
        found += [_deliver] * 2
    if any(model.units(*GONE)):
        found += [_bring_back] * 3
    if any(model.units(*WAITING)):
        found += [_cancel]
    if model.money("due"):
        found += [_authorize] * 3
    return found


def _authorize(model: Model, dice: Dice) -> Step:
    return ("authorize",)


def _allocate(model: Model, dice: Dice) -> Step:
    new = {line[0].line: len([unit for unit in line if unit.state == "new"]) for line in model.lines}
    some = dice.happens(0.3)
    return ("allocate", {n: dice.whole(1, count) if some else count for n, count in new.items() if count})


def _release(model: Model, dice: Dice) -> Step:
    return ("release",)


def _ship(model: Model, dice: Dice) -> Step:
    there = [name for name, units in model.given.items() if any(unit.state == "released" for unit in units)]
    name = dice.pick(there)
    return ("ship", name, dice.whole(1, 3) if dice.happens(0.3) else 0)


def _deliver(model: Model, dice: Dice) -> Step:
    return (
        "deliver",
        dice.pick([n for n, parcel in model.parcels.items() if any(u.state == "shipped" for u in parcel)]),
    )


def _cancel(model: Model, dice: Dice) -> Step:
    if dice.happens(0.2):
        return ("cancel", 0, 0)
    line = dice.whole(1, len(model.lines))
    return ("cancel", line, dice.pick((0, 1, 1, 2, dice.whole(1, len(model.lines[line - 1])))))


def _bring_back(model: Model, dice: Dice) -> Step:
    line = dice.whole(1, len(model.lines))
    return ("bring_back", line, dice.pick((1, 1, 2, dice.whole(1, len(model.lines[line - 1])))))
