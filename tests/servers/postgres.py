"""PostgreSQL from the system's package: `python -m servers.postgres` starts one and prints its URL."""

import getpass
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .places import Missing, answers, free_port, until_told_to_stop, wait_until

HOW = "needs PostgreSQL: install the system's package `postgresql`, or set TEST_DATABASE_URL"
SETTINGS = ("listen_addresses=127.0.0.1", "max_wal_size=2GB", "log_statement=none", "max_connections=200")


class Postgres:
    """A server with fresh data. It refuses to run as root, so there it runs as the user postgres."""

    def __init__(self) -> None:
        self._bin = _binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="saga-postgres-"))
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user is not None:
            shutil.chown(self._folder, self._user, self._user)
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    def url(self, database: str = "postgres") -> str:
        """Where the database is."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start, with the data of last time where there is some. Returns when it answers."""
        if not (self._folder / "data" / "PG_VERSION").exists():
            self._run("initdb", "-D", str(self._folder / "data"), "-A", "trust", "-U", "postgres", "-N")
        settings = [*SETTINGS, f"unix_socket_directories={self._folder}", f"port={self.port}"]
        options = [part for setting in settings for part in ("-c", setting)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", str(self._folder / "data"), *options],
                stdout=log,
                stderr=log,
                user=self._user,
                cwd=self._folder,
            )
        wait_until(self._is_ready, f"PostgreSQL answers (see {self._folder}/log)", 240)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: SIGINT in good order, SIGQUIT like a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(120)
            self._process = None

    def crash(self) -> None:
        """Stop at once, and start again on the same data and port."""
        self.stop(signal.SIGQUIT)
        self.start()

    def ask_for_passwords(self) -> None:
        """From now on nobody gets in without one."""
        (self._folder / "data" / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
        self.stop()
        self.start()

    def throw_away(self) -> None:
        """Stop, and forget the data."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _is_ready(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError((self._folder / "log").read_text()[-2000:])
        if not answers(self.port):
            return False
        ready = [str(self._bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready, check=False, timeout=60).returncode == 0

    def _run(self, tool: str, *arguments: str) -> None:
        command = [str(self._bin / tool), *arguments]
        subprocess.run(command, check=True, capture_output=True, user=self._user, cwd=self._folder, timeout=120)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server for as long as the block lasts. Raises Missing."""
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.throw_away()


def _binaries() -> Path:
    """The directory of the newest server on this machine. Raises Missing."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        raise Missing(HOW)
    return found[-1]


if __name__ == "__main__":
    with postgres() as running:
        print(running.url(), flush=True)
        print(f"run by {getpass.getuser()}; stop with Ctrl-C", flush=True)
        until_told_to_stop()
