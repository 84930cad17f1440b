"""`make cluster` starts what it says, prints what works when it is copied, and stops when it is told to."""

import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tools.cluster import free_port

from tocsin.engines import Relation, engine_named

ROOT = Path(__file__).resolve().parents[2]
STARTING = [sys.executable, "-m", "tools.start_cluster"]


def test_what_it_prints_works_when_it_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("moto", reason="the object store is moto's (the extra `test`)")
    given = ["--kind", "sail", "--bucket", "--port", str(free_port()), "--folder", str(tmp_path / "servers")]
    with subprocess.Popen([*STARTING, *given], stdout=subprocess.PIPE, text=True, cwd=ROOT) as started:
        assert started.stdout is not None
        lines = []
        for line in started.stdout:
            lines.append(line.rstrip("\n"))
            if line.startswith("Ctrl-C"):
                break
        try:
            settings = tomllib.loads("\n".join(lines[lines.index("[engine]") : lines.index("In the shell that tocsin is called from:")]))
            for line in lines:
                if line.startswith("export "):
                    monkeypatch.setenv(*line.removeprefix("export ").split("=", 1))
            chosen = settings["engine"]
            engine = engine_named(chosen.pop("name"), {**chosen, "root": tmp_path})
            with engine.session() as session:
                assert session.write_parquet("SELECT 1 AS k", tmp_path / "one.parquet") == 1
                session.add(Relation("one", (("k", "BIGINT"),), (str(tmp_path / "one.parquet"),)))
                assert session.rows("SELECT k FROM one") == [(1,)]
        finally:
            started.send_signal(signal.SIGTERM)
            assert started.wait(30) == 0
        assert started.stdout.read() == "stopped\n"


def test_a_bucket_is_refused_where_nothing_could_read_it() -> None:
    said = subprocess.run([*STARTING, "--bucket"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert said.returncode == 2 and "no connector to S3" in said.stderr
