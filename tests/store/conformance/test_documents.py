"""Documents: numbered without a gap by kind and year, with the step that issued them, or not at all."""

import pytest
from msgspec import json

from segue.core.documents import Document
from segue.ports import StaleOrder, Unwritable
from tests.store.shops import NOW, AnyShop, a_step, an_invoice, an_order, order_in, rows, stepped

NUMBERS = "SELECT order_id, name, kind, series, number FROM documents ORDER BY kind, series, number"
LAST = "SELECT kind, series, last FROM document_numbers ORDER BY kind, series"


def test_a_document_is_kept_with_its_number_and_all_that_it_says(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(), **an_invoice()))
    ((version, total, currency, at_s, content),) = rows(
        shop, "SELECT version, total_minor, currency, at_s, content FROM documents"
    )
    assert (version, total, currency, at_s) == (2, 20_00, "EUR", NOW)
    assert (json.decode(content, type=Document),) == an_invoice()["documents"]
    assert rows(shop, NUMBERS) == [("web-1", "I1", "invoice", "2023", 1)]


def test_each_kind_and_year_is_numbered_from_one(shop: AnyShop) -> None:
    for number, (kind, series) in enumerate(
        (("invoice", "2023"), ("invoice", "2023"), ("credit_memo", "2023"), ("invoice", "2024"))
    ):
        order = an_order(f"web-{number}")
        stepped(shop, a_step(order, **an_invoice(order=order.id, kind=kind, series=series)))
    assert rows(shop, NUMBERS) == [
        ("web-2", "I1", "credit_memo", "2023", 1),
        ("web-0", "I1", "invoice", "2023", 1),
        ("web-1", "I1", "invoice", "2023", 2),
        ("web-3", "I1", "invoice", "2024", 1),
    ]
    assert rows(shop, LAST) == [("credit_memo", "2023", 1), ("invoice", "2023", 2), ("invoice", "2024", 1)]


def test_the_documents_of_one_batch_are_numbered_in_the_order_of_its_steps(shop: AnyShop) -> None:
    orders = [an_order(f"web-{number}") for number in (3, 1, 2)]
    stepped(shop, *(a_step(order, **an_invoice(order=order.id)) for order in orders))
    assert [(order, number) for order, *_, number in rows(shop, NUMBERS)] == [("web-3", 1), ("web-1", 2), ("web-2", 3)]


def test_what_is_rolled_back_leaves_no_gap(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(), **an_invoice()))
    with pytest.raises(StaleOrder):
        stepped(shop, a_step(an_order("web-2"), **an_invoice(order="web-2")), a_step(an_order(version=9), 8))
    with pytest.raises(Unwritable):  # the same document again
        stepped(shop, a_step(an_order("web-3"), **an_invoice()))
    assert order_in(shop, "web-3") is None
    stepped(shop, a_step(an_order("web-4"), **an_invoice(order="web-4")))
    assert [(order, number) for order, *_, number in rows(shop, NUMBERS)] == [("web-1", 1), ("web-4", 2)]
    assert rows(shop, LAST) == [("invoice", "2023", 2)]


def test_a_number_is_never_given_twice_nor_forgotten(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(), **an_invoice()))
    for change in ("UPDATE document_numbers SET last = 0", "UPDATE document_numbers SET last = 1"):
        with pytest.raises(shop.refused), shop.database.transaction() as cursor:
            cursor.execute(change)
    with pytest.raises(shop.refused, match="not given twice"), shop.database.transaction() as cursor:
        cursor.execute("DELETE FROM document_numbers")
