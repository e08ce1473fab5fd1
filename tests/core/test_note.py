"""Notes are in the story and change nothing."""

import pytest

from segue.core.base import Refusal
from segue.core.note import Note, NoteAdded
from tests.core.given import given
from tests.core.shop import draft, sold


def test_a_note_is_remembered_and_changes_nothing_else() -> None:
    before = given(draft(sold())).order
    after = given(draft(sold())).when(Note("called back")).then(NoteAdded(text="called back"))
    assert before is not None
    assert after is not None
    assert (after.version, after.lines, after.tenders) == (before.version + 1, before.lines, before.tenders)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_note_needs_a_text(text: str) -> None:
    given(draft(sold())).when(Note(text)).refused(Refusal.NOTE_EMPTY)
