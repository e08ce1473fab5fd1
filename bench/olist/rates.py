"""A rate card learned from freight that was paid: its median over distance, weight and whether a state's border is crossed.

A regression of the median (least absolute deviations, by weighted least squares again and again), then a table.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.olist.sales import Place, Sale

EARTH_KM = 6_371.0
BAND_KM = 100
BANDS = 44  # the country is some 4,300 km across
FAR_KM = 1_000.0  # from where on freight rises faster
LIMITS_G = (300, 500, 1_000, 2_000, 3_000, 5_000, 7_500, 10_000, 15_000, 20_000, 30_000)
ROUNDS = 60
LEAST_OFF = 0.05  # what is nearer to the regression than this counts as this near
MINOR_MILLS = 1_000

Floats = NDArray[np.float64]


class Rates(NamedTuple):
    """Zones are bands of distance, first those within a state, then those over its border."""

    table: NDArray[np.int64]  # [zone, weight], mills
    beyond: NDArray[np.int64]  # [zone], mills for each kilogram above the last weight
    off_minor: float  # by how much it is off in the median, on what it was learned from
    parcels: int  # learned from


def distances_km(origins: Sequence[Place], targets: Sequence[Place]) -> Floats:
    """[target, origin], along the great circle."""
    here, there = _radians(origins)[None], _radians(targets)[:, None]
    half = np.sin((there - here) / 2) ** 2
    chord = half[..., 0] + np.cos(here[..., 0]) * np.cos(there[..., 0]) * half[..., 1]
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(chord, 1))))


def zones(origins: Sequence[Place], targets: Sequence[Place]) -> NDArray[np.uint8]:
    """[target, origin], the zone of the rate card."""
    band = np.minimum(distances_km(origins, targets) // BAND_KM, BANDS - 1)
    leaves = np.array([target.state for target in targets])[:, None] != np.array([origin.state for origin in origins])
    return np.asarray(band + BANDS * leaves, np.uint8)


def learned(sales: Sequence[Sale]) -> Rates:
    """The rate card of what was paid for these orders: a parcel is what one place sent for one order."""
    parcels = defaultdict(list)
    for sale in sales:
        for piece in sale.pieces:
            parcels[sale.order_id, piece.seller].append((sale.customer, piece))
    far = np.array([distances_km([seller], [sent[0][0]])[0, 0] for (_, seller), sent in parcels.items()])
    same = np.array([seller.state == sent[0][0].state for (_, seller), sent in parcels.items()], np.float64)
    grams = np.array([sum(piece.weight_g for _, piece in sent) for sent in parcels.values()], np.float64)
    paid = np.array([sum(piece.freight_minor for _, piece in sent) for sent in parcels.values()], np.float64)
    slopes = median_regression(_features(far, grams, same), paid)
    off = float(np.median(np.abs(_features(far, grams, same) @ slopes - paid)))
    kilometres = np.asarray((np.arange(BANDS) + 0.5) * BAND_KM, np.float64)
    weights = np.asarray((np.array((0, *LIMITS_G[:-1])) + np.array(LIMITS_G)) / 2, np.float64)
    table = np.concatenate([_features(kilometres[:, None], weights, within) @ slopes for within in (1.0, 0.0)])
    for axis in (1, 0):  # farther or heavier is never cheaper
        within, over = np.maximum.accumulate(table[:BANDS], axis), np.maximum.accumulate(table[BANDS:], axis)
        table = np.concatenate((within, np.maximum(over, within)))
    table = np.rint(np.maximum(table, paid.min())).astype(np.int64) * MINOR_MILLS
    per_kilogram = np.maximum(table[:, -1] - table[:, -2], 0) * 1_000 // (LIMITS_G[-1] - LIMITS_G[-2])
    return Rates(table, per_kilogram, off, len(parcels))


def median_regression(features: Floats, values: Floats) -> Floats:
    """The slopes with the least sum of absolute deviations, nearly."""
    slopes = np.linalg.lstsq(features, values)[0]
    for _ in range(ROUNDS):
        weight = 1 / np.sqrt(np.maximum(np.abs(features @ slopes - values), LEAST_OFF))
        slopes = np.linalg.lstsq(features * weight[:, None], values * weight)[0]
    return np.asarray(slopes)


def _features(far: Floats, grams: Floats, same: Any) -> Floats:
    kilometres, kilograms = np.broadcast_arrays(far / FAR_KM, grams / 1_000)
    beyond, within = np.maximum(kilometres - 1, 0), np.broadcast_to(same, kilometres.shape)
    return np.stack(
        (
            *(np.ones_like(kilometres), kilometres, beyond, kilograms, kilometres * kilograms),
            *(within, within * kilometres, within * kilograms),
        ),
        axis=-1,
    )


def _radians(places: Sequence[Place]) -> Floats:
    return np.radians([(place.latitude, place.longitude) for place in places])
