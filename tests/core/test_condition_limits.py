"""The limits of a condition: whatever is too long, too deep or out of bounds is refused, and at once."""

import builtins
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.core.conditions import (
    ABSENT,
    DEPTH_MAX,
    INT_MAX,
    LITERAL_MAX,
    NODES_MAX,
    TEXT_MAX,
    Name,
    Vocabulary,
    compile_condition,
)
from tests.core.condition_examples import VOCABULARY, mistake_in, view
from tests.effort import CALLS_AT_ONCE, calls_of

DEEP = f"a condition is nested at most {DEPTH_MAX} deep"
MANY = f"a condition has at most {NODES_MAX} names, literals and operations"

AT_THE_LIMIT = (
    ("paid" + " " * (TEXT_MAX - 4), None),
    (f"email == '{'x' * LITERAL_MAX}'", None),
    (f"grade < {INT_MAX}", None),
    ("not " * (DEPTH_MAX - 1) + "paid", None),
    (" and ".join(["paid"] * (NODES_MAX - 1)), None),
    ("days(104249991374) > wait", None),
)

BEYOND = (
    ("paid" + " " * (TEXT_MAX - 3), f"a condition has at most {TEXT_MAX} characters, this one has {TEXT_MAX + 1}"),
    ("paid or " * 1_300_000 + "paid", f"a condition has at most {TEXT_MAX} characters, this one has 10400004"),
    (f"email == '{'x' * (LITERAL_MAX + 1)}'", "a text in a condition has at most 200 characters, this one has 201"),
    (f"grade < {INT_MAX + 1}", "a number has to be below 2**53, which is 9007199254740992"),
    ("grade < " + "9" * 1_900, "a number has to be below 2**53, which is 9007199254740992"),
    ("grade < 0x" + "f" * 1_900, "a number has to be below 2**53, which is 9007199254740992"),
    (f"hours({'9' * 1_900}) > wait", "is longer than any date"),
    ("not " * DEPTH_MAX + "paid", DEEP),
    ("not " * 499 + "paid", DEEP),
    ("-" * 1_990 + "1 > 0", DEEP),
    ("grade" + "+1" * 900 + " > 0", DEEP),
    ("any(" * 300 + "paid" + ")" * 300, "this is not an expression: too many nested parentheses"),
    ("(" * 180 + "paid" + ")" * 180, None),
    ("(" * 1_000 + ")" * 1_000, "this is not an expression: too many nested parentheses"),
    ("[" * 1_000, "this is not an expression: too many nested parentheses"),
    (" and ".join(["paid"] * NODES_MAX), MANY),
    ("grade in (" + "1," * 500 + ")", MANY),
    ("paid" + ".a" * 900, DEEP),
    ("paid" + "[0]" * 600, DEEP),
    ("lambda: " * 200 + "1", DEEP),
    ("(" * 190 + "lambda:" * 100 + "-" * 900 + "1" + ")" * 190, DEEP),
    ("1 if 1 else " * 150 + "1", DEEP),
    ("1if 1else " * 170 + "1", "`1if` is not a whole number"),
    ("grade ** " * 200 + "1", DEEP),
    ("9 ** 9 ** 9 ** 9 > grade", "`**` is not allowed in a condition"),
    ("'x' * 9007199254740991 == email", "cannot be multiplied"),
    ("f'{email:>9007199254740991}' == email", "an f-string is not allowed in a condition"),
    ("'%9999999999d' % 1 == email", "`%` is not allowed in a condition"),
    ("paid\0", "a null character is not allowed in a condition"),
    ("email == '\ud800'", "a condition has a character that no text can have"),
    ("email == '\ud800\\'", "a backslash is not allowed in a condition"),
    ("().__class__.__bases__[0].__subclasses__()", "only functions can be called"),
    ("any(x for x in ().__class__.__mro__)", "any() goes over the lines"),
    ("any(line.__init__.__globals__ for line in lines)", "a dot is only allowed in `line.NAME`"),
    ("any(view.__class__ for line in lines)", "a dot is only allowed in `line.NAME`"),
    ("view == view", "unknown name `view`"),
    ("__builtins__", "unknown name `__builtins__`"),
    ("eval('1')", "unknown function `eval`"),
    ("getattr(email, 'x')", "unknown function `getattr`"),
    ("starts.__globals__", "a dot is only allowed in `line.NAME`"),
    ("email.format(email) == ''", "only functions can be called"),
    ("(lambda f: f(f))(lambda f: f(f))", "only functions can be called"),
    ("[0 for _ in lines for _ in lines for _ in lines] == 1", "a comprehension is not allowed"),
    ("a" * 1_999, "unknown name"),
    ("\N{GREEK QUESTION MARK}" * 1_999, "this is not an expression"),
    ("\N{MATHEMATICAL BOLD SMALL X}" * 1_999, "unknown name"),
)


@pytest.mark.parametrize(("text", "_"), AT_THE_LIMIT)
def test_what_is_just_within_the_limits_is_accepted(text: str, _: None) -> None:
    assert mistake_in(text) is None


@pytest.mark.parametrize(("text", "message"), BEYOND, ids=range(len(BEYOND)))
def test_what_is_beyond_the_limits_is_refused_at_once(text: str, message: str | None) -> None:
    assert message in str(mistake_in(text)) if message else mistake_in(text) is None
    assert calls_of(lambda: mistake_in(text)) <= CALLS_AT_ONCE


def test_a_word_is_looked_for_in_a_big_vocabulary_at_once() -> None:
    big = Vocabulary({f"name_of_field_{number}": Name("int", "A field.") for number in range(300)})
    assert "name_of_field_" in str(mistake_in("name_of_feild_7 > 0", big))
    assert calls_of(lambda: mistake_in("name_of_feild_7 > 0", big)) <= 5 * CALLS_AT_ONCE


@pytest.mark.parametrize("name", [name for name in dir(builtins) if name.islower()])
def test_no_builtin_of_python_can_be_called_that_is_not_ours(name: str) -> None:
    ours = {"abs", "all", "any", "len", "max", "min", "sum"}
    assert ("unknown function" in str(mistake_in(f"{name}(1) > 0"))) is (name not in ours)


PIECES = st.sampled_from(
    "grade holds paid email band tags now placed_at wait line lines line.sku line.due_at __class__ __globals__ "
    "and or not in is == != < <= > >= + - * // ** / % ( ) [ ] { } , . : := ; = ' \" # \\ \n 0 1 5 9999999999999999 'a' "
    "if else for lambda async await yield f'{ any( all( sum( len( hours( min( starts( eval( True None ...".split(" ")
)


@given(st.lists(PIECES, max_size=30).map(" ".join) | st.text(string.printable, max_size=60) | st.text(max_size=30))
def test_whatever_is_written_is_refused_at_a_place_in_it_or_can_be_asked(text: str) -> None:
    error = mistake_in(text)
    if error:
        lines = re.split(r"\r\n|\r|\n", text)
        assert 1 <= error.line <= len(lines)
        assert 0 <= error.column <= len(lines[error.line - 1])
    else:
        condition = compile_condition(text, VOCABULARY)
        assert condition.test(view()) in (True, False)
        assert (condition.flips(view()) or ABSENT) > view().now
