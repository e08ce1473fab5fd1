"""Reconciling: a gateway's settlement report against our transactions, one to one, in both directions.

Each line becomes a message to the order that it is of, under the line's own id: so that whatever is read again is taken in
once. What fits is booked, what does not is a difference of that order, and what is of no order waits in the inbox.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct, to_builtins

from segue.app import App
from segue.connectors.settlement import SettlementLine, read_report
from segue.core.base import Command
from segue.core.calendar import DAY_S
from segue.core.mapping import Reject
from segue.core.settlement import MISSING_THERE, RecordSettlement, RecordUnsettled
from segue.engine.outcomes import Request, Result
from segue.ports import Batch, Handled, Inbound
from segue.store.batch import digest_of
from segue.store.database import Reader
from segue.store.settling import (
    Found,
    handled,
    known_orders,
    open_differences,
    unsettled,
    with_keys,
    with_references,
)

LINES_MAX = 1_000_000  # of one report: they are looked up together
MISTAKES_MAX = 1_000  # that are told of
AT_ONCE = 500  # lines that one transaction takes in
UNKNOWN = "no transaction of ours is meant by this line of a settlement report"


class BadReport(Exception):
    """A report in which something cannot be read. Nothing of it was taken in."""

    def __init__(self, mistakes: Sequence[Reject]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = mistakes


class Reconciled(Struct, frozen=True):
    """What came of a report."""

    lines: int
    settled: int = 0
    seen_before: int = 0
    altered: int = 0  # came before with other content: they wait in the inbox
    unknown: int = 0  # of no order: so do these
    differences: dict[str, int] = {}  # that are new, by what they are
    still_open: dict[str, int] = {}  # that an earlier run has found, and nobody has resolved


class Terms(NamedTuple):
    """How a report is read: how it calls its columns, whose it is, and how long settling takes."""

    called: Mapping[str, str] = {}
    provider: str = "gateway"
    grace_s: int = 3 * DAY_S


USUAL = Terms()


def reconcile(app: App, path: Path, terms: Terms = USUAL) -> Reconciled:
    """Take a report in. Raises BadReport, and then nothing was."""
    lines = _read(path, terms)
    found = _found(app.reader(), lines)
    counts: Counter[str] = Counter()
    for some in _parts(lines):
        _take_in(app, some, found, terms.provider, counts)
    told = {(_order_of(line, found)[0], line.line) for line in lines}
    told |= {(order, _missing(name)) for order, name in _miss(app, lines, terms, counts)}
    own = ("settled", "seen_before", "altered", "unknown")
    differences = {name: count for name, count in sorted(counts.items()) if name not in own}
    is_open = open_differences(app.reader(), {order for order, _ in told})
    still_open = Counter(is_open[each] for each in told if each in is_open) - Counter(differences)
    return Reconciled(
        len(lines), counts["settled"], counts["seen_before"], counts["altered"], counts["unknown"], differences,
        dict(sorted(still_open.items())),
    )  # fmt: skip


def _parts(lines: Sequence[SettlementLine]) -> Iterator[list[SettlementLine]]:
    """The lines, some at a time; one with the id of another comes after it, to be compared with what that one said."""
    part: dict[str, SettlementLine] = {}
    for line in lines:
        if len(part) == AT_ONCE or line.line in part:
            yield list(part.values())
            part = {}
        part[line.line] = line
    yield list(part.values())


def _read(path: Path, terms: Terms) -> list[SettlementLine]:
    lines: list[SettlementLine] = []
    mistakes: list[Reject] = []
    for each in read_report(path, terms.called):
        if isinstance(each, Reject):
            mistakes.append(each)
        else:
            lines.append(each)
        if len(lines) > LINES_MAX or len(mistakes) >= MISTAKES_MAX:
            break
    if len(lines) > LINES_MAX:
        mistakes.append(Reject(path.name, lines[-1].number, "", "", f"the report has more than {LINES_MAX:,} lines"))
    if not lines and not mistakes:
        mistakes.append(
            Reject(path.name, 1, "", "", "the report has a header and no lines: there is nothing to compare")
        )
    if mistakes:
        raise BadReport(mistakes)
    return lines


def _found(reader: Reader, lines: Sequence[SettlementLine]) -> Found:
    """Of which order, and of which transaction, lines are: by our key, by our reference, else by the gateway's id."""
    found = with_keys(reader, (line.key for line in lines if line.key))
    references = {line.key: line.key.rpartition("/")[0] for line in lines if line.key and line.key not in found}
    known = known_orders(reader, references.values())
    found |= {key: (order, "") for key, order in references.items() if order in known}
    left = [line.id for line in lines if line.key not in found and line.id]
    return found | (with_references(reader, left) if left else {})


