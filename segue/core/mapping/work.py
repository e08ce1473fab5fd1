"""Work: one document being mapped, and the misreads met so far, so that all of them are told at once."""

from typing import Any

from segue.core.amounts import exponent
from segue.core.draft import Mistake
from segue.core.mapping.document import Document, View
from segue.core.mapping.lines import Found
from segue.core.mapping.paths import Getter
from segue.core.mapping.plan import Fields, Mapping, Test
from segue.core.mapping.results import Misread, PersonalData, Reject
from segue.core.mapping.sources import Reader


class Work:
    """What is known of the document while its order is put together."""

    __slots__ = (
        "currency", "digits", "document", "fields", "found", "mapping", "misreads", "mistakes", "name", "person", "view",
    )  # fmt: skip

    def __init__(self, mapping: Mapping, document: Document, name: str, currency: str, found: Found) -> None:
        self.mapping = mapping
        self.document = document
        self.fields = document.fields
        self.name = name
        self.currency = currency
        self.digits = exponent(currency)
        self.found = found
        self.person = PersonalData()
        self.misreads: list[Misread] = []
        self.mistakes: list[Mistake] = [*found.mistakes]  # amounts that could not be read, and count as nothing
        self.view = View(document.fields, mapping.names, self.digits)

    def read_all(self, fields: Fields, source: Any = None, within: str = "") -> dict[str, Any]:
        """All fields that are there. One that cannot be used is put to the misreads, and the others go on.

        An amount that cannot be read is a mistake of the order, which is taken in with nothing in its place.
        """
        values = {}
        for name, read in fields:
            try:
                value = read(self.fields if source is None else source, self.digits)
            except Misread as misread:
                if misread.code:
                    self.mistakes.append(misread.mistake(within))
                else:
                    self.misreads.append(misread.within(within))
                continue
            if value is not None:
                values[name] = value
        return values

    def read(self, reader: Reader | None) -> Any:
        """One field of the document; None if it is not there or cannot be used."""
        return self.read_all((("", reader),)).get("") if reader else None

    def elements(self, each: Getter, source: Any) -> list[Any]:
        """The elements of a list; none if there is none, or if it cannot be used."""
        found: list[Any] = self.read_all((("", lambda source, digits: each(source)),), source).get("", [])
        return found

    def holds(self, test: Test | None) -> bool:
        """Whether a condition on the document holds. None always holds; one about what cannot be read does not."""
        if test is None:
            return True
        try:
            return test(self.view)
        except Misread as misread:
            self.misreads.append(misread)
            return False

    def reject(self, misread: Misread, index: int = 0) -> Reject:
        """The reject of a line, or of the whole document."""
        row = self.document.numbers[index] if self.mapping.lines.is_rows else self.document.numbers[0]
        return Reject(self.document.file, row, self.name, misread.path, misread.reason, misread.value)
