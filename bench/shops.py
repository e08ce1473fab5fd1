"""Shops to measure with: generated from a seed, written into a folder."""

from pathlib import Path
from shutil import copyfile

import segue.sim.shopping
from segue.sim.shopping.files import write_shop
from segue.sim.shopping.shop import Plan

SHOP = """\
name: bench
currency: USD
time_zone: UTC
workflow: {workflow}
channels: [webshop]
shipping_methods: [standard, express]
simulated:
  seed: {seed}
  tick_s: {tick_s}
  behavior:
    gateway: {{decline_rate: 0.02, lost_before_rate: {lost}, lost_after_rate: {lost}}}
    warehouse: {{short_pick_rate: 0.01, reject_rate: 0.01, duplicate_rate: 0.02}}
    store: {{short_pick_rate: 0.03, reject_rate: 0.05, duplicate_rate: 0.02}}
    carrier: {{lost_rate: 0.0, duplicate_rate: 0.02}}
"""


def make_shop(
    folder: Path, plan: Plan, lost: float = 0.0, ample: int = 0, tick_s: int = 600, workflow: str = "standard"
) -> None:
    """Write a shop of the web-shop kind. `lost` is the share of gateway answers lost before acting, and again after.

    With `ample` every location has so many of each SKU.
    """
    write_shop(folder, plan)
    channels = folder / "channels"
    channels.mkdir(exist_ok=True)
    copyfile(Path(segue.sim.shopping.__file__).with_name("webshop.yaml"), channels / "webshop.yaml")
    text = SHOP.format(seed=plan.seed, lost=lost, tick_s=tick_s, workflow=workflow)
    (folder / "shop.yaml").write_text(text, encoding="utf-8")
    if ample:
        stock = folder / "stock.csv"
        header, *rows = stock.read_text("utf-8").splitlines()
        places = sorted({row.split(",")[1] for row in rows})
        skus = sorted({row.split(",")[0] for row in rows})
        lines = [header, *(f"{sku},{place},{ample}" for sku in skus for place in places)]
        stock.write_text("\n".join(lines) + "\n", encoding="utf-8")
