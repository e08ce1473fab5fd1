"""Reconciling: the gateway's report and our transactions, one to one, whatever is wrong, and however often it is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from segue.app import App
from segue.connectors.simulated.settlement import WRONGS, settlement_report
from segue.core.returns import RecordReturn
from segue.core.settlement import ResolveSettlement
from segue.reconciling import BadReport, Reconciled, Terms, reconcile
from segue.store.reading import Finder
from segue.store.trouble import Trouble
from tests.engine.shops import arrive, bought, leave, message_of, open_shop, order_of, states_of, well

ORDERS = 8
DAY_S = 86_400


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A shop whose orders were delivered; one of them came back."""
    opened = open_shop(tmp_path)
    arrive(opened, *(message_of(bought(number, quantity=2)) for number in range(1, ORDERS + 1)))
    opened.worker.run()
    opened.submit("canonical-1", RecordReturn(1, 1), "person:eve")
    opened.worker.run()
    yield opened
    leave(opened)


def report(app: App, path: Path, *wrongs: str, after_s: int = 0) -> Path:
    file = path / f"report-{len(list(path.iterdir()))}.csv"
    file.write_text(settlement_report(app.world.gateway.ledger(), wrongs, after_s), encoding="utf-8")
    return file


def sums(app: App) -> dict[str, int]:
    found: dict[str, int] = {}
    for debit, credit, amount in app.reader().execute("SELECT debit, credit, amount_minor FROM ledger"):
        found[debit] = found.get(debit, 0) + amount
        found[credit] = found.get(credit, 0) - amount
    return found


def test_a_clean_report_is_booked_to_the_bank_and_the_fees(app: App, tmp_path: Path) -> None:
    file = report(app, tmp_path)
    assert reconcile(app, file) == Reconciled(ORDERS + 1, ORDERS + 1)
    fees = ORDERS * 2000 * 2 // 100
    found = sums(app)
    assert found["gateway_fees"] == fees
    assert found["bank"] == found["cash:gateway"] - fees
    assert found["cash:gateway"] + found["settled:gateway"] == 0
    well(app)


def test_a_report_that_is_read_again_changes_nothing(app: App, tmp_path: Path) -> None:
    file = report(app, tmp_path)
    reconcile(app, file)
    before = sums(app), order_of(app, 1)
    for _ in range(2):
        assert reconcile(app, file) == Reconciled(ORDERS + 1, 0, ORDERS + 1)
    assert (sums(app), order_of(app, 1)) == before


def test_half_a_report_and_then_all_of_it_is_taken_in_once(app: App, tmp_path: Path) -> None:
    file = report(app, tmp_path)
    lines = file.read_text("utf-8").splitlines(keepends=True)
    half = tmp_path / "half.csv"
    half.write_text("".join(lines[:5]), encoding="utf-8")
    assert reconcile(app, half).settled == 4
    assert reconcile(app, file) == Reconciled(ORDERS + 1, ORDERS + 1 - 4, 4)


def test_whatever_is_wrong_lands_in_the_folder_or_in_the_inbox(app: App, tmp_path: Path) -> None:
    came_of = reconcile(app, report(app, tmp_path, *WRONGS), Terms(grace_s=0))
    expected = dict.fromkeys(("amount_differs", "currency_differs", "missing_there", "twice"), 1)
    assert came_of == Reconciled(ORDERS + 1 + 1 + 1 - 1, ORDERS + 1 - 3, 0, 0, 1, expected)
    folder = Finder(app.reader()).orders(folder="settlement_differs")
    assert len(folder) == 4
    (lost,) = Trouble(app.reader()).messages()
    assert (lost.source, lost.kind, lost.state) == ("settlement:gateway", "record_settlement", "parked")
    assert "no transaction of ours" in lost.reason
    well(app)


@pytest.mark.parametrize("wrong", ["amount_differs", "currency_differs", "missing_there", "twice"])
def test_one_wrong_line_is_one_difference_and_all_else_is_settled(app: App, tmp_path: Path, wrong: str) -> None:
    came_of = reconcile(app, report(app, tmp_path, wrong), Terms(grace_s=0))
    assert came_of.differences == {wrong: 1}
    assert came_of.settled == ORDERS + 1 - (wrong != "twice")
    (found,) = Finder(app.reader()).orders(folder="settlement_differs")
    order = Finder(app.reader()).order(found.id)
    assert order is not None
    assert [each.difference for each in order.differences.values()] == [wrong]
    reconcile(app, report(app, tmp_path, wrong), Terms(grace_s=0))
    assert Finder(app.reader()).order(found.id) == order


@pytest.mark.parametrize("wrong", ["amount_differs", "currency_differs", "missing_there", "twice"])
def test_a_difference_is_told_at_each_run_until_it_is_resolved(app: App, tmp_path: Path, wrong: str) -> None:
    file = report(app, tmp_path, wrong)
    assert reconcile(app, file, Terms(grace_s=0)).still_open == {}
    for _ in range(2):
        again = reconcile(app, file, Terms(grace_s=0))
        assert (again.settled, again.differences, again.still_open) == (0, {}, {wrong: 1})
    (found,) = Finder(app.reader()).orders(folder="settlement_differs")
    order = Finder(app.reader()).order(found.id)
    assert order is not None
    (line,) = order.differences
    assert not app.submit(found.id, ResolveSettlement(line, reason="they were asked"), "person:eve").refused
    again = reconcile(app, file, Terms(grace_s=0))
    assert (again.differences, again.still_open) == ({}, {})


