"""The lock of a shop: one process owns its database, writes to it and works on it. Readers need no lock."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

LOCK_FILE = "segue.lock"


class ShopIsOwned(Exception):
    """Another process owns this shop; `pid` says which, or is None if that could not be read."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        super().__init__(f"{folder} is owned by process {pid if pid is not None else 'unknown'}: stop it, or ask it")
        self.pid = pid


class OwnerLock:
    """Held while this process owns the shop in a folder. When the process ends, however it ends, it is let go of."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handle: int | None = None

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.let_go()

    def take(self) -> None:
        """Become the owner. Raises ShopIsOwned if another process is."""
        handle = os.open(self._folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            pid = _pid_in(handle)
            os.close(handle)
            raise ShopIsOwned(self._folder, pid) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self._handle = handle

    def let_go(self) -> None:
        """Own the shop no longer. The file stays: to delete it would let two processes lock two files."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def owner_of(folder: Path) -> int | None:
    """The process that owns the shop, or None if none does."""
    try:
        with OwnerLock(folder):
            return None
    except ShopIsOwned as owned:
        return owned.pid


def _pid_in(handle: int) -> int | None:
    written = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
    return int(written) if written.isdigit() else None
