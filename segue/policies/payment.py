"""Payment: the units in which states are to be paid when a capture is asked for."""

from segue.core.order import Order
from segue.core.policy import policy
from segue.core.tally import GIVEN, STATES

GONE = ("shipped", "delivered", "returning")


@policy("capture")
def on_shipment(order: Order) -> tuple[str, ...]:
    """What has left is paid."""
    return GONE


@policy("capture")
def on_release(order: Order) -> tuple[str, ...]:
    """What a location was asked to ship is paid."""
    return (*GIVEN, *GONE)


@policy("capture")
def at_once(order: Order) -> tuple[str, ...]:
    """All that is not canceled is paid."""
    return tuple(state for state in STATES if state not in ("canceled", "returned"))


@policy("capture")
def on_delivery(order: Order) -> tuple[str, ...]:
    """What has arrived is paid."""
    return ("delivered", "returning")
