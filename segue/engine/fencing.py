"""Fencing: what is kept of a SKU for which channel, said, said anew, and made another's."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from segue.core.fences import Fence, left_of, reallocated
from segue.engine.fresh import until_fresh
from segue.engine.taking import Desk
from segue.ports import Batch, FenceChange, Needs, NotThere, Stocked


def fence(desk: Desk, sku: str, shares: Iterable[Fence]) -> tuple[Fence, ...]:
    """These are the shares of channels now. Raises Unwritable if they contradict each other or others."""
    return _fence(desk, sku, [FenceChange(sku, each) for each in shares])


def refence(desk: Desk, sku: str, key: tuple[str, str], said: Mapping[str, Any]) -> tuple[Fence, ...]:
    """Of the share of a location and a channel this is said now, and the rest stays. Raises Unwritable, as `fence` does."""

    def attempt() -> tuple[Fence, ...]:
        known = next((each for each in fences_of(desk, sku) if (each.location, each.channel) == key), Fence(*key))
        return _fence(desk, sku, [FenceChange(sku, replace(known, **said), known.units)])

    return until_fresh(attempt)


def reallocate(desk: Desk, sku: str, units: int, between: tuple[str, str], location: str = "") -> tuple[Fence, ...]:
    """Units of one channel's share become another's, as far as they are left. Raises NotThere."""

    def attempt() -> tuple[Fence, ...]:
        known = [each for each in fences_of(desk, sku) if each.location == location]
        left = left_of(known)
        if lacking := [name for name in between if name not in left]:
            raise NotThere(
                f"{lacking[0]} has no share of {sku} {f'at {location}' if location else 'over all locations'}"
            )
        giving, getting = between
        if units > left[giving]:
            raise NotThere(f"of the share of {giving} {left[giving]} units are left, and not {units}")
        sizes = {each.channel: each.units for each in known}
        changed = reallocated(known, giving, getting, units)
        return _fence(desk, sku, [FenceChange(sku, each, sizes[each.channel]) for each in changed])

    return until_fresh(attempt)


def fences_of(desk: Desk, sku: str) -> tuple[Fence, ...]:
    """The shares of a SKU as they are stored."""
    return desk.store.load(Needs(stock=frozenset((sku,)), now_s=desk.now_s)).fences.get(sku, ())


def _fence(desk: Desk, sku: str, changes: Sequence[FenceChange]) -> tuple[Fence, ...]:
    desk.store.commit(Batch(desk.now_s, stocked=Stocked(desk.by, fences=tuple(changes)), swept=frozenset((sku,))))
    return fences_of(desk, sku)
