"""People: personal data, sealed per person. Who loses the key loses the data, so that erasing one erases all of it.

Each person has a random key (AES-256-GCM), which is wrapped by the shop's key. The shop's key is in a file beside the
database, or is given by the app; without it nothing here can be read.
"""

import hmac
import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import json

from segue.ports import Person
from segue.store.database import WrongKey
from segue.store.rows import add_rows

KEY_BYTES = 32
NONCE_BYTES = 12
DIGEST_CHARACTERS = 32  # 128 bits

KEEP = """
    INSERT INTO people (id, key, sealed) VALUES {rows}
    ON CONFLICT (id) DO UPDATE SET key = excluded.key, sealed = excluded.sealed"""
REMEMBER_KEY = "INSERT OR IGNORE INTO meta (name, value) VALUES ('key', ?)"
KEY_OF_SHOP = "SELECT value FROM meta WHERE name = 'key'"
FIND_PERSON = "SELECT key, sealed FROM people WHERE id = ?"

PERSON = json.Decoder(Person)


class Seal:
    """Seals and opens personal data with the shop's key, and makes digests that only this shop can make."""

    def __init__(self, shop_key: bytes) -> None:
        if len(shop_key) != KEY_BYTES:
            raise WrongKey(f"a shop's key has {KEY_BYTES} bytes, this one has {len(shop_key)}")
        self._wrap = AESGCM(hmac.digest(shop_key, b"segue: wrap", "sha256"))
        self._digest_key = hmac.digest(shop_key, b"segue: digest", "sha256")

    def digest(self, text: str) -> str:
        """A keyed digest: the same text gives the same digest, and without the shop's key none can be made or tried."""
        return hmac.digest(self._digest_key, text.encode(), "sha256").hex()[:DIGEST_CHARACTERS]

    def mark(self) -> str:
        """What tells this shop's key from every other, and tells nothing about it: a database remembers its key by that."""
        return self.digest("segue: the key of this shop")

    def seal(self, person: Person) -> tuple[str, bytes, bytes]:
        """The person's id, a fresh key of their own (wrapped), and their data sealed under it."""
        key, about = os.urandom(KEY_BYTES), person.id.encode()
        return person.id, _encrypt(self._wrap, key, about), _encrypt(AESGCM(key), json.encode(person), about)

    def open(self, id: str, key: bytes, sealed: bytes) -> Person:
        """The person that was sealed. Raises cryptography's InvalidTag if either part was tampered with."""
        about = id.encode()
        return PERSON.decode(_decrypt(AESGCM(_decrypt(self._wrap, key, about)), sealed, about))


def write_people(cursor: sqlite3.Cursor, seal: Seal, people: Iterable[Person]) -> None:
    """Keep people; one who is here already is replaced, under a new key."""
    add_rows(cursor, KEEP, [seal.seal(person) for person in people])


def find_person(cursor: sqlite3.Cursor, seal: Seal, id: str) -> Person | None:
    """The person, or None if there is none or they were erased."""
    row = cursor.execute(FIND_PERSON, (id,)).fetchone()
    return seal.open(id, *row) if row else None


def check_key(cursor: sqlite3.Cursor, seal: Seal) -> None:
    """Remember by a digest with which key this database is written. Raises WrongKey if that was another one."""
    mark = seal.mark()
    cursor.execute(REMEMBER_KEY, (mark,))
    if cursor.execute(KEY_OF_SHOP).fetchone() != (mark,):
        raise WrongKey("this database was written with another key: people in it could never be read again")


def shop_key(path: Path) -> bytes:
    """The key in this file. A file that is not there is made, with a random key, readable by its owner alone."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_key(path)
    with os.fdopen(handle, "w") as file:
        key = os.urandom(KEY_BYTES)
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def _read_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text("ascii"))
    except ValueError as error:
        raise WrongKey(f"{path} is not a key") from error
    if len(key) != KEY_BYTES:
        raise WrongKey(f"{path} is not a key of {KEY_BYTES} bytes")
    return key


def _encrypt(cipher: AESGCM, plain: bytes, about: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, about)


def _decrypt(cipher: AESGCM, sealed: bytes, about: bytes) -> bytes:
    return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