def _take_in(app: App, lines: Iterable[SettlementLine], found: Found, provider: str, counts: Counter[str]) -> None:
    source = f"settlement:{provider}"
    requests, lost, received = [], [], []
    before = handled(app.reader(), source, (line.line for line in lines))
    for line in lines:
        order, name = _order_of(line, found)
        command = RecordSettlement(
            line.line, line.kind, line.amount_minor, line.currency, name, line.id, line.fee_minor, line.settled_at_s
        )
        message = _message(source, line.line, command, order)
        received.append(message)
        if line.line in before:
            counts["seen_before" if before[line.line] == digest_of(message) else "altered"] += 1
        elif order:
            requests.append(Request(order, command, source, message))
        else:
            lost.append(Handled(source, line.line, "parked", UNKNOWN))
    results = app.worker.submit(requests, Batch(app.clock.now_s(), received=tuple(received), handled=tuple(lost)))
    counts["unknown"] += len(lost)
    for result in results:
        counts[_became(result)] += 1


def _order_of(line: SettlementLine, found: Found) -> tuple[str, str]:
    """Which order and which transaction a line is of, as far as that is known."""
    return found.get(line.key) or found.get(line.id) or ("", "")


def _missing(transaction: str) -> str:
    """What stands in the place of a line's id, where there is none."""
    return f"{MISSING_THERE} {transaction}"


def _message(source: str, id: str, command: Command, order: str) -> Inbound:
    body = to_builtins(command)
    kind = body.pop("command")
    return Inbound(source, id, kind, body, order)


def _became(result: Result) -> str:
    """What became of a line: settled, a difference by its name, or nothing new."""
    command, order = result.request.command, result.order
    assert isinstance(command, RecordSettlement | RecordUnsettled)
    line = command.line if isinstance(command, RecordSettlement) else _missing(command.transaction)
    if result.put_out or order is None:
        return "put_out"
    if not result.changed:
        return "seen_before"
    return order.differences[line].difference if line in order.differences else "settled"


def _miss(app: App, lines: Sequence[SettlementLine], terms: Terms, counts: Counter[str]) -> Sequence[tuple[str, str]]:
    """What should be in the report and is not: asked for so long before its days that it is settled by now."""
    from_s = min(line.settled_at_s for line in lines) // DAY_S * DAY_S - terms.grace_s
    until_s = (max(line.settled_at_s for line in lines) // DAY_S + 1) * DAY_S - terms.grace_s
    source = f"settlement:{terms.provider}"
    missing = unsettled(app.reader(), terms.provider, from_s, until_s)
    for start in range(0, len(missing), AT_ONCE):
        requests = []
        for order, name in missing[start : start + AT_ONCE]:
            message = _message(source, f"{MISSING_THERE} {order} {name}", RecordUnsettled(name), order)
            requests.append(Request(order, RecordUnsettled(name), source, message))
        received = tuple(request.message for request in requests if request.message)
        for result in app.worker.submit(requests, Batch(app.clock.now_s(), received=received)):
            if result.changed:
                counts[_became(result)] += 1
    return missing
