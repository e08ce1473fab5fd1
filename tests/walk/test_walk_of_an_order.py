"""The walk of an order: from a sales channel's file to delivered and paid, killed on the way, explained in the end."""

import signal
from pathlib import Path

from segue.app import App, owned
from segue.connectors.simulated.witness import unmatched
from segue.core.order import Order, count_in, is_open, money_in
from segue.core.tally import size
from segue.engine.replay import deviations
from segue.main.why import story_of
from segue.store.overview import Overview
from segue.store.reading import Finder, every_order, stories
from tests.walk.shop import open_corner_shop, work_and_be_killed

ORDER = "canonical-1001"


def received(folder: Path) -> None:
    with owned(folder) as app:
        app.receive([folder / "orders.json"], "canonical", None)


def found(app: App) -> Order:
    order = Finder(app.reader()).order(ORDER)
    assert order is not None
    return order


def test_an_order_walks_from_a_file_to_delivered_and_paid_though_it_is_killed_on_the_way(tmp_path: Path) -> None:
    shop = open_corner_shop(tmp_path)

    # The channel's file comes in; the process that took it in is killed before it has done anything for the order.
    received(shop)
    assert work_and_be_killed(shop, rounds=0) == -signal.SIGKILL

    # The order is taken in and graded, the gateway is asked for the money, and killed again before its answer is on disk.
    assert work_and_be_killed(shop, rounds=1) == -signal.SIGKILL
    received(shop)  # somebody imports the file once more, to be sure: nothing is taken in twice
    with owned(shop) as app:
        order = found(app)
        assert money_in(order, "authorizing") == 37_40
        assert count_in(order, "new") == 3

    # The answer comes, the grace period passes, mugs come from Berlin and tea from Munich; killed again, and again.
    assert work_and_be_killed(shop, rounds=5) == -signal.SIGKILL
    with owned(shop) as app:
        order = found(app)
        assert money_in(order, "authorized") == 37_40
        assert {f.location: sum(map(size, f.units.values())) for f in order.fulfillments.values()} == {
            "BER": 2,
            "MUC": 1,
        }
    assert work_and_be_killed(shop, rounds=4) == -signal.SIGKILL

    # Then it is left alone: both parcels leave, each is paid as it leaves, both arrive.
    with owned(shop) as app:
        app.worker.run()
        order = found(app)
        assert count_in(order, "delivered") == 3
        assert money_in(order, "captured") == 37_40
        assert not is_open(order)
        assert len(order.shipments) == 2
        nothing_happened_twice_and_nothing_is_missing(app)
        it_can_be_explained(app)


def nothing_happened_twice_and_nothing_is_missing(app: App) -> None:
    """The gateway, the audit, the stock and the mailbox agree with us."""
    connection = app.reader()
    assert unmatched(app.world.gateway.ledger(), every_order(connection)) == ([], [])
    assert [row.operation for row in app.world.gateway.ledger()] == ["authorize", "capture", "capture"]
    assert deviations(stories(connection)) == []
    assert app.audit() == []
    left = {(row.sku, row.location): (row.on_hand, row.allocated) for row in Overview(connection).stock()}
    assert left == {("MUG", "BER"): (3, 0), ("TEA", "MUC"): (4, 0)}
    assert app.world.mailer.sent == {"order_received": 1, "on_its_way": 2, "delivered": 2}


def it_can_be_explained(app: App) -> None:
    """What `segue why` tells names the locations, the reasons and the money."""
    told = [sentence.text for sentence in story_of(app.reader(), ORDER, app.shop.locations)]
    assert told[0] == "Order 1001 came in from canonical: 2 of MUG and 1 of TEA, for 37.40 EUR"
    assert "2 of line 1 (MUG) will come from Berlin warehouse (BER)" in told
    assert any(text.endswith("were taken from card (P1)") for text in told)
    assert told[-1] == "Where it stands"
