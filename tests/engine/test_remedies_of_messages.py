"""Remedies of messages: handled again or dismissed; who decided it, and why, stays in the message's reason."""

from pathlib import Path

import pytest

from segue.app import App
from segue.engine.remedies import dismiss, try_again
from segue.ports import TRIED_AGAIN, Batch, Handled, Inbound
from segue.store.trouble import Trouble
from tests.engine.shops import arrive, bought, message_of, open_shop, states_of, well

ANN = "person:ann"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shop")


EARLY = Inbound("warehouse", "w1", "record_shipment", {"fulfillment": "F1", "shipment": "S1"}, "canonical-1")
ODD = Inbound("warehouse", "w2", "record_shpment", {})


def parked(app: App) -> dict[str, Handled]:
    """Have Ann try all messages again that are in trouble."""
    found = Trouble(app.reader()).messages()
    return {each.id: try_again(each.source, each.id, each.reason, ANN, "now") for each in found}


def test_a_message_that_is_tried_again_says_by_whom_whatever_becomes_of_it(folder: Path) -> None:
    app = open_shop(folder)
    arrive(app, EARLY, ODD)
    app.worker.round()
    reasons = {id: reason for id, (_, reason) in states_of(app).items()}
    app.store.commit(Batch(app.clock.now_s(), handled=tuple(parked(app).values())))
    ann = f"{TRIED_AGAIN}person:ann: now)"
    assert states_of(app) == {id: ("new", f"{reason}{ann}") for id, reason in reasons.items()}
    app.worker.round()
    assert states_of(app) == {id: ("parked", f"{reason}{ann}") for id, reason in reasons.items()}
    app.store.commit(Batch(app.clock.now_s(), handled=tuple(parked(app).values())))
    assert states_of(app)["w2"][1] == f"{reasons['w2']}{ann}{ann}"
    arrive(app, message_of(bought(1)))
    app.worker.run()
    well(app)


def test_a_message_that_was_refused_is_done_at_the_second_try(folder: Path) -> None:
    app = open_shop(folder)
    draft = bought(1)
    arrive(app, message_of(draft), Inbound("office", "o1", "note", {"text": " "}, "canonical-1"))
    app.worker.round()
    assert states_of(app)["o1"][0] == "refused"
    with app.database.transaction() as cursor:  # as if a mistake of ours had been mended
        cursor.execute("""UPDATE inbox SET body = '{"text":"call them"}' WHERE id = 'o1'""")
    app.store.commit(Batch(app.clock.now_s(), handled=tuple(parked(app).values())))
    app.worker.run()
    assert states_of(app)["o1"] == ("done", f"{TRIED_AGAIN}person:ann: now)")
    well(app)


def test_a_message_that_is_dismissed_is_done_and_says_by_whom_and_why(folder: Path) -> None:
    app = open_shop(folder)
    arrive(app, ODD)
    app.worker.round()
    app.store.commit(Batch(app.clock.now_s(), handled=tuple(parked(app).values())))
    app.worker.round()
    (found,) = Trouble(app.reader()).messages()
    ended = dismiss(found.source, found.id, found.reason, "person:bob", "a test of theirs")
    app.store.commit(Batch(app.clock.now_s(), handled=(ended,)))
    was = "no message is called record_shpment"
    reason = f"dismissed by person:bob: a test of theirs; before: {was}{TRIED_AGAIN}person:ann: now)"
    assert states_of(app) == {"w2": ("done", reason)}
    assert Trouble(app.reader()).message(found.number) is None
    well(app)
