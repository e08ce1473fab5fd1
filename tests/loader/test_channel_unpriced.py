"""Channels whose orders come without prices: they say so, and need not say more."""

from pathlib import Path

import pytest

from segue.core.draft import DraftTender
from tests.loader.channels import compiled, mapped, mistakes_in, order, prebuilt

FEED = """\
name: web
format: json
order: {id: id, placed_at: at, currency: currency, priced: {constant: false}}
lines: {each: lines, sku: sku, quantity: quantity}
charges: [{name: gift_wrap, amount: wrap}]
tenders: [{kind: {constant: account}}]
"""


def test_a_feed_without_prices_needs_no_source_for_them(tmp_path: Path) -> None:
    draft = mapped(compiled(FEED, tmp_path), order(wrap="3.00")).draft
    assert draft is not None
    assert (draft.priced, draft.total_minor, [line.price_minor for line in draft.lines]) == (False, 0, [0])
    assert draft.tenders == (DraftTender("account", 0),)


def test_a_feed_may_quote_a_total_all_the_same(tmp_path: Path) -> None:
    text = FEED.replace("currency: currency,", "currency: currency, total: total,")
    draft = mapped(compiled(text, tmp_path), order()).draft
    assert draft is not None
    assert (draft.total_minor, draft.tenders[0].amount_minor) == (2000, 2000)


def test_a_total_that_would_be_computed_is_not_one_that_was_quoted(tmp_path: Path) -> None:
    text = FEED.replace("currency: currency,", "currency: currency, total: {computed: true},")
    draft = mapped(compiled(text, tmp_path), order(wrap="3.00")).draft
    assert draft is not None
    assert (draft.total_minor, draft.charges[0].amount_minor) == (0, 300)


@pytest.mark.parametrize(("priced", "tenders"), [(False, (DraftTender("gateway", 0, "card"),)), (True, ())])
def test_a_tender_without_an_amount_stays_where_segue_says_how_much_it_is(
    priced: bool, tenders: tuple[DraftTender, ...]
) -> None:
    document = {
        "channel_order_id": "1", "placed_at_s": 1_780_000_000, "currency": "EUR", "lines": [{"sku": "A", "quantity": 1}],
        "priced": priced, "tenders": [{"kind": "gateway", "method": "card"}],
    }  # fmt: skip
    draft = mapped(prebuilt("canonical"), document).draft
    assert draft is not None
    assert draft.tenders == tenders


def test_a_channel_that_does_not_say_so_needs_prices(tmp_path: Path) -> None:
    assert mistakes_in(FEED.replace(", priced: {constant: false}", ""), tmp_path) == [
        "web.yaml:3:1: key `total` is missing",
        "web.yaml:4:1: key `price` is missing",
    ]
