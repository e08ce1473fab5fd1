"""Costs: what the parcels of a plan cost the shop, as the reason of an allocation names it."""

from collections.abc import Iterator, Mapping
from typing import Any

from segue.core.explain.words import Tale, listed
from segue.core.lanes import MILLS

FIGURES = (  # of a reason that are told here, or are there only to make the decision again
    "cost_mills", "parcels", "carriers", "alone_mills", "opportunity", "nothing_of_wave",
)  # fmt: skip
MORE = "others"  # told here too, where there are parcels with their costs
ON_TOP = (  # what a parcel may cost beside its rate, and how it is called
    ("handling_mills", "+", "handling"),
    ("opportunity_mills", "+", "as it is worth more where it is"),
    ("late_mills", "+", "as it comes late"),
    ("markdown_mills", "-", "as it loses its value there"),
)


def costs(figures: Mapping[str, Any], tale: Tale) -> Iterator[str]:
    """Parcel by parcel: `Dallas (DAL) sends 2 units: 4.20 rate (near, up to 500 g) + 1.50 handling = 5.70 USD`."""
    parcels = figures.get("parcels", ())
    for parcel in parcels:
        count = parcel["units"]
        sends = f"{tale.place(parcel['location'])} sends {count} {'unit' if count == 1 else 'units'}"
        rate = f"{_amount(parcel['rate_mills'], tale)} rate ({_by(parcel)})"
        more = "".join(
            f" {sign} {_amount(parcel[name], tale)} {what}"
            for name, sign, what in ON_TOP
            if parcel.get(name) or name == "handling_mills"
        )
        yield f"{sends}: {rate}{more} = {tale.money(_minor(parcel['total_mills']))}"
    if len(parcels) > 1:
        yield f"all parcels together {tale.money(_minor(sum(parcel['total_mills'] for parcel in parcels)))}"
    for carrier, why in figures.get("carriers", {}).items():
        yield f"the card of {carrier} counts: {why}"
    if "parcels" in figures:
        yield from _others(figures.get(MORE, {}), tale)


def _others(others: Mapping[str, Any], tale: Tale) -> Iterator[str]:
    """Those that there was no room for one by one: which filter they fail, or what the cheapest plan with them costs."""
    for what, where in others.items():
        if what == "cost_mills":
            plans = listed(f"{tale.place(place)} {_amount(mills, tale)}" for place, mills in where.items())
            yield f"all in all it would cost at least, with {plans}"
        else:
            yield f"passed over {listed(tale.place(place) for place in where)}: {what}"


def _by(parcel: Mapping[str, Any]) -> str:
    """Whose rate it is, and by which weight it is billed; a fallback rate is one for all weights, or by the kilogram."""
    carrier, zone = parcel.get("carrier", ""), parcel["zone"]
    if parcel.get("by_carrier"):
        return f"as {carrier} has said"
    named = ", ".join(filter(None, (carrier, zone or ("" if carrier else "the fallback rate"))))
    return f"{named}, up to {parcel['billed_g']} g" if parcel["billed_g"] else named


def _amount(mills: int, tale: Tale) -> str:
    return tale.money(_minor(mills)).rpartition(" ")[0]


def _minor(mills: int) -> int:
    """Minor units; what is none in whole is rounded up."""
    return -(-mills // MILLS)
