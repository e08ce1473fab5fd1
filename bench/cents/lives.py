"""Lives: random baskets, and what may happen to an order next. A step is a plain tuple, so that a life can be shortened."""

from fractions import Fraction
from typing import Any

from bench.cents.basket import Amounts, Basket, Paying, Wanted, amounts_of
from bench.cents.giving_back import Promotion, Terms
from bench.cents.model import Model
from bench.cents.parts import GONE, PAYABLE, WAITING
from segue.sim.shopping.dice import Dice, Weighted

Step = tuple[Any, ...]
CURRENCIES = ("USD", "EUR", "JPY", "KWD")  # two digits, none, and three
RATES = tuple(Fraction(rate, 10_000) for rate in (0, 250, 550, 700, 725, 825, 887, 1_000, 1_900, 2_000, 2_500))
SHARES = tuple(Fraction(share, 1_000) for share in (0, 0, 0, 50, 100, 125, 150, 200, 333, 500, 1_000))
KINDS = ("gateway", "gateway", "gateway", "adopted", "prepaid", "account", "on_delivery")
METHODS = ("card", "card", "gift_card", "store_credit")
TURNS = ((), (), ("proportional",), ("gift_card", "card"), ("card",), ("prepaid", "store_credit", "gateway"))
OUTCOMES = ("done",) * 27 + ("declined",) * 2 + ("unknown",)
UNITS_MAX = 8  # in a basket with promotions
CAPTURE, VOID, REFUND = ("capture",), ("void",), ("refund",)
MONEY: tuple[Step, ...] = (CAPTURE, VOID, REFUND)
FOLLOWS: dict[str, tuple[Step, ...]] = {  # what a workflow mostly does about it
    "authorize": (CAPTURE,),
    "answer": (CAPTURE, VOID, REFUND),
    "release": (CAPTURE,),
    "ship": (CAPTURE,),
    "deliver": (CAPTURE,),
    "cancel": (VOID, REFUND),
    "bring_back": (CAPTURE, VOID, REFUND),
    "adjust": (VOID, REFUND),
    "give_goodwill": (VOID, REFUND),
}


def basket_of(dice: Dice) -> Basket:
    """Anything that somebody could buy, at any price, discount, rate, and paid in any way."""
    lines = [_line(dice) for _ in range(dice.pick((1, 1, 2, 2, 2, 3, 3, 4)))]
    share = dice.pick(SHARES)
    tenders = [
        Paying(dice.pick(KINDS), dice.pick(METHODS), Fraction(dice.whole(0, 10), 10))
        for _ in range(dice.pick((1, 1, 1, 2, 2, 3)))
    ]
    charges = {code: dice.whole(0, 900) for code in ("wrap", "fee") if dice.happens(0.15)}
    basket = Basket(
        dice.pick(CURRENCIES),
        lines,
        off_share=share,
        off_amount=0 if share else _amount(dice) * dice.happens(0.3),
        included=dice.happens(0.4),
        tax_by_line=dice.happens(0.8),
        tax_named=dice.happens(0.5),
        by_segue=dice.happens(0.25),
        shipping=dice.pick((0, 0, 499, 500, dice.whole(1, 2_000))),
        shipping_off_share=dice.pick(SHARES) if dice.happens(0.2) else Fraction(0),
        shipping_rate=dice.pick(RATES) if dice.happens(0.4) else Fraction(0),
        charges=charges,
        tenders=tenders,
    )
    if dice.happens(0.1):  # a charge that is none: what is taken off for a reason of its own, never below nothing
        basket.charges["off"] = -dice.whole(0, amounts_of(basket).total)
    if basket.by_segue:
        for line in basket.lines:
            line.off_amount = 0
        return basket
    basket.promotions = _promotions(basket, dice)
    return basket


def _line(dice: Dice) -> Wanted:
    quantity = dice.whole(1, 4) if dice.happens(0.93) else dice.whole(5, 25)
    share = dice.pick(SHARES)
    rates = tuple(dice.pick(RATES) for _ in range(dice.pick((0, 1, 1, 1, 2, 3))))
    return Wanted(quantity, _amount(dice), share, 0 if share else _amount(dice) * dice.happens(0.2), rates)


def _amount(dice: Dice) -> int:
    """Small, usual and big amounts, and those at which rounding goes wrong."""
    return dice.whole(*dice.pick(((0, 9), (1, 99), (100, 2_000), (100, 20_000), (999, 1_005), (100_000, 9_999_999))))


def terms_of(dice: Dice) -> Terms:
    """What the shop says."""
    return Terms(
        dice.pick(tuple(PAYABLE)),
        dice.pick(("", "", "never", "with_first", "with_last", "by_value")),
        dice.pick((0, 0, 0, 1, 300, 500)),
        dice.pick((Fraction(0), Fraction(0), Fraction(0), Fraction(10, 100), Fraction(125, 1_000))),
        dice.pick(TURNS),
        dice.pick(TURNS),
        dice.pick((*[0] * 12, 100, 2_000)),
        dice.pick((*[Fraction(0)] * 12, Fraction(20, 100), Fraction(33, 100))),
        dice.pick(((), ("card",), ("gift_card", "store_credit"))),
        dice.pick(((), ("card",), ("store_credit",))),
    )


