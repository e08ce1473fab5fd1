"""Fences: shares of a SKU's stock that are kept for channels, as pure figures.

A channel takes from its own share first, then from the rest of the pool that its share is a part of, and so on; then from
what is common: what is free and in nobody's share. A share says how many units, and how many of them were taken since; so
it is known at any time what is left, whoever gives back what.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from segue.core.base import Value

EVERYWHERE = ""  # the location of a share that lies over all locations
DEEPEST = 8  # pools within pools
UNITS_MAX = 1_000_000_000

SHIPPED = "shipped"  # why stock moves when a parcel leaves
SENT, BROUGHT, NOT_COLLECTED = "sent_to_store", "brought_to_store", "not_collected"  # to where a customer collects it
TAKEN_BEFORE = (SHIPPED, SENT, BROUGHT, NOT_COLLECTED)  # what moves so was taken of a share when it was allocated


class Fence(Value):
    """A channel's share of a SKU's stock, at a location or over all of them."""

    location: str
    channel: str  # or the name of a pool, that channels' shares are parts of
    units: int = 0  # its share, in all; a pool's with the shares within it
    taken: int = 0  # of it and beyond, by the channel's own orders and carts, since it has the share
    parent: str = ""  # the pool that it is a part of; none: what is common
    safety: int = 0  # of what the channel could promise, so many units it never does


def left_of(fences: Iterable[Fence]) -> dict[str, int]:
    """What is left of each share of one scope, of a pool what is in no share within it.

    What a channel takes beyond its share is taken from its pool.
    """
    known = {fence.channel: fence for fence in fences}
    own = _own(known)
    used = {name: fence.taken for name, fence in known.items()}
    left = {}
    for name in sorted(known, key=lambda name: -len(path_of(known, name))):
        beyond, parent = used[name] - own[name], known[name].parent
        left[name] = max(0, -beyond) if own[name] else 0
        if parent in used and (beyond > 0 or not own[name]):
            used[parent] += beyond
    return left


def _own(known: Mapping[str, Fence]) -> dict[str, int]:
    """The units of each share that are in no share within it."""
    own = {name: fence.units for name, fence in known.items()}
    for fence in known.values():
        if fence.parent in own:
            own[fence.parent] -= fence.units
    return own


def path_of(known: Mapping[str, Fence], channel: str) -> list[str]:
    """The channel's own share, its pool, the pool of that: those that there are."""
    path: list[str] = []
    while channel in known and channel not in path:
        path.append(channel)
        channel = known[channel].parent
    return path


def available(free: int, fences: Sequence[Fence], channel: str) -> int:
    """How many of the free units of one scope a channel may promise: what is left of its shares, and what is common."""
    left = left_of(fences)
    known = {fence.channel: fence for fence in fences}
    path = path_of(known, channel)
    own = sum(left[name] for name in path)
    common = max(0, free - sum(left.values()))
    safety = max((known[name].safety for name in path), default=0)
    return max(0, min(free, own + common) - safety)


def promisable(stock: Mapping[str, int], fences: Sequence[Fence], channel: str) -> dict[str, int]:
    """What a channel may promise of a SKU, by location.

    What is kept for others over all locations is kept where most is free, ties going to the later location.
    """
    found = dict(stock)
    for location in {fence.location for fence in fences} & found.keys():
        found[location] = available(found[location], [each for each in fences if each.location == location], channel)
    everywhere = [each for each in fences if each.location == EVERYWHERE]
    if everywhere:
        free = sum(units for units in found.values() if units > 0)
        kept = free - available(free, everywhere, channel)
        while kept > 0:
            most = max(found, key=lambda name: (found[name], name))
            second = max((units for name, units in found.items() if name != most), default=0)
            some = min(kept, max(1, found[most] - max(second, 0)))
            found[most] -= some
            kept -= some
    return found


def scope_of(fences: Iterable[Fence], location: str) -> str | None:
    """By which shares something at a location counts: those of all locations, or its own; None if it has none."""
    scopes = {fence.location for fence in fences}
    if EVERYWHERE in scopes:
        return EVERYWHERE
    return location if location in scopes else None


def taken_more(fences: tuple[Fence, ...], location: str, channel: str, units: int) -> tuple[Fence, ...]:
    """The shares once a channel has taken so many units at a location; or given back, if they are negative."""
    scope = scope_of(fences, location)
    return tuple(
        replace(each, taken=each.taken + units) if (each.location, each.channel) == (scope, channel) else each
        for each in fences
    )


def reallocated(fences: Sequence[Fence], giving: str, getting: str, units: int) -> tuple[Fence, ...]:
    """The shares of one scope that change when units of one become another's: theirs, and the pools that only one is in."""
    known = {fence.channel: fence for fence in fences}
    out, into = path_of(known, giving), path_of(known, getting)
    less = [replace(known[name], units=known[name].units - units) for name in out if name not in into]
    return (*less, *(replace(known[name], units=known[name].units + units) for name in into if name not in out))


def beyond(free: Mapping[str, int], fences: Iterable[Fence]) -> dict[str, tuple[int, int]]:
    """Where more is kept for channels than is free: by scope, how many units are kept, and how many are free."""
    by_scope: dict[str, list[Fence]] = {}
    for fence in fences:
        by_scope.setdefault(fence.location, []).append(fence)
    everywhere = sum(units for units in free.values() if units > 0)
    found = {
        scope: (sum(left_of(shares).values()), everywhere if scope == EVERYWHERE else max(0, free.get(scope, 0)))
        for scope, shares in by_scope.items()
    }
    return {scope: (kept, there) for scope, (kept, there) in found.items() if kept > there}


def objection(fences: Sequence[Fence]) -> str:
    """Why the shares of a SKU cannot be so; nothing if they can."""
    scopes = {fence.location for fence in fences}
    if EVERYWHERE in scopes and len(scopes) > 1:
        return "a SKU's shares are either over all locations or each at one"
    for scope in sorted(scopes):
        known = {fence.channel: fence for fence in fences if fence.location == scope}
        if wrong := next(filter(None, (_objection(known, name) for name in known)), ""):
            return wrong
        for name, units in _own(known).items():
            if units < 0:
                return f"the shares within {name} come to {known[name].units - units} units, and it has {known[name].units}"
    return ""


def _objection(known: Mapping[str, Fence], name: str) -> str:
    """Why a share cannot lie where it does."""
    fence, path = known[name], path_of(known, name)
    if fence.parent and fence.parent not in known:
        return f"there is no share of {fence.parent} that {name} could lie within"
    if known[path[-1]].parent:
        return f"{name} would lie within itself: {' in '.join([*path, known[path[-1]].parent])}"
    return f"{name} would lie more than {DEEPEST} pools deep" if len(path) > DEEPEST else ""
