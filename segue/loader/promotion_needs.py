"""What a promotion needs, from YAML: amounts, goods, codes, tiers, channels, countries, and from when until when."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from segue.core.facts import Item
from segue.core.promotion import Bought, Goods, Needs, Promotion
from segue.loader.declared import Registry
from segue.loader.goods import CATALOG_FILE, check_country
from segue.loader.problems import Problems, did_you_mean, shortened
from segue.loader.tree import Node

NEEDS_KEYS = (
    "subtotal_from", "paid_from", "subtotal_of", "items", "codes", "tiers", "methods", "channels", "countries",
)  # fmt: skip
GOODS_KEYS = ("skus", "tags")
CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,39}")
AMOUNT_MAX = 10**12
UNITS_MAX = 10_000


class Around(NamedTuple):
    """What promotions may refer to."""

    registry: Registry
    zone: tzinfo  # in which days begin
    items: Mapping[str, Item] = {}  # none: the catalog is elsewhere
    methods: Collection[str] = ()
    channels: Collection[str] = ()
    currency: str = ""
    tiers: Collection[str] = ()


def needs(node: Node, around: Around, problems: Problems) -> Needs:
    """What has to be so."""
    fields = node.fields(problems, NEEDS_KEYS)
    if "subtotal_from" in fields and "paid_from" in fields:
        hint = "`subtotal_from` counts list prices, `paid_from` what is left after other discounts"
        problems.add(fields["paid_from"].place, "name one of `subtotal_from` and `paid_from`", hint)
    if "subtotal_of" in fields and not {"subtotal_from", "paid_from"} & fields.keys():
        problems.add(fields["subtotal_of"].place, "`subtotal_of` needs `subtotal_from` or `paid_from`")
    bought = fields["items"].items(problems, "a list of goods") if "items" in fields else []
    return Needs(
        subtotal_from_minor=_amount(fields.get("subtotal_from"), problems),
        paid_from_minor=_amount(fields.get("paid_from"), problems),
        subtotal_of=_goods(fields["subtotal_of"], around, problems) if "subtotal_of" in fields else Goods(),
        items=tuple(_bought(item, around, problems) for item in bought),
        codes=_codes(fields.get("codes"), problems),
        tiers=_some(fields.get("tiers"), "tier", around.tiers, problems),
        methods=_some(fields.get("methods"), "shipping method", around.methods, problems),
        channels=_some(fields.get("channels"), "channel", around.channels, problems),
        countries=_countries(fields.get("countries"), problems),
    )


def _amount(node: Node | None, problems: Problems) -> int:
    return 0 if node is None else node.integer(problems, 1, AMOUNT_MAX)


def _bought(node: Node, around: Around, problems: Problems) -> Bought:
    fields = node.fields(problems, (*GOODS_KEYS, "count"))
    count = fields["count"].integer(problems, 1, UNITS_MAX) if "count" in fields else 1
    return Bought(_goods_in(fields, around, problems), count)


def _goods(node: Node, around: Around, problems: Problems) -> Goods:
    return _goods_in(node.fields(problems, GOODS_KEYS), around, problems)


def _goods_in(fields: dict[str, Node], around: Around, problems: Problems) -> Goods:
    return Goods(*(named_goods(fields[key], key, around, problems) if key in fields else () for key in GOODS_KEYS))


def named_goods(node: Node, key: str, around: Around, problems: Problems) -> tuple[str, ...]:
    """SKUs or tags, each of which an item of the catalog has, if there is a catalog."""
    named = _some(node, "", (), problems)
    if around.items:
        what = "SKU" if key.endswith("skus") else "tag"
        known = around.items if what == "SKU" else {tag for item in around.items.values() for tag in item.tags}
        for item in node.items(Problems()):
            if item.kind == "scalar" and item.content not in known:
                hint = did_you_mean(item.content, sorted(known))
                where = f"is not in {CATALOG_FILE}" if what == "SKU" else f"is on no item of {CATALOG_FILE}"
                problems.add(item, f"the {what} `{shortened(item.content)}` {where}", hint)
    return named


def _codes(node: Node | None, problems: Problems) -> tuple[str, ...]:
    codes = tuple(code.upper() for code in _some(node, "", (), problems))
    for item in node.items(Problems()) if node else []:
        if item.kind == "scalar" and item.content and not CODE.fullmatch(item.content.upper()):
            hint = "use letters, digits, `-` and `_`"
            problems.add(item, f"`{shortened(item.content)}` cannot be a code", hint)
    return codes


def _countries(node: Node | None, problems: Problems) -> tuple[str, ...]:
    for item in node.items(Problems()) if node else []:
        check_country(item, problems)
    return _some(node, "", (), problems)


def _some(node: Node | None, what: str, known: Collection[str], problems: Problems) -> tuple[str, ...]:
    """A list of texts that is not empty, each a known one if it is said what they are."""
    if node is None:
        return ()
    items = node.items(problems, "a list")
    if not items and (node.kind == "list" or node.is_nothing):
        problems.add(node.place, "an empty list fits nothing", "leave it out if it does not matter")
    return tuple(item.choice(problems, what, known) if what else item.text(problems) for item in items)


def period(
    fields: dict[str, Node], zone: tzinfo, problems: Problems, what: str = "promotion"
) -> tuple[int | None, int | None]:
    """From when, and the first instant at which it is over. A day as its end is the last one."""
    from_s = _instant(fields["from"], zone, problems, day_after=False) if "from" in fields else None
    until_s = _instant(fields["until"], zone, problems, day_after=True) if "until" in fields else None
    if from_s is not None and until_s is not None and until_s <= from_s:
        problems.add(fields["until"].place, f"the {what} is over before it begins", "are the dates reversed?")
    return from_s, until_s


def _instant(node: Node, zone: tzinfo, problems: Problems, day_after: bool) -> int | None:
    """A day, or a day and a time; in the shop's time zone unless it names another one."""
    text = node.text(problems, "a date")
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            day = date.fromisoformat(text) + timedelta(days=1 if day_after else 0)
            return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
        at = datetime.fromisoformat(text)
        return int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp())
    except (ValueError, OverflowError):
        if text:
            problems.add(node, f"`{shortened(text)}` is not a date", "write it as 2026-12-01 or 2026-12-01T18:00")
        return None


def check_needs(promotion: Promotion, fields: dict[str, Node], problems: Problems) -> None:
    """What can never come true together, and what nothing could ever undo."""
    needed = promotion.needs
    percents = getattr(promotion.give, "keywords", {}).get("percents")
    if percents is not None and needed.tiers and not set(needed.tiers) & set(percents):
        problems.add(fields["needs"].place, "it gives nothing to any of the tiers that it needs")
    reclaims = promotion.on_return == "reclaim" and promotion.level != "goods"
    if reclaims and not (needed.subtotal_from_minor or needed.paid_from_minor or needed.items):
        hint = "name what has to be bought under `needs`, or write prorate or keep"
        problems.add(fields["on_return"], "no return could undo it, so nothing can be reclaimed", hint)
