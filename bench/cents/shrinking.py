"""Shrinking: of a life in which product and model differ, the shortest part in which they still do."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from bench.cents.basket import Basket, Wanted, amounts_of
from bench.cents.giving_back import Terms
from bench.cents.trial import Case, played_again

TRIES_MAX = 3_000


def shrunk(case: Case) -> Case:
    """The case, made smaller as long as something differs in it. What happens at its end by itself stands in it too."""
    tries = 0
    smaller = case
    while True:
        for candidate in _smaller(smaller):
            tries += 1
            found = played_again(candidate)
            if found.detail:
                smaller = replace(candidate, detail=found.detail)
                break
            if tries > TRIES_MAX:
                return smaller
        else:
            return smaller


def _smaller(case: Case) -> Iterator[Case]:
    count = len(case.steps)
    size = count
    while size:
        for start in range(0, count, size):
            yield replace(case, steps=case.steps[:start] + case.steps[start + size :])
        size //= 2
    plain = (
        Terms(case.terms.capture),
        replace(case.terms, shipping=""),
        replace(case.terms, fee=0, fee_share=Fraction(0)),
    )
    yield from (replace(case, terms=terms) for terms in plain if terms != case.terms)
    for basket in _simpler(case.basket):
        if _is_sound(basket):
            yield replace(case, basket=basket)


def _is_sound(basket: Basket) -> bool:
    """Whether it could be bought: nothing negative to pay, no promotion on what is not there or has nothing off."""
    amounts = amounts_of(basket)
    there = {number: line.quantity for number, line in enumerate(basket.lines, 1)}
    groups = [group for promotion in basket.promotions for group in promotion.group.items()]
    given: dict[int, int] = {}
    for promotion in basket.promotions:
        for line, off in promotion.given.items():
            given[line] = given.get(line, 0) + off
    if amounts.total < 0 or any(count > there.get(line, 0) for line, count in groups):
        return False
    return all(line in there and off <= amounts.lines[line - 1].discount for line, off in given.items())


def _simpler(basket: Basket) -> Iterator[Basket]:
    """Baskets with a line, a tender or an amount less."""
    nothing = Fraction(0)
    if len(basket.lines) > 1:
        yield from (
            replace(basket, lines=[*basket.lines[:n], *basket.lines[n + 1 :]]) for n in range(len(basket.lines))
        )
    if len(basket.tenders) > 1:
        yield from (
            replace(basket, tenders=[*basket.tenders[:n], *basket.tenders[n + 1 :]]) for n in range(len(basket.tenders))
        )
    for number in range(len(basket.promotions)):
        yield replace(basket, promotions=[*basket.promotions[:number], *basket.promotions[number + 1 :]])
    plain = [replace(basket, off_share=nothing, off_amount=0), replace(basket, shipping=0), replace(basket, charges={})]
    plain += [
        replace(basket, shipping_rate=nothing),
        replace(basket, included=False),
        replace(basket, tax_by_line=True),
    ]
    yield from (each for each in plain if each != basket)
    for number, line in enumerate(basket.lines):
        for other in _simpler_line(line):
            yield replace(basket, lines=[*basket.lines[:number], other, *basket.lines[number + 1 :]])


def _simpler_line(line: Wanted) -> Iterator[Wanted]:
    others = (
        replace(line, off_share=Fraction(0), off_amount=0), replace(line, rates=()), replace(line, rates=line.rates[:1]),
        replace(line, quantity=1), replace(line, quantity=line.quantity - 1), replace(line, price=10),
        replace(line, price=line.price // 10), replace(line, price=line.price - 1),
    )  # fmt: skip
    yield from (other for other in others if other.quantity and other.price >= 0 and _size(other) < _size(line))


def _size(line: Wanted) -> tuple[int, int, int]:
    return (line.quantity, len(line.rates) + bool(line.off_share) + bool(line.off_amount), line.price)
