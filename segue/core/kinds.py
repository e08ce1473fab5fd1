"""Kinds: what each kind of event brings with it, looked up once an event instead of asked of every subject."""

from collections.abc import Callable
from typing import Any

from segue.core.base import Value
from segue.core.collect_at import PickupRescheduled
from segue.core.decide import EVENTS, EVOLUTIONS
from segue.core.documents import DOCUMENTS
from segue.core.grace import GraceEnded
from segue.core.hold import HoldLifted, ReactionBlocked
from segue.core.ledger import ENTRIES
from segue.core.notify import ChannelUpdateRequested, MessageRequested
from segue.core.order import Order
from segue.core.reschedule import DeliveryRescheduled
from segue.core.schedule import FulfillmentDue
from segue.core.stock import MOVES
from segue.core.tasks import REQUESTS
from segue.core.wake import PlacesChanged, TimerFired, TimersDropped, TimerSet

# After these, conditions see the same order: the vocabulary has no words for what waits, places and messages.
UNSEEN = (
    TimerSet, TimerFired, TimersDropped, ReactionBlocked, PlacesChanged, MessageRequested, ChannelUpdateRequested,
)  # fmt: skip
RESUMING = (
    TimerFired,
    HoldLifted,
    GraceEnded,
    FulfillmentDue,
    DeliveryRescheduled,
    PickupRescheduled,
)  # these let something go on that the workflow wanted before


class Kind(Value):
    """What a kind of event brings with it, looked up once an event."""

    name: str  # as workflows write it
    evolve: Callable[[Any, Any, int], Order]
    is_seen: bool
    is_resuming: bool
    has_moves: bool
    has_entries: bool
    is_request: bool
    is_issued: bool


KINDS = {
    kind: Kind(
        name, EVOLUTIONS[kind], kind not in UNSEEN, kind in RESUMING, kind in MOVES, kind in ENTRIES, kind in REQUESTS,
        kind in DOCUMENTS,
    )
    for name, kind in EVENTS.items()
}  # fmt: skip
