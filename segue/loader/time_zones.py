"""Time zones: what the time zone database says of a zone, as a table of its own, so that a decision needs no database."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

from msgspec.structs import replace

from segue.core.calendar import DAY_S, Zone
from segue.core.facts import Location
from segue.loader.problems import Problems
from segue.loader.tree import Node

FIRST_S = int(datetime(2010, 1, 1, tzinfo=UTC).timestamp())
LAST_S = int(datetime(2060, 1, 1, tzinfo=UTC).timestamp())
WEEK_S = 7 * DAY_S  # no zone has put its clocks forward and back again within a week since 2010
ZONES_KEPT = 600


@lru_cache(ZONES_KEPT)
def expanded(name: str) -> Zone:
    """The transitions of a zone from 2010 to 2059; its first and last offset hold before and after."""
    zone = ZoneInfo(name)
    before = _offset(zone, FIRST_S)
    starts, offsets = [], [before]
    for week_s in range(FIRST_S + WEEK_S, LAST_S, WEEK_S):
        after = _offset(zone, week_s)
        if after != before:
            starts.append(_transition(zone, week_s - WEEK_S, week_s))
            offsets.append(after)
            before = after
    return Zone(name, tuple(starts), tuple(offsets))


def _offset(zone: ZoneInfo, at_s: int) -> int:
    ahead = datetime.fromtimestamp(at_s, zone).utcoffset()
    assert ahead is not None, zone
    return int(ahead.total_seconds())


def _transition(zone: ZoneInfo, low_s: int, high_s: int) -> int:
    """The first instant with the offset of the later of two instants."""
    after = _offset(zone, high_s)
    while high_s - low_s > 1:
        middle_s = (low_s + high_s) // 2
        if _offset(zone, middle_s) == after:
            high_s = middle_s
        else:
            low_s = middle_s
    return high_s


def all_expanded(names: Iterable[str]) -> dict[str, Zone]:
    """The zones of these names, as far as there are such."""
    known = available_timezones()
    return {name: expanded(name) for name in sorted(set(names)) if name in known}


@lru_cache(ZONES_KEPT)
def zone_of(name: str) -> Zone | None:
    """The zone of this name; None if there is none."""
    return all_expanded((name,)).get(name)


def with_days(places: Mapping[str, Location], usual: str) -> dict[str, Location]:
    """The locations, those with a capacity with the zone by whose clock their days begin: their own, or the usual one."""
    zones = all_expanded(place.time_zone or usual for place in places.values() if place.capacity is not None)
    return {id: _with_zone(place, zones.get(place.time_zone or usual)) for id, place in places.items()}


def _with_zone(place: Location, zone: Zone | None) -> Location:
    is_needed = place.capacity is not None and zone is not None and (zone.starts or zone.offsets != (0,))
    return replace(place, zone=zone) if is_needed else place


@cache
def database_version() -> str:
    """The version of the time zone database that zones are read from: that of the machine, else that of the package."""
    for folder in map(Path, TZPATH):
        text = folder / "tzdata.zi"
        if text.is_file():
            with text.open(encoding="utf-8") as lines:
                return lines.readline().removeprefix("# version").strip()
        if (folder / "+VERSION").is_file():
            return (folder / "+VERSION").read_text(encoding="utf-8").strip()
        if folder.is_dir():
            return "unknown"
    try:
        return version("tzdata")
    except PackageNotFoundError:
        return "unknown"


def time_zone(node: Node | None, problems: Problems) -> str:
    """The name of a time zone; UTC where none is given."""
    name = "UTC" if node is None else node.text(problems)
    try:
        ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):  # not found, not a name, a folder of zones
        if node is not None:
            problems.add_unknown(node, "time zone", name, sorted(available_timezones()))
    return name
