"""The world, simulated: customers who order, and whatever else a demonstration or a long test needs."""
