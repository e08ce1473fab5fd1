"""Sourcing: which locations give which units. Strategies, each a chain of policies: eligible, serve, rank, take, split.

`goods` are the values that it works on, `candidates` the filters, `capacity` what a location's day has room for, `taking`
the algorithm of the rules, `reasons` the one form in which every algorithm says why, `strategies` the way through them all.
An algorithm is a function from what is asked (`Ask`) to what is made of it (`Made`), named in `ALGORITHMS`.
"""

from segue.core.sourcing.bundled import articles, plan
from segue.core.sourcing.capacity import load_changes, loads_of, room_of
from segue.core.sourcing.chances import next_chance
from segue.core.sourcing.collecting import PICKUPS
from segue.core.sourcing.goods import Demand, Goods, Offer, Parcel, Plan
from segue.core.sourcing.measures import FAR_KM, distance_between, distance_km, parcel_mills, used_percent
from segue.core.sourcing.reasons import PASSED_OVER_MAX
from segue.core.sourcing.strategies import ALGORITHMS
from segue.core.sourcing.taking import Ask, Made

__all__ = [
    "ALGORITHMS",
    "FAR_KM",
    "PASSED_OVER_MAX",
    "PICKUPS",
    "Ask",
    "Demand",
    "Goods",
    "Made",
    "Offer",
    "Parcel",
    "Plan",
    "articles",
    "distance_between",
    "distance_km",
    "load_changes",
    "loads_of",
    "next_chance",
    "parcel_mills",
    "plan",
    "room_of",
    "used_percent",
]
