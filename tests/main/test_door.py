"""The door: what is asked of a shop that another process owns is done by that process, between its rounds."""

import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from segue.main.door import DOOR_FILE, LINE_BYTES_MAX, LOOPBACK, Door, Plate, Visit, knock
from segue.main.wanted import AnyWanted, Done, Give
from tests.main.calling import Call

GIVE = Give("web-1", {"command": "note", "text": "x"}, "person:eve")
WORK = "import sys; from segue.main import run; sys.exit(run(['work', '--shop', sys.argv[1]]))"
OPENED_S = 30.0


@pytest.fixture
def owner(shop: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process, at work in the shop."""
    working = subprocess.Popen(
        [sys.executable, "-c", WORK, str(shop)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + OPENED_S
    while not (shop / DOOR_FILE).exists():
        assert working.poll() is None, working.communicate()
        assert time.monotonic() < until, "the door was never opened"
        time.sleep(0.02)
    yield working
    if working.poll() is None:
        working.kill()
    working.communicate()


def test_commands_are_handed_to_the_process_that_owns_the_shop(
    call: Call, shop: Path, owner: "subprocess.Popen[str]"
) -> None:
    assert call("hold", "1003", "service", "--reason", "holiday").out.startswith("web-1003: done. It is on hold now.")
    assert call("lift", "1003", "service", "--json").json["changed"]
    assert call("note", "1003", "through the door").code == 0
    assert call("stock", "receive", "LAMP-2", "MAIN", 5).code == 0
    until = time.monotonic() + OPENED_S
    while call("order", "1003", "--json").json["status"] != "delivered":
        assert time.monotonic() < until, "the owner did not go on with the order"
    assert call("import", shop / "orders/more.json", "--channel", "web", "--json").json["messages_new"] == 0
    assert call("audit").code == 0


def test_trouble_is_ended_by_the_process_that_owns_the_shop(
    call: Call, shop: Path, owner: "subprocess.Popen[str]"
) -> None:
    connection = sqlite3.connect(shop / "segue.db")
    connection.execute(
        "INSERT INTO inbox (number, source, id, kind, order_id, body, digest, received_at_s, due_at_s, state, reason)"
        " VALUES (900, 'office', 'o-1', 'nod', '', '{}', 'd', 1, 1, 'parked', 'no message is called nod')"
    )
    connection.commit()
    assert call("retry", 900, "--reason", "look again").code == 0
    until = time.monotonic() + OPENED_S
    while connection.execute("SELECT state FROM inbox WHERE number = 900").fetchone() != ("parked",):
        assert time.monotonic() < until, "the owner did not look at the message again"
    connection.close()
    assert call("dismiss", 900, "--reason", "nobody sends that").code == 0
    assert call("trouble", "--json").json["messages"] == []
    assert call("settle", "8c1f", "done", "--reason", "x").err.startswith("No task 8c1f is in trouble")


def test_what_the_owner_refuses_is_said_here(call: Call, owner: "subprocess.Popen[str]") -> None:
    said = call("lift", "1001", "service")
    assert (said.code, said.err) == (1, "Refused: the order has no such hold: service; there: none.\n")
    assert call("do", "1001", "alocate").code == 2
    said = call("work")
    assert (said.code, f"process {owner.pid}" in said.err) == (4, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_owner_ends_when_it_is_told_and_closes_the_door(
    call: Call, shop: Path, owner: "subprocess.Popen[str]", number: int
) -> None:
    owner.send_signal(number)
    out, _ = owner.communicate(timeout=OPENED_S)
    assert owner.returncode == 0
    assert "The shop's clock" in out
    assert not (shop / DOOR_FILE).exists()
    assert call("note", "1001", "done by oneself").code == 0


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """A door whose owner does what is asked on a thread of its own, and answers with what it was."""

    def obey(wanted: AnyWanted) -> Done:
        return Done({"obeyed": msgspec.to_builtins(wanted)})

    ended = threading.Event()
    with Door(tmp_path, obey) as opened:

        def serve() -> None:
            while not ended.is_set():
                opened.wait(None)
                opened.serve()

        server = threading.Thread(target=serve)
        server.start()
        yield opened
        ended.set()
        opened.wake()
        server.join()


def plate_of(folder: Path) -> Plate:
    return msgspec.json.decode((folder / DOOR_FILE).read_bytes(), type=Plate)


def said_to(folder: Path, line: bytes) -> Done:
    with socket.create_connection((LOOPBACK, plate_of(folder).port)) as visitor:
        visitor.sendall(line)
        visitor.shutdown(socket.SHUT_WR)
        return msgspec.json.decode(visitor.makefile("rb").readline(), type=Done)


def test_one_line_in_is_one_line_out(door: Door, tmp_path: Path) -> None:
    done = knock(tmp_path, os.getpid(), GIVE)
    assert done is not None
    assert done.result["obeyed"] == msgspec.to_builtins(GIVE)


def test_only_the_owners_account_can_read_what_is_written_at_the_door(door: Door, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / DOOR_FILE).stat().st_mode) == 0o600
    assert len(plate_of(tmp_path).token) == 64


def test_who_does_not_know_the_word_is_sent_away(door: Door, tmp_path: Path) -> None:
    done = said_to(tmp_path, msgspec.json.encode(Visit("wrong", GIVE)) + b"\n")
    assert (done.result, done.failed, done.code) == ({}, "This is not the word.", 4)


@pytest.mark.parametrize(
    "line", [b"\n", b"GET / HTTP/1.1\r\n", b'{"token": "x", "wanted": {"what": "rob"}}\n', b"\xff\n", b""]
)
def test_what_is_no_request_is_not_obeyed(door: Door, tmp_path: Path, line: bytes) -> None:
    done = said_to(tmp_path, line)
    assert (done.result, done.code) == ({}, 2)


def test_nobody_may_talk_for_ever(door: Door, tmp_path: Path) -> None:
    assert said_to(tmp_path, b"x" * (LINE_BYTES_MAX + 1)).code == 2


def test_many_visitors_are_all_answered(door: Door, tmp_path: Path) -> None:
    answers: list[Done | None] = []
    visitors = [threading.Thread(target=lambda: answers.append(knock(tmp_path, os.getpid(), GIVE))) for _ in range(40)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert len(answers) == 40
    assert all(done is not None and done.result for done in answers)


def test_a_door_of_another_owner_is_not_knocked_at(door: Door, tmp_path: Path) -> None:
    assert knock(tmp_path, os.getpid() + 1, GIVE) is None


def test_where_no_door_is_nobody_opens(tmp_path: Path) -> None:
    assert knock(tmp_path, 1, GIVE) is None
    (tmp_path / DOOR_FILE).write_bytes(b"{")
    assert knock(tmp_path, 1, GIVE) is None
    (tmp_path / DOOR_FILE).write_bytes(msgspec.json.encode(Plate(1, 1, "x")))
    assert knock(tmp_path, 1, GIVE) is None


def test_who_waits_when_the_owner_stops_is_told_so(tmp_path: Path) -> None:
    done: list[Done | None] = []
    with Door(tmp_path, lambda wanted: Done()):
        visitor = threading.Thread(target=lambda: done.append(knock(tmp_path, os.getpid(), GIVE)))
        visitor.start()
        time.sleep(0.2)
    visitor.join()
    (answer,) = done
    assert answer is not None
    assert (answer.code, "stopped" in answer.failed) == (4, True)
