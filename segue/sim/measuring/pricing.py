"""Pricing alone: an order of five lines with thirty promotions, beside spreading one discount over five lines."""

import time
from collections.abc import Callable
from datetime import UTC
from importlib.resources import files
from typing import Any

from segue.core.amounts import spread
from segue.core.draft import Destination, Draft, DraftLine
from segue.core.policy import policies_in
from segue.core.pricing.discounting import Discounted, discounted
from segue.core.promotion import Promotions
from segue.loader.problems import Broken, Problems
from segue.loader.promotion_needs import Around
from segue.loader.promotions import promotions_of
from segue.loader.reading import parse_tree
from segue.policies import discounts

FILE = "promotions.yaml"
RUNS = 2_000  # the best counts: what is slower was disturbed
GOODS = {"MUG": "kitchen", "LAMP": "light", "BULB": "light", "TEE": "wear", "CAP": "wear"}
ORDER = Draft(
    channel="web",
    channel_order_id="pricing-1",
    placed_at_s=0,
    currency="EUR",
    lines=(
        DraftLine("MUG", 3, 999),
        DraftLine("LAMP", 2, 49_00),
        DraftLine("BULB", 4, 5_90),
        DraftLine("TEE", 1, 25_00),
        DraftLine("CAP", 1, 15_00),
    ),
    total_minor=0,
    shipping_minor=4_90,
    codes=("spring",),
    tier="gold",
    priced=False,
    person="pricing",
    ship_to=Destination("DE"),
    ship_method="standard",
)


def thirty() -> Promotions:
    """The promotions of the file beside this one."""
    problems = Problems()
    tree = parse_tree(files(__package__).joinpath(FILE).read_text("utf-8"), FILE, problems)
    around = Around(
        policies_in([discounts]), UTC, methods=("standard", "express"), channels=("web", "app"), currency=ORDER.currency
    )
    found = promotions_of(tree, around, problems) if tree else Promotions()
    if len(problems):
        raise Broken(problems.sorted())
    return found


def price(promotions: Promotions) -> Discounted:
    """The order with its discounts."""
    return discounted(ORDER, promotions, {}, 0, {sku: (tag,) for sku, tag in GOODS.items()})


def pricing_us() -> dict[str, Any]:
    """Microseconds of pricing the order: the least of many; and how often one discount is spread in that time."""
    promotions = thirty()
    found = price(promotions)
    weights = [line.price_minor * line.quantity for line in ORDER.lines]
    runs = [_seconds(lambda: price(promotions)) for _ in range(RUNS)]
    plain = min(_seconds(lambda: spread(10_01, weights)) for _ in range(RUNS))
    return {
        "pricing_us": round(min(runs) * 1e6, 1),
        "pricing_median_us": round(sorted(runs)[RUNS // 2] * 1e6, 1),
        "pricing_in_spreads": round(min(runs) / plain, 1),
        "promotions": len(promotions.listed),
        "promotions_applied": sum(1 for told in found.told if told.times),
        "lines_ordered": len(ORDER.lines),
        "lines_priced": len(found.draft.lines),
    }


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began
