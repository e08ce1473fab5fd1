"""Formats, output, progress: how figures, instants and somebody's texts are printed."""

from contextvars import copy_context

import pytest

from segue.core.base import Because
from segue.main.formats import count, instant, iso, money, show_in, span, words
from segue.main.output import clean, plain, print_json, table
from segue.main.progress import Bar


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(123450, "EUR", "1,234.50 EUR"), (1234, "JPY", "1,234 JPY"), (5, "KWD", "0.005 KWD"), (-5, "USD", "-0.05 USD")],
)
def test_money_has_the_digits_of_its_currency(amount: int, currency: str, text: str) -> None:
    assert money(amount, currency) == text


def shown(at_s: int | None, time_zone: str) -> str:
    """An instant as it is shown in this zone, in a context of its own."""
    context = copy_context()
    context.run(show_in, time_zone)
    return context.run(instant, at_s)


def test_an_instant_is_shown_in_the_shops_time_in_json_in_utc() -> None:
    assert shown(1_772_356_500, "Europe/Berlin") == "2026-03-01 10:15 CET"
    assert shown(1_782_886_500, "Europe/Berlin") == "2026-07-01 08:15 CEST"
    assert shown(1_782_886_500, "America/Sao_Paulo") == "2026-07-01 03:15 -03"
    assert shown(None, "Europe/Berlin") == ""
    assert instant(1_772_356_500) == "2026-03-01 09:15 UTC"
    assert iso(1_772_356_500) == "2026-03-01T09:15:00Z"
    assert iso(None) is None


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59, "59 s"), (3_600, "1 h"), (93_784, "1 d 2 h"), (86_405, "1 d"), (-5, "0 s")]
)
def test_a_span_has_two_units_at_most(seconds: int, text: str) -> None:
    assert span(seconds) == text


def test_counts_have_their_word() -> None:
    assert (count(1, "order"), count(2000, "order"), count(0, "order is", "orders are")) == (
        "1 order", "2,000 orders", "0 orders are",
    )  # fmt: skip
    assert words("waiting_for_stock") == "waiting for stock"


def test_nobodys_text_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert clean("a\x1b[2Jb\x07\u202ec\td") == "a\ufffd[2Jb\ufffd\ufffdc\td"
    table(("name", ">units"), [("\x1b]0;pwned\x07 [red]lamp[/red]", 1_000)])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "[red]lamp[/red]" in out


def test_numbers_stand_at_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    table(("name", ">units"), [("a", "1"), ("b", "1,000")])
    lines = [line for line in capsys.readouterr().out.splitlines() if line[:1] in "ab" and line]
    assert [line.index("1") for line in lines] == [len(lines[1]) - 1, len(lines[1]) - 5]


def test_json_has_every_field_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert plain(Because("x")) == {"rule": "x", "figures": {}, "passed_over": {}}
    assert plain({1: frozenset(("a",))}) == {"1": ["a"]}
    print_json(Because("ü"))
    assert '"rule": "ü"' in capsys.readouterr().out


def test_progress_is_a_line_now_and_then_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segue.main.progress.LINE_EVERY_S", 0.0)
    with Bar("Importing", "rows", 2_000) as bar:
        bar.show(1_000)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Importing: 1,000 of 2,000 rows, ")
    assert "left" in err


def test_quiet_progress_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Bar("Importing", "rows", quiet=True) as bar:
        bar.show(1_000)
        assert not bar.is_due
    assert capsys.readouterr() == ("", "")
