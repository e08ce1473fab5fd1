"""Shopping: a shop that never was and a month of its orders, lifelike and the same for the same seed, down to the byte."""

from segue.sim.shopping.files import write_shop
from segue.sim.shopping.orders import Placed, orders
from segue.sim.shopping.shop import Mend, Plan, Shop, open_shop

__all__ = ["Mend", "Placed", "Plan", "Shop", "open_shop", "orders", "write_shop"]
