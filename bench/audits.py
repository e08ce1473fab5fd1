"""The audit of a big shop: all of it, what changed since the last time, one order; and every story folded again.

    python -m bench.audits --orders 100000 [--folder DIR]

A folder that has such a shop already is audited as it is.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.shops import make_shop
from segue.app import owned
from segue.sim.shopping.shop import Plan
from segue.store.database import DATABASE_FILE, reading
from segue.store.reading import every_order

ASKED = {
    "whole": ("audit",),
    "since_last_first": ("audit", "--since-last"),
    "since_last_again": ("audit", "--since-last"),
    "one_order": ("audit", "--order"),
    "replay": ("replay", "--verify"),
}


def made(folder: Path, orders: int) -> None:
    """A shop whose orders have all been worked off, with answers lost on the way."""
    make_shop(folder, Plan(seed=7, orders=orders, days=10, trouble=True), lost=0.02)
    with owned(folder) as app:
        app.receive([folder / "orders.ndjson"], "webshop", None)
        app.worker.run()


def measured(folder: Path, asked: tuple[str, ...]) -> dict[str, Any]:
    """How long a command takes, start-up included, and what it found."""
    command = [str(Path(sys.executable).with_name("segue")), *asked, "--shop", str(folder), "--json"]
    began = time.perf_counter()
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = round(time.perf_counter() - began, 2)
    said = json.loads(ran.stdout)
    figures = {key: len(value) if isinstance(value, list) else value for key, value in said.items()}
    return {"command": " ".join(("segue", *asked)), "seconds": seconds, "exit": ran.returncode, "said": figures}


def main() -> int:
    """Make the shop, ask everything, print one object; exit status 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the shop is made and kept; else in a temporary folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder: Path = given.folder or Path(temporary)
        if not (folder / DATABASE_FILE).exists():
            folder.mkdir(parents=True, exist_ok=True)
            made(folder, given.orders)
        order = (next(every_order(reading(folder))).id,)
        figures = {name: measured(folder, (*asked, *order * (name == "one_order"))) for name, asked in ASKED.items()}
    print(json.dumps(figures, indent=2))
    return int(max(each["exit"] for each in figures.values()))


if __name__ == "__main__":
    sys.exit(main())
