"""Calendars: the working days of a shop's places and carriers, and how long parcels are under way, from calendars.yaml."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from segue.core.calendar import DAY_S, TRANSIT_DAYS_MAX, Calendar, Closed, Days, Hours, Timing, Transit, hours_of
from segue.core.draft import POSTCODE_AREA
from segue.core.facts import Location
from segue.core.timetable import ANYWHERE
from segue.loader.countries import COUNTRIES
from segue.loader.problems import Problems, shortened
from segue.loader.reading import read_tree
from segue.loader.time_zones import all_expanded, database_version, time_zone
from segue.loader.tree import Node

CALENDARS_FILE = "calendars.yaml"
KEYS = ("calendars", "transit", "customers")
CALENDAR_KEYS = ("week", "cut_off", "pick_up", "holidays", "closed")
TRANSIT_KEYS = ("days", "from", "calendar")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
HOURS = re.compile(r"([0-9:]+)\s*-\s*([0-9:]+)")
YEARLY = re.compile(r"([0-9]{2})-([0-9]{2})")
UNDER_WAY = re.compile(r"([0-9]{1,3})(?:\s*-\s*([0-9]{1,3}))?")
PLACE = re.compile(rf"[A-Z]{{2}}(?:-[A-Z0-9]{{1,3}}| [A-Z0-9]{{1,{POSTCODE_AREA}}})?")
REGION = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
CLOSED_DAYS_MAX = 366
LOOKED_AT = range(date(2024, 1, 1).toordinal(), date(2060, 1, 1).toordinal())  # for an open day
LEAP_YEAR = 2024  # has all days that any year has

Week = dict[int, Hours]


def read_calendars(folder: Path, problems: Problems) -> Node | None:
    """The tree of the file, None if there is none."""
    path = folder / CALENDARS_FILE
    return read_tree(path, CALENDARS_FILE, problems) if path.exists() else None


def names_in(tree: Node | None) -> tuple[str, ...]:
    """The names of the calendars of a file."""
    node = tree.content.get("calendars") if tree is not None and tree.kind == "mapping" else None
    return tuple(node.content) if node is not None and node.kind == "mapping" else ()


def timing_of(
    tree: Node | None, zone: str, places: Mapping[str, Location], methods: Collection[str], problems: Problems
) -> Timing:
    """What a file says of time, with the zones of these places; nothing without it."""
    if tree is None:
        return Timing(zone) if zone == "UTC" else with_zones(Timing(zone), places)
    fields = tree.fields(problems, KEYS)
    entries = fields["calendars"].entries(problems, "calendars by name") if "calendars" in fields else {}
    calendars = {name: _calendar(name, node, problems) for name, node in entries.items()}
    reader = _Transits(places, tuple(calendars), problems)
    transit = {}
    for name, node in (fields["transit"].entries(problems, "shipping methods") if "transit" in fields else {}).items():
        if methods and name not in methods:
            problems.add_unknown(node.place, "shipping method", name, methods)
        transit[name] = reader.transit(node)
    customers = _customers(fields.get("customers"), problems)
    return with_zones(Timing(zone, calendars, {}, transit, database_version(), customers), places)


def with_zones(timing: Timing, places: Mapping[str, Location]) -> Timing:
    """What is said of time, with the zones of these places."""
    names = (timing.zone, *(each.time_zone for each in places.values() if each.time_zone), *timing.customers.values())
    return replace(timing, zones=all_expanded(names))


def _customers(node: Node | None, problems: Problems) -> dict[str, str]:
    """The time zones of customers by where they are: `{US-CA: America/Los_Angeles, US: America/New_York}`."""
    entries = node.entries(problems, "time zones by country or region") if node is not None else {}
    for place, value in entries.items():
        if place != ANYWHERE and (not REGION.fullmatch(place) or place[:2] not in COUNTRIES):
            hint = "write it like DE, US-NY, or * for all others"
            problems.add(value.place, f"`{shortened(place)}` is no country and no region of one", hint)
    return {place: time_zone(value, problems) for place, value in entries.items()}


def _calendar(name: str, node: Node, problems: Problems) -> Calendar:
    fields = node.fields(problems, CALENDAR_KEYS, required=("week",))
    before = len(problems)
    week = _week(fields["week"], problems) if "week" in fields else {}
    if "week" in fields and not week and len(problems) == before:
        problems.add(
            fields["week"].place, f"the calendar `{name}` has no working day", "write it as `mon-fri: 08:00-17:00`"
        )
    picked = _times(fields.get("pick_up"), week, "pick-up", problems)
    if early := [WEEKDAYS[day] for day, at_s in picked.items() if at_s < week[day].opens_s]:
        problems.add(fields["pick_up"], f"the pick-up on {', '.join(early)} is before the place opens")
    cut_offs = _times(fields.get("cut_off"), week, "cut-off", problems)
    whole = [
        Hours(
            each.opens_s,
            each.closes_s,
            min(cut_offs.get(day, each.closes_s), each.closes_s),
            min(picked.get(day, each.closes_s), each.closes_s),
        )
        if (each := week.get(day))
        else None
        for day in range(7)
    ]
    holidays = list(_holidays(fields.get("holidays"), problems))
    made = Calendar(
        tuple(whole),
        frozenset(day for day in holidays if isinstance(day, date)),
        frozenset(day for day in holidays if not isinstance(day, date)),
        tuple(_closed(fields.get("closed"), problems)),
    )
    if week and not any(hours_of(made, day) for day in LOOKED_AT):
        problems.add(
            node.place, f"the calendar `{name}` has no open day: all of its working days are holidays or closed"
        )
    return made


def _week(node: Node, problems: Problems) -> Week:
    """The hours by day: `mon-fri: 08:00-18:00`."""
    found: Week = {}
    for key, value in node.entries(problems, "hours by day, such as `mon-fri: 08:00-18:00`").items():
        hours = _hours(value, problems)
        for day in _weekdays(key, value, problems):
            if day in found:
                problems.add(value.place, f"{WEEKDAYS[day]} is given twice")
            found[day] = hours
    return found


def _weekdays(text: str, node: Node, problems: Problems) -> range:
    """`mon` or `mon-fri`, counted from Monday."""
    first, _, last = text.partition("-")
    for word in (first, last or first):
        if word not in WEEKDAYS:
            problems.add_unknown(node.place, "day", word, WEEKDAYS)
            return range(0)
    days = range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)
    if not days:
        problems.add(node.place, f"`{text}` goes backwards", "a week begins with mon")
    return days


def _hours(node: Node, problems: Problems) -> Hours:
    text = node.text(problems, "hours such as 08:00-18:00")
    found = HOURS.fullmatch(text)
    if found is None:
        if text:
            problems.add(
                node, f"`{shortened(text)}` are no hours", "write them like 08:00-18:00; other days are left out"
            )
        return Hours()
    opens_s, closes_s = _time(found[1], node, problems), _time(found[2], node, problems)
    if opens_s is None or closes_s is None:
        return Hours()
    if closes_s <= opens_s:
        problems.add(
            node, f"it closes at {found[2]}, before it opens", "what goes past midnight belongs to the next day"
        )
    return Hours(opens_s, closes_s)


def _time(text: str, node: Node, problems: Problems) -> int | None:
    """Seconds since midnight."""
    found = TIME.fullmatch(text)
    at_s = int(found[1]) * 3_600 + int(found[2]) * 60 if found else None
    if at_s is None or at_s > DAY_S or (found and int(found[2]) > 59):
        problems.add(node, f"`{shortened(text)}` is no time of a day", "write it like 14:00, up to 24:00")
        return None
    return at_s


def _times(node: Node | None, week: Week, what: str, problems: Problems) -> dict[int, int]:
    """A time for each working day: one for all of them, or by day."""
    if node is None:
        return {}
    found: dict[int, int] = {}
    if node.kind != "mapping":
        at_s = _time(node.text(problems, "a time such as 14:00"), node, problems)
        return dict.fromkeys(week, at_s) if at_s is not None else {}
    for key, value in node.content.items():
        at_s = _time(value.text(problems, "a time such as 14:00"), value, problems)
        for day in _weekdays(key, value, problems):
            if day not in week:
                problems.add(value.place, f"there is a {what} on {WEEKDAYS[day]}, when nobody works")
            elif at_s is not None:
                found[day] = at_s
    return found


def _holidays(node: Node | None, problems: Problems) -> Iterator[date | tuple[int, int]]:
    """Single days as dates, those of each year as month and day."""
    for item in node.items(problems, "a list of days") if node is not None else []:
        text = item.text(problems, "a day")
        yearly = YEARLY.fullmatch(text)
        try:
            if yearly:
                day = date(LEAP_YEAR, int(yearly[1]), int(yearly[2]))
                yield day.month, day.day
            elif text:
                yield date.fromisoformat(text)
        except ValueError:
            hint = "write it like 2026-12-24, or 12-25 for each year"
            problems.add(item, f"`{shortened(text)}` is no day", hint)


def _closed(node: Node | None, problems: Problems) -> Iterator[Closed]:
    for item in node.items(problems, "a list of periods") if node is not None else []:
        fields = item.fields(problems, ("from", "until"), required=("from", "until"))
        days = [_day(fields[key], problems) for key in ("from", "until") if key in fields]
        if len(days) < 2 or None in days:
            continue
        first, last = (day for day in days if day is not None)
        if last < first:
            problems.add(fields["until"], "it ends before it begins", "`until` is the last day without work")
        elif (last - first).days >= CLOSED_DAYS_MAX:
            problems.add(
                item, f"a place is closed for {CLOSED_DAYS_MAX} days at most", "let its location be `active: false`"
            )
        else:
            yield Closed(first, last)


def _day(node: Node, problems: Problems) -> date | None:
    text = node.text(problems, "a day")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems.add(node, f"`{shortened(text)}` is no day", "write it like 2026-12-24")
        return None


class _Transits:
    """Reads how long parcels of each method are under way."""

    def __init__(self, places: Mapping[str, Location], calendars: Collection[str], problems: Problems) -> None:
        self.places = places
        self.calendars = calendars
        self.problems = problems

    def transit(self, node: Node) -> Transit:
        """`1-2`, or `{days: {DE: 1, "*": 3-6}, from: {MUC: {DE: 1}}, calendar: parcels}`."""
        if node.kind != "mapping":
            return Transit(self._by_place(node))
        fields = node.fields(self.problems, TRANSIT_KEYS, required=("days",))
        calendar = fields["calendar"].choice(self.problems, "calendar", self.calendars) if "calendar" in fields else ""
        origins = {}
        for name, value in (fields["from"].entries(self.problems) if "from" in fields else {}).items():
            if name not in self.places:
                self.problems.add_unknown(value.place, "location", name, self.places)
            origins[name] = self._by_place(value)
        return Transit(self._by_place(fields["days"]) if "days" in fields else {}, origins, calendar)

    def _by_place(self, node: Node) -> dict[str, Days]:
        if node.kind != "mapping":
            return {ANYWHERE: self._days(node)}
        for place, value in node.content.items():
            if place != ANYWHERE and (not PLACE.fullmatch(place) or place[:2] not in COUNTRIES):
                hint = "write it like DE, US-NY, `DE 803` for how a postcode begins, or * for all others"
                self.problems.add(value.place, f"`{shortened(place)}` is no country and no part of one", hint)
        return {place: self._days(value) for place, value in node.content.items()}

    def _days(self, node: Node) -> Days:
        text = node.text(self.problems, "days")
        found = UNDER_WAY.fullmatch(text)
        if found is None:
            if text:
                self.problems.add(node, f"`{shortened(text)}` are no days", "write them like 2, or 1-3")
            return 0, 0
        fewest, most = int(found[1]), int(found[2] or found[1])
        if not fewest <= most <= TRANSIT_DAYS_MAX:
            self.problems.add(node, f"`{text}` is out of range", f"the fewest first, {TRANSIT_DAYS_MAX} at most")
        return fewest, most
