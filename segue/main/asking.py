"""Asking: who wants something of a shop does it as its owner, or hands it to the process that owns it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from segue.core.base import Refusal, Refused
from segue.main.activating import activated
from segue.main.door import knock
from segue.main.failing import OWNED, Failed
from segue.main.shops import folder_of
from segue.main.wanted import AnyWanted, TakeIn
from segue.store.lock import ShopIsOwned, owner_of

PATIENCE_S = 10.0  # an owner without a door is another short command: it will be done soon
LOOK_AGAIN_S = 0.05


def ask(shop: Path, wanted: AnyWanted, tell: Callable[[int, int], None] | None = None) -> dict[str, Any]:
    """Have it done; returns what came of it. Raises Failed."""
    folder = folder_of(shop)
    until = time.monotonic() + PATIENCE_S
    while True:
        owner = owner_of(folder)
        done = knock(folder, owner, wanted) if owner is not None else None
        if done is not None:
            if done.failed:
                refused = Refused(Refusal[done.refusal], done.detail) if done.refusal else None
                raise Failed(done.failed, done.code, refused)
            return done.result
        if owner is None:
            try:
                return _as_owner(folder, wanted, tell)
            except ShopIsOwned:  # somebody was quicker
                continue
        if time.monotonic() > until:
            raise Failed(f"Process {owner} owns {folder} and cannot be reached: stop it, or wait for it.", OWNED)
        time.sleep(LOOK_AGAIN_S)


def _as_owner(folder: Path, wanted: AnyWanted, tell: Callable[[int, int], None] | None) -> dict[str, Any]:
    from segue.app import owned
    from segue.main.failing import failing
    from segue.main.obeying import obey

    read = None
    if isinstance(wanted, TakeIn):
        with failing():
            read = activated(folder, quiet=tell is None)
    with failing(), owned(folder, at_work=False, shop=read) as app:
        return obey(app, wanted, tell)
