"""Stock files: each row is a report, also one that cannot be read."""

from pathlib import Path

import pytest

from segue.connectors.stock_files import Said, Unreadable, instant_s, read_reports
from segue.core.stocktaking import Report

SAID = Said("snapshot", "wms", 100, 7)


def read(folder: Path, text: str) -> list[Report]:
    path = folder / "stock.csv"
    path.write_text(text, encoding="utf-8")
    return list(read_reports(path, SAID))


def test_a_row_says_what_its_file_does_not(tmp_path: Path) -> None:
    header = "sku,location,on_hand,damaged,quarantined,safety,at,sequence,id,reason,note\n"
    (first, second) = read(tmp_path, header + "MUG,BER,5,1,2,3,1970-01-01T00:01:00Z,9,R-1,audit,x\nTEA,MUC,4,,,,,,,,\n")
    assert first == Report("wms", "R-1", "snapshot", "MUG", "BER", 60, 9, 5, 1, 2, 3, "audit")
    assert (second.at_s, second.sequence, second.on_hand, second.damaged, second.reason) == (100, 7, 4, None, "")
    assert second.id.endswith(":3")


def test_rows_that_say_the_same_are_two_reports_and_a_file_is_the_same_each_time(tmp_path: Path) -> None:
    text = "sku,location,on_hand\nMUG,BER,5\nMUG,BER,5\n"
    first = read(tmp_path, text)
    assert len({report.id for report in first}) == 2
    assert read(tmp_path, text) == first


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("MUG,BER,x,", "on_hand: `x` is no whole number"),
        (",BER,5,", "line 2 names no sku"),
        ("MUG,,5,", "line 2 names no location"),
        ("MUG,BER,5,soon", "`soon` is no instant: write it like 2026-03-02T09:00:00Z"),
    ],
)
def test_a_row_that_cannot_be_read_is_kept_with_the_reason(tmp_path: Path, row: str, why: str) -> None:
    (report,) = read(tmp_path, f"sku,location,on_hand,at\n{row}\n")
    assert (report.reason, report.row.startswith("stock.csv line 2: sku=")) == (why, True)


def test_a_file_without_the_needed_columns_is_told(tmp_path: Path) -> None:
    (report,) = read(tmp_path, "article,location\nMUG,BER\n")
    assert "no column sku" in report.reason
    assert report.row


def test_an_instant_without_an_offset_is_utc() -> None:
    assert instant_s("1970-01-01T01:00:00+01:00") == instant_s("1970-01-01T00:00:00") == 0
    with pytest.raises(Unreadable):
        instant_s("")
