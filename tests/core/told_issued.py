"""Told of codes: events of what is delivered by a message, and of what is taken back; and the sentences read of them."""

from segue.core import issuing, takeback
from segue.core.base import Because, Event
from tests.core.told import SOME, SOME_TEXT

TOLD_ISSUED: tuple[tuple[Event, str], ...] = (
    (issuing.IssuingBegun(units=SOME), f"{SOME_TEXT} are delivered by a message once they are paid"),
    (
        issuing.CodesRequested(issue="D1", units=SOME, because=Because("paid", {"needed": 24_99, "paid": 34_99})),
        f"A code is asked for, for {SOME_TEXT} (D1), as 34.99 USD is paid",
    ),
    (issuing.CodesRequested(issue="D1", units=SOME), f"A code is asked for, for {SOME_TEXT} (D1)"),
    (
        issuing.UnitsIssued(issue="D1", units=SOME, reference="i-1"),
        f"There is a code for {SOME_TEXT} (D1): they are the customer's",
    ),
    (
        issuing.IssueDeclined(issue="D1", units=SOME, detail="sold_out"),
        f"There is no code for {SOME_TEXT} (D1): sold_out",
    ),
    (
        takeback.TakebackRequested(takeback="B1", line=2, unit=1, issue="D1", reason="a gift too many"),
        "The code of unit 1 of line 2 (CAP) is to become worthless: a gift too many",
    ),
    (
        takeback.TakebackDeclined(takeback="B1", line=2, unit=1, detail="in_use"),
        "The code of unit 1 of line 2 (CAP) stays as it is: in_use",
    ),
)
