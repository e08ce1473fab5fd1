"""Importing: messages without personal data, people apart from them, rejects in a file, and counts that add up."""

import csv
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from segue.connectors.importing import Intake, Received, RejectsFile
from segue.connectors.shop_data import write_shop_data
from segue.core.draft import Draft
from segue.core.facts import Location
from segue.core.mapping import Document
from segue.loader.goods import catalog, locations, stock
from segue.loader.problems import Problems
from segue.ports import Batch, Person
from tests.loader.channels import ROWS, compiled, prebuilt
from tests.store.shops import NOW, open_shop

BODY: dict[str, Any] = {
    "channel_order_id": "1001",
    "placed_at": "2025-01-23T22:16:37-05:00",
    "currency": "EUR",
    "total_minor": 2000,
    "lines": [{"sku": "A-1", "quantity": 2, "price_minor": 1000}],
    "customer": {
        "id": "7",
        "name": "Ada Lovelace",
        "email": "Ada@Example.com",
        "phone": "+15555550100",
        "ship_to": {"street": "1 Main St", "city": "Berlin", "country": "DE"},
    },
}
LEDGER = ROWS + "customer: {identity: [{customer: Customer}]}\n"
LEDGER = LEDGER.replace(
    "lines: {", "lines: {fields: {quantity: {from: Quantity, type: integer}}, "
    "kinds: [{name: back, kind: cancellation, when: quantity < 0}], "
)  # fmt: skip
FILE = """\
Order,At,SKU,Quantity,Price,Customer
1,2011-06-01,A,2,1.00,7
1,2011-06-01,B,1,2.00,7
C2,2011-06-02,A,-1,1.00,7
3,2011-06-31,A,1,1.00,
5,2011-06-03,A,1,0.001,
4,2011-06-04,=cmd(),x,1.00,8
"""


def digest(text: str) -> str:
    """A keyed digest, as the app makes one."""
    return blake2b(text.encode(), key=b"key", digest_size=8).hexdigest()


def test_a_message_holds_the_draft_and_the_version_of_its_mapping() -> None:
    mapping = prebuilt("canonical")
    received = Intake(mapping, digest).take(Document(BODY))
    (message,) = received.messages
    assert (message.source, message.id, message.kind, message.due_at_s) == ("canonical", "1001", "order", 0)
    assert message.body["mapping"] == mapping.version
    draft = msgspec.convert(message.body["draft"], Draft)
    assert draft.person == digest("customer:canonical:7")
    assert draft.ship_to_digest == digest("1 main st|||berlin|de")


def test_no_personal_data_is_in_a_message() -> None:
    received = Intake(prebuilt("canonical"), digest).take(Document(BODY))
    text = msgspec.json.encode(received.messages).decode()
    assert not [word for word in ("Ada", "ada", "Lovelace", "555", "Main", "Berlin") if word in text]
    assert received.person == Person(
        digest("customer:canonical:7"), "Ada Lovelace", "Ada@Example.com", "+15555550100",
        {"street": "1 Main St", "city": "Berlin", "country": "DE"},
    )  # fmt: skip


def test_a_message_is_due_when_it_was_sent_if_the_past_is_replayed() -> None:
    received = Intake(prebuilt("canonical"), digest, at_their_time=True).take(Document(BODY))
    assert received.messages[0].due_at_s == 1737688597


def test_someone_without_identity_is_known_by_the_order_alone(tmp_path: Path) -> None:
    text = "name: web\nextends: canonical\nunknown: ignore\ncustomer: {name: customer.name}\n"
    received = Intake(compiled(text, tmp_path), digest).take(Document(BODY))
    assert received.person is not None
    assert received.person.id == digest("order:web:1001")
    nobody = Intake(compiled(text, tmp_path), digest).take(Document({**BODY, "customer": None}))
    assert nobody.person is None
    assert nobody.messages[0].body["draft"].get("person", "") == ""


def ledger(folder: Path) -> tuple[Intake, Path]:
    """An intake of a small ledger, and its file."""
    path = folder / "ledger.csv"
    path.write_text(FILE, encoding="utf-8")
    return Intake(compiled(LEDGER, folder), digest), path


def test_a_cancellation_says_whose_of_what_how_many_and_when(tmp_path: Path) -> None:
    intake, path = ledger(tmp_path)
    (message,) = [each for received in intake.read([path]) for each in received.messages if each.kind == "cancellation"]
    assert message.id == "C2/1"
    assert message.body == {
        "person": digest("customer:web:7"), "sku": "A", "quantity": 1, "price_minor": 100, "at_s": 1306972800,
        "document": "C2", "row": 4, "mapping": intake.mapping.version,
    }  # fmt: skip


def test_the_counts_add_up_to_every_row(tmp_path: Path) -> None:
    intake, path = ledger(tmp_path)
    list(intake.read([path, tmp_path / "missing.csv"]))
    assert intake.counts.rows == {"order": 3, "cancellation": 1, "reject": 3}
    assert intake.counts.read == sum(intake.counts.rows.values()) == 7
    assert (intake.counts.documents, intake.counts.orders, intake.counts.mistaken) == (5, 2, 1)


def test_rejects_are_written_with_row_column_reason_and_value(tmp_path: Path) -> None:
    intake, path = ledger(tmp_path)
    with RejectsFile(tmp_path / "rejects.csv") as rejects:
        list(intake.read([path], rejects))
    with (tmp_path / "rejects.csv").open(newline="", encoding="utf-8") as stream:
        written = list(csv.reader(stream))
    assert written == [
        ["file", "row", "document", "column", "reason", "value"],
        ["ledger.csv", "5", "3", "At", "is not a time as in iso", "2011-06-31"],
        ["ledger.csv", "7", "4", "Quantity", "is not a whole number", "x"],
    ]


def test_what_a_spreadsheet_would_run_is_disarmed(tmp_path: Path) -> None:
    intake, path = ledger(tmp_path)
    path.write_text(FILE.replace("4,2011-06-04,=cmd(),x,1.00", "4,2011-06-04,A,=cmd(),1.00"), encoding="utf-8")
    with RejectsFile(tmp_path / "rejects.csv") as rejects:
        list(intake.read([path], rejects))
    assert "'=cmd()" in (tmp_path / "rejects.csv").read_text(encoding="utf-8")


def test_an_import_that_is_broken_off_and_repeated_adds_nothing_twice(tmp_path: Path) -> None:
    intake, path = ledger(tmp_path)
    shop = open_shop()

    def store(received: Received) -> None:
        people = (received.person,) if received.person else ()
        shop.store.commit(Batch(NOW, received=received.messages, people=people))

    store(next(iter(intake.read([path]))))
    for _ in range(2):
        for received in Intake(intake.mapping, digest).read([path]):
            store(received)
    assert [message.id for message in shop.store.due(NOW, 10).messages] == ["1", "C2/1", "5"]


def test_shop_data_is_what_the_orders_tell_of_the_goods(tmp_path: Path) -> None:
    intake, path = ledger(tmp_path)
    write_shop_data(intake.mapping, [path], tmp_path / "shop", [Location("X", "warehouse", "DE")], {"A": 120})
    problems = Problems()
    places, items = locations(tmp_path / "shop", problems), catalog(tmp_path / "shop", problems)
    stocked = stock(tmp_path / "shop", items, places, True, problems)
    assert problems.sorted() == []
    assert places == {"X": Location("X", "warehouse", "DE")}
    assert {sku: (item.price_minor, item.weight_g) for sku, item in items.items()} == {"A": (100, 120), "B": (200, 0)}
    assert stocked == {("A", "X"): 8, ("B", "X"): 6}
