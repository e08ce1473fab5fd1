"""Importing: a channel's documents become messages for the engine, and their people personal data apart from them.

    intake = Intake(mapping, digest)
    for received in intake.read(paths):        # or intake.take(Document(body)) for a webhook
        batch.append(received.messages, received.person)
    intake.counts.rows                         # adds up to every row that was read

A message is named by the channel and the channel's own id, so a file that is imported again adds nothing: the store
keeps each message once.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from msgspec.structs import replace

from segue.connectors.documents import read_documents
from segue.core.base import Value
from segue.core.draft import Draft
from segue.core.mapping import Cancellation, Document, Mapped, Mapping, PersonalData, Reject, map_document
from segue.ports import Inbound, Person

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet would take for a formula, full-width forms included."""

REJECT_COLUMNS = ("file", "row", "document", "column", "reason", "value")


class Received(Value):
    """What one document gave: messages without personal data, and the person they are about."""

    messages: tuple[Inbound, ...] = ()
    person: Person | None = None
    mapped: Mapped = Mapped()


class Counts:
    """How many rows became what. `rows` adds up to `read`."""

    def __init__(self) -> None:
        self.read = 0
        self.rows: Counter[str] = Counter()  # by kind: order, charge, note, cancellation, adjustment, reject
        self.rules: Counter[str] = Counter()  # by rule of the mapping
        self.documents = 0
        self.orders = 0
        self.mistaken = 0  # orders of which amounts could not be read: they wait until they are corrected
        self.reasons: Counter[str] = Counter()  # of rejects

    def add(self, mapped: Mapped) -> None:
        """Count what a document became."""
        self.read += sum(mapped.rows.values())
        self.rows.update(mapped.rows)
        self.rules.update(mapped.rules)
        self.documents += 1
        self.orders += mapped.draft is not None
        self.mistaken += bool(mapped.draft and mapped.draft.mistakes)

    def add_unreadable(self) -> None:
        """Count a row that did not become a document."""
        self.read += 1
        self.rows["reject"] += 1


class Intake:
    """Maps one channel's documents. `digest` is keyed: what it gives tells nothing to who has not the key."""

    def __init__(self, mapping: Mapping, digest: Callable[[str], str], at_their_time: bool = False) -> None:
        self.mapping = mapping
        self.digest = digest
        self.at_their_time = at_their_time  # messages are due when they were sent, as a replay of the past wants it
        self.counts = Counts()

    def read(self, paths: Sequence[Path], rejects: "RejectsFile | None" = None) -> Iterator[Received]:
        """All documents of some files; what is rejected goes to the rejects file."""
        for found in read_documents(self.mapping.layout, paths):
            if isinstance(found, Reject):
                received = Received(mapped=Mapped(rejects=(found,)))
                self.counts.add_unreadable()
                self.counts.reasons[found.reason] += 1
            else:
                received = self.take(found)
            if rejects is not None:
                rejects.add(received.mapped.rejects)
            yield received

    def take(self, document: Document) -> Received:
        """One document. Never raises for what is in it."""
        mapped = map_document(self.mapping, document)
        self.counts.add(mapped)
        self.counts.reasons.update(reject.reason for reject in mapped.rejects)
        if mapped.draft is None and not mapped.cancellations:
            return Received(mapped=mapped)
        person = self._person(mapped)
        messages = tuple(self._cancellation(mapped, each, person) for each in mapped.cancellations)
        if mapped.draft is not None:
            messages = (self._order(mapped.draft, mapped.person, person), *messages)
        return Received(messages, person, mapped)

    def _person(self, mapped: Mapped) -> Person | None:
        """Who ordered. Someone with a name or an address and nothing to know them by is known by the order alone."""
        data = mapped.person
        identity = data.identity
        if not identity and (data.name or data.email or data.phone or data.address_key):
            identity = f"order:{self.mapping.name}:{mapped.document}"
        if not identity:
            return None
        return Person(self.digest(identity), data.name, data.email, data.phone, data.ship_to, data.bill_to)

    def _order(self, draft: Draft, data: PersonalData, person: Person | None) -> Inbound:
        known = replace(
            draft,
            person=person.id if person else "",
            ship_to_digest=self.digest(data.address_key) if data.address_key else "",
        )
        body = {"draft": msgspec.to_builtins(known, str_keys=True), "mapping": self.mapping.version}
        return self._message(draft.channel_order_id, "order", body, draft.placed_at_s)

    def _cancellation(self, mapped: Mapped, cancellation: Cancellation, person: Person | None) -> Inbound:
        body = {
            "person": person.id if person else "",
            "sku": cancellation.sku,
            "quantity": cancellation.quantity,
            "price_minor": cancellation.price_minor,
            "at_s": cancellation.at_s,
            "document": mapped.document,
            "row": cancellation.row,
            "mapping": self.mapping.version,
        }
        return self._message(cancellation.id, "cancellation", body, cancellation.at_s)

    def _message(self, id: str, kind: str, body: dict[str, Any], at_s: int) -> Inbound:
        return Inbound(self.mapping.name, id, kind, body, due_at_s=at_s if self.at_their_time else 0)


def draft_in(received: Received) -> Draft | None:
    """The order that a document gave, as its message has it; None if it gave none."""
    for message in received.messages:
        if message.kind == "order":
            return msgspec.convert(message.body["draft"], Draft, str_keys=True)
    return None


class RejectsFile:
    """A CSV file of what was not taken in, safe to open in a spreadsheet. May hold personal data, as the source does."""

    def __init__(self, path: Path) -> None:
        self._stream = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._stream)
        self._writer.writerow(REJECT_COLUMNS)

    def add(self, rejects: Sequence[Reject]) -> None:
        """Write rejects down."""
        for each in rejects:
            cells = (each.file, str(each.row), each.document, each.path, each.reason, each.value)
            self._writer.writerow([f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in cells])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
