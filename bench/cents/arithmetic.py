"""The arithmetic of the model, from MONEY.md alone: M2 rounding, M3 spreading, M4 units. Exact fractions throughout.

Nothing here knows Segue: it is the rules written down a second time, to be read beside them.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import floor

HALF = Fraction(1, 2)


def rounded(exact: Fraction) -> int:
    """M2: half up, half away from zero."""
    return floor(exact + HALF) if exact >= 0 else -floor(-exact + HALF)


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """M3: largest remainder; ties to the lower position; weight 0 gets 0; the sum is exact."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    sign = -1 if amount < 0 else 1
    exact = [Fraction(abs(amount) * weight, total) for weight in weights]
    shares = [floor(share) for share in exact]
    left = abs(amount) - sum(shares)
    by_remainder = sorted(range(len(weights)), key=lambda i: (shares[i] - exact[i], i))
    for position in by_remainder[:left]:
        shares[position] += 1
    return [sign * share for share in shares]


def over_units(amount: int, quantity: int) -> list[int]:
    """M4: as M3 with equal weights, so the extra cents lie on the lowest unit numbers."""
    each = floor(Fraction(abs(amount), quantity))
    extra = abs(amount) - each * quantity
    sign = -1 if amount < 0 else 1
    return [sign * (each + (number < extra)) for number in range(quantity)]


def tax_on(net: int, rate: Fraction) -> int:
    """M6, exclusive: round(net x rate)."""
    return rounded(net * rate)


def tax_in(gross: int, rate: Fraction, all_rates: Fraction) -> int:
    """M6, inclusive: round(gross x rate / (1 + rate)); several taxes are in it side by side."""
    return rounded(gross * rate / (1 + all_rates))
