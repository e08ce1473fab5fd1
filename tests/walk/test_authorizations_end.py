"""Many orders at a gateway of the worst kind: authorizations end and are refused a second time, answers get lost, keys are
forgotten. The gateway's own ledger is ours one to one (I03), and no invariant breaks.
"""

from pathlib import Path

import pytest
from msgspec.structs import replace

from segue.app import App
from segue.connectors.simulated.witness import unmatched
from segue.core.draft import DraftLine, DraftTender
from segue.engine.replay import deviations
from segue.store.reading import every_order, stories
from tests.engine.shops import arrive, bought, leave, message_of, open_shop

ORDERS = 120
METHODS = ("card", "debit", "gift_card", "pay_later", "wallet")
GATEWAY = (
    "lost_before_rate: 0.1, lost_after_rate: 0.1, decline_rate: 0.05, capture_decline_rate: 0.02, authorization_hours: 80, "
    "capture_before: {told}, reauthorization_decline_rate: 0.3, key_hours: {keys}, "
    "methods: {{debit: {{captures: one}}, wallet: {{captures: one, void_part: false}}, card: {{void_part: false}}}}"
)
SLOW = "warehouse: {ship_hours: [20, 260], short_pick_rate: 0.1}, store: {ship_hours: [10, 200], reject_rate: 0.1}"
REPLACED = {"authorization_ending", "payment_reauthorized", "reauthorization_declined", "payment_voided"}
ENDED = {"authorization_expired", "authorization_released", "payment_captured"}
STRICT = ("over_capture", "over_void", "void_in_part", "captured_once", "voided", "key_reused", "unknown_authorization")


def shop_of(folder: Path, told: str, keys: str) -> App:
    """A shop whose goods leave slowly, with mixed tenders."""
    gateway = GATEWAY.format(told=told, keys=keys)
    app = open_shop(folder, mug=90, tea=400, behavior=f"{{gateway: {{{gateway}}}, {SLOW}}}")
    for number in range(1, ORDERS + 1):
        lines = (DraftLine("MUG", 1 + number % 3, 1001), DraftLine("TEA", 1 + number % 2, 850))
        total = sum(line.quantity * line.price_minor for line in lines)
        first = total * (number % 4) // 4
        method = METHODS[number % len(METHODS)]
        tenders = (DraftTender("gateway", total - first, method), DraftTender("gateway", first, "card"))
        arrive(app, message_of(replace(bought(number, lines=lines), tenders=tenders[: 1 + bool(first)])))
    app.worker.run()
    return app


@pytest.mark.parametrize(("told", "keys"), [("true", "24"), ("true", "0"), ("false", "1")])
def test_whatever_ends_is_declined_or_lost_the_gateway_and_we_agree(tmp_path: Path, told: str, keys: str) -> None:
    app = shop_of(tmp_path, told, keys)
    try:
        assert unmatched(app.world.gateway.ledger(), every_order(app.reader())) == ([], [])
        assert app.audit() == []
        assert list(deviations(stories(app.reader()))) == []
        assert _events(app) >= (ENDED | REPLACED if told == "true" else ENDED)
        assert _refused(app).isdisjoint(STRICT), "we never ask for what the gateway has to refuse"
    finally:
        leave(app)


def _events(app: App) -> set[str]:
    rows = app.reader().execute(
        "SELECT DISTINCT json_extract(e.value, '$.event') FROM steps, json_each(steps.record) d, "
        "json_each(d.value, '$.events') e"
    )
    return {name for (name,) in rows}


def _refused(app: App) -> set[str]:
    return {detail for (detail,) in app.reader().execute("SELECT DISTINCT detail FROM tasks WHERE state = 'declined'")}
