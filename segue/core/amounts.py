"""Amounts: integer minor units, spread without a cent lost. The rules M1-M7 of docs/reference/money.md."""

from collections.abc import Sequence
from fractions import Fraction

from segue.core.base import Refusal, Refused
from segue.core.tally import Units

# ISO 4217: the currencies whose minor unit is not a hundredth; all others in CURRENCIES have two digits.
EXPONENTS = {
    "BHD": 3, "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KMF": 0, "KRW": 0, "KWD": 3,
    "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip
CURRENCIES = frozenset(EXPONENTS) | frozenset(
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP "
    "CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS "
    "KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD "
    "PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP "
    "TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG".split()
)

MINOR_MAX = 10**15  # an amount is below

MoneyTally = dict[str, int]


def exponent(currency: str) -> int:
    """How many digits the currency has behind the point: 2 for EUR, 0 for JPY, 3 for KWD."""
    return EXPONENTS.get(currency, 2)


def decimal(amount_minor: int, currency: str) -> str:
    """An amount in the currency's larger unit, with all the digits that it has: 12.50, 1250, -0.005."""
    digits = exponent(currency)
    whole, rest = divmod(abs(amount_minor), 10**digits)
    fraction = f".{rest:0{digits}}" if digits else ""
    return f"{'-' if amount_minor < 0 else ''}{whole}{fraction}"


def money(amount_minor: int, currency: str) -> str:
    """An amount with its currency: `34.99 USD`, `1000 JPY`."""
    return f"{decimal(amount_minor, currency)} {currency}"


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """Spread an amount over weights by largest remainder; ties go to the lower position; the sum is exact (M3).

    Weights are not negative. If all are 0, nothing can carry the amount and it must be 0.
    """
    if amount == 0:
        return [0] * len(weights)
    total = sum(weights)
    assert total, "an amount needs something to carry it"
    if amount < 0:
        return [-share for share in spread(-amount, weights)]
    exact = [amount * weight for weight in weights]
    shares = [each // total for each in exact]
    if left := amount - sum(shares):
        remainders = [each % total for each in exact]
        by_remainder = sorted(range(len(weights)), key=remainders.__getitem__, reverse=True)  # a stable sort
        for position in by_remainder[:left]:
            shares[position] += 1
    return shares


def half_up(exact: Fraction) -> int:
    """Round to a whole number, halves away from zero (M2)."""
    top, bottom = abs(exact.numerator), exact.denominator
    rounded = (2 * top + bottom) // (2 * bottom)
    return -rounded if exact < 0 else rounded


def of_units(amount: int, quantity: int, units: Units) -> int:
    """The share of some units in a line's amount: equal parts, the extra cents on the lowest unit numbers (M4)."""
    if units == ((1, quantity),):
        return amount
    share, extra = divmod(amount, quantity)
    total = 0
    for first, last in units:
        total += share * (last - first + 1)
        if first <= extra:
            total += min(last, extra) - first + 1
    return total


def move_money(tally: MoneyTally, source: str, target: str, amount: int) -> MoneyTally:
    """Move an amount from one state of a payment to another. The total never changes.

    Refused with REFUND_TOO_LARGE or UNITS_NOT_THERE if the source holds less.
    """
    here = tally.get(source, 0)
    if amount > here:
        refusal = Refusal.REFUND_TOO_LARGE if source == "captured" else Refusal.UNITS_NOT_THERE
        raise Refused(refusal, f"{amount} asked for, {here} is {source}")
    if here == amount and len(tally) == 1:  # as it mostly is: all of it moves
        return {target: amount}
    moved = {state: held for state, held in tally.items() if state != source}
    if here > amount:
        moved[source] = here - amount
    moved[target] = moved.get(target, 0) + amount
    return moved
