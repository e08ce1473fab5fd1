"""Trials: whole shops are run in one process with all that can go wrong, one seed a shop, and whatever is wrong is found."""
