"""Codes that nobody can guess: each is a digest of its name under the shop's own key.

So they need no list: the same name has the same code after every retry and crash, two names never have one, and without the
key none can be made or tried. A gift card's number tells it apart in documents and books, and tells nothing of its code.
"""

import hmac
from hashlib import blake2b

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 that are not taken for one another
GROUPS, GROUP = 5, 4  # 20 letters of 5 bits: 100 bits


class Codes:
    """The codes of one shop."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, b"segue: codes", "sha256")

    def code(self, issue: str, name: str) -> str:
        """The code of a unit of an issue: `4K7M-...`."""
        drawn = int.from_bytes(hmac.digest(self._key, f"{issue}\0{name}".encode(), "sha256"))
        letters = "".join(LETTERS[drawn >> 5 * place & 31] for place in range(GROUPS * GROUP))
        return "-".join(letters[start : start + GROUP] for start in range(0, GROUPS * GROUP, GROUP))


def card_number(code: str) -> str:
    """The number of the gift card that has this code, however the customer has typed it: what a checkout tells us."""
    plain = "".join(letter for letter in code.upper() if letter in LETTERS)
    return f"GC-{blake2b(plain.encode(), digest_size=10).hexdigest()}"
