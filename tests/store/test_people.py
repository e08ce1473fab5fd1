"""People: sealed under keys, and in SQLite erased so that no byte of them is left."""

import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from segue.ports import Batch, Handled, Person
from segue.store.audit import audit
from segue.store.database import StillInLog, WrongKey, open_reader
from segue.store.erasing import erase
from segue.store.people import Seal, shop_key
from tests.store.shops import NOW, SHOP_KEY, Shop, a_message, live, open_shop, rows

ADA = Person("ada", "Ada Canary", "ada@canary.example", "+44 20 555", {"street": "12 Canary Wharf", "city": "London"})


def keep(shop: Shop, *people: Person) -> None:
    shop.store.commit(Batch(NOW, people=people))


def test_another_shops_key_opens_nothing() -> None:
    id, key, sealed = Seal(SHOP_KEY).seal(ADA)
    with pytest.raises(InvalidTag):
        Seal(b"x" * 32).open(id, key, sealed)


def test_one_persons_data_cannot_be_put_in_anothers_place() -> None:
    _, key, sealed = Seal(SHOP_KEY).seal(ADA)
    with pytest.raises(InvalidTag):
        Seal(SHOP_KEY).open("bob", key, sealed)


@given(st.text(), st.text())
def test_a_digest_is_the_same_for_the_same_text_in_the_same_shop_only(text: str, other: str) -> None:
    digest = Seal(SHOP_KEY).digest(text)
    assert (digest == Seal(SHOP_KEY).digest(other)) == (text == other)
    assert digest != Seal(b"x" * 32).digest(text)
    assert len(digest) == 32


def test_a_shops_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "shop.key"
    made = shop_key(path)
    assert shop_key(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(made) == 32


@pytest.mark.parametrize("content", ["", "not a key", "abcd", "00" * 31])
def test_a_file_that_is_no_key_is_not_used_as_one(tmp_path: Path, content: str) -> None:
    path = tmp_path / "shop.key"
    path.write_text(content)
    with pytest.raises(WrongKey):
        shop_key(path)
    with pytest.raises(WrongKey):
        Seal(content.encode())


def test_who_is_erased_is_gone_and_the_rest_stays(shop: Shop) -> None:
    keep(shop, ADA, Person("bob"))
    erase(shop.database, shop.seal, "ada")
    assert shop.store.person("ada") is None
    assert shop.store.person("bob") == Person("bob")
    erase(shop.database, shop.seal, "ada")


def test_messages_that_name_the_person_are_cleared_and_stay_on_record(shop: Shop) -> None:
    by_name = a_message("M-1", body={"customer": {"email": ADA.email}}, order="")
    by_order = a_message("M-2", body={"note": "for her"}, order="web-1")
    others = a_message("M-3", body={"customer": {"email": "bob@example.org"}}, order="")
    ended = tuple(Handled("warehouse", f"M-{n}", "parked", "too early") for n in (1, 2, 3))
    live(shop, "web-1")
    keep(shop, ADA)
    shop.store.commit(Batch(NOW, received=(by_name, by_order, others), handled=ended))
    erase(shop.database, shop.seal, "ada")
    assert rows(shop, "SELECT id, state, reason, body = '' FROM inbox ORDER BY id") == [
        ("M-1", "refused", "erased", 1), ("M-2", "refused", "erased", 1), ("M-3", "parked", "too early", 0),
    ]  # fmt: skip


def test_after_erasure_no_byte_of_the_person_is_anywhere_in_the_folder(tmp_path: Path) -> None:
    shop = open_shop(str(tmp_path / "segue.db"))
    live(shop, *(f"web-{n}" for n in range(3)))
    others = [Person(f"p{n}", f"Person {n}", f"{n}@example.org") for n in range(50)]
    for message in (a_message("M-1", body={"email": ADA.email}), a_message("M-2", body={"phone": ADA.phone})):
        shop.store.commit(Batch(NOW, received=(message,), people=(ADA, *others)))
    ended = (Handled("warehouse", "M-1", "done"), Handled("warehouse", "M-2", "refused", "no such order"))
    shop.store.commit(Batch(NOW, handled=ended))
    traces = (ADA.email, ADA.name, ADA.phone, "Canary Wharf")
    sealed = rows(shop, "SELECT key, sealed FROM people WHERE id = 'ada'")[0]
    assert readable(tmp_path, *(trace.encode() for trace in traces), *sealed) != []
    erase(shop.database, shop.seal, "ada")
    assert readable(tmp_path, *(trace.encode() for trace in traces), *sealed) == []
    assert audit(shop.database.reader()) == []
    shop.database.close()


def readable(folder: Path, *traces: bytes) -> list[bytes]:
    """Those of the traces that are in any file of the folder."""
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return [trace for trace in traces if trace in content]


def test_while_a_reader_is_in_the_way_the_erasure_says_so_and_can_be_made_again(tmp_path: Path) -> None:
    path = tmp_path / "segue.db"
    shop = open_shop(str(path))
    keep(shop, ADA)
    shop.database.checkpoint()
    reader = open_reader(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM people").fetchone()
    with pytest.raises(StillInLog):
        erase_soon(shop)
    assert shop.store.person("ada") is None
    reader.rollback()
    erase(shop.database, shop.seal, "ada")
    reader.close()
    shop.database.close()


def erase_soon(shop: Shop) -> None:
    """Erase without waiting long for readers."""
    with shop.database.snapshot() as cursor:
        connection = cursor.connection
    connection.execute("PRAGMA busy_timeout = 10")
    erase(shop.database, shop.seal, "ada")
