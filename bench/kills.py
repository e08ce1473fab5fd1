"""Killing: a run of many orders whose process is killed again and again, compared with an undisturbed one.

    python -m bench.kills --orders 5000 --kills 50

With ample stock the final state must equal the undisturbed run's, times and attempts apart; with scarce stock all
invariants must hold. Both times the gateway's own ledger must match ours one to one, and every story fold to its order.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from shutil import copyfile
from typing import Any

import msgspec

from bench.shops import make_shop
from segue.app import open_app, owned
from segue.connectors.simulated.witness import unmatched
from segue.engine.replay import deviations
from segue.settings import KEY_FILE, read_shop
from segue.sim.shopping.shop import Plan
from segue.store.overview import Overview
from segue.store.people import shop_key
from segue.store.reading import every_order, stories

APART = {"at_s", "since_s", "until_s", "due_at_s", "released_at_s", "shipped_at_s", "delivered_at_s", "version"}


def work(folder: Path) -> None:
    """Be the process that is killed: take the orders in, work until nothing is left."""
    with owned(folder) as app:
        app.receive([folder / "orders.ndjson"], "webshop", None)
        app.worker.run()


def disturbed(folder: Path, kills: int, seed: int) -> int:
    """Work in child processes, killing them at random points; returns how many were killed before the work was done."""
    dice = random.Random(seed)
    command = [sys.executable, "-m", "bench.kills", "--child", str(folder)]
    killed = 0
    while killed < kills:
        child = subprocess.Popen(command)
        time.sleep(dice.uniform(0.3, 1.8))
        if child.poll() is not None:
            return killed
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        killed += 1
    subprocess.run(command, check=True)
    return killed


def without_times(value: Any) -> Any:
    """An order without what may differ between two runs: instants, versions, timers, places' times."""
    if isinstance(value, dict):
        return {
            key: sorted(inner) if key in ("places", "timers") else without_times(inner)
            for key, inner in value.items()
            if key not in APART
        }
    return [without_times(inner) for inner in value] if isinstance(value, list) else value


def findings(folder: Path) -> dict[str, Any]:
    """What the run left behind."""
    app = open_app(folder, read_shop(folder), folder / "segue.db")
    connection = app.reader()
    orders = {order.id: order for order in every_order(connection)}
    gateway_only, ours_only = unmatched(app.world.gateway.ledger(), orders.values())
    found = {
        "orders": len(orders),
        "statuses": Overview(connection).statuses(),
        "violations": [str(each) for each in app.audit()][:10],
        "gateway_rows": len(app.world.gateway.ledger()),
        "gateway_only": len(gateway_only),
        "ours_only": len(ours_only),
        "misfolded": len(deviations(stories(connection))),
        "state": {name: without_times(msgspec.to_builtins(order)) for name, order in orders.items()},
        "mails": dict(sorted(app.world.mailer.sent.items())),
    }
    app.world.close()
    app.database.close()
    return found


def run(kind: str, orders: int, kills: int, seed: int, root: Path) -> dict[str, Any]:
    """One comparison: the same shop undisturbed and disturbed."""
    plan = Plan(seed=seed, orders=orders, days=10, trouble=True)
    results = {}
    for name in ("calm", "killed"):
        folder = root / f"{kind}-{name}"
        make_shop(folder, plan, lost=0.05, ample=100_000 if kind == "ample" else 0)
        shop_key(root / KEY_FILE)  # both runs use one key, so that people have the same ids in both
        copyfile(root / KEY_FILE, folder / KEY_FILE)
        began = time.monotonic()
        count = disturbed(folder, kills if name == "killed" else 0, seed)
        results[name] = findings(folder) | {"kills": count, "seconds": round(time.monotonic() - began, 1)}
    calm, killed = results["calm"], results["killed"]
    differing = [name for name, state in calm["state"].items() if killed["state"].get(name) != state]
    report = {"kind": kind, "differing_orders": len(differing), "first_differing": differing[:3]}
    for name, found in results.items():
        report[name] = {key: value for key, value in found.items() if key != "state"}
    return report


def main() -> int:
    """Compare killed runs with undisturbed ones; 1 if they differ where they must not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        work(given.child)
        return 0
    with tempfile.TemporaryDirectory() as root:
        reports = [run(kind, given.orders, given.kills, given.seed, Path(root)) for kind in ("ample", "scarce")]
    print(json.dumps(reports, indent=2))
    bad = [r for r in reports if r["killed"]["violations"] or r["killed"]["gateway_only"] or r["killed"]["ours_only"]]
    return 1 if bad or reports[0]["differing_orders"] else 0


if __name__ == "__main__":
    sys.exit(main())
