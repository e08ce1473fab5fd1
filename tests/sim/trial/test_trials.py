"""Trials: whole shops with all that can go wrong. Nothing breaks, the same seed gives the same bytes, the rare comes up."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from segue.connectors.simulated.witness import Comparison
from segue.sim.trial import goals
from segue.sim.trial.run import run_trial
from segue.sim.trial.series import Series, run_series, share_of_faults
from segue.sim.trial.setting import Setting

SEEDS, ORDERS = range(5), 40
HASHED = """
import sys
from pathlib import Path
from segue.sim.trial.run import run_trial
from segue.sim.trial.setting import Setting
verdict = run_trial(Setting(3, 12), Path(sys.argv[1]))
print(verdict.database, verdict.event_log)
"""


@pytest.fixture(scope="module")
def sample(place: Path) -> Series:
    """The small sample of what `segue simulate --seeds 0..200 --orders 200` runs."""
    settings = [Setting(seed, ORDERS) for seed in SEEDS]
    return run_series(settings, place, 1, lambda done: None)


def test_nothing_breaks_any_invariant_however_much_goes_wrong(sample: Series) -> None:
    assert [verdict.findings for verdict in sample.failed] == []
    assert (sample.seeds, sample.orders) == (len(SEEDS), len(SEEDS) * ORDERS)
    assert sample.events > 20 * sample.orders
    assert sum(sample.kills.values()) >= len(SEEDS)
    assert {name.partition(".")[2] for name in sample.faults} >= {"lost_before", "lost_after", "duplicated", "dead"}


def test_of_a_fifth_of_all_calls_that_go_wrong_no_cent_does(place: Path) -> None:
    settings = [Setting(seed, ORDERS, faults="payments") for seed in SEEDS]
    series = run_series(settings, place, 1, lambda done: None)
    assert [verdict.findings for verdict in series.failed] == []
    assert 0.16 < share_of_faults(series, acted=False) < 0.26
    assert 0.07 < share_of_faults(series, acted=True) < 0.14
    assert series.gateway["rows"] > SEEDS[-1] * ORDERS
    assert {name: series.gateway[name] for name in Comparison._fields} == dict.fromkeys(Comparison._fields, 0)
    reached = {name for name, count in series.goals.items() if count}
    assert reached >= {goals.WITH_PAYMENTS["call:look_up:no keys"], goals.WITH_PAYMENTS["handled:done:heard first"]}


def test_what_is_rare_comes_up_even_in_a_sample(sample: Series) -> None:
    assert len(sample.goals) == len(goals.names(2)) >= 60
    assert len(sample.goals) - len(sample.missed) >= 60


def test_the_same_seed_gives_the_same_bytes_and_another_seed_gives_others(place: Path) -> None:
    first, again, other = (run_trial(Setting(seed, 12), place) for seed in (3, 3, 4))
    assert first == again
    assert (first.database, first.event_log) != (other.database, other.event_log)
    assert list(place.iterdir()) == []


def test_of_a_trial_that_is_over_nothing_is_kept(place: Path) -> None:
    run_trial(Setting(3, 12), place)
    gc.collect()
    gc.freeze()  # as the next trial does; what this one has left is not among it
    before = gc.get_freeze_count()
    for seed in (4, 5, 6):
        run_trial(Setting(seed, 12), place)
    gc.collect()
    assert gc.get_freeze_count() - before < 1_000


def test_the_order_of_sets_and_dicts_decides_nothing(place: Path) -> None:
    found = set()
    for seed in "07":
        environment = os.environ | {"PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", HASHED, str(place)]
        found.add(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
    verdict = run_trial(Setting(3, 12), place)
    assert found == {f"{verdict.database} {verdict.event_log}\n"}


def test_several_trials_at_once_come_to_the_same(place: Path) -> None:
    settings = [Setting(seed, 5) for seed in range(3)]
    alone, together = (run_series(settings, place, jobs, lambda done: None) for jobs in (1, 2))
    assert alone.hash == together.hash
    assert alone.goals == together.goals


@pytest.mark.parametrize("workers", [1, 3])
def test_any_number_of_workers_share_a_shop(place: Path, workers: int) -> None:
    verdict = run_trial(Setting(1, 20, workers), place)
    assert verdict.findings == ()
    assert verdict.orders == 20


def test_goals_have_one_name_each_and_some_need_a_second_worker() -> None:
    assert len(set(goals.names(2))) == len(goals.names(2))
    assert set(goals.names(2)) - set(goals.names(1)) == set(goals.WITH_TWO_WORKERS.values())
