"""Real files: exactly these figures come out of UCI, Olist and DataCo, to the row and to the cent."""

from collections import Counter
from pathlib import Path

from segue.connectors.shop_data import sellers_of, weights_of, write_shop_data
from segue.core.draft import Destination
from tests.connectors.real import DATA, Taken, needs_data, paid, parts_of, taken
from tests.loader.channels import prebuilt

pytestmark = needs_data


def uci() -> Taken:
    return taken("uci", *sorted((DATA / "uci").glob("*.csv.gz")))


def olist() -> Taken:
    return taken("olist", DATA / "olist", tables=DATA / "olist")


def test_every_row_of_uci_is_accounted_for() -> None:
    assert uci().intake.counts.read == 245_903
    assert uci().rows == {
        "order": 239_085, "charge": 1_123, "note": 300, "cancellation": 4_195, "adjustment": 1_135, "reject": 65,
    }  # fmt: skip
    assert uci().intake.counts.documents == 12_795


def test_each_rule_of_uci_finds_what_was_counted_by_hand() -> None:
    rules = uci().intake.counts.rules
    assert rules["stock_taken_out"] == 758
    assert rules["cancellation"] + rules["credit_without_goods"] == 4_494
    assert rules["pads"] == 1
    lines_at_nothing = sum(not line.price_minor for draft in uci().drafts.values() for line in draft.lines)
    assert rules["stock_taken_out"] + rules["stock_found"] + lines_at_nothing == 1_478
    assert sum(each.mapped.document.startswith("C") for each in uci().received) == 2_006


def test_orders_of_uci_add_up_and_are_on_account() -> None:
    drafts = uci().drafts
    assert len(drafts) == 9_601
    assert all(parts_of(draft) == draft.total_minor == paid(draft) for draft in drafts.values())
    assert {tender.kind for draft in drafts.values() for tender in draft.tenders} == {"account"}


def test_the_only_rejects_of_uci_are_charges_without_goods() -> None:
    documents = {reject.document for each in uci().received for reject in each.mapped.rejects}
    assert len(documents) == 59
    assert set(uci().intake.counts.reasons) == {
        "has no goods: an order needs at least one line",
        "belongs to a document that was rejected for another row",
    }


def test_an_invoice_whose_goods_are_in_one_sum_is_an_order() -> None:
    draft = uci().drafts["537534"]
    assert {line.price_minor for line in draft.lines} == {0}
    assert [(charge.code, charge.amount_minor) for charge in draft.charges] == [("manual", 924_59)]


def test_an_invoice_whose_rows_stand_apart_is_one_order() -> None:
    (mapped,) = [each.mapped for each in uci().received if each.mapped.document == "542806"]
    assert sum(mapped.rows.values()) == 39


def test_cancellations_of_uci_have_an_id_that_is_theirs_alone() -> None:
    messages = [message for each in uci().received for message in each.messages]
    assert len({message.id for message in messages}) == len(messages) == 9_601 + 4_195
    unnamed = [message for message in messages if message.kind == "cancellation" and not message.body["person"]]
    assert len(unnamed) == 119


def test_countries_of_uci_are_codes_but_for_two_that_are_none() -> None:
    countries = Counter(draft.ship_to.country for draft in uci().drafts.values())
    assert countries["GB"] > 8_000
    assert countries["IE"] > 100
    assert all(draft.ship_to.missing == ("country",) for draft in uci().drafts.values() if not draft.ship_to.country)


def test_every_row_of_olist_is_accounted_for() -> None:
    assert olist().intake.counts.read == 10_404 + 10_072 + 11_261
    assert olist().intake.counts.documents == 10_404
    assert len(olist().drafts) == 8_886
    assert olist().intake.counts.reasons == {"has no items": 1_518}


def test_payments_of_olist_that_do_not_add_up_are_left_to_the_money_check() -> None:
    drafts = olist().drafts.values()
    assert all(parts_of(draft) == draft.total_minor for draft in drafts)
    assert sum(paid(draft) != draft.total_minor for draft in drafts) == 53
    assert {tender.method for draft in drafts for tender in draft.tenders} == {"card", "debit", "boleto", "voucher"}


def test_each_line_of_olist_is_bound_to_its_seller() -> None:
    sellers = {seller.id: seller for seller in sellers_of(DATA / "olist")}
    used = {line.location for draft in olist().drafts.values() for line in draft.lines}
    assert used <= sellers.keys()
    assert len(sellers) == 3_095
    assert sum(seller.latitude is None for seller in sellers.values()) == 8


def test_customers_of_olist_are_where_their_postcode_is() -> None:
    drafts = olist().drafts
    (document,) = [each for each in drafts if each == "2e7a8482f6fb09756ca50c10d7bfc047"]
    assert drafts[document].ship_to.country == "BR"
    assert drafts[document].promised_at_s == 1_476_928_800  # midnight in São Paulo, in summer time
    placed = sum(draft.ship_to.latitude is not None for draft in drafts.values())
    assert placed > 8_800
    assert drafts[document].tags == ("status:shipped",)


def test_all_of_dataco_is_taken_in_without_float_noise() -> None:
    found = taken("dataco", DATA / "dataco" / "rows_3000.csv.gz")
    assert found.rows == {"order": 3_000}
    assert len(found.drafts) == 2_932
    assert all(parts_of(draft) == draft.total_minor == paid(draft) for draft in found.drafts.values())
    draft = found.drafts["31299"]
    assert [(line.price_minor, line.discount_minor) for line in draft.lines] == [(199_99, 24_00)]
    assert draft.ship_to == Destination("US", "California", postcode_area="900")
    assert draft.bill_country == "PR"
    assert draft.tags == ("status:processing", "segment:consumer")


def test_zip_codes_of_dataco_have_their_zeros_again() -> None:
    found = taken("dataco", DATA / "dataco" / "rows_3000.csv.gz")
    zips = [each.person.bill_to["postcode"] for each in found.received if each.person]
    assert {len(each) for each in zips} == {5}
    assert "00725" in zips


def test_a_shop_is_made_from_real_orders(tmp_path: Path) -> None:
    folder = DATA / "olist"
    goods = write_shop_data(prebuilt("olist", folder), [folder], tmp_path, sellers_of(folder), weights_of(folder))
    assert len(goods.titles) == 5_917
    assert (tmp_path / "catalog.csv").read_text(encoding="utf-8").count("\n") == 5_918
