"""Waves planned together: never dearer than one by one, checked by the core, and alone the same as exact. Covers F-8, F-9."""

from pathlib import Path

from segue.app import App
from segue.core.draft import Destination
from tests.engine.shops import write_shop

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
