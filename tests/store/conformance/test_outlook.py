"""Outlook: what was sold lately is added up, and what units are worth is kept with its instant. Covers F-8."""

from msgspec.structs import replace

from segue.core.draft import Destination
from segue.core.opportunity import Prices
from segue.ports import Needs, Sold
from segue.store.outlook import SqliteOutlook
from segue.store.postgres.outlook import PostgresOutlook
from tests.store.shops import NOW, AnyShop, PostgresShop, a_step, an_order, stepped


def outlook_of(shop: AnyShop) -> SqliteOutlook | PostgresOutlook:
    if isinstance(shop, PostgresShop):
        return PostgresOutlook(shop.database)
    return SqliteOutlook(shop.database)


def test_what_was_ordered_since_an_instant_is_added_up_by_sku_and_where_it_went(shop: AnyShop) -> None:
    texas = Destination("US", "TX", postcode_area="787")
    made = [
        replace(an_order(f"web-{number}"), placed_at_s=NOW + number, ship_to=to, ship_method="ground")
        for number, to in enumerate((texas, texas, texas, Destination("DE")))
    ]
    stepped(shop, *map(a_step, made))
    (line,) = made[0].lines
    assert outlook_of(shop).sold(NOW + 1) == {
        Sold(line.sku, "US", "TX", "787", "ground"): 2 * line.quantity,
        Sold(line.sku, "DE", "", "", "ground"): line.quantity,
    }
    assert outlook_of(shop).sold(NOW + 4) == {}


def test_what_was_sold_is_what_was_wanted_and_not_what_took_its_place(shop: AnyShop) -> None:
    order = an_order()
    stepped(shop, a_step(replace(order, lines=(replace(order.lines[0], sku="B", was="A"),))))
    assert [each.sku for each in outlook_of(shop).sold(0)] == ["A"]


def test_prices_are_kept_until_others_take_their_place(shop: AnyShop) -> None:
    outlook = outlook_of(shop)
    assert outlook.kept_at() is None
    outlook.keep({"MUG": Prices(NOW, {"BER": 1_200, "MUC": 3}), "TEA": Prices(NOW)})
    outlook.keep({"MUG": Prices(NOW + 60, {"BER": 900}), "CUP": Prices(NOW + 61)})
    assert outlook.kept_at() == NOW + 60
    wanted = frozenset(("MUG", "TEA", "CUP"))
    known = {"MUG": Prices(NOW + 60, {"BER": 900}), "TEA": None, "CUP": Prices(NOW + 61)}
    assert shop.store.load(Needs(prices=wanted)).prices == known
    assert shop.store.load(Needs()).prices == {}
    outlook.keep({})
    assert outlook.kept_at() is None
