"""Kafka, one broker, its jars by way of Maven: `python -m servers.kafka` starts one and prints its address."""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .places import Missing, answers, cache, free_port, until_told_to_stop, wait_until

VERSION = "4.1.0"
HOW = "needs Kafka: install Java 17 and Maven, or set TEST_KAFKA_BOOTSTRAP_SERVERS"
PATIENCE, STARTING = 450, 240
PASSWORDS = "org.apache.kafka.common.security.plain.PlainLoginModule"
POM = f"""
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId> <artifactId>kafka</artifactId> <version>1</version> <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId> <artifactId>kafka_2.13</artifactId> <version>{VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId> <artifactId>slf4j-simple</artifactId> <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
"""
PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},LINE://127.0.0.1:{line_end},DOOR://127.0.0.1:{door},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},LINE://127.0.0.1:{line},DOOR://127.0.0.1:{door}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,LINE:PLAINTEXT,DOOR:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
listener.name.door.sasl.enabled.mechanisms=PLAIN
listener.name.door.plain.sasl.jaas.config={module} required user_saga="open";
log.dirs={folder}/data
auto.create.topics.enable=false
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
"""


class Kafka:
    """A broker with fresh data. Clients that come in by `line_end` are told to come to `line`: a proxy can be there.

    At `door` it asks for a password: that of `saga` is `open`.
    """

    def __init__(self) -> None:
        self._jars = _jars()
        self._folder = Path(tempfile.mkdtemp(prefix="saga-kafka-"))
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self._properties = self._folder / "server.properties"
        self.line, self.line_end, self.door = free_port(), free_port(), free_port()
        ports = {"port": self.port, "line": self.line, "line_end": self.line_end, "door": self.door}
        text = PROPERTIES.format(folder=self._folder, module=PASSWORDS, controller=free_port(), **ports)
        self._properties.write_text(text)

    @property
    def address(self) -> str:
        """What clients are told."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, with the data of last time where there is some. Returns when it answers."""
        if not (self._folder / "data").exists():
            made = self._run("kafka.tools.StorageTool", "random-uuid")
            self._run("kafka.tools.StorageTool", "format", "-t", made.split()[-1], "-c", str(self._properties))
        with (self._folder / "log").open("ab") as log:
            memory = ("-Xms256m", "-Xmx512m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
            command = ["java", *memory, "-cp", self._jars, "kafka.Kafka", str(self._properties)]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder)
        wait_until(self._is_ready, f"Kafka answers (see {self._folder}/log)", STARTING)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop: SIGTERM in good order, SIGKILL like a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(120)
            self._process = None

    def restart(self) -> None:
        """Stop at once, and start again on the same data and port."""
        self.stop(signal.SIGKILL)
        self.start()

    def throw_away(self) -> None:
        """Stop, and forget the data."""
        self.stop(signal.SIGKILL)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _is_ready(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError((self._folder / "log").read_text()[-2000:])
        return answers(self.port)

    def _run(self, tool: str, *arguments: str) -> str:
        command = ["java", "-cp", self._jars, tool, *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=self._folder, timeout=120)
        return done.stdout


@contextmanager
def kafka() -> Iterator[Kafka]:
    """A broker for as long as the block lasts. Raises Missing."""
    server = Kafka()
    try:
        server.start()
        yield server
    finally:
        server.throw_away()


def _jars() -> str:
    """The class path of the broker; the first time Maven fetches it. Raises Missing."""
    folder = cache() / f"kafka-{VERSION}"
    if not (folder / "complete").exists():
        if not (shutil.which("java") and shutil.which("mvn")):
            raise Missing(HOW)
        _fetch(folder)
    if not shutil.which("java"):
        raise Missing(HOW)
    return str(folder / "*")


def _fetch(folder: Path) -> None:
    """Once, however many test processes want it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (cache() / "fetching").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            _fetch_alone(folder)


def _fetch_alone(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="saga-kafka-pom-") as scratch:
        Path(scratch, "pom.xml").write_text(POM)
        where = (f"-Dmaven.repo.local={cache() / 'maven'}", f"-DoutputDirectory={folder}")
        command = ["mvn", "-q", "-B", *where, "dependency:copy-dependencies"]
        try:
            fetched = subprocess.run(
                command, cwd=scratch, capture_output=True, text=True, check=False, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired as late:
            raise Missing(f"{HOW}; Maven fetched nothing within {PATIENCE} s") from late
    if fetched.returncode != 0:
        raise Missing(f"{HOW}; Maven said: {fetched.stdout.strip().splitlines()[:1]}")
    (folder / "complete").touch()


if __name__ == "__main__":
    with kafka() as running:
        print(running.address, flush=True)
        print(f"process {os.getpid()}; stop it with Ctrl-C", flush=True)
        until_told_to_stop()
