"""The laws of conditions: each says what Python says of the same text, and keeps its value until it flips."""

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from segue.core.conditions import ABSENT, compile_condition
from tests.core.condition_examples import VOCABULARY, mistake_in

DEPTH = 3
HORIZON = 700  # the laws are tried at each second up to here
Texts = st.SearchStrategy[str]

PYTHON = {
    "minutes": lambda count: count * 60,
    "hours": lambda count: count * 3_600,
    "days": lambda count: count * 86_400,
    "starts": lambda text, part: text.startswith(part),
    "ends": lambda text, part: text.endswith(part),
    "lower": lambda text: text.lower(),
}


def written(pattern: str, *parts: Texts) -> Texts:
    """Texts made after a pattern, such as `({} + {})`."""
    return st.tuples(*parts).map(lambda each: pattern.format(*each))


def joined(signs: str, left: Texts, right: Texts) -> Texts:
    """Two texts with one of these signs between them."""
    return written("({} {} {})", left, st.sampled_from(signs.split(", ")), right)


@cache
def ints(depth: int, in_line: bool) -> Texts:
    """Texts that are a number."""
    plain = st.integers(0, 20).map(str) | st.sampled_from(["grade", "holds", *(["line.count"] * in_line)])
    if not depth:
        return plain
    less = ints(depth - 1, in_line)
    made = [
        plain,
        joined("+, -, *", less, less),
        written("({} // {})", less, st.sampled_from(["2", "-3", "7"])),
        written("-{}", less),
        written("abs({})", less),
        written("{}({}, {})", st.sampled_from(["min", "max"]), less, less),
        st.just("len(tags)"),
    ]
    if not in_line:
        made.append(written("sum({} for line in lines if {})", ints(depth - 1, True), bools(depth - 1, True)))
    return st.one_of(made)


def texts(in_line: bool) -> Texts:
    """Texts that are a text."""
    plain = st.sampled_from(["email", "'a'", "'B'", "'aB'", "''", *(["line.sku"] * in_line)])
    return plain | written("lower({})", plain)


@cache
def durations(depth: int) -> Texts:
    """Texts that are a duration."""
    plain = st.sampled_from(["wait", "minutes(0)", "minutes(1)", "minutes(3)"])
    if not depth:
        return plain
    less = durations(depth - 1)
    return st.one_of(
        plain,
        joined("+, -", less, less),
        written("({} * {})", less, st.sampled_from(["2", "-1", "0"])),
        written("({} // 2)", less),
        written("-{}", less),
        written("abs({})", less),
    )


@cache
def instants(depth: int, in_line: bool) -> Texts:
    """Texts that are an instant, without now."""
    plain = st.sampled_from(["placed_at", "shipped_at", *(["line.due_at"] * in_line)])
    if not depth:
        return plain
    less = instants(depth - 1, in_line)
    return plain | joined("+, -", less, durations(depth - 1)) | written("min({}, {})", less, less)


ORDER = "<, <=, >, >="
ANY_SIGN = f"{ORDER}, ==, !="


def clocks(in_line: bool) -> Texts:
    """Texts that compare something with now."""
    instant, duration = instants(1, in_line), durations(1)
    return st.one_of(
        joined(ANY_SIGN, st.just("now"), instant),
        joined(ANY_SIGN, instant, joined("+, -", st.just("now"), duration)),
        joined(ANY_SIGN, joined("-", st.just("now"), instant), duration),
        joined(ANY_SIGN, duration, joined("-", instant, st.just("now"))),
        joined(ANY_SIGN, written("-(now - {}) * {}", instant, st.sampled_from(["1", "-1"])), duration),
        joined(ANY_SIGN, written("(now - {}) * 3 - (now - {}) * 2", instant, instant), duration),
        joined(ANY_SIGN, written("(now - {})", instant), written("(now - {})", instant)),
        written("({} < now <= {})", instant, instant),
    )


@cache
def bools(depth: int, in_line: bool) -> Texts:
    """Texts that are true or false."""
    plain = st.sampled_from(["paid", "True", "False", "'vip' in tags", *(["line.listed"] * in_line)])
    if not depth:
        return plain
    less, number, text = bools(depth - 1, in_line), ints(depth - 1, in_line), texts(in_line)
    made = [
        joined("and, or", less, less),
        joined("and, or", less, less),
        written("not {}", less),
        joined("==, !=", written("({})", less), written("({})", less)),
        joined(ANY_SIGN, number, number),
        joined(ANY_SIGN, text, text),
        written("({} < {} <= {})", number, number, number),
        joined("in, not in", number, st.sampled_from(["(1, 2, 3)", "[0]", "{-1, 5}"])),
        joined("in, not in", text, st.sampled_from(["('a', 'b')", "tags"])),
        joined(ANY_SIGN, instants(1, in_line), instants(1, in_line)),
        joined(ANY_SIGN, durations(1), durations(1)),
        written("{}({}, {})", st.sampled_from(["starts", "ends"]), text, text),
        clocks(in_line),
    ]
    if not in_line:
        quantifier = st.sampled_from(["any", "all"])
        made.append(
            written("{}({} for line in lines if {})", quantifier, bools(depth - 1, True), bools(depth - 1, True))
        )
    return st.one_of(made)


moments = st.integers(0, 300) | st.just(ABSENT)
strings = st.sampled_from(["", "a", "B", "aB", "ba"])
line_values = st.fixed_dictionaries(
    {"sku": strings, "count": st.integers(-5, 20), "listed": st.booleans(), "due_at": moments}
)
values = st.fixed_dictionaries(
    {
        "now": st.integers(0, 400),
        "grade": st.integers(-50, 100),
        "holds": st.integers(0, 3),
        "paid": st.booleans(),
        "email": strings,
        "tags": st.frozensets(st.sampled_from(["vip", "a", "B"])),
        "placed_at": moments,
        "shipped_at": moments,
        "wait": st.integers(0, 200),
        "lines": st.lists(line_values.map(lambda each: SimpleNamespace(**each)), max_size=3),
    }
)


@given(bools(DEPTH, False), values)
def test_a_condition_says_what_python_says(text: str, order: Mapping[str, Any]) -> None:
    assume("at most" not in str(mistake_in(text)))
    condition = compile_condition(text, VOCABULARY)
    said = condition.test(SimpleNamespace(**order))
    assert said is eval(text, {**PYTHON, **order})


@given(clocks(False) | bools(2, False), values)
def test_a_condition_keeps_its_value_until_it_flips(text: str, order: Mapping[str, Any]) -> None:
    assume("at most" not in str(mistake_in(text)))
    condition = compile_condition(text, VOCABULARY)
    view = SimpleNamespace(**order)
    view.now = 0
    said, flips = condition.test(view), condition.flips(view)
    for view.now in range(1, HORIZON):
        if condition.test(view) is not said:
            assert flips == view.now, "it changed unannounced"
        said, expected, flips = condition.test(view), flips, condition.flips(view)
        assert flips is None or flips > view.now
        assert expected == flips or expected == view.now, "what is announced stays announced"


@given(bools(DEPTH, False))
def test_a_condition_names_what_it_reads_and_nothing_else(text: str) -> None:
    assume("at most" not in str(mistake_in(text)))
    names = compile_condition(text, VOCABULARY).names
    assert all(name in text for name in names)
    assert {name for name in ("grade", "paid", "line.count", "lines", "now") if name in text} <= names
