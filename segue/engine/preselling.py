"""Preselling: how much of one supply may be sold before it is there, where that is another share than the workflow's."""

from collections.abc import Collection

from segue.core.supply import Presale
from segue.engine.taking import Desk
from segue.ports import Batch, NotThere, PresaleChange, Stocked


def presell(desk: Desk, reference: str, sku: str, presale: Presale) -> Collection[str]:
    """So much of it may be sold, of one SKU or of all that is expected; orders that are held for it are looked at again.

    What is sold already stays sold. Returns the SKUs. Raises NotThere if nothing is expected by it.
    """
    skus = sorted({each.sku for each in desk.room.supplies(reference, sku)})
    if not skus:
        raise NotThere(f"nothing{f' of {sku}' if sku else ''} is expected by {reference}")
    changes = tuple(PresaleChange(reference, each, presale) for each in skus)
    desk.store.commit(Batch(desk.now_s, stocked=Stocked(desk.by, presales=changes)))
    return skus
