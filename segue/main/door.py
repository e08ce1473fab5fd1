"""The door: while a process owns the shop, others hand it their requests here, over loopback.

One connection is one request: a line of JSON in, a line of JSON out. `segue.door` beside the lock says where to knock
and the word to say; only the owner's own account can read it. Requests wait in a queue, and the worker's thread does
them between its rounds, so that nothing in the engine has to know of threads.
"""

import contextlib
import hmac
import os
import secrets
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

import msgspec

from segue.main.failing import OWNED, WRONG_USE
from segue.main.wanted import AnyWanted, Done

DOOR_FILE = "segue.door"
LOOPBACK = "127.0.0.1"
LINE_BYTES_MAX = 262_144
VISITORS_MAX = 16  # at a time
HEARING_S = 10  # to say what is wanted
KNOCK_S = 5  # to be let in
ANSWER_S = 3_600  # an import of millions of rows takes its time
CLOSED_S = 1  # how often one who waits looks whether the door was closed
STOPPED = Done(failed="The owner of the shop has just stopped: ask again.", code=OWNED)
UNANSWERED = Done(
    failed="It was handed to the owner of the shop, and no answer came: look at what became of it first.", code=OWNED
)

Obey = Callable[[AnyWanted], Done]


class Plate(msgspec.Struct, frozen=True):
    """What is written at the door."""

    pid: int
    port: int
    token: str


class Visit(msgspec.Struct, frozen=True):
    """What a visitor says."""

    token: str
    wanted: AnyWanted


class Waiting:
    """A visitor in the queue."""

    def __init__(self, wanted: AnyWanted) -> None:
        self.wanted = wanted
        self.answer: SimpleQueue[Done] = SimpleQueue()


class Door:
    """Open while the shop is owned. `serve` and `wait` are called on the worker's thread, and do what is wanted."""

    def __init__(self, folder: Path, obey: Obey) -> None:
        self._path = folder / DOOR_FILE
        self._obey = obey
        self._token = secrets.token_hex(32)
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()  # as long as VISITORS_MAX; a signal may put into it
        self._places = threading.BoundedSemaphore(VISITORS_MAX)
        self._socket = socket.create_server((LOOPBACK, 0))
        self._closed = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._let_in, name="door", daemon=True).start()
        plate = Plate(os.getpid(), self._socket.getsockname()[1], self._token)
        new = self._path.with_suffix(".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(msgspec.json.encode(plate))
        new.replace(self._path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self._path.unlink(missing_ok=True)
        self._socket.close()
        while (waiting := self._next(0)) is not None:
            waiting.answer.put(STOPPED)

    def serve(self) -> None:
        """Do what is wanted by those who wait."""
        while (waiting := self._next(0)) is not None:
            waiting.answer.put(self._obey(waiting.wanted))

    def wait(self, seconds: float | None) -> None:
        """Wait for somebody, as long as that or for ever, and do what they want. `wake` ends it."""
        waiting = self._next(seconds)
        if waiting is not None:
            waiting.answer.put(self._obey(waiting.wanted))

    def wake(self) -> None:
        """End a wait. May be called from a signal's handler."""
        self._queue.put(None)

    def _next(self, seconds: float | None) -> Waiting | None:
        try:
            return self._queue.get(seconds != 0, seconds or None)
        except Empty:
            return None

    def _let_in(self) -> None:
        while not self._closed.is_set():
            try:
                visitor, _ = self._socket.accept()
            except OSError:  # the door was closed
                return
            self._places.acquire()
            threading.Thread(target=self._receive, args=(visitor,), daemon=True).start()

    def _receive(self, visitor: socket.socket) -> None:
        with visitor, contextlib.suppress(OSError):  # one who leaves needs no answer
            try:
                visitor.settimeout(HEARING_S)
                done = self._heard(_line_of(visitor))
                visitor.settimeout(KNOCK_S)
                visitor.sendall(msgspec.json.encode(done) + b"\n")
            finally:
                self._places.release()

    def _heard(self, line: bytes) -> Done:
        try:
            visit = msgspec.json.decode(line, type=Visit)
        except msgspec.DecodeError as error:
            return Done(failed=f"This is not a request: {error}.", code=WRONG_USE)
        if not hmac.compare_digest(visit.token.encode(), self._token.encode()):
            return Done(failed="This is not the word.", code=OWNED)
        waiting = Waiting(visit.wanted)
        self._queue.put(waiting)
        while True:
            try:
                return waiting.answer.get(timeout=CLOSED_S)
            except Empty:
                if self._closed.is_set():
                    return STOPPED


def knock(folder: Path, owner: int | None, wanted: AnyWanted) -> Done | None:
    """Hand a request to the owner; None if nobody opens. The plate must be the present owner's."""
    plate = _plate(folder)
    if plate is None or plate.pid != owner:
        return None
    try:
        owners = socket.create_connection((LOOPBACK, plate.port), KNOCK_S)
    except OSError:
        return None
    with owners:
        try:
            owners.sendall(msgspec.json.encode(Visit(plate.token, wanted)) + b"\n")
            owners.settimeout(ANSWER_S)
            return msgspec.json.decode(_line_of(owners), type=Done)
        except (OSError, msgspec.DecodeError):
            return UNANSWERED


def _plate(folder: Path) -> Plate | None:
    try:
        return msgspec.json.decode((folder / DOOR_FILE).read_bytes(), type=Plate)
    except (OSError, msgspec.DecodeError):
        return None


def _line_of(stream: socket.socket) -> bytes:
    """What is said up to the end of the line, or as much of it as is allowed."""
    said = bytearray()
    while not said.endswith(b"\n") and len(said) <= LINE_BYTES_MAX:
        part = stream.recv(65_536)
        if not part:
            break
        said += part
    return bytes(said[: LINE_BYTES_MAX + 1])
