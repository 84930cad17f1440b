"""Start a small cluster on this machine's loopback to try a workspace on, and stop it at Ctrl-C: `make cluster`."""

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from tools.cluster import DidNotStart, sail_server, spark_cluster
from tools.object_store import ObjectStore, object_store

PORT = 15002


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tools.start_cluster", description=__doc__)
    asked.add_argument("--kind", choices=("spark", "sail"), default="spark", help="Spark standalone (a real one), or Sail's local cluster")
    asked.add_argument("--workers", type=int, default=2, help="workers of one core each")
    asked.add_argument("--port", type=int, default=PORT, help="where Spark Connect listens on 127.0.0.1")
    asked.add_argument("--bucket", action="store_true", help="an object store as well, through which files pass (with --kind sail)")
    asked.add_argument("--folder", type=Path, help="for logs and spill; a temporary one that goes at the end, when none is named")
    given = asked.parse_args()
    if given.bucket and given.kind != "sail":
        asked.error("--bucket: the Spark of the pyspark wheel has no connector to S3 (hadoop-aws); try it with --kind sail.")
    # Stopped by a service manager, the servers must go as they do at Ctrl-C.
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        if given.folder is not None:
            _serve_all(given, given.folder.absolute())
        else:
            with tempfile.TemporaryDirectory(prefix="tocsin-cluster-") as folder:
                _serve_all(given, Path(folder))
    except DidNotStart as why:
        sys.exit(str(why))
    except KeyboardInterrupt:
        print("stopped", flush=True)


def _serve_all(given: argparse.Namespace, folder: Path) -> None:
    print(f"starting {given.kind}: {given.workers} workers, logs in {folder} …", flush=True)
    if not given.bucket:
        _serve(given, folder)
        return
    with object_store(folder) as store:
        os.environ.update(store.environment)
        _serve(given, folder, store)


def _serve(given: argparse.Namespace, folder: Path, store: ObjectStore | None = None) -> None:
    if given.kind == "sail":
        with sail_server(folder, given.port, given.workers) as url:
            _wait(url, store)
    else:
        with spark_cluster(folder, given.port, given.workers) as cluster:
            _wait(cluster.url, store)


def _wait(url: str, store: ObjectStore | None) -> None:
    told = [url, "In workspace.toml:", "", "[engine]", 'name = "spark"', f'url = "{url}"']
    if store is not None:
        told += [f'seen_as = "{store.seen_as}"', "", "In the shell that tocsin is called from:", ""]
        told += [f"export {key}={value}" for key, value in store.environment.items()]
    print("\n".join([*told, "", "Ctrl-C stops all."]), flush=True)
    while True:
        signal.pause()


def _interrupted(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
