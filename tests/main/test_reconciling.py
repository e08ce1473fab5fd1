"""Reconciling as people do it: `segue reconcile FILE`."""

from pathlib import Path

import msgspec

from segue.connectors.simulated.journal import Operation
from tests.connectors.beans import bean_check
from tests.main.calling import Call

HEADER = "line,key,id,kind,amount,currency,fee,settled"


def report(shop: Path, *more: str, amount: str = "") -> Path:
    """A line for each capture that stands in the journal of the simulated world."""
    lines = [HEADER]
    for written in (shop / "world.ndjson").read_text("utf-8").splitlines():
        entry = msgspec.json.decode(written)
        if entry.get("request", {}).get("operation") == "capture" and entry["answer"]["outcome"] == "done":
            operation = msgspec.convert({k: v for k, v in entry.items() if k in Operation.__struct_fields__}, Operation)
            request = operation.request
            value = amount or f"{request.amount_minor / 100:.2f}"
            lines.append(f"L{len(lines)},{operation.key},,capture,{value},{request.currency},1.00,2026-03-10")
    path = shop / "report.csv"
    path.write_text("\n".join((*lines, *more)) + "\n", encoding="utf-8")
    return path


def test_a_clean_report_is_settled_and_is_read_again_without_harm(call: Call, shop: Path) -> None:
    file = report(shop)
    said = call("reconcile", file)
    assert (said.code, "All is well" in said.out) == (0, True)
    again = call("reconcile", file, "--json")
    assert (again.code, again.json["settled"], again.json["seen_before"]) == (0, 0, again.json["lines"])
    assert again.json["lines"] >= 2
    assert call("audit").code == 0
    journal = call("ledger", "export", "-").out
    assert all(account in journal for account in ("Assets:Bank", "Assets:Cash:Gateway:Settled", "Gateway-fees"))
    assert bean_check(journal) == ""


def test_differences_are_counted_and_the_next_commands_are_named(call: Call, shop: Path) -> None:
    strange = "L99,nobody,,capture,1.00,USD,,2026-03-10"
    said = call("reconcile", report(shop, strange, amount="1.00"))
    assert said.code == 1
    assert all(part in said.out for part in ("amount differs", "of no order", "segue orders --folder", "segue trouble"))
    assert "amount differs" in call("why", "web-1002").out
    assert "L99" in call("trouble").out
    listed = call("orders", "--folder", "settlement_differs", "--json").json
    assert "web-1002" in [each["id"] for each in listed]
    assert call("do", "web-1002", "resolve_settlement", "line=L2", "accept=true").code in (0, 1)


def test_a_second_run_does_not_say_that_all_is_well_as_long_as_a_difference_is_open(call: Call, shop: Path) -> None:
    file = report(shop, amount="1.00")
    assert call("reconcile", file).code == 1
    again = call("reconcile", file)
    assert (again.code, "All is well" in again.out, "amount differs, still open" in again.out) == (1, False, True)
    found = call("orders", "--folder", "settlement_differs", "--json").json
    assert f"{len(found)} differences of an earlier run" in again.out
    for id in [each["id"] for each in found]:
        for line in call("order", id, "--json").json["differences"]:
            assert call("do", id, "resolve_settlement", f"line={line}", "reason=they were asked").code in (0, 1)
    assert call("reconcile", file).code == 0


def test_a_report_with_a_header_alone_is_not_well(call: Call, shop: Path) -> None:
    (shop / "empty.csv").write_text(f"{HEADER}\n", encoding="utf-8")
    said = call("reconcile", shop / "empty.csv")
    assert (said.code, "All is well" in said.out, "has a header and no lines" in said.out) == (1, False, True)


def test_mistakes_are_told_with_line_and_column_and_nothing_is_taken_in(call: Call, shop: Path) -> None:
    said = call("reconcile", report(shop, "L9,k,,capture,1.005,USD,,2026-03-10", "L10,k,,gift,1,USD,,2026-03-10"))
    assert said.code == 1
    assert all(
        part in said.out for part in ("more digits than USD", "neither capture nor refund", "Nothing of the report")
    )
    assert call("reconcile", report(shop)).code == 0


def test_columns_are_mapped_by_name(call: Call, shop: Path) -> None:
    file = report(shop)
    file.write_text(file.read_text("utf-8").replace(HEADER, "nr,ref,psp,type,gross,ccy,cost,booked"), encoding="utf-8")
    names = "line=nr key=ref id=psp kind=type amount=gross currency=ccy fee=cost settled=booked".split()
    assert call("reconcile", file, *(part for name in names for part in ("--column", name))).code == 0
    for wrong in ("amuont=gross", "amount", "amount="):
        said = call("reconcile", file, "--column", wrong)
        assert (said.code, "OURS=THEIRS" in said.err) == (2, True)


def test_wrong_use_is_told(call: Call, shop: Path) -> None:
    assert call("reconcile", shop / "nothing.csv").code == 2
    assert call("reconcile", report(shop), "--grace", "-1").code == 2
