"""The shop that the walk goes through, and the process that is killed on the way."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from segue.app import owned

SHOP = """\
name: corner shop
currency: EUR
workflow: standard
channels: [canonical]
shipping_methods: [standard]
simulated: {seed: 4, behavior: calm}
"""
LOCATIONS = """\
- {id: BER, name: Berlin warehouse, kind: warehouse, country: DE, latitude: 52.5, longitude: 13.4}
- {id: MUC, name: Munich store, kind: store, country: DE, latitude: 48.1, longitude: 11.6}
"""
CATALOG = "sku,title,price_minor,weight_g\nMUG,Mug,1200,400\nTEA,Tea,850,100\n"
STOCK = "sku,location,units\nMUG,BER,5\nTEA,MUC,5\n"
ORDER = """\
{"channel_order_id": "1001", "placed_at": "2026-03-02T09:00:00Z", "currency": "EUR", "total_minor": 3740,
 "shipping_minor": 490, "ship_method": "standard",
 "lines": [{"sku": "MUG", "quantity": 2, "price_minor": 1200}, {"sku": "TEA", "quantity": 1, "price_minor": 850}],
 "tenders": [{"kind": "gateway", "amount_minor": 3740}],
 "customer": {"id": "c-7", "name": "Ada Lovelace", "email": "ada@example.com",
  "ship_to": {"name": "Ada Lovelace", "street": "Torstrasse 1", "city": "Berlin", "postcode": "10119", "country": "DE"}}}
"""
FILES = {
    "shop.yaml": SHOP, "locations.yaml": LOCATIONS, "catalog.csv": CATALOG, "stock.csv": STOCK, "orders.json": ORDER,
}  # fmt: skip


def open_corner_shop(folder: Path) -> Path:
    """Write the shop's files. Its channel is the prebuilt `canonical`."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "channels").mkdir()
    (folder / "channels" / "canonical.yaml").write_text("name: canonical\nextends: canonical\n", encoding="utf-8")
    return folder


def work_and_be_killed(folder: Path, rounds: int) -> int:
    """Work in a process of its own that gets SIGKILL after so many rounds; returns how it ended."""
    return subprocess.run([sys.executable, "-m", __name__, str(folder), str(rounds)], check=False).returncode


def main(folder: Path, rounds: int) -> None:
    """Be that process."""
    with owned(folder) as app:
        for _ in range(rounds):
            app.worker.round()
            next_at_s = app.worker.next_at_s()
            if next_at_s is not None and not app.worker.answered:
                app.clock.sleep_until(next_at_s)
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
