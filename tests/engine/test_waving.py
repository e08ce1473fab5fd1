"""Waves planned together: never dearer than one by one, checked by the core, and alone the same as exact. Covers F-8, F-9."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec import to_builtins

from segue.app import App
from segue.core.allocate import Allocate
from segue.core.base import Because
from segue.core.draft import Destination, Draft, DraftLine
from segue.core.facts import Facts
from segue.core.opportunity import Prices
from segue.core.order import Order
from segue.engine import waving
from segue.engine.looking_ahead import refresh
from segue.engine.outcomes import Request
from segue.engine.wave import Wave, run_wave
from segue.engine.waving import plan_together
from segue.ports import Batch, Needs
from segue.store.outlook import SqliteOutlook
from tests.engine.shops import NOW, bought, open_shop, order_of, placing, well, write_shop

OWN = "name: own\nextends: standard\npolicies: {{algorithm: {algorithm}, rank: [closest], split: []}}\n"
RATES = """\
zones: {BER: {DE: near, AT: far}, MUC: {DE: near, AT: near}, WIE: {DE: far, AT: near}}
methods:
  standard:
    near: [[500, 390], [5000, 690]]
    far: [[500, 890], [5000, 1890]]
fallback: {parcel: 2500, per_kg: 200}
handling: {BER: {parcel: 50}}
"""
PLACES = """\
- {id: BER, country: DE}
- {id: MUC, country: DE}
- {id: WIE, country: AT}
"""
GERMANY, AUSTRIA = Destination("DE", postcode_area="100"), Destination("AT", postcode_area="101")


def a_shop(folder: Path, algorithm: str, stock: dict[tuple[str, str], int]) -> App:
    """A shop in memory that chooses locations by this algorithm."""
    write_shop(folder, workflow="own")
    (folder / "workflows").mkdir(exist_ok=True)
    (folder / "workflows" / "own.yaml").write_text(OWN.format(algorithm=algorithm), encoding="utf-8")
    (folder / "rates.yaml").write_text(RATES, encoding="utf-8")
    (folder / "locations.yaml").write_text(PLACES, encoding="utf-8")
    rows = "".join(f"{sku},{place},{units}\n" for (sku, place), units in stock.items())
    (folder / "stock.csv").write_text(f"sku,location,units\n{rows}", encoding="utf-8")
    return opened(folder)
