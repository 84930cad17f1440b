"""tocsin serve beside a take-in and a close: every answer is whole, of one run and the old one until the new is there, and nobody waits."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from desk_month import MONTH
from desk_road import Desk
from served import API, TestClient, asking
from tocsin.reports.run_store import runs_of
from tocsin.vocabulary.calendar import Period, parse_instant

ADDRESSES = ("/", f"{API}/{MONTH}", f"{API}/{MONTH}/run", f"{API}/{MONTH}/figures?measure=cpm_5", f"{API}/{MONTH}/figures.csv")
LATER = parse_instant("2036-01-01T00:00Z")


@dataclass
class Asked:
    """What one who keeps asking was told: statuses, and the runs in the order in which they were told."""

    statuses: set[int] = field(default_factory=set)
    runs: list[str] = field(default_factory=list)
    totals: dict[str, set[int]] = field(default_factory=dict)
    rounds: int = 0
    wrong: BaseException | None = None


@contextmanager
def keeping_asking(client: TestClient) -> Iterator[Asked]:
    """Somebody asks for all of ADDRESSES again and again until the work is done, and once more after it."""
    asked, done, begun = Asked(), threading.Event(), threading.Event()

    def ask() -> None:
        try:
            is_last = False
            while not is_last:
                is_last = done.is_set()
                for address in ADDRESSES:
                    answer = client.get(address)
                    asked.statuses.add(answer.status_code)
                    if address.endswith("cpm_5"):
                        told = answer.json()
                        asked.runs.append(told["run"]["run_id"])
                        asked.totals.setdefault(told["run"]["run_id"], set()).add(told["total"])
                asked.rounds += 1
                begun.set()
        except BaseException as wrong:
            asked.wrong = wrong
            begun.set()

    thread = threading.Thread(target=ask)
    thread.start()
    assert begun.wait(120)
    try:
        yield asked
    finally:
        done.set()
        thread.join(120)
    assert not thread.is_alive(), "whoever asks waits for a lock"
    assert asked.wrong is None, asked.wrong


def test_beside_a_take_in_and_a_close_every_answer_is_whole(month_copy: Desk) -> None:
    (old,) = runs_of(month_copy.root / "runs", Period.parse(MONTH))
    file = next(path for path in sorted(month_copy.incoming.iterdir()) if path.name.startswith("INVENTORY"))
    again = file.with_name("INVENTORY_202109.csv")
    again.write_bytes(file.read_bytes() + b"00-DB-12-34-56-78-90-7F,ESME,north,\n")
    with keeping_asking(asking(month_copy, LATER)) as asked:
        month_copy.take_in(again, received_at="2021-09-21T09:00Z")
        rounds_before = asked.rounds
        new = month_copy.close(MONTH, "2021-09-21T10:00Z")
    assert asked.statuses == {200}
    # Answered while the close was at work, and not only before and after it.
    assert asked.rounds > rounds_before + 1
    changed = asked.runs.index(new)
    assert (set(asked.runs[:changed]), set(asked.runs[changed:])) == ({old}, {new})
    assert all(len(totals) == 1 for totals in asked.totals.values())


def test_whoever_reads_keeps_nobody_from_writing(month_copy: Desk) -> None:
    client = asking(month_copy, LATER)
    # A request's connection that stays open would keep SQLite from ever folding its log into the ledger.
    for _ in range(3):
        assert client.get("/").status_code == 200
    file = month_copy.incoming / "INVENTORY_202109.csv"
    file.write_bytes((month_copy.incoming / "INVENTORY_202108.csv").read_bytes() + b"00-DB-12-34-56-78-90-7F,ESME,north,\n")
    month_copy.take_in(file, received_at="2021-09-21T09:00Z")
    log = month_copy.root / "store" / "ledger.sqlite-wal"
    assert not log.exists() or not log.stat().st_size
    assert "1 delivery since" in client.get("/").text
