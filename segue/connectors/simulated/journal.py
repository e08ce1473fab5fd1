"""The journal of the simulated world: what it did, on file before it answers, so that it survives a killed process.

One JSON object a line, written by a single unbuffered write. What the kernel has taken survives SIGKILL; power cuts may
cost the last lines, which is good enough for a simulation, so there is no fsync. One process at a time may write.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import DecodeError, field
from msgspec.json import Decoder, Encoder

from segue.core.base import Value
from segue.ports import Answer, Inbound, PortFailed

Due = tuple[int, str, str]  # when a message is due, its source, its id


class Request(Value):
    """What the gateway is asked. `subject` is our reference, or the authorization or capture that it is about."""

    operation: str  # authorize, adopt, capture, void, refund
    subject: str
    amount_minor: int
    currency: str
    method: str = ""  # of an authorization: card, gift_card ...
    card: str = ""  # the number of one of our own gift cards


class Operation(Value, tag="gateway"):
    """A request to the gateway and its answer."""

    key: str
    at_s: int
    request: Request
    answer: Answer


class Done(Value, tag="done"):
    """What another system was asked, its answer, and the messages that will come of it."""

    port: str
    key: str
    at_s: int
    answer: Answer
    messages: tuple[Inbound, ...] = ()
    note: dict[str, Any] = field(default_factory=dict)


class Taken(Value, tag="taken"):
    """Messages that need not be sent again."""

    messages: tuple[Due, ...]


Entry = Operation | Done | Taken


class JournalDamaged(Exception):
    """A line of the journal that was written in full cannot be read."""


class Journal:
    """A file that only grows, or nothing at all if there is no path."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: int | None = None
        self._length = 0
        self._encode = Encoder().encode

    def entries(self) -> Iterator[Entry]:
        """What the file tells. A last line that was cut off by a crash was never answered: it is left out."""
        self._length = 0
        if self._path is None or not self._path.exists():
            return
        decode = Decoder(Entry).decode
        with self._path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.endswith(b"\n"):
                    return
                try:
                    entry = decode(line)
                except DecodeError as failure:
                    raise JournalDamaged(f"{self._path}:{number}: {failure}") from failure
                self._length += len(line)
                yield entry

    def append(self, entry: Entry) -> None:
        """Write an entry. Raises PortFailed, with nothing written, if the disk does not take it."""
        if self._path is None:
            return
        line = self._encode(entry) + b"\n"
        try:
            if self._file is None:
                self._file = self._opened(self._path)
            written = os.write(self._file, line)
        except OSError as failure:
            raise PortFailed(f"{self._path}: {failure}") from failure
        if written < len(line):
            os.ftruncate(self._file, self._length)
            raise PortFailed(f"{self._path}: the disk is full")
        self._length += written

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _opened(self, path: Path) -> int:
        """The file, open for writing at its end, without the torn line that a crash may have left there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND | getattr(os, "O_CLOEXEC", 0), 0o600)
        os.ftruncate(file, self._length)
        return file
