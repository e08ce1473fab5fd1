"""Segue's own order document: whatever stands in the wrong place, or is of another type, is told with its path."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from segue.core.mapping import Document, Mapped, map_document
from tests.loader.channels import prebuilt

CANONICAL = prebuilt("canonical")
TAXES = [{"name": "VAT", "amount_minor": 10, "rate": "0.1"}]
ADDRESS = {
    "name": "Ada", "company": "C", "street": "S", "street2": "T", "city": "X", "postcode": "1", "region": "NY",
    "country": "US",
}  # fmt: skip
DOCUMENT: dict[str, Any] = {
    "channel_order_id": "1", "placed_at_s": 1_700_000_000, "promised_at_s": 1_700_000_100, "currency": "USD",
    "total_minor": 1300, "shipping_minor": 200, "shipping_discount_minor": 10, "shipping_tax_minor": 10,
    "shipping_taxes": TAXES, "discount_minor": 5, "tax_minor": 10, "taxes": TAXES, "taxes_included": False,
    "ship_method": "standard", "locale": "en", "codes": ["A"], "tier": "gold", "priced": True, "tags": ["x"],
    "grants": [{"promotion": "p", "code": "A", "given": {"1": 3}, "units": {"1": [[1, 1]]}, "from_minor": 5}],
    "lines": [{
        "sku": "L", "quantity": 2, "price_minor": 500, "discount_minor": 3, "tax_minor": 10, "taxes": TAXES,
        "title": "t", "properties": {"a": "b"}, "location": "M",
    }],
    "charges": [{"code": "wrap", "amount_minor": 100, "tax_minor": 5}],
    "tenders": [{"kind": "gateway", "method": "card", "amount_minor": 1300, "reference": "r"}],
    "customer": {
        "id": "c", "name": "n", "email": "e", "phone": "1", "bill_to": ADDRESS,
        "ship_to": {**ADDRESS, "latitude": 1.5, "longitude": 2.5},
    },
}  # fmt: skip
WRONG: dict[type, tuple[Any, ...]] = {
    dict: ("x", 5, True, ["x"]),
    list: ("x", 5, True, {"a": 1}),
    str: (["x"], [], {"a": "b"}, {}),
    int: ("x", True, [], [1], {}, {"a": 1}, 10**40, 1e300),
    float: ("x", True, [], [1], {}, {"a": 1}, 1e300),
    bool: ("maybe", 7, [], {}),
}
"""What is put in the place of what stands there. A number in the place of a text is taken as it is written."""

Place = tuple[str | int, ...]


def places(value: Any, at: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every place of a document, and what stands there."""
    if at:
        yield at, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*at, key))


def read(at: Place, value: Any) -> Mapped:
    """What the document becomes with another value at a place."""
    document = json.loads(json.dumps(DOCUMENT))
    inner: Any = document
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = value
    return map_document(CANONICAL, Document(document))


def path_of(at: Place) -> str:
    """A place as messages name it."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in at).lstrip(".")


def paths_told(found: Mapped) -> list[str]:
    """Where something is said to be wrong; `[*]` names a list."""
    told = [reject.path for reject in found.rejects]
    told += [mistake.path for mistake in found.draft.mistakes] if found.draft is not None else []
    return [path.replace("[*]", "") for path in told]


CASES = [(at, wrong) for at, value in places(DOCUMENT) for wrong in WRONG[type(value)]]


def test_the_document_is_fine_as_it_is() -> None:
    assert paths_told(read(("locale",), "en")) == []


@pytest.mark.parametrize(("at", "wrong"), CASES, ids=[f"{path_of(at)} {str(wrong)[:9]}" for at, wrong in CASES])
def test_a_value_of_another_type_is_told_with_its_path(at: Place, wrong: Any) -> None:
    told = paths_told(read(at, wrong))
    assert any(each and path_of(at).startswith(each) for each in told) or any(
        each.startswith(path_of(at)) for each in told
    ), told


OBJECTS = [at for at, value in places(DOCUMENT) if isinstance(value, dict) and at[-1] not in ("properties", "units")]


@pytest.mark.parametrize("at", [(), *OBJECTS], ids=path_of)
def test_a_field_that_is_not_known_is_told_wherever_it_stands(at: Place) -> None:
    (told,) = paths_told(read((*at, "misspelt"), "x"))
    assert told in (path_of((*at, "misspelt")), "grants")


def test_one_code_alone_is_no_list() -> None:
    (reject,) = read(("codes",), "WELCOME10").rejects
    assert (reject.path, reject.reason, reject.value) == ("codes", "is not a list", "WELCOME10")


def test_a_tax_without_an_amount_is_a_mistake() -> None:
    draft = read(("lines", 0, "taxes"), [{"name": "VAT", "rate": "0.1"}]).draft
    assert draft is not None
    assert [(each.path, each.code) for each in draft.mistakes] == [
        ("lines[0].taxes[0].amount_minor", "amount_unreadable")
    ]


def test_a_line_with_an_unreadable_amount_and_something_else_that_cannot_be_used_is_no_line() -> None:
    found = read(("lines", 0), {"sku": "L", "quantity": "many", "price_minor": 500, "title": ["t"]})
    assert found.draft is None
    assert [(each.path, each.reason) for each in found.rejects] == [("lines[0].title", "is not a text")]


@pytest.mark.parametrize("priced", [True, False])
@pytest.mark.parametrize("kind", ["gateway", "prepaid", "adopted"])
def test_a_negative_tender_is_a_mistake_and_pays_nothing(kind: str, priced: bool) -> None:
    tenders = [{"kind": kind, "amount_minor": -5}, {"kind": "gateway", "amount_minor": 5}]
    draft = map_document(CANONICAL, Document({**DOCUMENT, "tenders": tenders, "priced": priced})).draft
    assert draft is not None
    assert [(each.path, each.code, each.found) for each in draft.mistakes] == [("tenders[0]", "tender_negative", "-5")]
    assert [tender.amount_minor for tender in draft.tenders] == [5]


@pytest.mark.parametrize("priced", [True, False])
def test_without_a_currency_an_order_is_held_and_not_rejected(priced: bool) -> None:
    draft = map_document(CANONICAL, Document({**DOCUMENT, "currency": None, "priced": priced})).draft
    assert draft is not None
    assert [(each.path, each.code) for each in draft.mistakes] == [("currency", "currency_unknown")]
    assert (draft.currency, draft.total_minor) == ("XXX", 0)


def test_a_quantity_that_is_missing_is_a_mistake_of_an_order_without_prices_too() -> None:
    document = {**DOCUMENT, "lines": [{"sku": "L"}], "priced": False}
    draft = map_document(CANONICAL, Document(document)).draft
    assert draft is not None
    assert [(each.path, each.code) for each in draft.mistakes] == [("lines[0].quantity", "quantity_unreadable")]
