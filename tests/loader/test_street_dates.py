"""Street dates and what is never sold beyond stock are read from catalog.csv; days that do not exist are named."""

from pathlib import Path

import pytest

from segue.core.facts import Item
from segue.loader.goods import CATALOG_FILE, catalog
from segue.loader.problems import Problems

HEADER = "sku,street_date,backorder\n"


def read(folder: Path, rows: str) -> tuple[dict[str, Item], list[str]]:
    """The catalog of these rows, and its mistakes."""
    (folder / CATALOG_FILE).write_text(HEADER + rows, encoding="utf-8")
    problems = Problems()
    return catalog(folder, problems), [str(problem) for problem in problems.sorted()]


def test_an_article_has_a_street_date_and_may_be_sold_beyond_stock_or_not(tmp_path: Path) -> None:
    items, problems = read(tmp_path, "BOOK,2026-12-04,\nPRINT,,no\nMUG,,yes\n")
    assert problems == []
    assert [(item.street_date, item.backorder) for item in items.values()] == [
        ("2026-12-04", True), ("", False), ("", True),
    ]  # fmt: skip


@pytest.mark.parametrize("day", ["2026-02-30", "04.12.2026", "soon", "2026-13-01"])
def test_a_day_that_does_not_exist_is_named(tmp_path: Path, day: str) -> None:
    _, problems = read(tmp_path, f"BOOK,{day},\n")
    assert problems == [f"catalog.csv:2:2: street_date: there is no day `{day}`; write it like 2026-12-04"]


def test_a_word_that_is_neither_yes_nor_no_is_named(tmp_path: Path) -> None:
    _, problems = read(tmp_path, "BOOK,,never\n")
    assert problems == ["catalog.csv:2:3: backorder: `never` is neither yes nor no"]
