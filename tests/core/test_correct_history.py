"""Correcting: what becomes of each part of an order when its document comes again."""

from msgspec.structs import replace

from segue.core.correct import ANEW, KEPT, SAID
from segue.core.intake import CorrectOrder
from segue.core.order import Fulfillment, Order
from segue.core.papers import Difference, Issued, Settlement
from tests.core.test_correct import RIGHT, order_of, waiting


def test_every_part_of_an_order_is_said_by_its_document_or_kept_or_made_anew() -> None:
    """A new field of an order has to be thought of: what becomes of it when the document comes again."""
    own = {"id", "version", "channel", "channel_order_id", "workflow", "lines", "tenders", "transactions", "coupons"}
    parts = [*SAID, *KEPT, *ANEW]
    assert len(parts) == len(set(parts))
    assert own.isdisjoint(parts)
    assert own | set(parts) == set(Order.__struct_fields__)


def test_what_is_the_orders_own_history_outlives_a_correction() -> None:
    order = order_of(waiting())
    told = replace(
        order,
        fulfillments={"F1": Fulfillment("DAL", {})},
        documents={"I1": Issued("S1", 0)},
        uncredited=("R1",),
        settlements={"C1": Settlement("L1", 5)},
        differences={"L2": Difference("C1", "twice", 5, "USD")},
        corrections=2,
        capped={"charges": 5},
        covered=True,
    )
    made = order_of(waiting()._replace(order=told).after(CorrectOrder(RIGHT)))
    assert made.total_minor == RIGHT.total_minor
    for name in KEPT:
        if name not in ("holds", "failures"):  # the checks are made anew, and their holds with them
            assert getattr(made, name) == getattr(told, name), name
    assert (made.capped, made.covered, made.corrections) == ({}, False, 3)
