"""Carts: units that are set aside at checkout, for a while. Once the time is over they count for nothing, by the clock."""

from msgspec.structs import replace

from segue.core.base import Value

CART_UNITS_MAX = 100_000  # of one cart


class Held(Value):
    """Units of a SKU that a cart has set aside at a location."""

    sku: str
    location: str
    units: int


class Cart(Value):
    """A reservation at checkout. It ends by itself, is let go, or becomes an order's."""

    id: str  # the cart's key, as the checkout calls it; its order names the same
    channel: str
    reserved_at_s: int
    expires_at_s: int  # from this instant on it is over
    held: tuple[Held, ...] = ()  # in the order of SKU and location

    def is_live(self, now_s: int) -> bool:
        """Whether it still counts."""
        return self.expires_at_s > now_s

    def less(self, sku: str, location: str, units: int) -> "Cart":
        """The cart with so many units fewer there."""
        changed = (
            replace(each, units=each.units - units) if (each.sku, each.location) == (sku, location) else each
            for each in self.held
        )
        return replace(self, held=tuple(each for each in changed if each.units))

    def at(self, sku: str, location: str) -> int:
        """How many units it has there."""
        return sum(each.units for each in self.held if (each.sku, each.location) == (sku, location))

    @property
    def units(self) -> int:
        """How many units it has set aside."""
        return sum(held.units for held in self.held)
