"""Giving: what a promotion gives is laid on the parts of a basket; parts of which only some units get it are cut."""

from segue.core.amounts import spread
from segue.core.pricing.basket import Basket, Gift, Part, Share, Stake

Entry = tuple[int, int, int, int]  # first and last unit, the gift's number, minor units off


def give(basket: Basket, gifts: tuple[Gift, ...], first_number: int, prorated: bool) -> None:
    """Lay gifts on the basket, numbered from `first_number`.

    `prorated` spreads each over all of its group by what is left to pay, so that each piece carries its share (M8).
    """
    by_part: dict[int, list[Entry]] = {}
    for number, gift in enumerate(gifts, first_number):
        for share in _shares(gift, prorated):
            assert 0 <= share.off_minor <= share.left_minor, "a discount takes off at most what is left to pay"
            by_part.setdefault(share.part, []).append((share.first, share.last, number, share.off_minor))
    basket.parts = [
        piece
        for position, part in enumerate(basket.parts)
        for piece in (_laid(part, sorted(by_part[position])) if position in by_part else (part,))
    ]


def _shares(gift: Gift, prorated: bool) -> tuple[Share, ...]:
    """All shares of a gift's group, with what is taken off each."""
    group = gift.given + gift.bought
    if not prorated or not gift.bought:
        return group
    offs = spread(sum([share.off_minor for share in gift.given]), [share.left_minor for share in group])
    return tuple([share._replace(off_minor=off) for share, off in zip(group, offs, strict=True)])


def _laid(part: Part, entries: list[Entry]) -> list[Part]:
    """The pieces of a part, each with what its units got, so that the units of a piece cost the same, to a cent."""
    runs: list[list[Entry]] = []
    end = 0
    for entry in entries:
        assert entry[0] > end, "a unit gets one gift of a promotion at most"
        if entry[0] > end + 1:
            _put(runs, (end + 1, entry[0] - 1, 0, 0))
        _put(runs, entry)
        end = entry[1]
    if end < part.quantity:
        _put(runs, (end + 1, part.quantity, 0, 0))
    return [_piece(part, run, alone=len(runs) == 1) for run in runs]


def _put(runs: list[list[Entry]], entry: Entry) -> None:
    """Add units to the last run if they get what its units get, to a cent; else they begin another run."""
    if runs and _alike([*runs[-1], entry]):
        runs[-1].append(entry)
    else:
        runs.append([entry])


def _alike(entries: list[Entry]) -> bool:
    if any(off == 0 for _, _, _, off in entries):
        return all(off == 0 for _, _, _, off in entries)
    least = min([off // (last - first + 1) for first, last, _, off in entries])
    most = max([-(-off // (last - first + 1)) for first, last, _, off in entries])
    return most - least <= 1


def _piece(part: Part, run: list[Entry], alone: bool) -> Part:
    start = run[0][0]
    piece = part if alone else part.cut(start, run[-1][1])
    stakes: tuple[Stake, ...] = tuple(
        [(number, first - start + 1, last - start + 1) for first, last, number, _ in run if number]
    )
    if stakes:
        piece.put(sum([off for _, _, _, off in run]), stakes)
    return piece