@pytest.mark.parametrize("apart", [1, 600])
def test_two_lines_of_one_id_with_other_content_are_told(app: App, tmp_path: Path, apart: int) -> None:
    file = report(app, tmp_path)
    header, first, *rest = file.read_text("utf-8").splitlines()
    altered = first.replace(",EUR,", ",USD,")
    assert altered != first
    strange = [f"S{n},nobody,,capture,1.00,EUR,,2026-03-02" for n in range(apart - 1)]
    file.write_text("\n".join((header, first, *strange, altered, first, *rest)) + "\n", encoding="utf-8")
    came_of = reconcile(app, file)
    assert (came_of.settled, came_of.altered, came_of.seen_before) == (ORDERS + 1, 1, 1)
    assert came_of.unknown == apart - 1
    assert [state for state, reason in states_of(app).values() if "other content" in reason] == ["parked"]


def test_a_report_without_a_line_is_no_report(app: App, tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.write_text("key,kind,amount,currency,settled\n", encoding="utf-8")
    with pytest.raises(BadReport) as caught:
        reconcile(app, file)
    assert ["no lines" in mistake.reason for mistake in caught.value.mistakes] == [True]


def test_what_was_missing_is_no_difference_any_more_once_it_comes(app: App, tmp_path: Path) -> None:
    reconcile(app, report(app, tmp_path, "missing_there"), Terms(grace_s=0))
    assert len(Finder(app.reader()).orders(folder="settlement_differs")) == 1
    assert reconcile(app, report(app, tmp_path), Terms(grace_s=0)) == Reconciled(ORDERS + 1, 1, ORDERS)
    assert Finder(app.reader()).orders(folder="settlement_differs") == []


def test_what_may_still_come_is_not_missing(app: App, tmp_path: Path) -> None:
    month = Terms(grace_s=30 * DAY_S)
    assert reconcile(app, report(app, tmp_path, "missing_there"), month).differences == {}
    late = report(app, tmp_path, "missing_there", after_s=30 * DAY_S)
    late.write_text(late.read_text("utf-8").replace("cap-", "late-").replace("ref-", "late-"), encoding="utf-8")
    differences = reconcile(app, late, month).differences
    assert differences["missing_there"] == 1
    assert differences["twice"] == ORDERS


def test_a_line_that_comes_again_with_another_amount_waits_for_a_person(app: App, tmp_path: Path) -> None:
    reconcile(app, report(app, tmp_path))
    before = sums(app)
    assert reconcile(app, report(app, tmp_path, "amount_differs")) == Reconciled(ORDERS + 1, 0, ORDERS, 1)
    assert sums(app) == before
    assert [state for state, reason in states_of(app).values() if "other content" in reason] == ["parked"]


def test_a_person_accepts_what_the_gateway_has_paid(app: App, tmp_path: Path) -> None:
    reconcile(app, report(app, tmp_path, "amount_differs"))
    (found,) = Finder(app.reader()).orders(folder="settlement_differs")
    order = Finder(app.reader()).order(found.id)
    assert order is not None
    (line,) = order.differences
    result = app.submit(found.id, ResolveSettlement(line, accept=True, reason="their rounding"), "person:eve")
    assert not result.refused
    assert Finder(app.reader()).orders(folder="settlement_differs") == []
    assert sums(app)["cash:gateway"] + sums(app)["settled:gateway"] == -1  # they have paid a cent too much
    well(app)


@pytest.mark.parametrize("key", ["reference", "id", "key"])
def test_a_line_is_found_by_our_key_our_reference_or_the_gateways_id(app: App, tmp_path: Path, key: str) -> None:
    rows = [row for row in app.world.gateway.ledger() if row.operation in ("capture", "refund")]
    named = {"reference": [row.reference for row in rows], "id": [""] * len(rows), "key": [row.key for row in rows]}
    ids = [row.id if key != "key" else "" for row in rows]
    lines = [
        f"{name},{id},{row.operation},{row.amount_minor / 100:.2f},EUR,2026-05-30"
        for name, id, row in zip(named[key], ids, rows, strict=True)
    ]
    file = tmp_path / "own.csv"
    file.write_text("\n".join(("key,id,kind,amount,currency,settled", *lines)), encoding="utf-8")
    assert reconcile(app, file).settled == ORDERS + 1


def test_a_report_with_a_mistake_is_not_taken_in_at_all(app: App, tmp_path: Path) -> None:
    file = report(app, tmp_path)
    text = file.read_text("utf-8")
    file.write_text(text.replace("capture,20.00", "capture,20.001", 1), encoding="utf-8")
    with pytest.raises(BadReport) as error:
        reconcile(app, file)
    assert [(each.row, each.path, each.value) for each in error.value.mistakes] == [(2, "amount", "20.001")]
    assert "bank" not in sums(app)
    assert [source for (source,) in app.reader().execute("SELECT source FROM inbox") if "settlement" in source] == []
