"""Validation: what each check finds, with the line and what could mend it."""

from typing import Any

import pytest
from msgspec.structs import replace

from segue.core.draft import Charge, Destination, Draft, DraftLine, Grant, Mistake, Tax
from segue.core.facts import Facts, Item
from segue.core.intake import basket_of
from segue.core.order import Failure
from segue.core.past import Past
from segue.policies import validation
from tests.core.given import given
from tests.core.shop import NOW_S, draft, paid, sold

PLAIN = draft(sold())
SAME = Failure("not_a_duplicate", "the same as web-1, 10 minutes apart at most")
BASKET = basket_of(given(PLAIN).order)  # type: ignore[arg-type]


def facts(**known: Any) -> Facts:
    found = Facts(methods=frozenset(known.get("methods", ())))
    found.items |= {"SHIRT": Item("SHIRT"), "CAP": None, "": None}
    found.past["ann"] = tuple(known.get("past", ()))
    return found


def past(order: str = "web-1", placed_at_s: int = NOW_S - 600, basket: str = BASKET, digest: str = "") -> Past:
    return Past(order, placed_at_s, basket, digest)


def wrong(check: str, detail: str, path: str, code: str, blocks: bool = True) -> Failure:
    return Failure(check, detail, blocks=blocks, path=path, code=code)


def out_of_range(detail: str, path: str, code: str) -> Failure:
    return wrong("amounts_in_range", f"{path}: {detail}", path, code)


def taxed(*taxes: tuple[str, int, str], tax_minor: int | None = None) -> DraftLine:
    """A line of 10.00 with these taxes."""
    amount = sum(tax[1] for tax in taxes) if tax_minor is None else tax_minor
    return sold(tax_minor=amount, taxes=tuple(Tax(*tax) for tax in taxes))


