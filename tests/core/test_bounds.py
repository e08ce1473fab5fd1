"""Bounds: numbers that nobody can mean are refused at the door, whatever the command, and whoever gives it."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from segue.core.adjust import GiveGoodwill
from segue.core.amounts import MINOR_MAX
from segue.core.base import Command, Refusal
from segue.core.bounds import refuse_out_of_bounds
from segue.core.cancel import Cancel
from segue.core.hold import PlaceHold
from segue.core.intake import CorrectOrder, PlaceOrder
from segue.core.moments import FIRST_S, LAST_S, moment
from segue.core.pay import RecordAuthorization
from segue.core.settlement import RecordSettlement
from tests.core.given import given, refuse
from tests.core.shop import NOW_S, draft, sold

SETTLED = RecordSettlement("L1", "capture", 10_00, "EUR")
SENT = draft(sold("SHIRT"))


@pytest.mark.parametrize(
    ("command", "names"),
    [
        (
            PlaceHold("service", until_s=NOW_S * 1000),
            f"until_s is {NOW_S * 1000}; in seconds it is between 2000 and 2100, ",
        ),
        (PlaceHold("service", until_s=60), "until_s is 60; in seconds it is between 2000 and 2100"),
        (PlaceHold("service", until_s=LAST_S + 1), "until_s is "),
        (PlaceHold("service", until_s=FIRST_S - 1), "until_s is "),
        (replace(SETTLED, settled_at_s=99_999_999_999_999), "settled_at_s is 99999999999999"),
        (RecordAuthorization("A1", "done", capture_before_s=-1), "capture_before_s is -1"),
        (PlaceOrder("web-1", replace(SENT, placed_at_s=NOW_S * 1000)), "and this looks like milliseconds"),
        (CorrectOrder(replace(SENT, promised_at_s=5)), "promised_at_s is 5"),
    ],
)
def test_an_instant_that_no_order_has_is_refused_with_its_name(command: Command, names: str) -> None:
    given(SENT).when(command).refused(Refusal.INSTANT_IMPOSSIBLE, names)


@pytest.mark.parametrize(
    "command",
    [
        GiveGoodwill(MINOR_MAX, "sorry"),
        GiveGoodwill(-MINOR_MAX, "sorry"),
        Cancel(line=10**30),
        replace(SETTLED, amount_minor=10**18),
        PlaceOrder("web-1", replace(SENT, total_minor=10**30)),
    ],
)
def test_a_number_that_nobody_can_mean_is_refused_with_its_name(command: Command) -> None:
    given(SENT).when(command).refused(Refusal.NUMBER_TOO_BIG, " is ")


def test_what_is_within_the_bounds_or_not_said_is_let_through() -> None:
    for command in (PlaceHold("x"), PlaceHold("x", until_s=FIRST_S), PlaceHold("x", until_s=LAST_S), SETTLED):
        refuse_out_of_bounds(command)
    refuse_out_of_bounds(GiveGoodwill(MINOR_MAX - 1, "sorry"))
    with refuse(Refusal.NUMBER_TOO_BIG):
        refuse_out_of_bounds(GiveGoodwill(MINOR_MAX, "sorry"))


def test_an_instant_that_no_calendar_has_is_shown_as_the_number_that_it_is() -> None:
    assert moment(0) == "1970-01-01 00:00 UTC"
    assert moment(NOW_S) == f"{datetime.fromtimestamp(NOW_S, UTC):%Y-%m-%d %H:%M} UTC"
    for far in (1_795_434_013_000, 10**30, -(10**14)):
        assert moment(far) == f"{far} s after 1970"
