"""The orders of a trial: each is made from the seed and its number alone, so that leaving some out changes no other."""

from fractions import Fraction
from typing import NamedTuple

from segue.connectors.simulated.chance import Chance
from segue.core.amounts import half_up, spread
from segue.core.draft import Charge, Destination, Draft, DraftLine, DraftTender
from segue.engine.inbox import order_id
from segue.ports import Person
from segue.sim.trial.dating import STORES, WISHES, dated
from segue.sim.trial.dice import Dice
from segue.sim.trial.discounts import discounted
from segue.sim.trial.goods import BUNDLES, GHOST, HOT, LATER, LOCATIONS, NEXT, PART, SLOW, USUAL, price_of
from segue.sim.trial.setting import ORDERS_OVER_S, START_S, Setting

# Where bundles, or dates, are sold most.
NEWER = (("launch", 0.2), ("drops", 0.17), ("patient", 0.17), ("gifts", 0.14), (WISHES, 0.16), (STORES, 0.16))
NEWER_RATE = 0.5
CHANNELS = (("web", 0.27), ("market", 0.14), ("app", 0.18), ("counter", 0.13), ("atelier", 0.14), ("outlet", 0.14))
# How an order is paid: the kinds of its tenders, and how often.
TENDERS = (
    (("gateway",), 0.5),
    (("gateway", "gateway"), 0.12),
    (("prepaid", "gateway"), 0.06),
    (("adopted",), 0.12),
    (("prepaid",), 0.07),
    (("account",), 0.06),
    (("on_delivery",), 0.05),
    (("account", "on_delivery"), 0.02),
)
# By what means the gateway is paid.
MEANS = (("card", 0.55), ("debit", 0.15), ("wallet", 0.12), ("pay_later", 0.09), ("gift_card", 0.09))
PLACES = (
    (Destination("DE", "", 52.5, 13.4), 0.6),
    (Destination("AT", "", 48.2, 16.4), 0.15),
    (Destination("NL", "", 52.4, 4.9), 0.2),
    (Destination("", missing=("street", "country")), 0.02),
    (Destination("DE", "", 50.1, 8.7, ("street",)), 0.03),
)
CURRENCIES = (("EUR", 0.93), ("JPY", 0.04), ("USD", 0.03))
METHODS = (("standard", 0.8), ("express", 0.18), ("drone", 0.02))
QUANTITIES = ((1, 0.6), (2, 0.25), (3, 0.1), (12, 0.05))
LINES = ((1, 0.5), (2, 0.28), (3, 0.15), (4, 0.07))
OF_WHAT_IS_NEXT = {"launch": 0.5, "drops": 0.5}  # of the lines of a channel
OF_BUNDLES = {"gifts": 0.7, "launch": 0.2, "drops": 0.2}
CHOICES = ("HOT-3", "SKU-04, SKU-06", "2 x HOT-3", "HOT-3, SKU-04, SKU-06", "HOT-3", "4 x SKU-04", "")
PEOPLE_PER_ORDER = 0.6


class Placed(NamedTuple):
    """An order as a customer placed it."""

    number: int
    id: str  # as the engine will call it
    draft: Draft
    person: Person


def dice_of(setting: Setting, number: int) -> Dice:
    """The draws of one order."""
    return Dice(Chance(setting.seed), f"order {number}")


def placed(setting: Setting, number: int) -> Placed:
    """The order with this number; a few repeat the one before."""
    dice = dice_of(setting, number)
    if number > 1 and dice.happens("repeats", 0.03):
        before = placed(setting, number - 1)
        at_s = before.draft.placed_at_s + dice.whole("repeated after", 1, 500)
        draft = _numbered(before.draft, number, at_s)
        return Placed(number, order_id(draft.channel, draft.channel_order_id), draft, before.person)
    draft = dated(_draft(setting, number, dice), dice)
    person = Person(draft.person, f"Customer {draft.person}", f"{draft.person}@example.com")
    return Placed(number, order_id(draft.channel, draft.channel_order_id), draft, person)


def _draft(setting: Setting, number: int, dice: Dice) -> Draft:
    channel = dice.pick("newer channel", NEWER) if dice.happens("newer", NEWER_RATE) else dice.pick("channel", CHANNELS)
    included = dice.happens("taxes included", 0.7)
    plain = tuple(_line(position, channel, dice) for position in range(dice.pick("lines", LINES)))
    lines, grants = discounted(plain, included, dice)
    discount = _percent(sum(_net(line) for line in lines), 10) if dice.happens("coupon", 0.2) else 0
    shipping = 0 if dice.happens("free shipping", 0.4) else 490
    charges = (Charge("gift_wrap", 250),) if dice.happens("gift wrap", 0.1) else ()
    total = _total(lines, discount, shipping, charges, included)
    claimed = total + dice.whole("off by", 1, 500) if dice.happens("does not add up", 0.02) else total
    ship_to = dice.pick("place", PLACES)
    return Draft(
        channel, str(number), _placed_at_s(dice), dice.pick("currency", CURRENCIES), lines, claimed,
        _tenders(number, claimed, dice), shipping, discount_minor=discount, taxes_included=included, charges=charges,
        grants=grants,
        person=f"c{dice.whole('person', 1, max(1, int(setting.orders * PEOPLE_PER_ORDER)))}", ship_to=ship_to,
        ship_to_digest=f"d-{ship_to.country}", bill_country="FR" if dice.happens("abroad", 0.1) else ship_to.country,
        ship_method=dice.pick("method", METHODS), tags=("vip",) if dice.happens("vip", 0.05) else (),
    )  # fmt: skip


