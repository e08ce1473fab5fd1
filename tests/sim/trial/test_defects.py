"""Defects that are put in on purpose: each is found, made small, and found again by the small trial."""

from pathlib import Path
from shlex import split

import pytest

from segue.core import refund
from segue.main import run
from segue.sim.trial.defects import DEFECTS, planted
from segue.sim.trial.series import run_series, trial
from segue.sim.trial.setting import Setting
from segue.sim.trial.shrink import command_of, expanded, shortest, shrink

FOUND_AS = {  # the check that is meant for it
    "check_then_act": "I16",
    "new_key_on_retry": "I03",
    "event_queued": "I17",  # two reactions take stock for the same units
    "refund_from_rate": "I09",
    "lease_without_fence": "fence",
    "resend_without_look_up": "duplicate",
    "answer_counted_twice": "I04",  # a tender has more authorized than its authorizations hold
    "void_counted_as_refund": "I02",
    "old_authorization_first": "I10",
    "captured_twice_over": "I04",
}
OF_PAYMENTS = {"new_key_on_retry", "resend_without_look_up", "answer_counted_twice", "void_counted_as_refund"}
OF_PAYMENTS |= {"old_authorization_first", "captured_twice_over"}
ORDERS = 60
SEEDS_MAX = 20  # one of so many finds each


@pytest.mark.parametrize("defect", DEFECTS)
def test_each_defect_is_found_by_the_check_that_is_meant_for_it(defect: str, place: Path) -> None:
    """A seed may find what follows of it first, as what was put out by a mistake; then the next one is tried."""
    faults = "payments" if defect in OF_PAYMENTS else "usual"
    found: set[str] = set()
    for seed in range(SEEDS_MAX):
        found |= {each.id for each in trial(Setting(seed, ORDERS, defect=defect, faults=faults), place).findings}
        if FOUND_AS[defect] in found:
            return
    pytest.fail(f"{defect} is found as {sorted(found)} only")


def test_a_defect_is_gone_when_its_trial_is_over() -> None:
    usual = vars(refund)["keeps"]
    with planted("refund_from_rate"):
        assert vars(refund)["keeps"] is not usual
    assert vars(refund)["keeps"] is usual


def test_a_failure_is_made_small_and_the_command_that_is_printed_replays_it(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    setting = Setting(0, ORDERS, defect="refund_from_rate")
    series = run_series([setting], place, 1, lambda done: None)
    small = shrink(series.failed[0], place, lambda runs: None)
    assert len(small.verdict.setting.numbers) == 1
    assert {"death.before_send", "gateway.lost_after"} <= small.verdict.setting.without
    command = command_of(small.verdict.setting)
    assert run(split(command)[1:]) == 1
    assert small.verdict.findings[0].detail in capsys.readouterr().out


def test_the_command_names_the_faults_that_are_not_the_usual_ones() -> None:
    assert "--faults" not in command_of(Setting(3, ORDERS))
    assert command_of(Setting(3, ORDERS, faults="payments")).endswith("--faults payments")


def test_names_of_what_is_left_out_are_short_and_mean_the_same() -> None:
    names = expanded(["death.*", "gateway.dead", "clock"])
    assert shortest(names) == ["clock", "death.*", "gateway.dead"]
    assert expanded(shortest(names)) == names
    with pytest.raises(KeyError, match=r"gateway\.fire"):
        expanded(["gateway.fire"])
