"""Correcting: the document of an order that waits because its amounts are wrong, given by a person or sent again."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.main.calling import Call, an_order

WRONG = an_order("1010", total_minor=9999)


@pytest.fixture
def waiting(call: Call, tmp_path: Path) -> Call:
    """Commands in a shop where web-1010 waits: its total is not what its parts come to."""
    assert call("import", written(tmp_path, WRONG), "--channel", "web").code == 0
    assert call("work", "--until-idle").code == 0
    return call


def written(folder: Path, *documents: dict[str, Any]) -> Path:
    path = folder / f"orders-{len(list(folder.glob('orders-*')))}.json"
    path.write_text(json.dumps(list(documents)), encoding="utf-8")
    return path


def test_a_person_corrects_the_document_and_the_order_goes_on_by_itself(waiting: Call, tmp_path: Path) -> None:
    said = waiting("order", "1010").out
    assert "total of 9999" in said
    assert waiting("order", "1010", "--json").json["folders"] == ["wrong_amounts"]
    told = waiting("correct", "1010", written(tmp_path, an_order("1010")), "--by", "ann")
    assert (told.code, told.out.startswith("web-1010: corrected. It is waiting for payment now.")) == (0, True)
    assert waiting("work", "--until-idle").code == 0
    assert waiting("order", "1010", "--json").json["status"] == "delivered"
    story = waiting("why", "1010").out
    assert "came in from web" in story
    assert "The document of the order is corrected" in story
    assert "ann" in story
    assert waiting("audit").code == 0
    assert waiting("replay", "--verify", "--order", "web-1010").code == 0


def test_the_channel_corrects_by_sending_the_order_again(waiting: Call, tmp_path: Path) -> None:
    assert waiting("import", written(tmp_path, an_order("1010")), "--channel", "web").code == 0
    assert waiting("work", "--until-idle").code == 0
    assert waiting("order", "1010", "--json").json["status"] == "delivered"


def test_the_same_document_changes_nothing_and_one_that_is_wrong_too_says_what_is_left(
    waiting: Call, tmp_path: Path
) -> None:
    told = waiting("correct", "1010", written(tmp_path, WRONG))
    assert told.out == "web-1010: the document says what the order says already. It is on hold.\n"
    still = waiting("correct", "1010", written(tmp_path, an_order("1010", total_minor=1)))
    assert still.code == 0
    assert "It still fails a check: the total of 1 is" in still.out
    seen = waiting("correct", "1010", written(tmp_path, an_order("1010", total_minor=2)), "--json").json
    assert (seen["changed"], seen["folders"]) == (True, ["wrong_amounts"])
    assert seen["failures"][0]["path"] == "total_minor"


@pytest.mark.parametrize(
    ("documents", "sentence"),
    [
        ([], "The file has 0 documents; one order is needed, as web sends it."),
        ([an_order("1010"), an_order("1011")], "The file has 2 documents; one order is needed, as web sends it."),
        ([an_order("1011")], "Refused: the corrected document is of another order: web 1011."),
        ([{**WRONG, "lines": []}], "The document cannot be used: lines: has no goods"),
    ],
)
def test_a_file_that_corrects_nothing_is_refused_in_one_sentence(
    waiting: Call, tmp_path: Path, documents: list[dict[str, Any]], sentence: str
) -> None:
    said = waiting("correct", "1010", written(tmp_path, *documents))
    assert said.code == 1
    assert said.err.startswith(sentence)


def test_what_is_delivered_is_not_corrected(call: Call, tmp_path: Path) -> None:
    said = call("correct", "1002", written(tmp_path, an_order("1002", total_minor=1)))
    assert (said.code, said.err) == (1, "Refused: this channel order is here already, with other content: web-1002.\n")
    assert call("correct", "1002", tmp_path / "none.json").code == 2
    assert call("do", "1002", "correct_order", "draft={}").code == 2
