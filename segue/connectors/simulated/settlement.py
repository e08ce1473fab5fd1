"""The simulated gateway's settlement report: a line for each capture and refund in its ledger; wrong where asked to be."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from segue.connectors.simulated.books import LedgerRow
from segue.core.amounts import CURRENCIES, decimal

HEADER = ("line", "key", "id", "kind", "amount", "currency", "fee", "settled")
WRONGS = ("amount_differs", "currency_differs", "twice", "missing_here", "missing_there")
FEE_PERCENT = 2


def settlement_report(rows: Iterable[LedgerRow], wrongs: Sequence[str] = (), settles_after_s: int = 0) -> str:
    """The report, as CSV. Each of `wrongs` is done to one line, from the first one on."""
    settled = [row for row in rows if row.operation in ("capture", "refund")]
    lines = [(f"{row.operation[:3]}-{number}", row) for number, row in enumerate(settled, 1)]
    for at in reversed(range(len(wrongs))):
        lines = _wronged(lines, at, wrongs[at])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(_cells(line, row, settles_after_s) for line, row in lines)
    return text.getvalue()


def _wronged(lines: list[tuple[str, LedgerRow]], at: int, wrong: str) -> list[tuple[str, LedgerRow]]:
    line, row = lines[at]
    other = min(CURRENCIES - {row.currency})
    changed = {
        "amount_differs": [(line, replace(row, amount_minor=row.amount_minor + 1))],
        "currency_differs": [(line, replace(row, currency=other))],
        "twice": [(line, row), (f"{line}-again", row)],
        "missing_here": [(line, row), (f"{line}-strange", replace(row, key=f"strange {line}", id=f"strange_{line}"))],
        "missing_there": [],
    }[wrong]
    return [*lines[:at], *changed, *lines[at + 1 :]]


def _cells(line: str, row: LedgerRow, settles_after_s: int) -> tuple[str, ...]:
    fee = row.amount_minor * FEE_PERCENT // 100 if row.operation == "capture" else 0
    day = datetime.fromtimestamp(row.at_s + settles_after_s, UTC).date()
    amounts = decimal(row.amount_minor, row.currency), decimal(fee, row.currency)
    return line, row.key, row.id, row.operation, amounts[0], row.currency, amounts[1], f"{day}"
