"""Expecting: what a scenario says that should be, and looking whether it is."""
