"""What `segue order` says of money since the order came in, and what a preview says of a chargeback."""

from pathlib import Path

from tests.main.calling import Call
from tests.main.test_reconciling import report


def lived(call: Call) -> None:
    """A lamp of web-1002 is cheaper now, something was given for the delay, and a bank has taken a part of it back."""
    assert call("adjust", "web-1002", "5.00", "--line", "1").code == 0
    assert call("goodwill", "web-1002", "1.00", "--reason", "late").code == 0
    assert call("work", "--until-idle").code == 0


def test_an_order_shows_what_is_owed_by_now_and_why_it_is_another_amount(call: Call, shop: Path) -> None:
    before = call("order", "web-1002", "--json").json
    assert "as it came in" not in call("order", "web-1002").out
    lived(call)
    after, said = call("order", "web-1002", "--json").json, call("order", "web-1002").out
    assert (after["total_minor"], after["owed_minor"]) == (before["total_minor"], before["total_minor"] - 6_00)
    total, owed = (f"{amount / 100:.2f} USD" for amount in (after["total_minor"], after["owed_minor"]))
    assert f"{total} as it came in, {owed} now" in said
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert {"prices lowered -5.00 USD", "goodwill -1.00 USD"} <= set(lines)
    line = before["lines"][0]
    assert f"{(line['paid_minor'] - 5_00) / 100:.2f} USD" in next(each for each in lines if each.startswith("1 LAMP-1"))


def test_a_refund_says_when_it_was_asked_for(call: Call, shop: Path) -> None:
    lived(call)
    transactions = call("order", "web-1002", "--json").json["transactions"].values()
    times = {each["kind"]: each.get("at_s", 0) for each in transactions}
    assert times.keys() >= {"authorize", "capture", "refund"}
    assert 0 < times["authorize"] <= times["capture"] <= times["refund"]


def test_an_order_shows_in_what_a_settlement_report_differs(call: Call, shop: Path) -> None:
    assert call("reconcile", report(shop, amount="1.00")).code == 1
    said = [" ".join(line.split()) for line in call("order", "web-1002").out.splitlines()]
    assert [line for line in said if "amount differs 1.00 USD" in line]


def test_a_preview_of_a_chargeback_shows_what_the_bank_takes(call: Call, shop: Path) -> None:
    case = ("do", "web-1002", "record_chargeback", "tender=P1", "amount_minor=600", "reference=D-1")
    said = call(*case, "--preview")
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert "taken back by banks 0.00 USD 6.00 USD" in lines
    assert [line for line in lines if line.startswith("P1, ") and line.endswith("6.00 USD taken back by a bank")]
    assert call(*case).code == 0
    assert "taken back by a bank of P1, case D-1" in call("order", "web-1002").out
    other = call("do", "web-1002", "record_chargeback", "tender=P1", "amount_minor=700", "reference=D-1")
    assert (other.code, "D-1 is on record with 600 of P1" in other.out + other.err) == (1, True)
    assert call(*case).code == 0
