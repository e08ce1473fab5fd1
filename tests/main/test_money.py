"""Money at risk: authorizations that end while their goods have not left, and what the workflow will do about it."""

import json
from pathlib import Path

import pytest

from segue.app import owned
from tests.main.calling import Call, an_order

HOUR_S = 3600


@pytest.fixture
def waiting(shop: Path, call: Call) -> Path:
    """A shop in which web-2001 has just been released, and has not left."""
    (shop / "orders/one.json").write_text(json.dumps([an_order("2001")]))
    assert call("import", shop / "orders/one.json", "--channel", "web").code == 0
    with owned(shop) as app:
        for _ in range(50):
            app.worker.round()
            found = app.reader().execute("SELECT status FROM orders WHERE id = 'web-2001'").fetchone()
            if found == ("at_the_warehouse",):
                return shop
            app.clock.sleep_until(app.worker.next_at_s() or 0)
    raise AssertionError("web-2001 was never released")


def test_what_ends_soon_is_listed_with_what_will_be_done_about_it(waiting: Path, call: Call) -> None:
    said = call("money-at-risk", "--within", "8d", "--json").json
    (found,) = [each for each in said["authorizations"] if each["order"] == "web-2001"]
    assert (found["transaction"], found["tender"], found["unshipped"]) == ("A1", "P1", 2)
    assert found["amount_minor"] > 0
    assert [step["does"] for step in found["plan"]] == ["reauthorize", "void", "authorize", "issue_documents"]
    assert found["plan"][0]["at_s"] == found["expires_at_s"] - 48 * HOUR_S
    assert "released" in found["plan"][0]["when"]
    text = call("money-at-risk", "--within", "8d").out
    assert "web-2001" in text
    assert "1 authorization with goods unshipped" in text


def test_what_ends_later_is_not_listed(waiting: Path, call: Call) -> None:
    assert call("money-at-risk", "--within", "72h", "--json").json["authorizations"] == []
    assert "nothing is at risk" in call("money-at-risk").out


def test_a_time_that_is_none_is_told(call: Call) -> None:
    said = call("money-at-risk", "--within", "soon")
    assert said.code == 2
    assert "72h" in said.err
