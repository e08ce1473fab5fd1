"""Settlement reports: read with their own names of columns, every mistake with its line and column."""

from pathlib import Path

import pytest

from segue.connectors.settlement import SettlementLine, read_report
from segue.core.mapping import Reject

HEADER = "line,key,id,kind,amount,currency,fee,settled"


def read(folder: Path, *lines: str, header: str = HEADER, **called: str) -> list[SettlementLine | Reject]:
    path = folder / "report.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return list(read_report(path, called))


def test_a_line_is_read_with_all_that_it_says(tmp_path: Path) -> None:
    assert read(tmp_path, "L1,k1,cap_1,capture,12.50,eur,0.30,2026-03-02") == [
        SettlementLine(2, "L1", "k1", "cap_1", "capture", 12_50, "EUR", 30, 1_772_409_600)
    ]


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.5", "EUR", 12_50), ("1250", "JPY", 1250), ("1250.0", "JPY", 1250), ("0.005", "KWD", 5)],
)
def test_an_amount_has_the_digits_of_its_currency(tmp_path: Path, amount: str, currency: str, minor: int) -> None:
    (line,) = read(tmp_path, f"L1,k1,,charge,{amount},{currency},,2026-03-02T10:00:00+01:00")
    assert isinstance(line, SettlementLine)
    assert (line.kind, line.amount_minor, line.fee_minor, line.settled_at_s) == ("capture", minor, 0, 1_772_442_000)


def test_a_refund_may_be_negative_and_a_fee_may_be_given_back(tmp_path: Path) -> None:
    (line,) = read(tmp_path, "L1,,re_1,refund,-12.50,EUR,-0.30,2026-03-02")
    assert isinstance(line, SettlementLine)
    assert (line.kind, line.amount_minor, line.fee_minor) == ("refund", 12_50, -30)


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("L1,k1,,payout,12.50,EUR,,2026-03-02", "kind", "neither capture nor refund"),
        ("L1,k1,,,12.50,EUR,,2026-03-02", "kind", "neither capture nor refund"),
        ("L1,k1,,capture,12.50,EURO,,2026-03-02", "currency", "no currency"),
        ("L1,k1,,capture,12.505,EUR,,2026-03-02", "amount", "more digits than EUR"),
        ("L1,k1,,capture,12.5,JPY,,2026-03-02", "amount", "more digits than JPY"),
        ("L1,k1,,capture,a lot,EUR,,2026-03-02", "amount", "no amount"),
        ("L1,k1,,capture,,EUR,,2026-03-02", "amount", "no amount"),
        ("L1,k1,,capture,-12.50,EUR,,2026-03-02", "amount", "not more than nothing"),
        ("L1,k1,,refund,0.00,EUR,,2026-03-02", "amount", "not more than nothing"),
        ("L1,k1,,capture,12.50,EUR,free,2026-03-02", "fee", "no amount"),
        ("L1,k1,,capture,12.50,EUR,,yesterday", "settled", "no day"),
        ("L1,k1,,capture,12.50,EUR,,9999-12-31", "settled", "no day between 2000 and 2099, such as 2026-03-02"),
        ("L1,k1,,capture,12.50,EUR,,0001-01-01", "settled", "no day between 2000 and 2099, such as 2026-03-02"),
        ("L1,,,capture,12.50,EUR,,2026-03-02", "id", "neither our key nor the gateway's id"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_column(tmp_path: Path, line: str, column: str, reason: str) -> None:
    good = "L0,k0,,capture,1.00,EUR,,2026-03-02"
    first, found, last = read(tmp_path, good, line, good)
    assert isinstance(found, Reject)
    assert (found.row, found.path) == (3, column)
    assert reason in found.reason
    assert isinstance(first, SettlementLine)
    assert isinstance(last, SettlementLine)


def test_every_mistake_of_a_line_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, "L1,,,capture,12.505,EUR,free,yesterday", "L2,k,,gift,1.0.0,EURO,free,9999-12-31")
    told = [(each.row, each.path) for each in found if isinstance(each, Reject)]
    assert told == [
        (2, "amount"), (2, "fee"), (2, "settled"), (2, "id"), (3, "kind"), (3, "currency"), (3, "settled"),
    ]  # fmt: skip
    assert len(told) == len(found)


def test_a_report_may_call_its_columns_as_it_likes(tmp_path: Path) -> None:
    header = "merchant_reference,psp,type,gross,ccy,booked"
    called = {
        "key": "merchant_reference",
        "id": "psp",
        "kind": "type",
        "amount": "gross",
        "currency": "ccy",
        "settled": "booked",
    }
    (line,) = read(tmp_path, "web-1/P1,cap_1,Sale,12.50,EUR,2026-03-02", header=header, **called)
    assert isinstance(line, SettlementLine)
    assert (line.key, line.id, line.kind, line.amount_minor) == ("web-1/P1", "cap_1", "capture", 12_50)
    (missing,) = read(tmp_path, "web-1/P1,cap_1,Sale,12.50,EUR,2026-03-02", header=header, amount="gross")
    assert isinstance(missing, Reject)
    assert (missing.row, missing.path) == (1, "kind")
    (missing,) = read(tmp_path, "capture,1,EUR,2026-03-02", header="kind,amount,currency,settled")
    assert isinstance(missing, Reject)
    assert "key or id" in missing.reason


def test_a_line_without_an_id_has_a_digest_that_is_the_same_the_next_time(tmp_path: Path) -> None:
    lines = ["k1,capture,1.00,EUR,2026-03-02", "k2,capture,1.00,EUR,2026-03-02", "k1,capture,1.00,EUR,2026-03-02"]
    first, again = (
        [
            each.line
            for each in read(tmp_path, *lines, header="key,kind,amount,currency,settled")
            if isinstance(each, SettlementLine)
        ]
        for _ in range(2)
    )
    assert first == again
    assert len(set(first)) == 3
    assert first[2] == f"{first[0]}-2"


def test_a_file_that_is_no_csv_is_told(tmp_path: Path) -> None:
    (broken,) = read(tmp_path, 'L1,"k1,,capture,1.00,EUR,,2026-03-02')
    assert isinstance(broken, Reject)
    (short,) = read(tmp_path, "L1,k1,capture")
    assert isinstance(short, Reject)
    assert "3 cells" in short.reason
