"""Running scenarios: what is expected and not so is told, with its place and the story; nothing wrong goes unseen."""

from typing import Any

import pytest

from segue.connectors.simulated.gateway import SimulatedGateway
from segue.scenario import Verdict, read_text, run, run_data
from segue.scenario.plot import POINTS, PORT_OF
from segue.scenario.stage import Stage


def verdict_on(text: str) -> Verdict:
    return run(read_text(text, "s.yaml"))


def failures_of(text: str) -> list[tuple[str, int, int, str, str, str]]:
    """Of each failure its place, what it is about, what was expected, and what was found."""
    return [(f.file, f.line, f.column, f.what, f.expected, f.found) for f in verdict_on(text).failures]


def test_a_scenario_that_does_not_hold_tells_what_was_expected_what_is_and_the_story() -> None:
    verdict = verdict_on(
        """\
title: A mug is backordered.
given: {stock: {MUG: 1}}
when:
  - order: 2 MUG
  - after: 1h
  - expect:
      order: {status: waiting_for_stock, units: {backordered: 2}}
then: {order: {status: canceled}}
"""
    )
    assert not verdict.passed
    lines = verdict.told().splitlines()
    assert lines[:8] == [
        "FAILED  s.yaml  A mug is backordered.",
        "  s.yaml:7:23: order 1: status",
        "    expected  waiting_for_stock",
        "    found     at_the_warehouse",
        "  s.yaml:7:49: order 1: units",
        "    expected  backordered 2",
        "    found     backordered 1, released 1",
        "  The story of web-1 up to there:",
    ]
    assert "2026-03-02 09:00:00  channel:web   Order 1 came in from web: 2 of MUG, for 24.00 EUR" in lines[8]
    assert any("No location can give 1 of line 1 (MUG) now; they wait for stock" in line for line in lines)
    assert not any("as the workflow says" in line for line in lines)


def test_what_is_expected_between_steps_is_looked_at_there_and_then() -> None:
    text = "title: t\nwhen:\n  - order: 1 MUG\n  - after: {}\n  - expect: {{order: {{units: {{{}: 1}}}}}}\n"
    assert failures_of(text.format("29m", "new")) == []
    assert failures_of(text.format("30m", "released")) == []
    assert failures_of(text.format("30m", "new")) == [("s.yaml", 5, 29, "order 1: units", "new 1", "released 1")]


def test_a_refusal_that_is_not_expected_fails_the_scenario_and_so_does_one_that_does_not_come() -> None:
    text = "title: t\nwhen:\n  - order: 1 MUG\n  - hold: service\n  - {}\n"
    assert failures_of(text.format("{hold: service, refused: hold_exists}")) == []
    assert failures_of(text.format("hold: service")) == [
        ("s.yaml", 5, 5, "hold", "it is not refused", "hold_exists: the order has this hold already: service")
    ]
    assert failures_of(text.format("{lift: service, refused: hold_not_found}")) == [
        ("s.yaml", 5, 5, "lift", "hold_not_found", "it was not refused")
    ]
    assert failures_of(text.format("{hold: service, refused: hold_unknown}"))[0][4:] == (
        "hold_unknown",
        "hold_exists: the order has this hold already: service",
    )


@pytest.mark.parametrize(
    ("step", "expected", "found"),
    [
        ("ships:", "that something is released to a location", "nothing is, or not to this one"),
        ("delivers:", "that a parcel is under way", "there is none"),
        ("comes_back: 1 TEA", "a line of TEA", "the order has none"),
        ("at: +0s", "0 s after the start", "60 s after it"),
        ("workflow: {on: {order_plaecd: []}}", "a workflow without mistakes", "unknown event `order_plaecd`"),
    ],
)
def test_a_step_that_cannot_be_taken_fails_the_scenario(step: str, expected: str, found: str) -> None:
    ((_, line, column, _, wanted, there),) = failures_of(
        f"title: t\nwhen:\n  - order: 1 MUG\n  - after: 1m\n  - {step}\n"
    )
    assert (line, column, wanted) == (5, 5, expected)
    assert found in there


