"""X."""
from segue.main.parameters import *
def import_orders(files: list[Path], *, channel: str, shop: Shop = HERE, json: Json = False) -> int:
    """Take in.

    Examples
    --------
    foo
    """
    return 0
