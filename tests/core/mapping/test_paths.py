"""Paths: where a value stands in a document."""

from typing import Any

import pytest

from segue.core.mapping import Misread
from segue.core.mapping.paths import column, each, first_segment, gather, path

BODY: dict[str, Any] = {
    "email": "ada@example.com",
    "customer": {"email": "ada@example.com", "tags": ["a", "b"]},
    "address": None,
    "lines": [{"taxes": [{"price": "1"}, {"price": "2"}]}, {"taxes": []}, {"taxes": [{"price": "3"}]}],
    "empty": {},
    "matrix": [[1, 2]],
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("email", "ada@example.com"),
        ("customer.email", "ada@example.com"),
        ("customer.tags[1]", "b"),
        ("customer.tags[2]", None),
        ("customer.phone", None),
        ("address.street", None),
        ("nothing.at.all", None),
        ("lines[0].taxes[1].price", "2"),
        ("matrix[0][1]", 2),
    ],
)
def test_a_path_leads_to_a_value_or_to_nothing(text: str, value: Any) -> None:
    assert path(text)(BODY) == value


@pytest.mark.parametrize("text", ["email.domain", "customer.email[0]", "lines.taxes", "customer.tags.first"])
def test_a_path_through_what_is_no_object_is_a_misread(text: str) -> None:
    with pytest.raises(Misread) as misread:
        path(text)(BODY)
    assert misread.value.path == text


@pytest.mark.parametrize("text", ["", "a..b", "a.", "[0]", "a[x]", "a[-1]", "a]", ".".join("abcdefghijk")])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"path|deep"):
        path(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("lines[*].taxes[*].price", ["1", "2", "3"]),
        ("customer.tags[*]", ["a", "b"]),
        ("missing[*].price", None),
        ("empty[*].price", []),
    ],
)
def test_a_star_gathers_all_values(text: str, values: list[Any] | None) -> None:
    assert gather(text)(BODY) == values


def test_a_star_on_what_is_no_list_is_a_misread() -> None:
    with pytest.raises(Misread, match="is not a list"):
        each("customer")(BODY)


def test_a_star_needs_a_point_behind_it() -> None:
    with pytest.raises(ValueError, match="comes a point"):
        gather("lines[*]taxes")


def test_an_element_that_is_no_object_is_a_misread() -> None:
    with pytest.raises(Misread):
        path("email")("a text")


def test_a_column_is_taken_as_it_is_called() -> None:
    assert column("order date (DateOrders)")({"order date (DateOrders)": "x"}) == "x"
    assert column("a.b")({}) is None


def test_the_first_segment_is_the_field_of_the_document() -> None:
    assert [first_segment(text) for text in ("a", "a.b", "a[0].b", "a[*]")] == ["a"] * 4


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x" * 300, "x" * 200),
        ([1, 2], "a list of 2"),
        ({"a": 1}, "an object"),
        (10**5_000, "a very long number"),
    ],
    ids=["text", "list", "object", "number"],
)
def test_a_misread_shows_little_of_its_value(value: object, shown: str) -> None:
    assert Misread("a", "is wrong", value).value == shown
