"""A month in a workspace whose ledger is on PostgreSQL is the month of one whose ledger is SQLite's, byte for byte."""

import shutil
from pathlib import Path

from desk_month import AS_AT, MONTH, RECEIVED_AT, write_month
from desk_road import Desk, new_desk
from postgresql_server import PostgreSQL


def test_the_figures_are_those_of_the_other_ledger(month: Desk, tmp_path: Path, postgresql: PostgreSQL) -> None:
    desk = new_desk(tmp_path / "workspace")
    settings = desk.root / "workspace.toml"
    text = settings.read_text(encoding="utf-8").replace("[workspace]\n", f'[workspace]\nledger = "{postgresql.database()}"\n', 1)
    settings.write_text(text, encoding="utf-8")
    # The same key, so that parties have the same codes.
    shutil.copytree(month.root / "secret", desk.root / "secret", dirs_exist_ok=True)
    desk.take_in(*write_month(desk.incoming), received_at=RECEIVED_AT)
    desk.close(MONTH, AS_AT)
    assert not list(desk.root.glob("store/ledger.sqlite*"))
    told = []
    for one in (month, desk):
        assert one("report", MONTH, "--formats", "csv", "--out", tmp_path / f"report-{len(told)}").code == 0
        told.append(next((tmp_path / f"report-{len(told)}").rglob("figures.csv")).read_bytes())
    assert told[0] == told[1] and told[0].count(b"\n") > 1000
    assert desk("doctor").code == month("doctor").code == 0
