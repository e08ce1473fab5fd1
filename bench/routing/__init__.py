"""Routing: how fast the best locations of an order are found, and proof that they are the best."""
