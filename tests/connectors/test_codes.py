"""Codes: the same for the same unit however often they are made, never the same for two, and nothing without the key."""

import re

from segue.connectors.codes import Codes, card_number

SHAPE = re.compile("[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){4}")


def test_a_code_is_that_of_its_unit_issue_and_shop() -> None:
    codes = Codes(b"the key of a shop")
    names = [(issue, f"{line}.{unit}") for issue in ("k1", "k2") for line in range(1, 11) for unit in range(1, 101)]
    made = [codes.code(issue, name) for issue, name in names]
    assert len(set(made)) == len(names)
    assert all(SHAPE.fullmatch(code) for code in made)
    again = Codes(b"the key of a shop")
    assert [again.code(issue, name) for issue, name in names] == made
    assert set(made).isdisjoint(Codes(b"the key of another").code(issue, name) for issue, name in names)


def test_issue_and_name_do_not_run_into_one_another() -> None:
    codes = Codes(b"key")
    assert codes.code("k1", "1.1") != codes.code("k", "11.1")


def test_all_letters_come_up_alike() -> None:
    codes = Codes(b"key")
    letters = "".join(codes.code("k", str(number)).replace("-", "") for number in range(2_000))
    counts = [letters.count(letter) for letter in set(letters)]
    assert len(counts) == 32
    assert max(counts) < 1.2 * min(counts)  # 1,250 of each are to be expected, give or take 35


def test_the_number_of_a_card_is_the_same_however_its_code_is_typed_and_tells_nothing_of_it() -> None:
    code = Codes(b"key").code("k", "1.1")
    assert card_number(code) == card_number(f" {code.lower().replace('-', ' ')} ")
    assert card_number(code) != card_number(Codes(b"key").code("k", "1.2"))
    assert code.replace("-", "") not in card_number(code).upper()
