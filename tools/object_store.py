"""A server that speaks as Amazon's S3 does, on loopback and always stopped at the end: moto's, from the locked test packages."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from tools.cluster import LOOPBACK, answers, free_port, process, wait_until


@dataclass(frozen=True)
class ObjectStore:
    """A server that is up, with one bucket in it: its address, and the environment in which clients find it."""

    url: str
    bucket: str
    environment: Mapping[str, str]

    @property
    def seen_as(self) -> str:
        """What to write into a workspace's [engine] table."""
        return f"s3a://{self.bucket}/tocsin"


@contextmanager
def object_store(folder: Path, port: int | None = None, bucket: str = "bucket") -> Iterator[ObjectStore]:
    """The server and a new bucket; what it holds is gone at the end, as the server keeps it in memory."""
    port = port or free_port()
    url = f"http://{LOOPBACK}:{port}"
    command = [sys.executable, "-m", "moto.server", "--host", LOOPBACK, "--port", str(port)]
    with process(command, folder / "object-store.log", {}) as started:
        wait_until(lambda: answers(port), "the object store", started, folder / "object-store.log")
        with urlopen(Request(f"{url}/{bucket}", method="PUT"), timeout=10):
            pass
        yield ObjectStore(
            url,
            bucket,
            {
                "AWS_ENDPOINT_URL": url,
                # Without encryption only because it stays on this machine; Sail asks to be told so.
                "AWS_ALLOW_HTTP": "true",
                "AWS_REGION": "us-east-1",
                # It lets in whoever says any name.
                "AWS_ACCESS_KEY_ID": "tocsin",
                "AWS_SECRET_ACCESS_KEY": "tocsin",
            },
        )
