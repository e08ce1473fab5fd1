"""Pricing: what a cart costs: discounts, taxes, shipping. The same code prices a cart and an order."""
