"""Segue: an order orchestration engine and order management system."""
