"""The command `segue simulate`: figures for programs and for people, a failure with the command that replays it."""

from shlex import split

import pytest

from tests.main.calling import Call

KEYS = {
    "seeds", "orders", "events", "events_per_s", "steps", "violations", "goals_reached", "goals_named", "goals_missed",
    "hash", "faults", "kills", "kills_by_point", "kills_at", "goals", "failed_seeds", "findings", "replay", "workers",
    "seconds", "gateway_calls", "gateway_calls_by_operation", "gateway_calls_disturbed",
    "gateway_calls_disturbed_after_acting", "gateway_ledger_rows", "unmatched_theirs", "unmatched_ours", "duplicates",
    "over_captures", "over_refunds", "gateway_under_way",
}  # fmt: skip
MATCHED = ("unmatched_theirs", "unmatched_ours", "duplicates", "over_captures", "over_refunds")


def test_a_simulation_tells_its_figures_and_the_same_seeds_give_the_same_hash(anywhere: Call) -> None:
    first, again = (anywhere("simulate", "--seeds", "0..1", "--orders", 4, "--jobs", 1, "--json") for _ in range(2))
    assert first.code == 0
    assert first.json.keys() == KEYS
    assert (first.json["seeds"], first.json["orders"], first.json["violations"]) == (2, 8, 0)
    assert first.json["hash"] == again.json["hash"]
    assert first.json["goals_named"] == len(first.json["goals"]) >= 60
    assert first.json["goals_reached"] == sum(count > 0 for count in first.json["goals"].values()) > 0
    assert first.json["kills"] == sum(first.json["kills_by_point"].values())


def test_with_payment_faults_the_gateways_ledger_is_compared_with_ours_one_to_one(anywhere: Call) -> None:
    said = anywhere("simulate", "--seeds", "0..1", "--orders", 20, "--jobs", 1, "--faults", "payments", "--json")
    assert said.code == 0
    assert said.json["gateway_calls"] == sum(said.json["gateway_calls_by_operation"].values())
    assert said.json["gateway_calls"] > said.json["gateway_ledger_rows"] > 40
    assert [said.json[name] for name in MATCHED] == [0, 0, 0, 0, 0]


def test_people_are_shown_the_same(anywhere: Call) -> None:
    said = anywhere("simulate", "--seeds", 3, "--orders", 4, "--workers", 1, "--without", "death.*,clock,between")
    assert said.code == 0
    assert "Nothing breaks any invariant." in said.out
    assert "Killed 0 times." in said.out


def test_a_failure_ends_with_the_command_that_replays_it(anywhere: Call) -> None:
    tokens = ["simulate", "--seeds", 1, "--orders", 4, "--jobs", 1]
    tokens += ["--faults", "payments", "--defect", "new_key_on_retry"]
    said = anywhere(*tokens, "--json")
    assert said.code == 1
    assert said.json["failed_seeds"] == [1]
    assert said.json["duplicates"] > 0
    assert said.json["findings"][0]["id"] == "I03"
    again = anywhere(*split(said.json["replay"])[1:])
    assert again.code == 1
    assert "Broken in seed 1" in again.out
    assert "--faults payments" in again.out
    assert again.out.rstrip().endswith("--defect new_key_on_retry")


@pytest.mark.parametrize(
    ("tokens", "sentence"),
    [
        (("--seeds", "a..b"), "Write seeds as 7 or 0..20"),
        (("--orders", 0), "there is at least one order"),
        (("--seeds", "5..1"), "From 5 to 1 there are no seeds"),
        (("--jobs", 0), "At least one trial"),
        (("--only", "x"), "Write the numbers of orders"),
        (("--without", "gateway.fire"), "Nothing is called 'gateway.fire'"),
        (("--defect", "none"), "There is no defect `none`"),
        (("--faults", "none"), "There are no faults called `none`; there are usual, payments."),
    ],
)
def test_what_cannot_be_meant_is_told(anywhere: Call, tokens: tuple[str, ...], sentence: str) -> None:
    said = anywhere("simulate", *tokens)
    assert said.code == 2
    assert sentence in said.err
