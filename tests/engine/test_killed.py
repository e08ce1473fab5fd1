"""Killed at any point of any task, or with its answers lost, an order ends as if nothing had happened."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from segue.app import App
from segue.core.draft import DraftLine
from segue.core.tasks import Task
from segue.engine.outcomes import Request
from segue.ports import Batch, Gateway, Inbound, Person, PortFailed, Settled
from segue.store.sqlite import SqliteStore
from tests.engine.shops import (
    NOW,
    arrive,
    bought,
    leave,
    message_of,
    order_of,
    reopen_shop,
    tasks_of,
    well,
    write_shop,
)  # fmt: skip


class Killed(BaseException):
    """The process is gone at this point."""


class Fragile(SqliteStore):
    """A store whose process is killed just before or just after a commit that `when` picks."""

    when: Callable[[Batch, bool], bool] = staticmethod(lambda batch, after: False)

    def commit(self, batch: Batch) -> Sequence[Task]:
        if self.when(batch, False):
            raise Killed
        claimed = super().commit(batch)
        if self.when(batch, True):
            raise Killed
        return claimed


class Counted:
    """How often something has come, to pick the n-th."""

    def __init__(self, number: int) -> None:
        self.left = number

    def picks(self, matches: bool) -> bool:
        self.left -= matches
        return matches and self.left == 0


def a_shop(folder: Path, **words: Any) -> Path:
    """A shop on disk with an order that will be paid, shipped in part and canceled in part: each kind of task comes."""
    write_shop(
        folder, **{"mug": 1, "workflow": "fraud_review", "tenders": "{card: {authorization_lasts: never}}", **words}
    )
    app = reopen_shop(folder)
    app.store.commit(Batch(NOW, people=(Person("p1", "Ada", "ada@example.com"),)))
    arrive(app, message_of(bought(1, lines=(DraftLine("MUG", 2, 200_00),))))
    leave(app)
    return folder


def to_the_end(app: App) -> None:
    """Until nothing is due any more; then the customer cancels what is backordered, and sends back what has come."""
    app.worker.run()
    arrive(app, Inbound("api", "c", "cancel", {"reason": "too late"}, "canonical-1"))
    app.worker.run()
    arrive(app, Inbound("api", "r", "record_return", {"line": 1, "quantity": 1}, "canonical-1"))
    app.worker.run()


def ended(app: App) -> dict[str, object]:
    """What is left of the order, times and attempts apart."""
    order = order_of(app, 1)
    tasks = sorted((task.id, task.kind, task.state) for task in tasks_of(app, 1))
    return {
        "tallies": [line.tally for line in order.lines],
        "money": {name: tender.tally for name, tender in order.tenders.items()},
        "transactions": order.transactions,
        "tasks": sorted(each[1:] for each in tasks),
        "gateway": [(row.operation, row.amount_minor) for row in app.world.gateway.ledger()],
        "mails": dict(app.world.mailer.sent),
    }


KINDS = ("authorize", "screen", "release", "capture", "track", "tell", "mail", "void", "refund")
POINTS = ("before the claim", "after the claim", "after the call", "before the answer is written", "after it")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    app = reopen_shop(a_shop(tmp_path_factory.mktemp("calm")))
    to_the_end(app)
    well(app)
    return ended(app)


def test_the_undisturbed_run_has_every_kind_of_task(undisturbed: dict[str, object]) -> None:
    assert isinstance(undisturbed["tasks"], list)
    assert {kind for kind, _ in undisturbed["tasks"]} == set(KINDS)
    assert {state for _, state in undisturbed["tasks"]} == {"done"}


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_any_point_of_any_task_it_ends_as_if_it_had_not_been(
    tmp_path: Path, undisturbed: dict[str, object], kind: str, point: str
) -> None:
    folder = a_shop(tmp_path)
    app = reopen_shop(folder)
    kill(app, kind, point)
    with pytest.raises(Killed):
        to_the_end(app)
    now_s = app.clock.now_s()
    leave(app)
    app = reopen_shop(folder, now_s)
    to_the_end(app)
    assert ended(app) == undisturbed
    well(app)
    leave(app)


def kill(app: App, kind: str, point: str) -> None:
    """Kill the process at a point of the first task of a kind."""
    store = Fragile(app.database, app.seal)
    app.worker.store = store
    first = Counted(1)

    def asks(batch: Batch) -> bool:
        return any(task.kind == kind for step in batch.steps for task in step.tasks)

    def answers(batch: Batch) -> bool:
        ids = {settled.id for settled in batch.settled}
        return any(task.kind == kind and task.id in ids for task in tasks_of(app, 1))

    picks: dict[str, Callable[[Batch, bool], bool]] = {
        "before the claim": lambda batch, after: not after and first.picks(asks(batch)),
        "after the claim": lambda batch, after: after and first.picks(asks(batch)),
        "before the answer is written": lambda batch, after: not after and first.picks(answers(batch)),
        "after it": lambda batch, after: after and first.picks(answers(batch)),
    }
    if point in picks:
        store.when = picks[point]
        return
    usual = app.worker.caller.call

    def call_and_die(task: Task) -> Request | Settled:
        answer = usual(task)
        if task.kind == kind:
            raise Killed
        return answer

    app.worker.caller.call = call_and_die  # type: ignore[method-assign]


@pytest.mark.parametrize(
    "lost", ["lost_before_rate: 0.3", "lost_after_rate: 0.3", "lost_before_rate: 0.2, lost_after_rate: 0.2"]
)
@pytest.mark.parametrize("seed", range(3))
def test_lost_answers_of_the_gateway_end_in_one_effect_each(
    tmp_path: Path, undisturbed: dict[str, object], lost: str, seed: int
) -> None:
    app = reopen_shop(
        a_shop(
            tmp_path,
            behavior=f"{{gateway: {{{lost}}}, warehouse: {{}}, fraud: {{}}, store: {{}}, carrier: {{}}}}",
            seed=seed,
        )
    )
    to_the_end(app)
    left = ended(app)
    for what in ("tallies", "money", "gateway", "tasks", "mails"):
        assert left[what] == undisturbed[what]
    well(app)


class DeafOnce:
    """A gateway whose first answer is lost."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.lost = False

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if self.lost:
            found: Callable[..., Any] = getattr(self.gateway, name)
            return found
        self.lost = True
        return self.lose

    def lose(self, *given: object) -> None:
        """Not a word."""
        raise PortFailed("no answer")


def test_crashes_of_ours_do_not_use_up_the_attempts_of_a_provider(
    tmp_path: Path, undisturbed: dict[str, object]
) -> None:
    folder = a_shop(tmp_path)
    for _ in range(12):
        app = reopen_shop(folder)
        app.worker.round()  # the gateway is asked, and the process is gone before the answer is written
        leave(app)
    app = reopen_shop(folder)
    ports = app.worker.caller.desk.ports
    deaf = cast("Gateway", DeafOnce(ports.gateway))
    app.worker.caller.desk = app.worker.caller.desk._replace(ports=ports._replace(gateway=deaf))
    to_the_end(app)
    assert ended(app) == undisturbed
    assert next(task.attempt for task in tasks_of(app, 1, "authorize")) > 12
    well(app)
    leave(app)
