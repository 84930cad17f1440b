"""The command tocsin serve itself: it listens on this machine alone, answers HEAD without a body, and ends at Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest

from desk_month import MONTH
from desk_road import Desk
from served import API

# Where the tests are started in the background of a shell, Ctrl-C is passed over by all that they start.
SERVE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from tocsin.desk.cli import main; main()"


@pytest.fixture
def serving(month: Desk) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server at a free port of this machine, and the port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    words = [sys.executable, "-c", SERVE, "serve", "-w", str(month.root), "-p", str(port)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env={**os.environ, "NO_COLOR": "1"}) as process:
        try:
            for _ in range(600):
                if process.poll() is not None or is_open(port):
                    break
                time.sleep(0.1)
            yield process, port
        finally:
            process.kill()


def is_open(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def asked(port: int, method: str, address: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, address)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_it_answers_until_ctrl_c(serving: tuple[subprocess.Popen[str], int], month: Desk) -> None:
    process, port = serving
    for address in ("/", f"{API}/{MONTH}/figures.csv", f"{API}/{MONTH}/run"):
        answer, body = asked(port, "GET", address)
        head, none = asked(port, "HEAD", address)
        assert (answer.status, head.status, none) == (200, 200, b""), address
        assert body
        assert head.getheader("content-type") == answer.getheader("content-type")
        assert head.getheader("etag") == answer.getheader("etag")
        assert head.getheader("server") is None
        assert "frame-ancestors 'none'" in str(head.getheader("content-security-policy"))
    second = month("serve", "-p", port)
    assert second.code == 10
    assert f"nothing can listen at 127.0.0.1, port {port}" in second.err
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert process.stderr is not None
    assert process.stderr.read() == f"Serving {month.root.resolve()} at http://127.0.0.1:{port}/. Ctrl-C stops.\n"
