"""Pricing: microseconds of the discounts of a five-line order with thirty promotions in force, all cents given to units.

    python -m bench.pricing

The reference is one discount spread over five lines, in the same process: a ratio that hardly depends on the machine.
"""

import json
import sys

from segue.sim.measuring.pricing import pricing_us

GOAL_US = 300


def main() -> int:
    """Print one object; exit status 1 if it took longer than the goal."""
    figures = pricing_us()
    print(json.dumps(figures | {"goal_us": GOAL_US}))
    return 0 if figures["pricing_us"] < GOAL_US else 1


if __name__ == "__main__":
    sys.exit(main())
