"""Rows that are refused: found by their true line, kept with every reason, never cut and never dropped."""

from pathlib import Path

import pytest

import tocsin.deliveries.unpacking
from made_store import SAT_HEADER, MadeStore, make_store, sat_row
from tocsin.deliveries.contract import Means
from tocsin.deliveries.unpacking import Limits

NAME = "DSP_SAT_20260301_final.csv"


@pytest.fixture
def made(tmp_path: Path) -> MadeStore:
    return make_store(tmp_path)


def taken(made: MadeStore, text: str, means: Means | None = None):
    (receipt,) = made.take_in(made.file(NAME, text), means=means)
    assert receipt.status == "accepted", receipt.delivery.reason
    delivery = receipt.delivery
    assert delivery.lines - delivery.blank == delivery.accepted + delivery.refused + delivery.duplicates
    return receipt


def refused(made: MadeStore, *lines: str, means: Means | None = None) -> list[tuple]:
    return made.refused(taken(made, "\n".join([SAT_HEADER, *lines, ""]), means))


def test_every_reason_of_a_row_is_kept_with_line_and_raw(made: MadeStore) -> None:
    wrong = ",3000-01-01T00:00:00.000Z,,request,4.1.1,,"
    assert refused(made, sat_row(1), wrong) == [
        (3, "AT-EMPTY:request_id", "request_id is required and is empty", wrong),
        (3, "AT-EMPTY:time_point", "time_point is required and is empty", wrong),
        (3, "AT-FUTURE:observed_at", "observed_at is 3000-01-01T00:00:00.000Z", wrong),
    ]


def test_a_year_3000_stamp_is_no_fault_where_it_says_cancelled(made: MadeStore) -> None:
    made.shape(
        "cancel", (made.root / "shapes/dsp_audit_trail.toml").read_text().replace("DSP_SAT", "CAN").replace("device_id", "execution_at")
    )
    row = sat_row(1).rsplit(",", 1)[0] + ",3000-12-31T00:00:00Z"
    (receipt,) = made.take_in(made.file("CAN_20260301_final.csv", f"{SAT_HEADER}\n{row}\n"))
    assert (receipt.delivery.accepted, receipt.delivery.refused) == (1, 0)


def test_the_edges_of_past_and_future(made: MadeStore) -> None:
    rows = [
        sat_row(1, "1999-12-31T23:59:59.999999Z"),
        sat_row(2, "2000-01-01T00:00:00Z"),
        sat_row(3, "2026-03-11T09:00:00Z"),
        sat_row(4, "2026-03-11T09:00:00.000001Z"),
    ]
    assert [row[:2] for row in refused(made, *rows)] == [(2, "AT-PAST:observed_at"), (5, "AT-FUTURE:observed_at")]


def test_short_and_long_lines_are_found_not_cut(made: MadeStore) -> None:
    long, short = sat_row(1) + ",surplus", sat_row(2).rsplit(",", 1)[0]
    assert refused(made, long, sat_row(3), short) == [
        (2, "AT-STRUCT-LONG", "8 fields where the file has 7", long),
        (4, "AT-STRUCT-SHORT", "6 fields where the file has 7", short),
    ]


def test_a_million_character_line_is_one_refused_row(made: MadeStore) -> None:
    found = refused(made, sat_row(1), sat_row(2, code="x" * 1_000_000), sat_row(3), "y" * 1_000_000, "", sat_row(4) + ",z")
    assert [(line, check) for line, check, _, _ in found] == [(3, "AT-STRUCT-WIDE"), (5, "AT-STRUCT-WIDE"), (7, "AT-STRUCT-LONG")]
    assert found[0][2] == f"line of {len(sat_row(2)) + 1_000_000} bytes; at most 262144 may be"
    assert found[0][3] == sat_row(2, code="x" * 1_000_000)[:2000]


def test_a_million_character_line_beside_quotation_marks(made: MadeStore) -> None:
    found = refused(made, f'"{"x" * 1_000_000}"', '"', "", sat_row(1), sat_row(2))
    assert [(line, check) for line, check, _, _ in found] == [(2, "AT-STRUCT-WIDE"), (3, "AT-STRUCT-QUOTE")]


def test_line_numbers_hold_past_quoted_line_ends_and_blank_lines(made: MadeStore) -> None:
    cells = sat_row(1).split(",")
    quoted = ",".join([f'"{cells[0]}"', *cells[1:5], '"I0\r\n\n""x"""', cells[6]])
    receipt = taken(made, "\r\n".join([SAT_HEADER, quoted, "", sat_row(2), "wrong", sat_row(3)]))
    assert made.accepted(receipt, "line, response_code") == [(2, 'I0\n\n"x"'), (6, None), (8, None)]
    assert [row[:2] for row in made.refused(receipt)] == [(7, "AT-STRUCT-SHORT")]
    assert receipt.delivery.blank == 1


