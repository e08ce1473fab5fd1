"""Mistakes in conditions: each is refused with what is wrong, where, and what was probably meant."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from segue.core.conditions import Name, Vocabulary
from tests.core.condition_examples import VOCABULARY, mistake_in

TABLE = Path(__file__).with_name("condition_mistakes.txt")

SEVERAL_LINES = (
    ("holds > 0\n  and hols > 1", 2, 6, "unknown name `hols`; did you mean `holds`?"),
    ("'\u00e9\u00e8' == email and hols > 1", 1, 18, "unknown name `hols`; did you mean `holds`?"),
    ("paid\r\nand\r\n  '\U0001f600' == emial", 3, 9, "unknown name `emial`; did you mean `email`?"),
    ("holds\n  >", 2, 3, "this is not an expression: invalid syntax"),
    ("paid and\n  $", 2, 2, "this is not an expression: invalid syntax"),
    ("paid\nand '\\n' == email", 2, 5, "a backslash is not allowed in a condition"),
)


def drawn(table: str) -> list[tuple[str, int, str]]:
    """Read conditions that are followed by a caret under the place of the mistake, and its message."""
    carets = ((text, re.fullmatch(r"( *)\^ (.*)", line)) for text, line in pairwise(table.splitlines()))
    return [(text, len(caret[1]), caret[2]) for text, caret in carets if caret]


@pytest.mark.parametrize(("text", "column", "message"), drawn(TABLE.read_text()))
def test_a_mistake_is_named_at_its_place(text: str, column: int, message: str) -> None:
    error = mistake_in(text)
    assert error
    assert (str(error), error.line, error.column) == (message, 1, column)


@pytest.mark.parametrize(("text", "line", "column", "message"), SEVERAL_LINES)
def test_the_place_is_counted_in_lines_and_characters(text: str, line: int, column: int, message: str) -> None:
    error = mistake_in(text)
    assert error
    assert (str(error), error.line, error.column) == (message, line, column)


@pytest.mark.parametrize(
    ("text", "column", "hint"),
    [
        ("now - placed_at > 90", 18, "write minutes(90), hours(90) or days(90)"),
        ("wait == -5", 8, "write minutes(5), hours(5) or days(5)"),
        ("2 + wait > wait", 4, "write minutes(2), hours(2) or days(2)"),
        ("holds > hours(4)", 8, "write minutes(4), hours(4) or days(4)"),
    ],
)
def test_a_number_in_place_of_a_duration_is_told_how_to_be_one(text: str, column: int, hint: str) -> None:
    error = mistake_in(text)
    assert error
    assert (error.hint, error.column) == (hint, column)
    assert "a number" in error.message
    assert "a duration" in error.message


def test_message_and_hint_are_also_there_apart() -> None:
    error = mistake_in("hols > 0")
    assert error
    assert (error.message, error.hint) == ("unknown name `hols`", "did you mean `holds`?")


def test_only_the_first_mistake_is_told() -> None:
    error = mistake_in("hols > 0 and gade > 1")
    assert error
    assert "hols" in str(error)


def test_what_is_long_is_shortened_in_a_message() -> None:
    error = mistake_in(f"{'x' * 500} > 0")
    assert error
    assert len(str(error)) < 200


def test_a_condition_has_the_type_that_is_expected() -> None:
    assert mistake_in("grade + 1", expect="int") is None
    assert str(mistake_in("grade > 1", expect="int")) == "`grade > 1` is true or false, not a number"


def test_without_lines_nothing_goes_over_them() -> None:
    document = Vocabulary({"Quantity": Name("int", "The units.")})
    assert str(mistake_in("any(True for line in lines)", document)) == "there are no lines here"
    assert str(mistake_in("lines > 0", document)) == "unknown name `lines`; known are False, Quantity, True"


def test_with_nothing_to_list_a_message_says_so() -> None:
    lines = Vocabulary({}, {"sku": Name("text", "What was ordered.")}, {"line.sku": ("A",)})
    assert str(mistake_in("xyz", lines)) == "unknown name `xyz`; known are False, True"


@pytest.mark.parametrize("word", ["__class__", "_private", "Customer ID", "class", "1st", "", "a.b"])
def test_a_vocabulary_has_no_name_that_could_not_be_written(word: str) -> None:
    name = Name("text", "A field.")
    with pytest.raises(ValueError, match="cannot be a name"):
        Vocabulary({word: name})
    with pytest.raises(ValueError, match="cannot be a name"):
        Vocabulary({}, {word: name})


@pytest.mark.parametrize("word", ["line", "lines"])
def test_a_vocabulary_with_lines_has_no_other_lines(word: str) -> None:
    with pytest.raises(ValueError, match="that has line names"):
        Vocabulary({word: Name("int", "A number.")}, {"sku": Name("text", "What was ordered.")})


def test_a_vocabulary_has_known_types_only() -> None:
    with pytest.raises(ValueError, match="unknown type 'float'; there are int, bool, text"):
        Vocabulary({"total": Name("float", "A sum.")})


@pytest.mark.parametrize("word", ["grade", "line.count", "nothing", "line.nothing"])
def test_a_vocabulary_has_choices_for_its_texts_only(word: str) -> None:
    with pytest.raises(ValueError, match="not a text of this vocabulary"):
        Vocabulary(VOCABULARY.names, VOCABULARY.line_names, {word: ("a",)})