def test_an_order_that_has_not_come_in_is_nowhere_to_be_found() -> None:
    text = "title: t\nwhen:\n  - order: {id: A, lines: 1 MUG}\n  - order: {id: B, lines: 1 MUG}\n"
    late = text.replace("  - order: {id: B", "  - expect: {orders: {B: {status: open}}}\n  - order: {id: B")
    assert [each[3:] for each in failures_of(late)] == [("order B: status", "the order web-B", "it has not come in")]


def test_calls_are_compared_by_what_they_did_and_whether_their_keys_are_the_same() -> None:
    text = "title: t\nwhen:\n  - gateway: {{capture: lost_after}}\n  - order: 1 MUG\nthen: {{calls: [{}]}}\n"
    assert failures_of(text.format("authorize x, capture y, look_up y")) == []
    assert failures_of(text.format("authorize a, capture b done, look_up b done")) == []
    found = "authorize a done, capture b done, look_up b done"
    for wrong in (
        "authorize a, capture b, look_up c",
        "authorize a, capture a, look_up a",
        "authorize a, capture b, look_up b declined",
        "authorize a, capture b",
    ):
        ((*_, there),) = failures_of(text.format(wrong))
        assert there == found


def test_what_breaks_an_invariant_fails_every_scenario_unless_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mug that is gone from the counters: the audit sees it, and nobody had to ask for it."""
    opened = Stage.work

    def steal(stage: Stage, until_s: int | None = None) -> None:
        opened(stage, until_s)
        if until_s is None:
            with stage.app.database.transaction() as cursor:
                cursor.execute("UPDATE stock SET on_hand = on_hand - 1 WHERE sku = 'MUG' AND location = 'BER'")

    monkeypatch.setattr(Stage, "work", steal)
    text = "title: t\nwhen:\n  - order: 1 MUG\nthen: {}\n"
    ((*place, what, expected, found),) = failures_of(text.format("{}"))
    assert (place, what, expected) == (["s.yaml", 1, 1], "the audit", "nothing")
    assert found.startswith("I14 ")
    assert failures_of(text.format("{audit: [I14]}")) == []
    assert [each[3:] for each in failures_of(text.format("{audit: [I15]}"))] == [("audit", "I15", "I14")]


def test_the_gateways_own_ledger_is_a_witness_in_every_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that says it took the money, and did not."""
    honest = SimulatedGateway.ledger
    monkeypatch.setattr(SimulatedGateway, "ledger", lambda gateway: honest(gateway)[:1])
    text = "title: t\nwhen:\n  - order: 1 MUG\nthen: {}\n"
    what = "the witness: the gateway's ledger and ours"
    assert [each[3:] for each in failures_of(text.format("{}"))] == [(what, "no difference", "capture 12.00")]
    assert failures_of(text.format("{witness: [capture 12.00]}")) == []


def test_a_fault_that_is_never_met_fails_the_scenario() -> None:
    text = "title: t\nwhen:\n  - {}\n  - order: 1 MUG\nthen: {{}}\n"
    for step, expected in (
        ("gateway: {refund: lost_after}", "gateway: refund lost_after"),
        ("fraud: {screen: rejected}", "fraud: screen rejected"),
        ("kill: {at: after_call, task: void}", "kill: after_call of void"),
    ):
        assert [each[3:] for each in failures_of(text.format(step))] == [
            ("what was scripted", expected, "it did not happen")
        ]
    assert failures_of(text.format("gateway: {authorize: {what: lost_after, times: 3}}")) == []


def test_what_never_comes_to_rest_is_stopped_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segue.scenario.stage.ROUNDS_MAX", 5)
    ((*_, what, expected, found),) = failures_of("title: t\nwhen:\n  - order: 1 MUG\nthen: {}\n")
    assert (what, expected, found) == ("this step", "that it comes to rest", "it goes on after 5 rounds of work")


def test_a_mistake_of_ours_fails_its_scenario_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(stage: Stage, down_s: int = 0) -> None:
        raise AssertionError("a mistake")

    monkeypatch.setattr(Stage, "kill", break_down)
    assert failures_of("title: t\nwhen:\n  - order: 1 MUG\n  - kill:\n") == [
        ("s.yaml", 4, 5, "this step", "no mistake in Segue", "AssertionError: a mistake")
    ]


