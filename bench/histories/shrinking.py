"""Shrinking: of a history that goes wrong, the shortest part that still does."""

from collections.abc import Iterator
from dataclasses import replace

from bench.histories.trial import Case, alone

TRIES_MAX = 500


def shrunk(case: Case) -> Case:
    """The history, made shorter as long as something goes wrong in it."""
    tries = 0
    while tries < TRIES_MAX:
        for shorter in _shorter(case):
            tries += 1
            if alone(shorter).detail:
                case = shorter
                break
        else:
            return case
    return case


def _shorter(case: Case) -> Iterator[Case]:
    """Without some of its steps, the most first; then without what gets in between."""
    size = len(case.steps) // 2 or 1
    while size:
        for start in range(0, len(case.steps), size):
            yield replace(case, steps=case.steps[:start] + case.steps[start + size :])
        size //= 2
    for number, step in enumerate(case.steps):
        for at in range(len(step.between)):
            less = replace(step, between=step.between[:at] + step.between[at + 1 :])
            yield replace(case, steps=(*case.steps[:number], less, *case.steps[number + 1 :]))
