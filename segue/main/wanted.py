"""Wanted: what the command line asks of whoever owns the shop, as values that fit on one line of JSON."""

from typing import Any, Literal

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
    """So many units are there now; `safety` of them are never promised, if it is said."""

    sku: str
    location: str
    units: int
    safety: int | None = None
    by: str = "person:stock"


class MoveStock(Wanted, frozen=True, tag="move_stock"):
    """Units come, go, or become another thing: received, adjusted, damaged, scrapped, quarantined, released."""

    how: str
    sku: str
    location: str
    units: int
    reason: str
    by: str


class TakeStock(Wanted, frozen=True, tag="take_stock"):
    """A file of what a location reports. The path is absolute: the owner works in another folder."""

    path: str
    kind: Literal["snapshot", "delta"]
    source: str
    at_s: int | None
    sequence: int
    by: str


class DropReport(Wanted, frozen=True, tag="drop_report"):
    """A report of stock that waits or was refused is not needed any more."""

    number: int
    by: str


class Supply(Wanted, frozen=True, tag="supply"):
    """What is on order or on its way: added, sent, moved, canceled, received."""

    how: str
    reference: str
    by: str
    sku: str = ""
    location: str = ""
    origin: str = ""
    units: int = 0
    expected_at_s: int = 0
    reason: str = ""
    is_all: bool = False
    previews: bool = False  # says what would come of it for who waits; nothing is changed
    listed: int = 0  # so many of those by name; 0: all
    percent: int | None = None  # of it may be sold before it is there; none: as the workflow says of all
    most: int | None = None  # units of it at most


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


class RefreshOpportunity(Wanted, frozen=True, tag="refresh_opportunity"):
    """What units are worth where they lie is worked out again."""


class ReserveCart(Wanted, frozen=True, tag="reserve_cart"):
    """A cart sets units aside for so many seconds."""

    cart: dict[str, Any]  # a draft
    for_s: int
    by: str


class ChangeCart(Wanted, frozen=True, tag="change_cart"):
    """The reservation of a cart ends so many seconds from now; 0: at once."""

    key: str
    for_s: int
    by: str


class PutFence(Wanted, frozen=True, tag="put_fence"):
    """A channel's share of a SKU, or a pool's. What is not said stays as it is."""

    sku: str
    channel: str
    location: str
    by: str
    units: int | None = None
    parent: str | None = None
    safety: int | None = None
    is_pool: bool = False  # a name of the shop's own, and no channel


class Reallocate(Wanted, frozen=True, tag="reallocate"):
    """Units of one channel's share become another's."""

    sku: str
    giving: str
    getting: str
    units: int
    location: str
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


class AskSubscription(Wanted, frozen=True, tag="ask_subscription"):
    """A command for a subscription: {"command": "skip_next"}; or {"token": ...}, as the link to skip has it."""

    id: str
    command: dict[str, Any]
    by: str


AnyWanted = (
    Give
    | Correct
    | LookAhead
    | TakeIn
    | CountStock
    | MoveStock
    | TakeStock
    | DropReport
    | Supply
    | CloseLocation
    | OpenLocation
    | RefreshOpportunity
    | ReserveCart
    | ChangeCart
    | PutFence
    | Reallocate
    | PutItems
    | Erase
    | Retry
    | Settle
    | Dismiss
    | Reconcile
    | AskSubscription
)


class Done(Struct, frozen=True):
    """What came of it: a result; or a sentence that says why not, with the exit code."""

    result: dict[str, Any] = {}
    failed: str = ""
    code: int = 0
    refusal: str = ""  # its name, if the core has refused it
    detail: str = ""  # what in particular the refusal is about
