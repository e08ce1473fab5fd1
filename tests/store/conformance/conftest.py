"""Every test of this folder runs against each store there is; a new one joins the list."""

from collections.abc import Iterator

import pytest

from tests.store.shops import AnyShop, open_shop


@pytest.fixture(params=["sqlite in memory", "sqlite in a file", "postgres"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnyShop]:
    """An empty shop."""
    if request.param == "postgres":
        yield request.getfixturevalue("postgres_shop")
        return
    in_memory = request.param == "sqlite in memory"
    shop = open_shop() if in_memory else open_shop(str(tmp_path_factory.mktemp("shop") / "segue.db"))
    yield shop
    shop.database.close()
