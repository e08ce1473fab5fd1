"""One unit less: by how much the units still wanted cost more, if a location lacked one of those it has.

Units that are wanted one after the other find their cheapest places by shortest augmenting paths: a new one may push
another on to its next best place. What is lost with a unit is then the shortest path from its location to one that
has some left. It is the same number for every optimum, so that the loops and HiGHS agree to the mill. Prices of
locations (their duals) keep the edges from being negative, as in Dijkstra's algorithm with potentials.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from segue.planning.compiled import HAS_NUMBA, compiled
from segue.planning.network import Ints
from segue.planning.solver import INFINITY, Matrix, instance, load, run, values

FAR = 1 << 60
NOBODY = -1


class Filling(NamedTuple):
    """Units and the locations they are sent from, so far."""

    cost: Ints  # [unit, location]
    left: Ints  # [location], units that nobody has yet
    price: Ints  # [location], 0 where units are left
    first: Ints  # [location], the first of its units, and from there by `after` and `before`
    after: Ints  # [unit]
    before: Ints  # [unit]
    edge: Ints  # [from, to], the least that it costs to move one of its units
    mover: Ints  # [from, to], the unit that it is
    stale: NDArray[np.bool_]  # [location], whose edges are of an earlier state
    far: Ints  # [location], how far it is, with prices, in the search under way
    via: Ints  # [location], which location it was reached from
    done: NDArray[np.bool_]  # [location]


def one_less(cost: Ints, stock: Ints, *, loops: bool = HAS_NUMBA) -> Ints:
    """[location], what a unit less there would cost, in the units of `cost`, which is [unit wanted, location].

    Each location has at least one, and all together have more than is wanted.
    """
    if np.any(stock < 1):
        raise ValueError("a location has none")
    if int(stock.sum()) <= len(cost):
        raise ValueError("not more lies there than is wanted")
    return _by_paths(cost, stock) if loops else _by_program(cost, stock)


@compiled
def _by_paths(cost: Ints, stock: Ints) -> Ints:
    units, places = cost.shape
    filling = Filling(
        cost,
        stock.copy(),
        np.zeros(places, np.int64),
        np.full(places, NOBODY, np.int64),
        np.full(units, NOBODY, np.int64),
        np.full(units, NOBODY, np.int64),
        np.full((places, places), FAR, np.int64),
        np.full((places, places), NOBODY, np.int64),
        np.zeros(places, np.bool_),
        np.empty(places, np.int64),
        np.empty(places, np.int64),
        np.empty(places, np.bool_),
    )
    for unit in range(units):
        last = _search(filling, unit)
        for place in range(places):
            if filling.done[place]:
                filling.price[place] += filling.far[last] - filling.far[place]
        _hand_over(filling, unit, last)
    return _lost(filling)


@compiled
def _search(filling: Filling, unit: int) -> int:
    """The nearest location for a unit that has one left, whoever has to make room on the way."""
    far, done, price = filling.far, filling.done, filling.price
    for place in range(far.size):
        far[place], filling.via[place], done[place] = filling.cost[unit, place] + price[place], NOBODY, False
    while True:
        near = _nearest(far, done)
        if filling.left[near] > 0:
            return near
        done[near] = True
        if filling.stale[near]:
            _look_again(filling, near)
        for place in range(far.size):
            way = far[near] - price[near] + filling.edge[near, place] + price[place]
            if not done[place] and way < far[place]:
                far[place], filling.via[place] = way, near


@compiled
def _nearest(far: Ints, done: NDArray[np.bool_]) -> int:
    near = NOBODY
    for place in range(far.size):
        if not done[place] and (near < 0 or far[place] < far[near]):
            near = place
    return near


@compiled
def _look_again(filling: Filling, place: int) -> None:
    """The edges of a location, from the units it has now."""
    edge, mover, cost = filling.edge[place], filling.mover[place], filling.cost
    edge[:], mover[:] = FAR, NOBODY
    unit = filling.first[place]
    while unit >= 0:
        for other in range(edge.size):
            more = cost[unit, other] - cost[unit, place]
            if more < edge[other]:
                edge[other], mover[other] = more, unit
        unit = filling.after[unit]
    filling.stale[place] = False


@compiled
def _hand_over(filling: Filling, unit: int, last: int) -> None:
    """Move the units along the path that was found, and the new one to its start."""
    filling.left[last] -= 1
    place = last
    while place >= 0:
        origin = filling.via[place]
        moved = filling.mover[origin, place] if origin >= 0 else unit
        if origin >= 0:
            _leave(filling, moved, origin)
        head = filling.first[place]
        filling.after[moved], filling.before[moved] = head, NOBODY
        if head >= 0:
            filling.before[head] = moved
        filling.first[place], filling.stale[place] = moved, True
        place = origin


@compiled
def _leave(filling: Filling, unit: int, place: int) -> None:
    before, after = filling.before[unit], filling.after[unit]
    if before >= 0:
        filling.after[before] = after
    else:
        filling.first[place] = after
    if after >= 0:
        filling.before[after] = before


@compiled
def _lost(filling: Filling) -> Ints:
    """How far each location is from one that has some left."""
    far, done, price = filling.far, filling.done, filling.price
    for place in range(far.size):
        if filling.stale[place]:
            _look_again(filling, place)
        far[place], done[place] = 0 if filling.left[place] > 0 else FAR, False
    for _ in range(far.size):
        near = _nearest(far, done)
        done[near] = True
        for place in range(far.size):
            if not done[place] and filling.edge[place, near] < FAR:
                far[place] = min(far[place], far[near] + filling.edge[place, near] + price[near] - price[place])
    return far + price


def _by_program(cost: Ints, stock: Ints) -> Ints:
    """The same: who sends what by a transport program, then shortest paths by Bellman and Ford."""
    if not len(cost):
        return np.zeros_like(stock)
    rows, wanted = np.unique(cost, axis=0, return_counts=True)
    units, places = rows.shape
    unit, place = np.divmod(np.arange(units * places), places)
    solver = instance(solver="simplex")
    load(
        solver,
        cost=rows.ravel(),
        upper=np.full(units * places, INFINITY),
        row_lower=np.concatenate((wanted, np.full(places, -INFINITY))),
        row_upper=np.concatenate((wanted, stock)),
        matrix=Matrix(
            np.arange(0, 2 * units * places + 1, 2),
            np.stack((unit, units + place), axis=1).ravel(),
            np.ones(2 * units * places),
            by_column=True,
        ),
    )
    run(solver)
    sent = np.rint(values(solver)).reshape(units, places)
    edge = np.full((places, places), FAR)
    for place_sending in range(places):
        moved = rows[sent[:, place_sending] > 0]
        if moved.size:
            edge[place_sending] = (moved - moved[:, [place_sending]]).min(axis=0)
    far = np.where(sent.sum(axis=0) < stock, 0, FAR)
    for _ in range(places):
        far = np.minimum(far, np.min(np.where((far < FAR) & (edge < FAR), edge + far, FAR), axis=1))
    return far
