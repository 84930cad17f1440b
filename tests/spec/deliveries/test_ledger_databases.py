"""The ledger is one and the same on SQLite and on PostgreSQL."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from made_store import RECEIVED_AT, MadeStore, make_store, sat_row
from postgresql_server import PostgreSQL
from tocsin.deliveries.ledger import Ledger
from tocsin.deliveries.ledger_database import ledger_database
from tocsin.deliveries.store import Store
from tocsin.deliveries.withdrawals import Withdrawal
from tocsin.engines.pieces import Finding
from tocsin.vocabulary.errors import BadDeclaration, LedgerUnavailable

INITIAL, FINAL = "DSP_SAT_20260301_initial.csv", "DSP_SAT_20260301_final.csv"


@pytest.fixture
def made(tmp_path: Path, ledger_url: str | None) -> MadeStore:
    made = make_store(tmp_path)
    made.ledger_url = ledger_url
    return made


def test_what_came_stands_and_is_superseded_and_taken_back(made: MadeStore) -> None:
    files = made.sat(INITIAL, sat_row(1), "wrong"), made.sat(FINAL, sat_row(1), sat_row(2))
    (initial,), (final,), (again,) = (made.take_in(file) for file in (*files, files[0]))
    assert (initial.status, final.status, again.status) == ("accepted", "accepted", "repeated")
    assert final.supersedes == initial.delivery.delivery_id
    ledger = made.ledger()
    assert ledger.deliveries()[:2] == (initial.delivery, final.delivery)
    assert ledger.findings(1) == initial.findings != ()
    assert ledger.basis(RECEIVED_AT).deliveries == (initial.delivery,)
    basis = ledger.basis(2**62)
    assert basis.deliveries == (final.delivery,) == (ledger.standing_in(final.delivery.slot, 2**62),)
    assert ledger.superseded(basis, 2**62, ["audit_trail"]).deliveries == (initial.delivery,)
    at = RECEIVED_AT + 3_600_000_000
    ledger.say([Withdrawal(0, 2, "withdrawn", at, "A. Person", "person", "the wrong day")])
    assert ledger.basis(at).deliveries == (initial.delivery,) and ledger.basis(at - 1).deliveries == (final.delivery,)
    assert [word.word_no for word in made.ledger().words()] == [1]


def test_a_name_that_is_no_text_is_entered(made: MadeStore) -> None:
    odd = made.incoming / "DSP_SAT_\udcff.csv"
    odd.write_bytes(b"rows")
    (receipt,) = made.take_in(odd)
    assert receipt.status == "refused" and made.ledger().deliveries() == (receipt.delivery,)


def test_findings_are_in_an_order_that_is_not_the_servers(made: MadeStore) -> None:
    (receipt,) = made.take_in(made.sat(FINAL, sat_row(1)))
    ledger = made.ledger()
    other = receipt.delivery.__class__(**{**receipt.delivery.__dict__, "delivery_no": 2, "delivery_id": "other"})
    ledger.enter(other, [Finding(name, "said", 1, (2,)) for name in ("b", "A-1", "B", "a", "A1")])
    assert [finding.check_id for finding in ledger.findings(2)] == ["A-1", "A1", "B", "a", "b"]


def test_processes_that_open_a_new_ledger_at_once_all_get_it(made: MadeStore) -> None:
    """Each finds no tables and makes them: the first succeeds, the others find them made."""
    script = """
import sys, time
from pathlib import Path
from tocsin.deliveries.ledger import Ledger
from tocsin.deliveries.store import Store
while time.time() < float(sys.argv[1]):
    pass
Ledger(Store(Path(sys.argv[2]), sys.argv[3] or None)).deliveries()
"""
    words = [sys.executable, "-c", script, str(time.time() + 2), str(made.store.root), made.ledger_url or ""]
    opening = [subprocess.Popen(words, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [one.communicate()[1] for one in opening] == [""] * 3


def test_tables_that_another_makes_meanwhile_are_taken(made: MadeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the race above comes to, without its luck: the look before the making finds nothing although all is there."""
    made.ledger().close()
    create_all, asked = sa.MetaData.create_all, []

    def blind(self: sa.MetaData, bind: sa.Engine, **named: object) -> None:
        asked.append(bind)
        create_all(self, bind, **{**named, "checkfirst": len(asked) > 1})  # type: ignore[arg-type]

    monkeypatch.setattr(sa.MetaData, "create_all", blind)
    assert made.ledger().deliveries() == () and len(asked) == 2


def test_a_lost_connection_is_made_anew(postgresql: PostgreSQL, tmp_path: Path) -> None:
    """A server that was started anew between two files of a long intake ends nothing."""
    url = postgresql.database()
    ledger, other = Ledger(Store(tmp_path, url)), sa.create_engine(url)
    with ledger.database.connect() as lost:
        number = lost.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    with other.begin() as asked:
        asked.execute(sa.text(f"SELECT pg_terminate_backend({number})"))
    other.dispose()
    assert ledger.deliveries() == ()


@pytest.mark.parametrize("url", ["u:secret@/x?host=/nowhere", "u@/x?host=/nowhere&password=secret&sslpassword=secret"])
def test_a_password_is_never_told(tmp_path: Path, url: str) -> None:
    pytest.importorskip("psycopg", reason="psycopg (tocsin[shared-ledger]) is not installed")
    with pytest.raises(LedgerUnavailable, match="host=%2Fnowhere") as told:
        Ledger(Store(tmp_path, f"postgresql+psycopg://{url}"))
    assert "secret" not in str(told.value)


def test_the_extra_to_install_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(BadDeclaration, match=r"package psycopg, which is not installed\. Install tocsin\[shared-ledger\]"):
        ledger_database("postgresql+psycopg://user@host/database")
