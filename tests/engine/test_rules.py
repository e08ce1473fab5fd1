"""Rules: an order stays on the workflow version that it started with, however the files change (D-4)."""

from pathlib import Path

import pytest

from segue.app import App
from segue.core.hold import PlaceHold
from segue.core.note import Note
from segue.loader.archive import archived
from segue.loader.library import read_library
from segue.loader.problems import Problems
from segue.settings import kept_workflow, read_shop
from tests.engine.shops import (
    NOW,
    arrive,
    bought,
    leave,
    message_of,
    order_of,
    reopen_shop,
    states_of,
    well,
    write_shop,
)

OWN = """\
name: standard
extends: standard
# {comment}
messages:
  order_received: {{subject: "{subject}", text: "Hello."}}
grace: {grace}
"""


def published(folder: Path, subject: str = "One", grace: str = "30m", comment: str = "the first") -> Path:
    """The shop's own `standard`, which extends the prebuilt one of its name."""
    (folder / "workflows").mkdir(exist_ok=True)
    text = OWN.format(subject=subject, grace=grace, comment=comment)
    (folder / "workflows" / "standard.yaml").write_text(text, encoding="utf-8")
    return folder


def taken_in(folder: Path, number: int, now_s: int) -> App:
    app = reopen_shop(folder, now_s)
    arrive(app, message_of(bought(number)))
    app.worker.round()
    app.worker.round()
    return app


def due_s(app: App, number: int) -> int:
    """How long after it came in an order is allocated."""
    ends_s = order_of(app, number).grace_ends_s
    assert ends_s is not None
    return ends_s - NOW


def test_orders_keep_the_version_that_they_started_with(tmp_path: Path) -> None:
    folder = published(write_shop(tmp_path))
    leave(taken_in(folder, 1, NOW))
    published(folder, subject="Two", grace="1h", comment="the second")
    leave(taken_in(folder, 2, NOW))
    (folder / "workflows" / "standard.yaml").unlink()
    app = taken_in(folder, 3, NOW)
    assert len({order_of(app, number).workflow for number in (1, 2, 3)}) == 3
    assert [due_s(app, number) for number in (1, 2, 3)] == [1800, 3600, 1800]
    app.worker.run()
    assert [next(iter(order_of(app, number).places)) for number in (1, 2, 3)] == ["delivered"] * 3
    well(app)
    leave(app)


def test_the_same_version_with_other_comments_is_the_same_version(tmp_path: Path) -> None:
    folder = published(write_shop(tmp_path))
    leave(taken_in(folder, 1, NOW))
    published(folder, comment="said in another way")
    app = taken_in(folder, 2, NOW)
    assert order_of(app, 1).workflow == order_of(app, 2).workflow
    leave(app)


@pytest.mark.parametrize("name", ["standard", "fraud_review", "store_first", "ship_complete"])
@pytest.mark.parametrize("own", [True, False])
def test_every_workflow_is_made_again_from_what_is_kept_of_it(tmp_path: Path, name: str, own: bool) -> None:
    write_shop(tmp_path, workflow=name)
    if own:
        published(tmp_path)
    known = read_shop(tmp_path).workflows[name]
    text = archived(name, read_library(tmp_path, Problems()))
    again = kept_workflow(text)
    assert again.version == known.version
    assert again.messages == known.messages
    assert {id: (each.command, each.after_s) for id, each in again.by_id.items()} == {
        id: (each.command, each.after_s) for id, each in known.by_id.items()
    }
    assert (again.messages["order_received"].subject == "One") is own


def test_a_version_that_is_no_longer_understood_costs_its_orders_only(tmp_path: Path) -> None:
    folder = published(write_shop(tmp_path))
    leave(taken_in(folder, 1, NOW))
    (folder / "workflows" / "standard.yaml").unlink()
    app = reopen_shop(folder)
    broken = '{"name": "standard", "own": {"standard": "name: standard\\nsong: la"}, "prebuilt": {}}'
    app.worker.rules._compile = lambda text: kept_workflow(broken)
    arrive(app, message_of(bought(2)))
    app.worker.run(lambda next_at_s: next_at_s is not None and next_at_s < NOW + 86_400 and jumped(app, next_at_s))
    result = app.submit("canonical-1", Note("hello"), "person:eve")
    assert result.put_out
    assert "song" in result.refused
    assert any(reason.startswith("put out of the wave: Broken") for _, reason in states_of(app).values())
    assert order_of(app, 2).shipments
    assert app.submit("canonical-2", PlaceHold("service"), "person:eve").refused == ""
    assert app.audit() == []
    leave(app)


def jumped(app: App, next_at_s: int) -> bool:
    app.clock.sleep_until(next_at_s)
    return True