# check, draft, facts, what it finds
CHECKS: tuple[tuple[str, Draft, dict[str, Any], list[Failure]], ...] = (
    ("known_skus", PLAIN, {}, []),
    (
        "known_skus",
        draft(sold(), sold("CAP"), sold("")),
        {},
        [
            Failure("known_skus", "the catalog has no CAP", 2, facts=("item:CAP",)),
            Failure("known_skus", "the catalog has no empty SKU", 3, facts=("item:",)),
        ],
    ),
    ("known_shipping_method", PLAIN, {}, []),
    ("known_shipping_method", PLAIN, {"methods": ["ground"]}, []),
    (
        "known_shipping_method",
        PLAIN,
        {"methods": ["sea", "air"]},
        [Failure("known_shipping_method", "ground; offered: air, sea", facts=("method:ground",))],
    ),
    (
        "known_shipping_method",
        draft(sold(), ship_method=""),
        {"methods": ["air"]},
        [Failure("known_shipping_method", "none; offered: air", facts=("method:",))],
    ),
    ("money_adds_up", draft(sold(), shipping_minor=4_99, charges=(Charge("gift", -1_00),)), {}, []),
    (
        "money_adds_up",
        draft(sold(), total_minor=9_99),
        {},
        [
            wrong("money_adds_up", "the total of 999 is 1 below its parts: lines 1000", "total_minor", "total_differs"),
            wrong("money_adds_up", "the total of 999 is 1 below its tenders: P1 card 1000", "tenders", "tenders_differ"),
        ],
    ),
    (
        "money_adds_up",
        draft(sold(), shipping_minor=4_99, charges=(Charge("wrap", 1),), total_minor=16_00, tenders=[paid(16_00)]),
        {},
        [
            wrong(
                "money_adds_up",
                "the total of 1600 is 100 above its parts: lines 1000, shipping 499, charges 1",
                "total_minor",
                "total_differs",
            )
        ],
    ),
    (
        "money_adds_up",
        draft(sold(), total_minor=10_00, tenders=[paid(0)]),
        {},
        [wrong("money_adds_up", "the total of 1000 is 1000 above its tenders: none", "tenders", "tenders_differ")],
    ),
    (
        "money_adds_up",
        draft(sold(), tenders=[paid(4_00), paid(5_00)]),
        {},
        [
            wrong(
                "money_adds_up",
                "the total of 1000 is 100 above its tenders: P1 card 400, P2 card 500",
                "tenders",
                "tenders_differ",
            )
        ],
    ),
    ("amounts_in_range", PLAIN, {}, []),
    (
        "amounts_in_range",
        draft(sold("A", 0), sold("B", 1, -1), sold("C", 1, 100, discount_minor=101), tenders=[paid(1)]),
        {},
        [
            out_of_range("quantity 0", "lines[0].quantity", "quantity_not_positive"),
            out_of_range("price -1", "lines[1].price_minor", "price_negative"),
            out_of_range("discount 101 is above the price of 100", "lines[2].discount_minor", "discount_above_price"),
        ],
    ),
    (
        "amounts_in_range",
        draft(sold("A", 2), sold("B", -2), sold("C", discount_minor=-1), tenders=[paid(10_01)]),
        {},
        [
            out_of_range("quantity -2", "lines[1].quantity", "quantity_not_positive"),
            out_of_range("discount -1", "lines[2].discount_minor", "discount_negative"),
        ],
    ),
    (
        "amounts_in_range",
        draft(
            sold(), shipping_minor=5_00, shipping_discount_minor=5_01, tenders=[paid(-1), paid(12_00)],
            charges=(Charge("wrap", 100, 100), Charge("fee", 100, 101), Charge("back", -100, -19)),
        ),
        {},
        [
            wrong(
                "amounts_in_range", "-1 is left of the shipping: it is negative, or its discount is above it",
                "shipping_discount_minor", "discount_above_price",
            ),
            wrong(
                "amounts_in_range", "fee: tax 101 within 100", "charges[1].tax_minor", "charge_tax_above_charge"
            ),
            wrong("amounts_in_range", "tender -1", "tenders[0].amount_minor", "tender_negative"),
        ],
    ),
    ("well_formed", PLAIN, {}, []),
    (
        "well_formed",
        draft(sold(), mistakes=(Mistake("line_items[2].price", "too_many_digits", "1.234", "1.23"),)),
        {},
        [
            wrong(
                "well_formed", "line_items[2].price is 1.234; expected: 1.23", "line_items[2].price", "too_many_digits"
            )
        ],
    ),
    (
        "well_formed",
        draft(sold(), tax_minor=2, taxes=(Tax("VAT", 3, "19"),)),
        {},
        [
            wrong("well_formed", "taxes is 3; expected: 2", "taxes", "taxes_differ"),
            wrong("well_formed", "taxes[0].rate is 19; expected: 0.19", "taxes[0].rate", "tax_rate_too_high"),
        ],
    ),
    ("taxes_add_up", PLAIN, {}, []),
    ("taxes_add_up", draft(taxed(("GST", 50, "0.05"), ("QST", 100, "0.09975"))), {}, []),
    ("taxes_add_up", draft(taxed(("VAT", 160, "0.19")), taxes_included=True, total_minor=10_00), {}, []),
    ("taxes_add_up", draft(taxed(("VAT", 190, ""))), {}, []),
    (
        "taxes_add_up",  # half of the shipping is taxed as the one goods are, half as the others
        draft(sold(), shipping_minor=10_00, shipping_tax_minor=130, shipping_taxes=(Tax("VAT", 95, "0.19"),
            Tax("VAT", 35, "0.07"))),
        {},
        [],
    ),
    (
        "taxes_add_up",
        draft(sold(), taxed(("GST", 50, "0.05"), ("QST", 99, ""), tax_minor=150)),
        {},
        [wrong("taxes_add_up", "lines[1].taxes: they come to 149, the tax is 150", "lines[1].taxes", "taxes_differ")],
    ),
    (
        "taxes_add_up",
        draft(taxed(("VAT", 120, "1.2"))),
        {},
        [
            wrong(
                "taxes_add_up", "lines[0].taxes[0].rate is 1.2; expected: 0.12", "lines[0].taxes[0].rate",
                "tax_rate_too_high",
            )
        ],
    ),
    (
        "taxes_add_up",
        draft(taxed(("A", 10, "a fifth"), ("B", 10, "-0.1"), ("C", 10, "1/0"))),
        {},
        [
            wrong(
                "taxes_add_up",
                f"lines[0].taxes[{number}].rate is {rate}; expected: a decimal fraction such as 0.19",
                f"lines[0].taxes[{number}].rate",
                "tax_rate_unreadable",
            )
            for number, rate in enumerate(("a fifth", "-0.1", "1/0"))
        ],
    ),
    (
        "taxes_add_up",
        draft(taxed(("VAT", 188, "0.19"))),
        {},
        [
            wrong(
                "taxes_add_up", "lines[0].taxes[0].rate of 0.19 gives 190, the tax is 188", "lines[0].taxes[0].rate",
                "tax_unlike_its_rate", blocks=False,
            )
        ],
    ),
    ("taxes_add_up", draft(replace(taxed(*((name, 1, "0.25") for name in "ABC")), price_minor=2)), {}, []),
    (
        "taxes_add_up",
        draft(sold(tax_minor=10_01)),
        {},
        [
            wrong(
                "taxes_add_up", "lines[0]: the tax of 1001 is more than what it is on, 1000", "lines[0].tax_minor",
                "tax_unlike_its_rate", blocks=False,
            )
        ],
    ),
    (
        "taxes_add_up",
        draft(sold(), shipping_minor=5_00, shipping_tax_minor=96, shipping_taxes=(Tax("VAT", 95, "0.19"),)),
        {},
        [wrong("taxes_add_up", "shipping_taxes: they come to 95, the tax is 96", "shipping_taxes", "taxes_differ")],
    ),
    ("grants_fit", draft(sold(discount_minor=3), grants=(Grant("A", given={1: 1}), Grant("B", given={1: 2}))), {}, []),
    (
        "grants_fit",
        draft(sold(discount_minor=3), grants=(Grant("A", given={1: 2}), Grant("B", given={1: 2, 2: 1}))),
        {},
        [
            wrong("grants_fit", f"{path}: {given} from B is more than line {line} has off", path, "grant_unlike_its_lines")
            for path, line, given in (("grants[1].given[1]", 1, 2), ("grants[1].given[2]", 2, 1))
        ],
    ),
    (
        "grants_fit",
        draft(
            sold("A", 2), grants=(Grant("A", units={1: ((2, 2),)}, without={1: 1}),
            Grant("B", units={1: ((1, 3),)}, condition={2: ((1, 1),)}, without={3: 1})),
        ),
        {},
        [
            wrong("grants_fit", f"{path}: line {line} has no such units", path, "grant_unlike_its_lines")
            for path, line in (("grants[1].units[1]", 1), ("grants[1].condition[2]", 2), ("grants[1].without[3]", 3))
        ],
    ),
    *(  # whatever a tax is on what cannot be: another check says so
        ("taxes_add_up", draft(line, tenders=[paid(1)]), {}, [])
        for line in (
            replace(taxed(("VAT", 190, "0.19")), quantity=0), replace(taxed(("VAT", 190, "0.19")), quantity=-2),
            replace(taxed(("VAT", 190, "0.19")), price_minor=-1),
        )
    ),
    ("deliverable_address", PLAIN, {}, []),
    (
        "deliverable_address",
        draft(sold(), ship_to=Destination("US", missing=("street", "city"))),
        {},
        [Failure("deliverable_address", "missing: street, city")],
    ),
    (
        "deliverable_address",
        draft(sold(), ship_to=Destination()),
        {},
        [Failure("deliverable_address", "missing: country")],
    ),
    ("not_a_duplicate", PLAIN, {"past": [past()]}, [SAME]),
    ("not_a_duplicate", PLAIN, {"past": [past(placed_at_s=NOW_S - 601)]}, []),
    ("not_a_duplicate", PLAIN, {"past": [past(basket="other")]}, []),
    ("not_a_duplicate", PLAIN, {"past": [past(digest="other street")]}, []),
    ("not_a_duplicate", PLAIN, {"past": [past("web-1001", NOW_S)]}, []),
    ("not_a_duplicate", PLAIN, {"past": [past("web-2", NOW_S + 60)]}, []),  # it is that one which is the duplicate
    ("not_a_duplicate", draft(sold(), person=""), {}, []),
)  # fmt: skip


@pytest.mark.parametrize(("check", "sent", "known", "failures"), CHECKS)
def test_a_check_finds_all_that_is_wrong(
    check: str, sent: Draft, known: dict[str, Any], failures: list[Failure]
) -> None:
    assert list(getattr(validation, check)(given(sent).order, facts(**known))) == failures
