"""Told of stores: events of who sends what, what is collected, what suppliers send; and the sentences read of them."""

from segue.core import assign, bringing, collect, fulfill, purchase
from segue.core.base import Event
from tests.core.shop import NOW_S
from tests.core.told import AT_DALLAS, SOME_TEXT

TOLD_OF_STORES: tuple[tuple[Event, str], ...] = (
    (
        assign.LocationAssigned(lines=(1, 2), location="DAL", reason="damaged elsewhere"),
        "From Dallas warehouse (DAL) and nowhere else will come line 1 (SHIRT) and line 2 (CAP): damaged elsewhere",
    ),
    (assign.LocationAssigned(lines=(2,)), "The rules say again where line 2 (CAP) will come from"),
    (
        fulfill.FulfillmentReleased(**AT_DALLAS, purchase_order="web-1001-F1"),
        f"Dallas warehouse (DAL) is asked by purchase order web-1001-F1 to ship {SOME_TEXT}",
    ),
    (
        purchase.PurchaseOrderMirrored("F1", "DAL", "web-1001-F1", "confirmed", "SO-7", NOW_S),
        "Purchase order web-1001-F1 to Dallas warehouse (DAL) is confirmed, there called SO-7, to leave "
        "2026-05-28 20:26 UTC",
    ),
    (
        purchase.PurchaseOrderMirrored("F1", "DAL", "web-1001-F1", "in_production"),
        "Purchase order web-1001-F1 to Dallas warehouse (DAL) is in production",
    ),
    (
        bringing.SentToStore(**AT_DALLAS, store="MIA", shipment="S1", carrier="ups", tracking="1Z"),
        f"Dallas warehouse (DAL) has sent {SOME_TEXT} to Miami store (MIA) with ups as S1, tracking 1Z",
    ),
    (
        bringing.SentToStore(**AT_DALLAS, store="MIA"),
        f"Dallas warehouse (DAL) has sent {SOME_TEXT} to Miami store (MIA)",
    ),
    (
        bringing.UnitsReady(**AT_DALLAS),
        f"{SOME_TEXT} are ready at Dallas warehouse (DAL), where the customer collects them",
    ),
    (
        bringing.UnitsReady(**AT_DALLAS, brought=True),
        f"{SOME_TEXT} have come to Dallas warehouse (DAL), where the customer collects them",
    ),
    (
        bringing.UnitsLost(**AT_DALLAS, reason="lost"),
        f"{SOME_TEXT} from Dallas warehouse (DAL) have not come to the store: lost",
    ),
    (
        collect.UnitsCollected(**AT_DALLAS, shipment="C1"),
        f"The customer has collected {SOME_TEXT} at Dallas warehouse (DAL), as C1",
    ),
)