def total_of(draft: Draft) -> int:
    """What an order comes to, whatever its channel says. Minor units."""
    return _total(draft.lines, draft.discount_minor, draft.shipping_minor, draft.charges, draft.taxes_included)


def _total(
    lines: tuple[DraftLine, ...], discount: int, shipping: int, charges: tuple[Charge, ...], included: bool
) -> int:
    taxes = 0 if included else sum(line.tax_minor for line in lines)
    return sum(map(_net, lines)) - discount + taxes + shipping + sum(charge.amount_minor for charge in charges)


def _numbered(draft: Draft, number: int, placed_at_s: int) -> Draft:
    """The same order placed once more."""
    tenders = tuple(
        DraftTender(t.kind, t.amount_minor, t.method, f"adopted-{number}" if t.reference else "") for t in draft.tenders
    )
    fields = {name: getattr(draft, name) for name in Draft.__struct_fields__}
    return Draft(**fields | {"channel_order_id": str(number), "placed_at_s": placed_at_s, "tenders": tenders})


def _placed_at_s(dice: Dice) -> int:
    return START_S + dice.whole("placed", 0, ORDERS_OVER_S)


def _line(position: int, channel: str, dice: Dice) -> DraftLine:
    sku = _newer_sku(position, channel, dice) or _sku(position, dice)
    quantity = dice.pick(f"quantity {position}", QUANTITIES)
    price = price_of(sku)
    engraved = channel == "atelier" and dice.happens(f"engraved {position}", 0.5)
    location = LOCATIONS[dice.whole(f"at {position}", 0, 3)] if dice.happens(f"bound {position}", 0.03) else ""
    properties = ({"engraving": "For you"} if engraved else {}) | (_chosen(position, dice) if sku == "OWN" else {})
    return DraftLine(sku, quantity, price, title=f"Thing {sku}", properties=properties, location=location)


def _newer_sku(position: int, channel: str, dice: Dice) -> str:
    """What is sold as one, or before it is out; nothing: another article."""
    if dice.happens(f"next {position}", OF_WHAT_IS_NEXT.get(channel, 0.02)):
        return NEXT[dice.whole(f"which next {position}", 0, len(NEXT) - 1)]
    if channel == "patient" and dice.happens(f"slow {position}", 0.5):
        return SLOW
    if dice.happens(f"bundle {position}", OF_BUNDLES.get(channel, 0.12)):
        return BUNDLES[dice.whole(f"which bundle {position}", 0, len(BUNDLES) - 1)]
    return PART if dice.happens(f"part {position}", 0.01) else ""


def _chosen(position: int, dice: Dice) -> dict[str, str]:
    """What the customer puts in: one of two things, or both, or by mistake too many."""
    return {"extras": CHOICES[dice.whole(f"choice {position}", 0, len(CHOICES) - 1)]}


def _sku(position: int, dice: Dice) -> str:
    drawn = dice.whole(f"kind {position}", 1, 100)
    if drawn <= 30:
        return HOT[dice.whole(f"hot {position}", 0, len(HOT) - 1)]
    if drawn <= 33:
        return LATER[dice.whole(f"later {position}", 0, len(LATER) - 1)]
    return GHOST if drawn == 34 else USUAL[dice.whole(f"usual {position}", 0, len(USUAL) - 1)]


def _tenders(number: int, total: int, dice: Dice) -> tuple[DraftTender, ...]:
    kinds = dice.pick("tenders", TENDERS)
    shares = spread(total, [1] * len(kinds)) if total >= len(kinds) else [total, *([0] * (len(kinds) - 1))]
    means = [dice.pick(f"means {position}", MEANS) for position in range(len(kinds))]
    return tuple(
        DraftTender(kind, share, method, f"adopted-{number}" if kind == "adopted" else "")
        for kind, share, method in zip(kinds, shares, means, strict=True)
    )


def _net(line: DraftLine) -> int:
    return line.price_minor * line.quantity - line.discount_minor


def _percent(amount_minor: int, percent: int) -> int:
    return half_up(Fraction(amount_minor * percent, 100))
