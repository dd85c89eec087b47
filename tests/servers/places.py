"""Free ports, and where things are kept."""

import os
import random
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

PORTS = range(20_000, 32_768)
"""Below those that a system gives to clients, so that no connection takes one while its server restarts."""

_kept: list[socket.socket] = []


class Missing(Exception):
    """A server cannot be had on this machine; says in one line how to get it."""


def free_port() -> int:
    """A loopback port that nobody listens on, and that no other process is given here as long as this one lives."""
    while True:
        port = random.SystemRandom().choice(PORTS)
        sign = socket.socket(type=socket.SOCK_DGRAM)
        try:
            sign.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            sign.close()
            continue
        _kept.append(sign)
        return port


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(true: Callable[[], bool], what: str, seconds: float = 120) -> None:
    """Returns once it is so. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            raise TimeoutError(f"{what} within {seconds:g} s")
        time.sleep(0.05)


def until_told_to_stop() -> None:
    """Returns at Ctrl-C or SIGTERM. To be called once what is to be stopped runs, since it would inherit the mask."""
    wanted = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
    signal.sigwait(wanted)


def cache() -> Path:
    """A directory that outlives the run."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "saga-scaffold-tests"
