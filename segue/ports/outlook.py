"""The port to what was sold lately, and to what that makes units worth where they lie."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from segue.core.opportunity import Prices


class Sold(NamedTuple):
    """A SKU, where it went, and by which shipping method."""

    sku: str
    country: str
    region: str
    postcode_area: str
    method: str


class Outlook(Protocol):
    """What was sold lately, and the prices that are kept."""

    def sold(self, since_s: int) -> Mapping[Sold, int]:
        """How many units were ordered since then."""
        ...

    def keep(self, prices: Mapping[str, Prices]) -> None:
        """Keep these prices by SKU, and no others."""
        ...

    def kept_at(self) -> int | None:
        """When the prices that are kept were worked out; None if there are none."""
        ...