def test_without_then_it_ends_with_its_last_step() -> None:
    text = "title: t\nwhen:\n  - order: 1 MUG\n  - after: 1h\n"
    assert verdict_on(text).at_s - read_text(text).setting.start_s == 3600
    assert verdict_on(text + "then: {}\n").at_s - read_text(text).setting.start_s > 2 * 86_400


def test_ninety_days_are_a_few_rounds() -> None:
    text = "title: t\ngiven: {stock: {MUG: 0}}\nwhen:\n  - order: 1 MUG\n  - after: 90d\n"
    assert verdict_on(text).rounds < 30


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("task", [task for task, port in PORT_OF.items() if port != "issuer"])
def test_killed_at_any_point_of_any_task_it_ends_as_if_it_had_not_been(point: str, task: str) -> None:
    data: dict[str, Any] = {
        "title": "Killed.",
        "given": {"workflow": "fraud_review"},
        "when": [
            {"kill": {"at": point, "task": task}},
            {"order": {"lines": "2 MUG, 1 LAMP", "bill_to": "US"}},
            {"customer_cancels": {"line": 1, "quantity": 1}},
            {"after": "9d", "comes_back": "1 MUG"},
        ],
        "then": {
            "order": {
                "units": {"delivered": 1, "returned": 1, "canceled": 1},
                "money": {"captured": "40.00", "refunded": "12.00", "voided": "12.00"},
                "mails": ["order_received", "partly_canceled", "on_its_way", "delivered", "refunded"],
                "channel": ["canceled", "shipped", "delivered", "returned", "refunded"],
            },
            "gateway": ["authorize 64.00", "capture 52.00", "void 12.00", "refund 12.00"],
            "warehouse": ["BER: 1 MUG, 1 LAMP"],
        },
    }
    verdict = run_data(data)
    assert verdict.passed, verdict.told()


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("task", [task for task, port in PORT_OF.items() if port == "issuer"])
def test_killed_while_codes_are_issued_or_taken_back_each_is_still_made_and_taken_once(point: str, task: str) -> None:
    take_back = {"do": {"command": "take_back", "line": 1}}
    lost = (point, task) == ("before_asking", "take_back")  # nothing was kept: who asked gets no answer, asks again
    data: dict[str, Any] = {
        "title": "Killed.",
        "given": {"workflow": "gift_card", "catalog": {"CARD": {"price": "50.00", "kind": "gift_card"}}},
        "when": [
            {"kill": {"at": point, "task": task}},
            {"order": {"lines": "2 CARD"}},
            {"after": "1d", **take_back},
            *([take_back] if lost else []),
        ],
        "then": {
            "order": {"units": {"delivered": 1, "returned": 1}, "money": {"captured": "50.00", "refunded": "50.00"}},
            "gateway": ["authorize 100.00", "capture 100.00", "refund 50.00"],
        },
    }
    verdict = run_data(data)
    assert verdict.passed, verdict.told()


def test_another_figure_than_previewed_is_told_and_so_is_a_commit_of_nothing() -> None:
    cancel = "{{do: {{command: cancel}}, {}}}"
    text = "title: t\nwhen:\n  - order: 2 MUG\n  - preview: " + cancel + "\n"
    assert failures_of(text.format("let_go: {P1: 24.00}, messages: [canceled], worth: 0, owed: 0")) == []
    for said, expected, found in (
        ("let_go: {P1: 23.99}", "let_go P1 23.99", "P1 24.00"),
        ("worth: 1.00", "worth 1.00", "0.00"),
        ("messages: [refunded]", "messages refunded", "canceled"),
    ):
        assert failures_of(text.format(said)) == [("s.yaml", 4, 5, "this step", expected, found)]
    nothing = "title: t\nwhen:\n  - order: 2 MUG\n  - commit:\n"
    assert failures_of(nothing) == [("s.yaml", 4, 5, "this step", "that something was previewed", "nothing was")]
