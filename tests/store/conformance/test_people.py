"""People: sealed one by one, found again with the shop's key only."""

import pytest

from segue.ports import Batch, Person
from segue.store.database import WrongKey
from tests.store.shops import NOW, SHOP_KEY, AnyShop, rows

ADA = Person("ada", "Ada Canary", "ada@canary.example", "+44 20 555", {"street": "12 Canary Wharf", "city": "London"})


def keep(shop: AnyShop, *people: Person) -> None:
    shop.store.commit(Batch(NOW, people=people))


def test_a_person_is_found_as_they_were_kept(shop: AnyShop) -> None:
    keep(shop, ADA, Person("bob"))
    assert shop.store.person("ada") == ADA
    assert shop.store.person("eve") is None


def test_a_person_who_moved_is_found_with_their_new_data_under_a_new_key(shop: AnyShop) -> None:
    keep(shop, Person("ada", "Ada"))
    before = rows(shop, "SELECT key FROM people")
    keep(shop, ADA)
    assert shop.store.person("ada") == ADA
    assert rows(shop, "SELECT key FROM people") != before


def test_what_is_kept_of_a_person_says_nothing(shop: AnyShop) -> None:
    keep(shop, ADA)
    ((key, sealed),) = rows(shop, "SELECT key, sealed FROM people")
    assert b"anary" not in key + sealed


def test_a_database_is_opened_with_its_own_key_only(shop: AnyShop) -> None:
    keep(shop, ADA)
    assert shop.another_store(SHOP_KEY).person("ada") == ADA
    with pytest.raises(WrongKey):
        shop.another_store(b"x" * 32)
