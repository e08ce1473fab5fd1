"""Where the databases of trials are while they are tested: on disk each commit would wait for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from segue.sim.trial.series import scratch


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with scratch() as folder:
        yield folder
