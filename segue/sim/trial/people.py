"""People in the shop: what they do with the orders that they find in a folder."""

from collections.abc import Callable
from typing import NamedTuple

from segue.connectors.simulated.chance import Chance
from segue.core.allocate import Allocate
from segue.core.base import Command
from segue.core.bringing import RecordCollection
from segue.core.cancel import Cancel
from segue.core.deliver import RecordDelivery
from segue.core.hold import LiftHold, PlaceHold
from segue.core.item_state import LeaveState
from segue.core.note import Note
from segue.core.order import Order
from segue.core.patience import AnswerDelay
from segue.core.reschedule import Reschedule
from segue.core.returns import RecordReturn
from segue.core.void import Void

SEEN_RATE = 0.35  # of the orders in a folder, at each visit
CANCEL = Cancel("nothing else helps")
Choice = Callable[[Order], Command | None]


class Choices(NamedTuple):
    """What may be done in a folder, and by whom."""

    owner: str
    choices: tuple[Choice, ...]


def _always(command: Command) -> Choice:
    return lambda order: command


def _lift(type: str) -> Choice:
    """Lift the first hold of a type, on the order or on a line."""
    return lambda order: next((LiftHold(name) for name, hold in order.holds.items() if hold.type == type), None)


def _found(order: Order) -> Command | None:
    """A parcel that seemed lost has arrived after all."""
    return next((RecordDelivery(name) for name, s in order.shipments.items() if s.delivered_at_s is None), None)


def _lost(order: Order) -> Command | None:
    """A parcel is lost for good: its units count as back, and cannot be sold."""
    for shipment in order.shipments.values():
        for line, ranges in shipment.units.items():
            if shipment.delivered_at_s is None:
                count = sum(last - first + 1 for first, last in ranges)
                return RecordReturn(line, count, lost=True)
    return None


FOLDERS: dict[str, Choices] = {
    "bad_address": Choices("service", (_lift("deliverable_address"), _lift("known_shipping_method"), _always(CANCEL))),
    "ordered_twice": Choices("service", (_lift("not_a_duplicate"), _always(CANCEL))),
    "wrong_amounts": Choices("service", (_lift("money_adds_up"), _always(CANCEL))),
    "on_request": Choices("service", (_lift("service"),)),
    "payment_failed": Choices("payments", (_lift("payment"), _lift("payment"), _always(CANCEL))),
    "capture_failed": Choices("payments", (_lift("capture"),)),
    "charged_back": Choices("payments", (_lift("chargeback"),)),
    "refund_owed": Choices("payments", (_lift("refund"),)),
    "money_left_over": Choices("payments", (_always(Void()),)),
    "no_location": Choices("stock", (_lift("sourcing"), _lift("sourcing"), _always(CANCEL))),
    "backorders": Choices("stock", (_always(Allocate()), _always(CANCEL))),
    "stands_still": Choices("service", (_always(Allocate()), _always(CANCEL))),
    "unknown_goods": Choices("catalog", (_always(CANCEL),)),
    "review": Choices("risk", (_lift("fraud_review"), _always(CANCEL))),
    "lost_on_its_way": Choices("service", (_found, _lost)),
    "bundles_in_doubt": Choices("service", (_always(CANCEL),)),
    "sold_out": Choices("stock", (_lift("sellable"), _always(CANCEL))),
    "waiting_for_an_answer": Choices("service", (_always(AnswerDelay("wait")), _always(AnswerDelay("cancel")))),
    "supply_overdue": Choices("stock", (_always(Allocate()), _always(Cancel("it never comes", only_backordered=True)))),
    "date_not_possible": Choices("service", (_always(Reschedule()), _lift("possible_date"), _always(CANCEL))),
    "no_such_store": Choices("service", (_always(CANCEL),)),
    "no_such_window": Choices("service", (_lift("pickup_window"), _always(CANCEL))),
    "no_show": Choices("store", (_always(RecordCollection()), _always(PlaceHold("kept_longer", "comes tomorrow")))),
    "kept_longer": Choices("store", (_always(RecordCollection()), _lift("kept_longer"))),
    "late_at_the_warehouse": Choices("store", (_always(Note("asked where it is")),)),
    "to_engrave": Choices("workshop", (_always(LeaveState("engraving")),)),
}


def choice(chance: Chance, folder: str, order: Order, visit: int) -> Command | None:
    """What somebody does with an order in a folder at this visit; mostly nothing yet."""
    key = f"{folder} {order.id} {visit}"
    if not chance.happens("seen", key, SEEN_RATE):
        return None
    choices = FOLDERS[folder].choices
    return choices[chance.whole("choice", key, 0, len(choices) - 1)](order)
