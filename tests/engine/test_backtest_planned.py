"""Backtests of choices that went by what planning had: prices of units, plans of waves. They are on record. Covers F-16."""

import random
from pathlib import Path

import pytest
from msgspec.structs import replace

from segue.app import App, open_app
from segue.connectors.clock import VirtualClock
from segue.core.allocate import Allocate
from segue.core.opportunity import Prices
from segue.core.workflow import Workflow
from segue.engine.backtest import Compared
from segue.engine.outcomes import Request
from segue.engine.wave import run_wave
from segue.ports import Batch
from segue.settings import read_shop
from segue.store.outlook import SqliteOutlook
from tests.engine.backtests import compared, unchanged
from tests.engine.shops import NOW, bought, placing, write_shop
from tests.engine.test_waving import AUSTRIA, GERMANY, PLACES, RATES

WAYS = {
    "ahead": "policies: {algorithm: look_ahead, rank: [closest], split: []}",
    "one parcel, then ahead": """\
routing:
  - {name: whole, algorithm: look_ahead, split: [one_shipment]}
  - {name: rest, algorithm: look_ahead}""",
    "one place, then all": """\
routing:
  - {name: vienna, algorithm: look_ahead, locations: {ids: [WIE, BER]}}
  - {name: all, algorithm: look_ahead}""",
    "a shadow": """\
routing:
  - {name: usual, algorithm: exact}
  - {name: ahead, algorithm: look_ahead, shadow: true}""",
    "some on trial": """\
routing:
  - {name: ahead, algorithm: look_ahead, trial: 50}
  - {name: usual, algorithm: exact}""",
    "exact": "policies: {algorithm: exact, rank: [closest], split: []}",
    "waves": "policies: {algorithm: wave, rank: [closest], split: []}",
    "waves, then exact": """\
routing:
  - {name: planned, algorithm: wave, locations: {ids: [BER, WIE]}}
  - {name: rest, algorithm: exact}""",
}
SKUS = ("MUG", "TEA")
ROUNDS = 12
EVERY_S = 3_000


def a_past(folder: Path, way: str, seed: int, *, known_from: int = 3) -> App:
    """A shop whose orders came in rounds; units are worth something else in each of them, at first nothing."""
    dice = random.Random(seed)
    write_shop(folder, workflow="own")
    (folder / "workflows").mkdir(exist_ok=True)
    (folder / "workflows" / "own.yaml").write_text(f"name: own\nextends: standard\n{WAYS[way]}\n", encoding="utf-8")
    (folder / "rates.yaml").write_text(RATES, encoding="utf-8")
    (folder / "locations.yaml").write_text(PLACES, encoding="utf-8")
    rows = "".join(f"{sku},{place},{dice.randint(3, 15)}\n" for sku in SKUS for place in ("BER", "MUC", "WIE"))
    (folder / "stock.csv").write_text(f"sku,location,units\n{rows}", encoding="utf-8")
    app = open_app(folder, read_shop(folder), None, VirtualClock(NOW, 60))
    for made in range(ROUNDS):
        if made >= known_from:
            SqliteOutlook(app.database).keep(worth(dice, NOW + made * EVERY_S - 1))
        come_in(app, dice, made)
    return app


def worth(dice: random.Random, at_s: int) -> dict[str, Prices]:
    mills = {sku: {place: dice.randint(0, 900_000) for place in ("BER", "MUC", "WIE")} for sku in SKUS}
    return {sku: Prices(at_s, dice.choice((mills[sku], {}))) for sku in SKUS if dice.random() < 0.9}


def come_in(app: App, dice: random.Random, made: int) -> None:
    """Four orders of a round, and what is done of them in one wave."""
    at_s = NOW + made * EVERY_S
    numbers = range(4 * made + 1, 4 * made + 5)
    drafts = [
        bought(
            number,
            dice.choice(SKUS),
            dice.choice((1, 1, 2, 4)),
            kind="account",
            ship_to=dice.choice((GERMANY, AUSTRIA)),
            placed_at_s=at_s,
        )
        for number in numbers
    ]
    run_wave(app.store, app.worker.rules, [placing(draft) for draft in drafts], Batch(at_s))
    wanted = [Request(f"canonical-{number}", Allocate(), "person:eve") for number in numbers]
    run_wave(app.store, app.worker.rules, wanted, Batch(at_s + 60))


def same_again(found: Compared) -> None:
    assert found.choices == 4 * ROUNDS
    assert (found.unlike, found.reworded, found.differences) == ([], 0, [])
    assert found.was == found.would_be


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", range(3))
def test_what_planning_had_for_a_choice_is_on_record(seed: int, way: str, tmp_path: Path) -> None:
    app = a_past(tmp_path, way, seed)
    same_again(compared(app, unchanged))
    SqliteOutlook(app.database).keep({sku: Prices(NOW, {"BER": 1, "MUC": 999_000}) for sku in SKUS})
    same_again(compared(app, unchanged))


def test_who_never_looked_ahead_is_tried_with_the_prices_of_today(tmp_path: Path) -> None:
    app = a_past(tmp_path, "exact", 0, known_from=ROUNDS)
    assert not compared(app, looking_ahead).differences, "nothing is known of what units are worth"
    SqliteOutlook(app.database).keep({sku: Prices(NOW, {"MUC": 900_000, "WIE": 800_000}) for sku in SKUS})
    found = compared(app, looking_ahead)
    assert (found.unlike, found.reworded) == ([], 0)
    assert found.differences
    assert {sent.location for each in found.differences for sent in each.would_be.sent} >= {"BER"}


def looking_ahead(workflow: Workflow) -> Workflow:
    return replace(workflow, algorithm="look_ahead")
