"""Reasons: why these locations and no others, in one form, whichever algorithm has chosen.

The rule is how it was chosen. Of the locations that lost `passed_over` says for each the filter that it failed, or its score
and the better one. Where a workflow has strategies, the figures name the one that was followed, why those before it were
not, and all that there was no more room for: ids by filter, scores by ranking.
"""

from itertools import islice
from typing import Any

from segue.core.base import Because, Value
from segue.core.sourcing.goods import Offer, Plan

PASSED_OVER_MAX = 8  # how many of the locations not chosen are named in the reason
SOFT = "soft"  # the rule by which those fall behind that fail a soft filter

Behind = tuple[Offer, str, float, float]  # not the best; the rule by which it fell behind, its own score, the best one


class Judged(Value):
    """What was thought of the candidates: which were unfit and why, and which soft filters others fail."""

    unfit: dict[str, str]
    soft: dict[str, tuple[str, ...]] = {}
    barred: dict[str, str] = {}  # which lines others may not serve, and why


def reason(
    rule: str, made: Plan, behind: list[Behind], refusal: str, judged: Judged, tried: dict[str, Any] | None = None
) -> Because:
    """Why these locations and not the others. `tried`: the strategy that was followed, and those before it."""
    figures: dict[str, Any] = {"reason" if rule == "split" else "split": refusal} if refusal else {}
    if not made.parcels:
        return because(rule, figures, [], "", judged, tried)
    chosen: dict[str, int] = {}
    for parcel in made.parcels:
        chosen[parcel.location.id] = chosen.get(parcel.location.id, 0) + sum(parcel.units.values())
    others = behind if len(chosen) == 1 else [each for each in behind if each[0].location.id not in chosen]
    return because(rule, figures | {"chosen": chosen}, others, made.parcels[0].location.id, judged, tried)


def because(
    rule: str,
    figures: dict[str, Any],
    others: list[Behind],
    first: str,
    judged: Judged,
    tried: dict[str, Any] | None = None,
) -> Because:
    """The reason, naming at most PASSED_OVER_MAX of those passed over; of the others their number, or where they fail."""
    named = {each[0].location.id: _compared(each, first, judged) for each in others[:PASSED_OVER_MAX]}
    room = PASSED_OVER_MAX - len(named)
    unfit = judged.unfit
    more = len(others) - len(named) + max(0, len(unfit) - room)
    if more:
        figures = figures | {"more_passed_over": more}
    if tried is not None:
        figures = figures | tried
        if more:
            figures["others"] = _others(others[len(named) :], dict(islice(unfit.items(), room, None)))
    return Because(rule, figures, named | dict(islice(unfit.items(), room)))


def _compared(each: Behind, first: str, judged: Judged) -> str:
    offer, rule, own, best = each
    barred = f"; {judged.barred[offer.location.id]}" if offer.location.id in judged.barred else ""
    if not rule:
        return f"equal to {first}, which comes first by name{barred}"
    if rule == SOFT:
        return f"{'; '.join(judged.soft[offer.location.id])}; asked only for what no other has{barred}"
    return f"{rule}: {own:.6g} against {best:.6g} of {first}{barred}"


def _others(behind: list[Behind], unfit: dict[str, str]) -> dict[str, Any]:
    """The rest, compactly: the ids that fail a filter, and by ranking the scores of those that fell behind."""
    rest: dict[str, Any] = {}
    for location, objection in unfit.items():
        rest.setdefault(objection, []).append(location)
    for offer, rule, own, _ in behind:
        rest.setdefault(rule or "equal", {})[offer.location.id] = round(own, 6)
    return rest
