"""A close as at an instant before anything was received is refused, and nothing is altered by it."""

import hashlib
from pathlib import Path

from desk_road import AUDIT_COLUMNS, new_desk, write_rows

MONTH = "2021-08"


def everything(root: Path) -> dict[str, str]:
    """Every file of a workspace that a close could alter. Locks and the journal of the ledger's database hold no entry."""
    kept = (path for folder in ("store", "runs") for path in sorted((root / folder).rglob("*")) if path.is_file())
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in kept
        if path.suffix not in {".lock"} and not path.name.endswith(("-wal", "-shm"))
    }


def test_before_the_first_file_there_is_nothing_to_close(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w")
    row = ("U:D:1", "2021-08-10T10:00:00Z", "RX_DSP", "request", "4.1.1", 1, "", "", "U", "D", "", "")
    file = write_rows(desk.incoming / "DSP_SAT_20210810_final.csv", AUDIT_COLUMNS, row)
    desk.take_in(file, received_at="2021-08-11T06:00Z")
    before = everything(desk.root)
    said = desk("close", MONTH, "--as-at", "2021-08-11T05:59:59Z")
    assert said.code == 10
    assert "2021-08 as at 2021-08-11 05:59:59 UTC: nothing had been received by then" in said.err
    assert "the first file of all came 2021-08-11 06:00:00 UTC. Say a later --as-at." in said.err
    assert everything(desk.root) == before and not list((desk.root / "runs").glob("*/*"))
    # The very instant the first file came is not before it.
    assert desk("close", MONTH, "--as-at", "2021-08-11T06:00:00Z").code == 0


def test_in_a_workspace_that_received_nothing_it_says_what_to_do_first(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w")
    said = desk("close", MONTH, "--as-at", "2021-09-10T00:00Z")
    assert said.code == 10 and "nothing was ever received in this workspace. Take files in first: tocsin take-in" in said.err
    assert not list((desk.root / "runs").glob("*/*"))
