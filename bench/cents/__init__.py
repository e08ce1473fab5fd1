"""Cents: random lives of orders through the core, compared after every command with a model in exact fractions."""
