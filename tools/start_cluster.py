"""Start a small cluster on this machine's loopback to try a workspace on, and stop it at Ctrl-C: `make cluster`."""

import argparse
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from tools.cluster import DidNotStart, sail_server, spark_cluster

PORT = 15002


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tools.start_cluster", description=__doc__)
    asked.add_argument("--kind", choices=("spark", "sail"), default="spark", help="Spark standalone (a real one), or Sail's local cluster")
    asked.add_argument("--workers", type=int, default=2, help="workers of one core each")
    asked.add_argument("--port", type=int, default=PORT, help="where Spark Connect listens on 127.0.0.1")
    asked.add_argument("--folder", type=Path, help="for logs and spill; a temporary one that goes at the end, when none is named")
    given = asked.parse_args()
    # Stopped by a service manager, the servers must go as they do at Ctrl-C.
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        if given.folder is not None:
            _serve(given.kind, given.folder.absolute(), given.port, given.workers)
        else:
            with tempfile.TemporaryDirectory(prefix="tocsin-cluster-") as folder:
                _serve(given.kind, Path(folder), given.port, given.workers)
    except DidNotStart as why:
        sys.exit(str(why))
    except KeyboardInterrupt:
        print("stopped", flush=True)


def _serve(kind: str, folder: Path, port: int, workers: int) -> None:
    print(f"starting {kind}: {workers} workers, logs in {folder} …", flush=True)
    if kind == "sail":
        with sail_server(folder, port, workers) as url:
            _wait(url)
    else:
        with spark_cluster(folder, port, workers) as cluster:
            _wait(cluster.url)


def _wait(url: str) -> None:
    print(f'{url}\nIn workspace.toml:\n\n[engine]\nname = "spark"\nurl = "{url}"\n\nCtrl-C stops all.', flush=True)
    while True:
        signal.pause()


def _interrupted(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
