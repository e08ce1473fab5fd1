"""The engine: the only loop between the pure core and the world."""