def test_a_quotation_mark_nothing_closes_takes_one_line_with_it(made: MadeStore) -> None:
    found = refused(made, sat_row(1), '"open,1', *(sat_row(number) for number in range(2, 300)))
    assert [row[:2] for row in found] == [(3, "AT-STRUCT-QUOTE")]


@pytest.mark.parametrize("block", [7, 64, 300])
def test_the_size_of_blocks_changes_nothing(made: MadeStore, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    """Lines, CR LF pairs and quoted rows that lie across two blocks."""
    monkeypatch.setattr(tocsin.deliveries.unpacking, "BLOCK", block)
    lines = [
        SAT_HEADER,
        sat_row(1),
        "wrong",
        '"' + sat_row(2).replace(",", '","') + '"',
        sat_row(3).replace("4.1.1", '"4.1\r\n.1"'),
        sat_row(4),
    ]
    receipt = taken(made, "\r\n".join([*lines, ""]))
    assert sorted(made.accepted(receipt, "line, srv")) == [(2, "4.1.1"), (4, "4.1.1"), (5, "4.1\n.1"), (7, "4.1.1")]
    assert [row[:2] for row in made.refused(receipt)] == [(3, "AT-STRUCT-SHORT")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("block", [1, 5, 1000])
def test_every_kind_of_line_end(made: MadeStore, monkeypatch: pytest.MonkeyPatch, end: str, block: int) -> None:
    """Also where the block ends between CR and LF, or on a CR that stands alone."""
    monkeypatch.setattr(tocsin.deliveries.unpacking, "BLOCK", block)
    receipt = taken(made, end.join([SAT_HEADER, sat_row(1), sat_row(2), "", sat_row(3)]))
    assert made.accepted(receipt, "line") == [(2,), (3,), (5,)]


def test_duplicates_are_counted_and_the_earliest_line_kept(made: MadeStore) -> None:
    receipt = taken(made, "\n".join([SAT_HEADER, sat_row(1), sat_row(2), sat_row(1), sat_row(1, code="I0"), ""]))
    assert sorted(made.accepted(receipt, "line, response_code")) == [(2, None), (3, None)]
    (finding,) = receipt.findings
    assert (finding.check_id, finding.count, finding.first_lines) == ("AT-DUP", 2, (4, 5))
    assert receipt.delivery.duplicates == 2


def test_unknown_codes_are_kept_and_counted(made: MadeStore) -> None:
    receipt = taken(made, "\n".join([SAT_HEADER, sat_row(1), sat_row(2).replace("4.1.1", "9.99"), sat_row(3).replace("4.1.1", "9.99"), ""]))
    assert receipt.delivery.accepted == 3
    (finding,) = receipt.findings
    assert (finding.check_id, finding.count, finding.first_lines) == ("AT-UNKNOWN:srv", 2, (3, 4))
    assert '"9.99"' in finding.sentence


def test_the_feeds_own_checks(made: MadeStore) -> None:
    text = (made.root / "shapes/dsp_audit_trail.toml").read_text()
    made.shape("own", text.replace("DSP_SAT", "OWN").replace('response_code = "code"', 'command_variant = "code"'))
    rows = [sat_row(number, code=code) for number, code in enumerate(["1", "9", "10", "0", ""])]
    (receipt,) = made.take_in(made.file("OWN_20260301_final.csv", "\n".join([SAT_HEADER, *rows, ""])))
    assert [row[:3] for row in made.refused(receipt)] == [
        (line, "AT-01", "does not hold: command variant is one of 1 to 9") for line in (4, 5)
    ]


def test_findings_are_entered_with_the_delivery(made: MadeStore) -> None:
    receipt = taken(made, "\n".join([SAT_HEADER, "x", sat_row(1), "y", ""]))
    (finding,) = made.ledger().findings(receipt.delivery.delivery_no)
    assert finding == receipt.findings[0]
    assert (finding.check_id, finding.count, finding.first_lines) == ("AT-STRUCT-SHORT", 2, (2, 4))


def test_a_header_alone_says_nothing_happened(made: MadeStore) -> None:
    receipt = taken(made, SAT_HEADER + "\n")
    assert (receipt.delivery.lines, receipt.delivery.accepted) == (0, 0)
    assert made.accepted(receipt) == []


def test_memory_limit_and_threads_change_nothing(made: MadeStore) -> None:
    rows = [sat_row(number % 700, code="I0" if number % 3 else "") for number in range(2000)]
    means = Means(limits=Limits(), memory_limit="200MB", threads=1)
    receipt = taken(made, "\n".join([SAT_HEADER, *rows, ""]), means)
    assert (receipt.delivery.accepted, receipt.delivery.duplicates) == (700, 1300)
