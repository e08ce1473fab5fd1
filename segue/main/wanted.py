"""Wanted: what the command line asks of whoever owns the shop, as values that fit on one line of JSON."""

from typing import Any

from msgspec import Struct


class Wanted(Struct, frozen=True, tag_field="what", forbid_unknown_fields=True):
    """Something to be done in a shop. `by` is the person who asks."""


class Give(Wanted, frozen=True, tag="give"):
    """A command for an order: {"command": "cancel", "reason": ...}."""

    order: str
    command: dict[str, Any]
    by: str
    expects: str = ""  # the preview that it goes by


class LookAhead(Wanted, frozen=True, tag="look_ahead"):
    """What a command for an order would come to; nothing is changed."""

    order: str
    command: dict[str, Any]
    by: str


class TakeIn(Wanted, frozen=True, tag="take_in"):
    """Files of a channel. Paths are absolute: the owner works in another folder."""

    paths: tuple[str, ...]
    channel: str
    rejects: str = ""


class Correct(Wanted, frozen=True, tag="correct"):
    """The corrected document of an order. The path is absolute: the owner works in another folder."""

    order: str
    path: str
    by: str


class CountStock(Wanted, frozen=True, tag="count_stock"):
    """So many units are there, of which `safety` are never promised."""

    sku: str
    location: str
    units: int
    safety: int = 0


class ReceiveStock(Wanted, frozen=True, tag="receive_stock"):
    """So many units have come; or gone, if they are negative."""

    sku: str
    location: str
    units: int
    reason: str = "received"


class CloseLocation(Wanted, frozen=True, tag="close_location"):
    """Nothing is sent to a location: until an instant, or until it is opened."""

    location: str
    until_s: int | None
    reason: str
    by: str


class OpenLocation(Wanted, frozen=True, tag="open_location"):
    """Goods come from a location again."""

    location: str
    reason: str
    by: str


class PutItems(Wanted, frozen=True, tag="put_items"):
    """Catalog entries, from a table like catalog.csv."""

    path: str


class Erase(Wanted, frozen=True, tag="erase"):
    """A person's data."""

    person: str


class Retry(Wanted, frozen=True, tag="retry"):
    """A task is asked for again, or a message handled again."""

    id: str  # a task's, or a message's number
    reason: str
    by: str


class Settle(Wanted, frozen=True, tag="settle"):
    """What became of a task, as somebody has found out."""

    task: str
    outcome: str
    reference: str
    reason: str
    by: str


class Dismiss(Wanted, frozen=True, tag="dismiss"):
    """A message is left undone for good."""

    message: int
    reason: str
    by: str


class Reconcile(Wanted, frozen=True, tag="reconcile"):
    """A gateway's settlement report. `called`: our columns -> the report's own."""

    path: str
    provider: str
    called: dict[str, str]
    grace_days: int


AnyWanted = (
    Give
    | Correct
    | LookAhead
    | TakeIn
    | CountStock
    | ReceiveStock
    | CloseLocation
    | OpenLocation
    | PutItems
    | Erase
    | Retry
    | Settle
    | Dismiss
    | Reconcile
)


class Done(Struct, frozen=True):
    """What came of it: a result; or a sentence that says why not, with the exit code."""

    result: dict[str, Any] = {}
    failed: str = ""
    code: int = 0
