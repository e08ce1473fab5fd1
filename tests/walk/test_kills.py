"""Killed in the middle of many orders, with a gateway that loses answers, a shop ends as if nothing had happened."""

import signal
from pathlib import Path
from random import Random
from shutil import copyfile

import pytest

from bench.kills import findings
from bench.shops import make_shop
from segue.app import owned
from segue.settings import KEY_FILE
from segue.sim.shopping.shop import Plan
from segue.store.people import shop_key
from tests.walk.shop import work_and_be_killed

KILLS = 3
ROUNDS_MAX = 60


def a_shop(folder: Path, key: Path, seed: int, ample: int) -> Path:
    """A shop whose orders have come in."""
    make_shop(folder, Plan(seed=seed, orders=40, days=5, trouble=True), lost=0.1, ample=ample)
    copyfile(key, folder / KEY_FILE)
    with owned(folder) as app:
        app.receive([folder / "orders.ndjson"], "webshop", None)
    return folder


@pytest.mark.parametrize(("seed", "ample"), [(3, 1000), (4, 0)])
def test_a_shop_that_is_killed_again_and_again_ends_as_if_nothing_had_happened(
    tmp_path: Path, seed: int, ample: int
) -> None:
    key = tmp_path / KEY_FILE
    shop_key(key)  # both runs use one key, so that people have the same ids in both
    calm, killed = (a_shop(tmp_path / name, key, seed, ample) for name in ("calm", "killed"))
    dice = Random(seed)
    for _ in range(KILLS):
        assert work_and_be_killed(killed, dice.randint(1, ROUNDS_MAX)) == -signal.SIGKILL
    for folder in (calm, killed):
        with owned(folder) as app:
            app.worker.run()
    before, after = findings(calm), findings(killed)
    for found in (before, after):
        assert (found["violations"], found["misfolded"]) == ([], 0)
        assert (found["gateway_only"], found["ours_only"]) == (0, 0)
    assert after["orders"] == before["orders"] > 30
    if ample:
        assert after["state"] == before["state"]
        assert after["mails"] == before["mails"]
