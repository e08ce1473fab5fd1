"""Cents: the model is its own, it says what MONEY.md says, the product says the same, and every defect is found.

Covers G-5, G-10, H-1, H-2 and H-7.
"""

import ast
from fractions import Fraction
from pathlib import Path

import pytest

import bench.cents
import bench.cents.trial
from bench.cents.arithmetic import over_units, rounded, spread, tax_in, tax_on
from bench.cents.defects import DEFECTS, planted
from bench.cents.series import Figures, piece, series
from bench.cents.trial import played, played_again

SEED = 4
FOLDER = Path(bench.cents.__file__).parent
OWN = (
    "arithmetic",
    "basket",
    "giving_back",
    "parts",
    "goods",
    "model",
    "books",
)  # the model, as it is written from the rules alone


@pytest.mark.parametrize("name", OWN)
def test_the_model_knows_nothing_of_segue(name: str) -> None:
    tree = ast.parse((FOLDER / f"{name}.py").read_text("utf-8"))
    imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported += [each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names]
    assert [module for module in imported if module.startswith("segue")] == []
    assert {module for module in imported if module.startswith("bench")} <= {f"bench.cents.{own}" for own in OWN}


def test_the_model_says_what_the_worked_examples_say() -> None:
    assert over_units(1000, 3) == [334, 333, 333]
    assert spread(1000, [7000, 3001]) == [700, 300]
    assert spread(100, [0, 500, 500]) == [0, 50, 50]
    assert spread(-100, [1, 1, 1]) == [-34, -33, -33]
    assert (tax_on(1005, _share(10)), tax_in(1200, _share(20), _share(20))) == (101, 200)
    assert spread(3000, [2000, 2000]) == [1500, 1500]
    assert spread(4000, [2000, 6000]) == [1000, 3000]
    assert [rounded(_share(each)) for each in (50, -50, 150, 49)] == [1, -1, 2, 0]


def _share(percent: int) -> Fraction:
    return Fraction(percent, 100)


def test_no_cent_differs_in_three_thousand_lives() -> None:
    found = piece(SEED, 0, 3_000)
    assert (found.cases, found.failed) == (3_000, ())
    assert found.steps > 30_000


def test_lives_do_all_that_can_be_done_with_money() -> None:
    lives = [played(SEED, number) for number in range(300)]
    assert {step[0] for life in lives for step in life.steps} == set(bench.cents.trial.TAKEN)
    assert {life.basket.by_segue for life in lives} == {True, False}
    assert {life.basket.currency for life in lives} == {"USD", "EUR", "JPY", "KWD"}


@pytest.mark.parametrize("defect", DEFECTS)
def test_every_defect_is_found_soon_and_told_in_few_steps(defect: str) -> None:
    found = piece(SEED, 0, 600, defect)
    ((number, case),) = found.failed
    assert len(case.steps) <= 12
    assert case.detail
    with planted(defect):
        assert played_again(case).detail == case.detail
        assert played(SEED, number).detail
    assert played_again(case).detail == ""


def test_a_case_is_the_same_whenever_it_is_played() -> None:
    assert played(SEED, 17) == played(SEED, 17)
    assert played(SEED, 17) != played(SEED, 18)


def test_a_series_is_done_by_several_processes() -> None:
    found = series(SEED, 2_010, 2)
    assert (found.cases, found.failed) == (2_010, ())
    assert isinstance(found, Figures)
    assert found.cases_per_s > 0