def _promotions(basket: Basket, dice: Dice) -> list[Promotion]:
    """Promotions on some lines. All ways are tried in those that reclaim, so these are of few units."""
    if sum(line.quantity for line in basket.lines) > UNITS_MAX or not dice.happens(0.6):
        return []
    amounts = amounts_of(basket)
    return [_promotion(basket, amounts, dice) for _ in range(dice.pick((1, 1, 2)))]


def _promotion(basket: Basket, amounts: Amounts, dice: Dice) -> Promotion:
    lines = [number for number in range(1, len(basket.lines) + 1) if dice.happens(0.7)] or [1]
    given = {number: dice.whole(0, amounts.lines[number - 1].own_discount // 2) for number in lines}
    quantities = {number: basket.lines[number - 1].quantity for number in lines}
    group = quantities if dice.happens(0.6) else {number: dice.whole(1, most) for number, most in quantities.items()}
    paid = sum(amounts.paid[number - 1] for number in lines)
    usual = {number: amounts.lines[number - 1].gross for number in lines}
    without = usual if dice.happens(0.5) and group == quantities else {}
    least = dice.whole(1, paid) if paid and dice.happens(0.5) else 0
    shipping = dice.whole(0, 600) if dice.happens(0.3) else 0
    condition = {number: count for number, count in group.items() if dice.happens(0.5)} if dice.happens(0.3) else {}
    on_return = dice.pick(("reclaim", "reclaim", "prorate", "keep"))
    return Promotion(on_return, given, group, without, least, shipping, condition)


def first_steps(dice: Dice) -> list[Step]:
    """What an order mostly begins with: it is paid for."""
    return [("authorize",), CAPTURE] if dice.happens(0.95) else []


def first_answers(model: Model, dice: Dice) -> list[Step]:
    """Gateways mostly hold what they are asked for."""
    asked = [name for name, operation in model.operations.items() if operation.outcome == "asked"]
    return [*(("answer", name, "done") for name in asked), CAPTURE] if asked and dice.happens(0.85) else []


def next_steps(model: Model, dice: Dice) -> list[Step]:
    """What happens next: something with goods or prices, or an answer; mostly with what a workflow does about it."""
    asked = [name for name, operation in model.operations.items() if operation.outcome in ("asked", "unknown")]
    if asked and dice.happens(0.75):
        name, outcome = dice.pick(asked), dice.pick(OUTCOMES)
        if outcome == "declined" and model.operations[name].kind == "capture" and dice.happens(0.5):
            outcome = "expired"
        steps: list[Step] = [("answer", name, outcome)]
    else:
        what = _likely(model)
        steps = [what[Weighted([weight for weight, _ in what]).position(dice.share())][1](model, dice)]
        if steps[0][0] == "allocate" and dice.happens(0.8):
            steps.append(("release",))
    chance = dice.share()
    if chance < 0.1:
        return [*steps, *MONEY]
    return [*steps, *FOLLOWS.get(steps[-1][0], ())] if chance < 0.8 else steps


def _likely(model: Model) -> list[tuple[float, Any]]:
    """What may happen, each with how likely it is; what makes no sense now is tried once in a while too."""
    states = {unit.state for line in model.lines for unit in line}
    return [
        (6 if model.money("due") else 0.1, _authorize),
        (6 if "new" in states else 0, _allocate),
        (2 if "allocated" in states else 0.1, _release),
        (8 if "released" in states else 0, _ship),
        (3 if "shipped" in states else 0, _deliver),
        (5 if states & set(GONE) else 0.2, _bring_back),
        (2 if states & set(WAITING) else 0.2, _cancel),
        (0.1, _reverse),
        (0.4 if model.money("captured") else 0.02, _charge_back),
        (0.8, _adjust),
        (0.6, _give_goodwill),
    ]


def _authorize(model: Model, dice: Dice) -> Step:
    return ("authorize",)


def _allocate(model: Model, dice: Dice) -> Step:
    new = {line[0].line: len([unit for unit in line if unit.state == "new"]) for line in model.lines}
    some = dice.happens(0.3)
    return ("allocate", {n: dice.whole(1, count) if some else count for n, count in new.items() if count})


def _charge_back(model: Model, dice: Dice) -> Step:
    tender = dice.pick(list(model.purses))
    most = model.purses[tender].has("captured", dice.pick(("captured", "refunding", "refunded")))
    return ("charge_back", tender, dice.whole(0, dice.pick((most, 1_000))))


def _reverse(model: Model, dice: Dice) -> Step:
    return ("reverse",)


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
    if dice.happens(0.15):
        return ("cancel", 0, 0)
    line = dice.whole(1, len(model.lines))
    return ("cancel", line, dice.pick((0, 1, 1, 2, dice.whole(1, len(model.lines[line - 1])))))


def _adjust(model: Model, dice: Dice) -> Step:
    line = dice.whole(1, len(model.lines))
    units = model.lines[line - 1]
    some = dice.pick((0, 1, dice.whole(1, len(units))))
    return ("adjust", line, dice.whole(0, sum(unit.paid for unit in units[: some or None]) // 2), some)


def _give_goodwill(model: Model, dice: Dice) -> Step:
    return ("give_goodwill", dice.whole(0, dice.pick((500, model.worth()))))


def _bring_back(model: Model, dice: Dice) -> Step:
    line = dice.whole(1, len(model.lines))
    return ("bring_back", line, dice.pick((1, 1, 2, dice.whole(1, len(model.lines[line - 1])))))
