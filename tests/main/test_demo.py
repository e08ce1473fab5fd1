"""The command `segue demo`: a made-up shop, or real data, from placed to delivered."""

from pathlib import Path

from tests.main.calling import Call

ORDERS = 150


def test_a_made_up_shop_is_run_and_shown(anywhere: Call, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    said = anywhere("demo", "--orders", ORDERS, "--folder", folder)
    assert said.code == 0
    for part in (
        "What came in",
        "Where the orders are",
        "In figures",
        "touchless",
        "nothing breaks",
        "What to type next",
    ):
        assert part in said.out
    assert "An order that was held: webshop-W" in said.out
    assert anywhere("audit", "--shop", folder).code == 0
    assert (folder / "mail").is_dir()


def test_the_same_seed_gives_the_same_figures_and_the_folder_is_made_anew(anywhere: Call, tmp_path: Path) -> None:
    def figures(seed: int) -> dict[str, object]:
        said = anywhere("demo", "--orders", ORDERS, "--seed", seed, "--folder", tmp_path / "shop", "--json")
        assert said.code == 0
        return {key: said.json[key] for key in ("orders", "statuses", "folders", "money", "steps", "touchless")}

    first = figures(1)
    assert first["orders"] == ORDERS
    assert figures(1) == first
    assert figures(2) != first


def test_a_folder_that_no_demo_made_is_left_alone(anywhere: Call, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    said = anywhere("demo", "--folder", tmp_path)
    assert (said.code, "was not made by `segue demo`" in said.err) == (2, True)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_wholesale_invoices_are_run_with_their_cancellations(anywhere: Call, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "uci_2011-01.csv").write_text(
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        "536365,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
        "536365,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850.0,United Kingdom\n"
        "C536391,85123A,LANTERN,-2,2010-12-20 10:24:00,2.55,17850.0,United Kingdom\n"
        "C536392,71053,NEVER BOUGHT,-1,2010-12-20 10:24:00,3.39,17850.0,United Kingdom\n"
    )
    said = anywhere("demo", "--data", data, "--folder", tmp_path / "shop", "--json")
    assert said.code == 0
    assert said.json["rows_by_kind"] == {"order": 1, "charge": 1, "cancellation": 2}
    assert said.json["orders"] == 1
    parked = anywhere("folders", "--shop", tmp_path / "shop", "--json").json["messages"]
    assert ["unmatched cancellation" in each["reason"] for each in parked] == [True]


def test_a_marketplaces_orders_are_served_by_their_sellers(anywhere: Call, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "orders.csv").write_text(
        "order_id,customer_id,order_status,order_purchase_timestamp,order_estimated_delivery_date,"
        "customer_zip_code_prefix\no1,c1,delivered,2017-10-02 10:56:33,2017-10-18 00:00:00,1001\n"
    )
    (data / "order_items.csv").write_text(
        "order_id,order_item_id,product_id,seller_id,price,freight_value\no1,1,p1,s1,29.99,8.72\n"
    )
    (data / "payments.csv").write_text(
        "order_id,payment_sequential,payment_type,payment_installments,payment_value\no1,1,voucher,1,38.71\n"
    )
    (data / "sellers.csv").write_text(
        "seller_id,seller_zip_code_prefix,seller_city,seller_state\ns1,01001,sao paulo,SP\n"
    )
    (data / "products.csv").write_text("product_id,product_weight_g\np1,500\n")
    (data / "geo_by_zip_prefix.csv").write_text("zip_prefix,lat,lng\n01001,-23.55,-46.63\n")
    said = anywhere("demo", "--data", data, "--folder", tmp_path / "shop", "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json["statuses"] == {"delivered": 1}


def test_data_of_no_known_kind_is_refused(anywhere: Call, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    said = anywhere("demo", "--data", tmp_path / "data", "--folder", tmp_path / "shop")
    assert (said.code, said.err.endswith("none of the data that is known here: olist, uci.\n")) == (2, True)
