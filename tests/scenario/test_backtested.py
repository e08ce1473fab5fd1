"""Backtests of the scenarios that come with Segue: whatever happens in them, every choice of locations comes out again."""

import pytest

from segue.core.order import units_in
from segue.core.tally import HOLDING, common, size
from segue.engine.backtest import Replay
from segue.engine.backtest.world import World
from segue.scenario import read_file
from segue.scenario.finding import Found, shipped
from segue.scenario.running import played
from segue.scenario.stage import Stage
from segue.store.history import history_of
from segue.store.reading import Finder
from tests.engine.backtests import EVER, stores_first, unchanged

OTHERS_THEN = {
    "routing/closed_location.yaml": "the shop's file switches a location off, and on again",
}
SCENARIOS = [each for each in shipped() if each.name not in OTHERS_THEN]


@pytest.mark.parametrize("found", SCENARIOS, ids=lambda found: found.name)
def test_every_choice_of_a_scenario_comes_out_again(found: Found) -> None:
    """Covers F-16."""
    scenario = read_file(found.path)
    with Stage(scenario.setting) as stage:
        assert played(scenario, stage) == []
        same, other = (_replayed(stage, strategy) for strategy in (unchanged, stores_first))
        compared = same.compared()
        assert (compared.unlike, compared.reworded, compared.differences) == ([], 0, [])
        for world in (same.was, other.would_be):
            if world is not None:
                assert _held(world) == _counted(world), "what is set aside is what orders hold"


def test_scenarios_that_cannot_come_out_again_are_there() -> None:
    assert OTHERS_THEN.keys() <= {each.name for each in shipped()}


def _replayed(stage: Stage, strategy: object) -> Replay:
    connection = stage.app.reader()
    texts = Finder(connection).workflow_text
    made = Replay(history_of(connection), stage.app.worker.rules, texts, strategy, EVER)  # type: ignore[arg-type]
    made.run()
    return made


def _held(world: World) -> dict[tuple[str, str], int]:
    held: dict[tuple[str, str], int] = {}
    for order in world.orders.values():
        holding = units_in(order, *HOLDING)
        for fulfillment in order.fulfillments.values():
            for number, units in fulfillment.units.items():
                key = (order.lines[number - 1].sku, fulfillment.location)
                held[key] = held.get(key, 0) + size(common(units, holding.get(number, ())))
    return {key: units for key, units in held.items() if units}


def _counted(world: World) -> dict[tuple[str, str], int]:
    every = (
        (sku, place, each.allocated) for sku, held in world.ledger.counters.items() for place, each in held.items()
    )
    return {(sku, place): units for sku, place, units in every if units}
