"""Calendars: when the locations of a scenario's shop work, and how long parcels are under way."""

from msgspec.structs import replace

from segue.loader.calendars import timing_of
from segue.loader.goods import handling_of
from segue.loader.problems import Problems
from segue.loader.time_zones import time_zone, with_days
from segue.loader.tree import Node
from segue.scenario.forms import Field, Form, Kind
from segue.scenario.kinds import TEXT
from segue.scenario.setting import Setting

TIMED: Form = {
    "time_zone": Field(
        Kind(lambda node, words: time_zone(node, words.problems), {"type": "string"}, "a time zone"),
        "in which it works, by its IANA name; the shop's",
    ),
    "calendar": Field(TEXT, "the calendar that it keeps; none: it works around the clock"),
    "handling": Field(
        Kind(lambda node, words: handling_of(node, words.problems), {"type": "object"}, "`{days: 1, hours: 4}`"),
        "how long it needs until an order can leave",
    ),
}
CALENDARS: Form = {
    "time_zone": Field(
        Kind(lambda node, words: time_zone(node, words.problems), {"type": "string"}, "a time zone"),
        "the shop's, by its IANA name; UTC for the default shop",
    ),
    "calendars": Field(
        Kind(lambda node, words: node, {"type": "object"}, "calendars and days under way"),
        "calendars and days under way, as in calendars.yaml, instead of those of the shop",
    ),
}


def with_calendars(setting: Setting, fields: dict[str, Node], problems: Problems) -> Setting:
    """The setting with these calendars, if any are given."""
    shop = setting.shop
    if "time_zone" in fields:
        shop = replace(shop, time_zone=time_zone(fields["time_zone"], problems))
    if "calendars" in fields:
        timing = timing_of(fields["calendars"], shop.time_zone, shop.locations, shop.shipping_methods, problems)
        shop = replace(shop, timing=timing)
    shop = replace(shop, locations=with_days(shop.locations, shop.time_zone))
    for place in shop.locations.values():
        if place.calendar and place.calendar not in shop.timing.calendars and "locations" in fields:
            problems.add_unknown(fields["locations"].place, "calendar", place.calendar, shop.timing.calendars)
    return replace(setting, shop=shop)
