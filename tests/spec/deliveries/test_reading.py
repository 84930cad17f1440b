"""Parts of the contract that must equal something written elsewhere: keys, local time, the long road of big files."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tocsin.engines.reading
import tocsin.engines.settling
from made_store import SAT_HEADER, MadeStore, make_store, sat_row
from tocsin.deliveries.intake import Receipt
from tocsin.engines.cell_sql import key_sql, quoted, stripped
from tocsin.engines.tidiness import is_tidy
from tocsin.engines.zone_sql import oddity_sql, offset_sql
from tocsin.feeds.feed import identifier_key
from tocsin.feeds.shape import Shape
from tocsin.vocabulary.calendar import instant

UNTIL = instant(datetime(2030, 1, 1, tzinfo=UTC))
# Upper case beyond ASCII differs between Python and engines; identifiers of the field are ASCII.
ASCII = st.text(alphabet=st.characters(max_codepoint=127, exclude_characters="\0"), max_size=60)


def asked(sql: str) -> object:
    return duckdb.sql(f"SELECT {sql}").fetchall()[0][0]


@settings(max_examples=50, deadline=None)
@given(text=ASCII)
def test_the_key_of_an_identifier_is_the_same_in_sql_and_python(text: str) -> None:
    assert asked(key_sql(stripped(quoted(text)))) == identifier_key(text)


def test_the_key_of_a_known_identifier() -> None:
    """Pinned: keys stand in every store, and a change of them would part requests from their answers."""
    assert identifier_key(" 90-b3-d5-1f-30-00-00-01 ") == identifier_key("90-B3-D5-1F-30-00-00-01") == 4447312883251708582


@settings(max_examples=50, deadline=None)
@given(text=st.text(alphabet=[*" \t\n\u00a0\u2003\u3000\x1f", "a", "\u00e9", "!"], max_size=6))
def test_stripping_is_pythons(text: str) -> None:
    assert asked(stripped(quoted(text))) == text.strip()


@settings(max_examples=100, deadline=None)
@given(lines=st.lists(st.text(alphabet=" \tab,", max_size=6), min_size=1, max_size=4))
def test_tidy_is_never_said_of_cells_with_blanks(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    has_blanks = any(cell != cell.strip() for line in lines for cell in line.split(","))
    if is_tidy(text.encode(), b","):
        assert not has_blanks
    elif "\t" not in text:
        assert has_blanks


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_local_time_is_pythons_around_every_clock_change(zone: str) -> None:
    """Every half hour of 26 years' days on which a clock may change, against zoneinfo with fold=0."""
    stamps = [
        datetime(year, month, 1, tzinfo=UTC) + timedelta(minutes=30 * half)
        for year in (2000, 2007, 2013, 2026)
        for month in (3, 4, 10, 11)
        for half in range(48 * 30)
    ]
    local = [instant(stamp) for stamp in stamps]
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t AS SELECT unnest(?::BIGINT[]) AS x", [local])
        rows = connection.execute(f"SELECT x, {offset_sql('x', zone, UNTIL)}, {oddity_sql('x', zone, UNTIL)} FROM t").fetchall()
    found = {x: (offset, odd) for x, offset, odd in rows}
    for stamp, x in zip(stamps, local, strict=True):
        wall = stamp.replace(tzinfo=ZoneInfo(zone))
        early, late = wall.utcoffset(), wall.replace(fold=1).utcoffset()
        assert early is not None and late is not None
        expected = (early // timedelta(microseconds=1), 0 if early == late else 1 if early > late else 2)
        assert found[x] == expected, stamp


def test_odd_clock_hours_are_findings(tmp_path: Path) -> None:
    made = make_store(tmp_path)
    text = (
        (made.root / "shapes/dsp_audit_trail.toml")
        .read_text()
        .replace('observed_at = "at"', 'observed_at = {column = "at", zone = "Europe/London"}')
    )
    made.shape("dsp_audit_trail", text)
    rows = [sat_row(1, "2025-10-26T01:30:00"), sat_row(2, "2025-03-30T01:30:00"), sat_row(3, "2025-07-01T12:00:00"), sat_row(4)]
    (receipt,) = made.take_in(made.sat("DSP_SAT_20260301_final.csv", *rows))
    assert made.accepted(receipt, "line, make_timestamp(observed_at)::VARCHAR") == [
        (3, "2025-03-30 01:30:00"),
        (4, "2025-07-01 11:00:00"),
        (2, "2025-10-26 00:30:00"),
        (5, "2026-03-01 10:00:00"),
    ]
    assert [(f.check_id, f.count, f.first_lines) for f in receipt.findings] == [
        ("AT-OUTSIDE", 3, (2, 3, 4)),
        ("AT-SKIPPED:observed_at", 1, (3,)),
        ("AT-TWICE:observed_at", 1, (2,)),
    ]


def test_rows_outside_of_what_a_file_covers_are_kept_and_told(tmp_path: Path) -> None:
    """The last microsecond of the day is inside, the first of the next is not; a refused row is no row."""
    made = make_store(tmp_path)
    stamps = (
        "2026-02-28T23:59:59.999999Z",
        "2026-03-01T00:00:00Z",
        "2026-03-01T23:59:59.999999Z",
        "2026-03-02T00:00:00Z",
        "1999-01-01T00:00:00Z",
    )
    (receipt,) = made.take_in(made.sat("DSP_SAT_20260301_final.csv", *(sat_row(n, at) for n, at in enumerate(stamps))))
    assert (receipt.delivery.accepted, receipt.delivery.refused) == (4, 1)
    assert [(f.check_id, f.count, f.first_lines) for f in receipt.findings if f.check_id == "AT-OUTSIDE"] == [("AT-OUTSIDE", 2, (2, 5))]


def test_the_road_of_big_files_gives_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns of few words are sorted as numbers from some size on; columns of many are not."""
    rows = [
        sat_row(number % 90, point=("RX_DSP", "TX_USER")[number % 2], code=("", "I0", f"E{number}")[number % 3]) for number in range(200)
    ]
    files = []
    for place, (start, words) in enumerate([(200_000, 20_000), (0, 20_000), (0, 10)]):
        made = make_store(tmp_path / str(place))
        monkeypatch.setattr(tocsin.engines.settling, "WORDED_FROM_ROWS", start)
        monkeypatch.setattr(tocsin.engines.settling, "WORDED_UP_TO", words)
        (receipt,) = made.take_in(made.sat("DSP_SAT_20260301_final.csv", *rows))
        files.append((made.accepted(receipt), receipt.findings, receipt.delivery.duplicates))
        path = made.store.accepted(receipt.delivery.delivery_id)
        assert {kind for (kind,) in duckdb.sql(f"SELECT column_type FROM (DESCRIBE FROM '{path}')").fetchall()} == {"BIGINT", "VARCHAR"}
    assert files[0] == files[1] == files[2]
    assert files[0][2] == 110


@pytest.mark.parametrize("small", [1 << 20, -1], ids=["in_memory", "as_parquet"])
def test_files_of_one_stretch_are_read_as_if_each_came_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int) -> None:
    """They share a database: repeats, words and pieces of one are not those of the next, also after one that breaks off."""
    monkeypatch.setattr(tocsin.engines.reading, "SMALL", small)
    monkeypatch.setattr(tocsin.engines.settling, "WORDED_FROM_ROWS", 0)
    contents = [
        (sat_row(1), sat_row(1), sat_row(2, code="E1"), "wrong"),
        (),
        (sat_row(3, code="E2"), "\0"),
        (sat_row(1), sat_row(2), sat_row(2), sat_row(3, code="E3")),
        (sat_row(4),),
    ]

    def told(receipt: Receipt, made: MadeStore) -> tuple[object, ...]:
        delivery = receipt.delivery
        if receipt.status == "refused":
            return (delivery.reason,)
        counts = delivery.lines, delivery.accepted, delivery.refused, delivery.duplicates, delivery.first_at, delivery.last_at
        return (*counts, receipt.findings, [row[:-1] for row in made.accepted(receipt)])

    together = make_store(tmp_path / "together")
    names = [f"DSP_SAT_2026030{day}_final.csv" for day in range(1, 6)]
    receipts = together.take_in(*(together.sat(name, *rows) for name, rows in zip(names, contents, strict=True)))
    assert [receipt.status for receipt in receipts] == ["accepted", "accepted", "refused", "accepted", "accepted"]
    assert [receipt.delivery.duplicates for receipt in receipts] == [1, 0, 0, 1, 0]
    for name, rows, receipt in zip(names, contents, receipts, strict=True):
        alone = make_store(tmp_path / name)
        assert told(alone.take_in(alone.sat(name, *rows))[0], alone) == told(receipt, together)


def test_unfolding_line_by_line(tmp_path: Path) -> None:
    """A request log with both times on a line: a request row always, an answer row where there was one, nothing where never sent."""
    made = make_store(tmp_path)
    made.shape(
        "jmeter",
        """
        feed = "audit_trail"
        sender = "LOAD"
        pattern = "run_{day}.csv"
        nulls = ["NA"]
        [columns]
        request_id = {join = ["thread", "sent", {line = true}]}
        observed_at = {column = "sent", format = "epoch_ms"}
        time_point = {constant = "RX_DSP"}
        message_class = {constant = "request"}
        srv = "label"
        user_id = {column = "thread", pattern = "(.*)-"}
        [[unfold]]
        when = {column = "sent"}
        [[unfold]]
        when = [{column = "sent"}, {column = "ok", is = ["true", "false"]}]
        [unfold.columns]
        observed_at = {column = "sent", format = "epoch_ms", plus = [{column = "elapsed", unit = "ms"}]}
        time_point = {constant = "TX_USER"}
        message_class = {constant = "response"}
        response_code = {column = "ok", values = {true = "I0", false = "E1"}}
        """,
    )
    lines = [
        "sent,elapsed,label,thread,ok",
        "1772359200000,250,4.1.1,Load A 1-3,true",
        "1772359200001,NA,4.1.1,Load B-1,NA",
        "NA,1,4.1.1,x-1,NA",
    ]
    (receipt,) = made.take_in(made.file("run_20260301.csv", "\n".join(lines)))
    assert made.accepted(receipt, "line, observed_at, time_point, response_code, user_id") == [
        (2, 1772359200000000, "RX_DSP", None, "LOAD A 1"),
        (3, 1772359200001000, "RX_DSP", None, "LOAD B"),
        (2, 1772359200250000, "TX_USER", "I0", "LOAD A 1"),
    ]
    delivery = receipt.delivery
    assert (delivery.lines, delivery.accepted, delivery.passed_over, delivery.refused) == (3, 3, 1, 0)
    assert "AT-NONE" in [finding.check_id for finding in receipt.findings]


def test_a_shape_says_the_same_by_short_word_and_by_table() -> None:
    common = {"name": "s", "where": "s", "feed": "party_list", "sender": "DCC", "pattern": "*"}
    short = Shape.model_validate({**common, "columns": {"user_id": "User"}})
    assert short == Shape.model_validate({**common, "columns": {"user_id": {"column": "User"}}})


def test_header_names_are_stripped_and_order_is_free(tmp_path: Path) -> None:
    made = make_store(tmp_path)
    header = ",".join(f" {name} " for name in reversed([*SAT_HEADER.split(","), "beside"]))
    (receipt,) = made.take_in(
        made.file("DSP_SAT_20260301_final.csv", header + "\n" + ",".join(reversed([*sat_row(1).split(","), "x"])) + "\n")
    )
    assert made.accepted(receipt, "srv, time_point") == [("4.1.1", "RX_DSP")]
