"""A whole month closed on a cluster gives every figure that it gives on one machine, and is traced there as well."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tools.cluster import sail_server
from tools.object_store import object_store

from desk_month import MONTH
from desk_road import Desk
from tocsin.engines import Engine


def test_a_month_on_sail(month: Desk, closed_on: Callable[[str], Desk], sail: Engine) -> None:
    desk = closed_on(sail.url)  # type: ignore[attr-defined]  # only Spark has an address
    figures = month.figures(MONTH)
    assert len(figures) > 500
    assert desk.figures(MONTH) == figures
    said = desk("trace", "cpm_1", "--rows", 3)
    assert said.code == 0 and "agrees with the figure" in said.out
    assert desk("doctor").code == 0


def test_a_month_through_an_object_store(
    month: Desk, closed_on: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cluster that sees nothing of this machine's folder but the copy of it in a bucket."""
    pytest.importorskip("moto", reason="the object store is moto's (the extra `test`)")
    with object_store(tmp_path / "objects") as store:
        for key, value in store.environment.items():
            monkeypatch.setenv(key, value)
        with sail_server(tmp_path / "servers") as url:
            desk = closed_on(url, store.seen_as)
            assert desk.figures(MONTH) == month.figures(MONTH)
            # What it was given is there; of what it wrote, nothing is left there.
            from pyarrow import fs

            there = fs.S3FileSystem(endpoint_override=store.url).get_file_info(fs.FileSelector(f"{store.bucket}/tocsin", recursive=True))
            held = [one.path for one in there if one.is_file]
            assert any("/store/deliveries/" in path for path in held)
            assert not any(".parts" in path for path in held)
