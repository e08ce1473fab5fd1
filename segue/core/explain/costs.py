"""Costs: what the parcels of a plan cost the shop, as the reason of an allocation names it."""

from collections.abc import Iterator, Mapping
from typing import Any

from segue.core.explain.words import Tale

FIGURES = ("cost_mills", "parcels")  # of a reason that are told here
MILLS = 1000  # of a minor unit


def costs(figures: Mapping[str, Any], tale: Tale) -> Iterator[str]:
    """Parcel by parcel: `Dallas (DAL) sends 2 units: 4.20 rate (near, up to 500 g) + 1.50 handling = 5.70 USD`."""
    parcels = figures.get("parcels", ())
    for parcel in parcels:
        where = parcel["zone"] or "the fallback rate"
        rate = f"{_amount(parcel['rate_mills'], tale)} rate ({where}{_weight(parcel)})"
        count = parcel["units"]
        sends = f"{tale.place(parcel['location'])} sends {count} {'unit' if count == 1 else 'units'}"
        total = tale.money(_minor(parcel["total_mills"]))
        yield f"{sends}: {rate} + {_amount(parcel['handling_mills'], tale)} handling = {total}"
    if len(parcels) > 1:
        yield f"all parcels together {tale.money(_minor(sum(parcel['total_mills'] for parcel in parcels)))}"


def _weight(parcel: Mapping[str, Any]) -> str:
    """By which weight it is billed; a fallback rate is one for all weights, or by the kilogram."""
    return f", up to {parcel['billed_g']} g" if parcel["billed_g"] else ""


def _amount(mills: int, tale: Tale) -> str:
    return tale.money(_minor(mills)).rpartition(" ")[0]


def _minor(mills: int) -> int:
    """Minor units; what is none in whole is rounded up."""
    return -(-mills // MILLS)
