"""Dice: draws for one order, by name, so that leaving one thing out changes no other."""

from typing import TypeVar

from segue.connectors.simulated.chance import Chance

Thing = TypeVar("Thing")


class Dice:
    """Draws for one order, by name."""

    def __init__(self, chance: Chance, key: str) -> None:
        self._chance = chance
        self._key = key

    def happens(self, name: str, rate: float) -> bool:
        """Whether something happens that does so in this share of all cases."""
        return self._chance.happens(name, self._key, rate)

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return self._chance.whole(name, self._key, least, most)

    def pick(self, name: str, things: tuple[tuple[Thing, float], ...]) -> Thing:
        """One of these, by their shares."""
        drawn = self._chance.share(name, self._key) * sum(share for _, share in things)
        for thing, share in things:
            if drawn < share:
                return thing
            drawn -= share
        return things[-1][0]
