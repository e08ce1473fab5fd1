"""Chance: what happens in the simulated world, decided by what it is about.

A draw is a hash of (seed, kind, key). It depends on nothing else: neither order, nor time, nor attempt, nor
process. So a run that was killed and started again meets the same world.
"""

from hashlib import blake2b

FRACTION = 2.0**-53  # a double has 53 digits


class Chance:
    """Draws by name. A draw takes about half a microsecond: the hash of the seed is made once and copied."""

    __slots__ = ("_seeded",)

    def __init__(self, seed: int) -> None:
        self._seeded = blake2b(f"{seed}\0".encode(), digest_size=8)

    def share(self, kind: str, key: str) -> float:
        """A number from 0 up to, but not including, 1."""
        drawn = self._seeded.copy()
        drawn.update(f"{kind}\0{key}".encode())
        return (int.from_bytes(drawn.digest(), "big") >> 11) * FRACTION

    def happens(self, kind: str, key: str, rate: float) -> bool:
        """Whether something happens that does so in this share of all cases."""
        return rate > 0 and self.share(kind, key) < rate

    def between(self, kind: str, key: str, least: float, most: float) -> float:
        """A number in a range."""
        return least + (most - least) * self.share(kind, key)

    def whole(self, kind: str, key: str, least: int, most: int) -> int:
        """A whole number in a range, both ends included."""
        return least + int((most - least + 1) * self.share(kind, key))

    def token(self, kind: str, key: str) -> str:
        """Sixteen hexadecimal digits, as providers like to make their ids."""
        drawn = self._seeded.copy()
        drawn.update(f"{kind}\0{key}".encode())
        return drawn.hexdigest()
