"""The journal: what was answered before a process was killed is known after it, and nothing happens twice."""

import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest

from segue.connectors.simulated import CALM, World
from segue.connectors.simulated.journal import JournalDamaged
from segue.ports import PortFailed
from tests.connectors.simulated.calls import (
    CALLS,
    EXPECTED,
    START_S,
    YEAR_S,
    a_world,
    all_messages,
    answered,
    expected_messages,
)


def told_before_a_kill(work: Callable[[Callable[[str], int]], None], lines_max: int) -> list[str]:
    """Run `work` in a process of its own, and kill it when it has told so many lines, or at its end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work(lambda line: os.write(writing, f"{line}\n".encode()))
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    os.close(writing)
    with os.fdopen(reading) as lines:
        told = [line.rstrip("\n") for line in islice(lines, lines_max)]
        os.kill(child, signal.SIGKILL)
        told += [line.rstrip("\n") for line in lines if line.endswith("\n")]
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    return told


@pytest.mark.parametrize("lines_max", [0, 1, 5, 17, 30, 1000])
def test_what_was_answered_before_a_kill_is_known_after_it(tmp_path: Path, lines_max: int) -> None:
    def opened() -> World:
        return a_world(journal_path=tmp_path / "world.ndjson", mail_folder=tmp_path / "mail")

    def work(tell: Callable[[str], int]) -> None:
        world = opened()
        for call in CALLS:
            tell(repr(answered(world, call)))

    told = told_before_a_kill(work, lines_max)
    assert told == [repr(answer) for answer in EXPECTED[: len(told)]]
    world = opened()
    authorized = [row.key for row in world.gateway.ledger()]
    known = sum(answer.reference.startswith("auth_") for answer in EXPECTED[: len(told)])
    assert known <= len(authorized) <= known + 1
    files = {file: file.stat().st_mtime_ns for file in (tmp_path / "mail").iterdir()}
    assert [answered(world, call) for call in CALLS] == EXPECTED
    assert len(world.gateway.ledger()) == sum(answer.reference.startswith("auth_") for answer in EXPECTED)
    assert [row.key for row in world.gateway.ledger()][: len(authorized)] == authorized
    assert world.mailer.sent == {"order_received": 6}
    assert world.channel.told["o3"] == [{"order": "o3", "what": "shipped"}]
    assert all_messages(world) == expected_messages()
    rewritten = [file for file, at_ns in files.items() if file.stat().st_mtime_ns != at_ns]
    assert len(rewritten) <= 1  # the one whose call was cut off
    assert len(list((tmp_path / "mail").iterdir())) == 6


def test_messages_that_were_settled_before_a_kill_do_not_come_again(tmp_path: Path) -> None:
    path = tmp_path / "world.ndjson"

    def work(tell: Callable[[str], int]) -> None:
        world = a_world(journal_path=path)
        for call in CALLS:
            answered(world, call)
        world.settle(world.collect(START_S + YEAR_S, 4))
        tell("settled")

    assert told_before_a_kill(work, 1) == ["settled"]
    assert all_messages(a_world(journal_path=path)) == expected_messages()[4:]


def test_many_threads_with_one_key_are_answered_alike_and_one_acts(tmp_path: Path) -> None:
    world = a_world(behavior=CALM, journal_path=tmp_path / "world.ndjson")
    with ThreadPoolExecutor(8) as threads:
        for call in CALLS[:7]:
            assert len({repr(answer) for answer in threads.map(call, [world] * 64)}) == 1
    assert len(world.gateway.ledger()) == 1
    assert len((tmp_path / "world.ndjson").read_bytes().splitlines()) == 7


def test_a_torn_last_line_was_never_answered_and_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "world.ndjson"
    first = a_world(journal_path=path)
    for call in CALLS[:7]:
        answered(first, call)
    whole = path.read_bytes()
    for cut in range(1, len(whole.splitlines()[-1]) + 1):
        path.write_bytes(whole[:-cut])
        world = a_world(journal_path=path)
        assert world.channel.told == {}
        answered(world, CALLS[6])
        world.close()
        assert path.read_bytes() == whole


def test_a_damaged_line_is_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "world.ndjson"
    path.write_bytes(b'{"type":"taken","messages":[]}\n{"type":"ta\n')
    with pytest.raises(JournalDamaged, match=r"world\.ndjson:2: "):
        a_world(journal_path=path)


def test_a_journal_that_cannot_be_written_is_a_world_that_does_not_answer(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    world = a_world(behavior=CALM, journal_path=in_the_way / "world.ndjson")
    with pytest.raises(PortFailed):
        world.gateway.authorize("key", "o1/1", 1, "EUR")
    assert world.gateway.ledger() == ()
    assert world.gateway.look_up("key") is None


def test_a_disk_that_is_full_leaves_no_half_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "world.ndjson"
    world = a_world(behavior=CALM, journal_path=path)
    world.channel.tell("k1", {"order": "o1"})
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, hard))
    try:
        with pytest.raises(PortFailed, match="full"):
            world.channel.tell("k2", {"order": "o2"})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before
    world.channel.tell("k2", {"order": "o2"})
    assert list(a_world(behavior=CALM, journal_path=path).channel.told) == ["o1", "o2"]


def test_to_read_a_journal_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "world.ndjson"
    path.write_bytes(b'{"type":"taken","messages":[]}\n{"type":"ta')
    before = path.read_bytes()
    a_world(journal_path=path)
    assert path.read_bytes() == before
