"""Histories: nothing is sold twice in random ones, they do all there is to do, and every defect is found and told short.

Covers E-2, E-3, E-4 and E-5.
"""

import ast
from pathlib import Path

import pytest

import bench.histories.model
from bench.histories.__main__ import shown, told
from bench.histories.defects import DEFECTS, planted
from bench.histories.model import Share, entitled
from bench.histories.operations import ALL
from bench.histories.series import piece, series
from bench.histories.trial import alone, drawn

SEED = 1


def test_the_model_knows_nothing_of_segue() -> None:
    tree = ast.parse(Path(bench.histories.model.__file__).read_text("utf-8"))
    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert imported == ["collections.abc", "typing"]


def test_the_model_says_what_can_be_counted_by_hand() -> None:
    free, nothing = {"BER": 5, "MUC": 2}, dict[tuple[str, str], int]()
    assert entitled(free, nothing, {}, "", "web") == 7
    assert entitled(free, nothing, {"market": Share(4)}, "", "web") == 3
    assert entitled(free, {("market", "BER"): 3}, {"market": Share(4)}, "", "web") == 6
    assert entitled(free, nothing, {"market": Share(4)}, "BER", "web") == 3
    assert entitled(free, nothing, {"both": Share(4), "web": Share(1, 1, "both")}, "", "web") == 6
    assert entitled(free, {("web", "BER"): 3}, {"both": Share(4), "web": Share(1, 0, "both")}, "", "market") == 6


def test_nothing_is_sold_twice_in_a_hundred_histories() -> None:
    found = piece(SEED, 0, 100)
    assert (found.cases, found.failed) == (100, ())
    assert set(found.made) == {*ALL, "in between"}


@pytest.mark.parametrize("defect", DEFECTS)
def test_every_defect_is_found_soon_and_told_in_few_steps(defect: str) -> None:
    found = piece(SEED, 0, 250, defect)
    ((number, case, detail),) = found.failed
    assert len(case.steps) <= 6
    again = shown(number, SEED, case, detail, defect)
    assert (again["replay"], again["detail"]) == (
        f"python -m bench.histories --seed 1 --case {number} --defect {defect}",
        detail,
    )
    with planted(defect):
        assert alone(case).detail == detail
        assert alone(drawn(SEED, number)).detail
    assert alone(case).detail == ""


def test_what_a_series_says_is_the_same_over_two_processes() -> None:
    figures = series(SEED, 20, 2)
    said = told(figures, SEED, 2, "")
    assert (said["cases"], said["wrong"], said["made"]) == (20, 0, dict(sorted(piece(SEED, 0, 20).made.items())))
