"""The naive model: how many units a channel may promise, by counting. It knows nothing of the product."""

from collections.abc import Mapping
from typing import NamedTuple

Taken = Mapping[tuple[str, str], int]  # by channel and place


class Share(NamedTuple):
    """What is kept for a channel, or is a pool of channels."""

    units: int
    safety: int = 0
    pool: str = ""
    before: int = 0  # what its channel had taken when it was given the share


def entitled(free: Mapping[str, int], taken: Taken, shares: Mapping[str, Share], scope: str, channel: str) -> int:
    """What is free but for what others' shares still keep. Shares are of one place, or of all if it has no name."""
    there = free[scope] if scope else sum(free.values())
    elsewhere = sum(free.values()) - there
    used = {name: _taken(taken, name, scope) - share.before for name, share in shares.items()}
    members = {name: share for name, share in shares.items() if share.pool}
    own = {
        name: share.units - sum(each.units for each in members.values() if each.pool == name)
        for name, share in shares.items()
    }
    for name, share in members.items():
        if used[name] > share.units or share.units == 0:
            used[share.pool] += used[name] - share.units
    rest = {name: max(0, own[name] - used[name]) if own[name] else 0 for name in shares}
    mine = shares.get(channel, Share(0))
    reach = rest.get(channel, 0) + rest.get(mine.pool, 0) + max(0, there - sum(rest.values()))
    return max(0, min(there, reach) - mine.safety) + elsewhere


def _taken(taken: Taken, channel: str, scope: str) -> int:
    return sum(units for (name, place), units in taken.items() if name == channel and scope in ("", place))
