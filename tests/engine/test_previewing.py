"""Previewing on the whole engine: what is previewed of any order is what is committed, or the commit is refused.

Covers H-8.
"""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as forall
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.app import App
from segue.core.base import Command, Refusal, Refused
from segue.core.cancel import Cancel
from segue.core.deliver import RecordDelivery
from segue.core.draft import Draft, DraftLine, DraftTender
from segue.core.fulfill import RecordShipment
from segue.core.note import Note
from segue.core.order import Order
from segue.core.preview import Preview, totals
from segue.core.returns import RecordReturn
from segue.core.wake import Wake
from segue.engine.outcomes import Request
from segue.ports import Batch
from tests.core.chance import ANSWERS
from tests.engine.shops import arrive, bought, message_of, open_shop, order_of, placing, rounds, rows_of, well

ANN = "person:ann"
KINDS = st.sampled_from([("gateway",), ("adopted",), ("prepaid",), ("gateway", "prepaid"), ("adopted", "gateway")])


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    """A shop in memory with goods enough for every example."""
    return open_shop(tmp_path_factory.mktemp("shop"), mug=1_000_000, tea=1_000_000)


def canceling(app: App, **more: Any) -> Preview:
    return app.preview("canonical-1", Cancel(**more), ANN)


def one_placed(tmp_path: Path) -> App:
    app = open_shop(tmp_path)
    arrive(app, message_of(bought(1, quantity=3)))
    rounds(app, 2)
    return app


def test_a_preview_writes_nothing(tmp_path: Path) -> None:
    app = one_placed(tmp_path)
    before = rows_of(app)
    looked = canceling(app)
    assert (looked.before.worth_minor, looked.after.worth_minor, looked.tenders[0].let_go_minor) == (3000, 0, 3000)
    assert rows_of(app) == before


def test_a_commit_that_goes_by_a_preview_is_refused_once_the_order_has_moved_on(tmp_path: Path) -> None:
    app = one_placed(tmp_path)
    looked = canceling(app)
    assert not app.submit("canonical-1", Note("meanwhile"), ANN).refused
    before = rows_of(app)
    assert app.submit("canonical-1", Cancel(), ANN, looked.expects).refused.startswith(Refusal.ORDER_MOVED_ON)
    assert rows_of(app) == before
    assert not app.submit("canonical-1", Cancel(), ANN, canceling(app).expects).refused
    rounds(app, 9)
    well(app)


def test_there_is_no_preview_of_an_order_that_is_not_there(tmp_path: Path) -> None:
    app = open_shop(tmp_path)
    with pytest.raises(Refused, match=Refusal.ORDER_NOT_FOUND):
        canceling(app)
    assert app.submit("canonical-1", Cancel(), ANN, "1-x").refused.startswith(Refusal.ORDER_NOT_FOUND)


@st.composite
def drafts(pick: st.DrawFn) -> Draft:
    """Any order of this shop: lines with discounts and taxes, paid by one tender or two."""
    lines = tuple(
        DraftLine(sku, pick(st.integers(1, 4)), pick(st.integers(1, 20_00)), tax_minor=pick(st.integers(0, 99)))
        for sku in pick(st.sampled_from([("MUG",), ("MUG", "TEA"), ("TEA", "TEA")]))
    )
    gross = sum(line.quantity * line.price_minor for line in lines)
    extras: dict[str, Any] = {
        "discount_minor": pick(st.integers(0, gross // 2)),
        "shipping_minor": pick(st.integers(0, 500)),
    }
    total = gross - extras["discount_minor"] + extras["shipping_minor"] + sum(line.tax_minor for line in lines)
    kinds = pick(KINDS)
    first = total if len(kinds) == 1 else pick(st.integers(0, total))
    amounts = (first, *[total - first] * (len(kinds) - 1))
    tenders = tuple(
        DraftTender(kind, amount, reference=f"ch-{kind}") for kind, amount in zip(kinds, amounts, strict=True)
    )
    return replace(bought(1, lines=lines, **extras), total_minor=total, tenders=tenders)


def possible(order: Order) -> list[Command]:
    """What may come next, and what people ask for."""
    said: list[Command] = [Wake(), Cancel("all")]
    for name, asked in order.transactions.items():
        if asked.outcome == "asked":
            said += [ANSWERS[asked.kind](name, "done", reference=f"psp-{name}")] * 3
    said += [RecordShipment(name, f"S{len(order.shipments) + 1}") for name in order.fulfillments] * 2
    said += [RecordDelivery(name) for name in order.shipments]
    for line in order.lines:
        said += [Cancel("one", line.number, 1), RecordReturn(line.number, 1), RecordReturn(line.number, line.quantity)]
    return said


number = iter(range(1, 1_000_000))


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None)
@forall(drafts(), st.lists(st.integers(0, 9_999), min_size=2, max_size=14), st.booleans())
def test_any_preview_is_what_the_commit_gives_or_the_commit_is_refused(
    app: App, sent: Draft, choices: list[int], moves_on: bool
) -> None:
    sent = replace(sent, channel_order_id=f"{next(number)}", person="")
    id = placing(sent).order
    app.worker.submit([placing(sent)])
    for choice in choices[:-1]:
        _said(app, id, choice)
    order = order_of(app, sent.channel_order_id)
    commands = possible(order)
    command = commands[choices[-1] % len(commands)]
    looked = app.preview(id, command, ANN)
    assert order_of(app, sent.channel_order_id) == order
    if moves_on:
        _said(app, id, choices[0])
    has_moved = order_of(app, sent.channel_order_id).version != order.version
    result = app.submit(id, command, ANN, looked.expects)
    if has_moved and looked.expects:
        assert result.refused.startswith(Refusal.ORDER_MOVED_ON)
    elif not has_moved:
        assert result.refused == looked.refused
    if looked.expects and not result.refused:
        assert totals(_settled(app, id, sent.channel_order_id)) == looked.after


def _said(app: App, id: str, choice: int) -> None:
    """Something happens to the order, half an hour later at most."""
    commands = possible(order_of(app, id.removeprefix("canonical-")))
    due = Batch(app.clock.now_s() + 3_600 * (choice % 2))
    app.worker.submit([Request(id, commands[choice % len(commands)], "gateway")], due)


def _settled(app: App, id: str, number: str) -> Order:
    """The order once the gateway has done all that it was asked for."""
    while True:
        order = order_of(app, number)
        asked = [name for name, done in order.transactions.items() if done.outcome == "asked"]
        if not asked:
            return order
        kind = order.transactions[asked[0]].kind
        assert not app.submit(id, ANSWERS[kind](asked[0], "done", reference="psp"), "gateway").refused
