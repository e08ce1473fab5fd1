"""Planning: the best locations for one order, for many at once, and with what is still to come. Numbers only.

Needs the extra `plan` (numpy, numba, highspy). Nothing here reads a file, a clock or a store; nothing in the core
imports it.
"""
