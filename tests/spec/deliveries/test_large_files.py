"""Large files: what is read in compiled code, what turns back to the statement, and gzip by whichever reader is there."""

import gzip
import random
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

import tocsin.deliveries.unpacking
import tocsin.engines.reading
from made_store import MadeStore, make_store, sat_row
from tocsin.deliveries.contract import Means
from tocsin.deliveries.unpacking import Limits, blocks
from tocsin.engines import inflating, volume
from tocsin.engines.pieces import Lines, NotReadHere, Rows, gathered
from tocsin.vocabulary.errors import EngineUnavailable, RefusedDelivery

with_kernels = pytest.mark.skipif(not volume.is_installed(), reason="the extra `volume` is not installed")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MadeStore:
    """A store for which every file is a large one, of small pieces."""
    monkeypatch.setattr(tocsin.engines.reading, "SMALL", -1)
    monkeypatch.setattr(tocsin.deliveries.unpacking, "BLOCK", 2000)
    return make_store(tmp_path)


def turned_back(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Why deliveries were read anew, as they are."""
    from tocsin.engines.compiled.road import Road

    reasons: list[str] = []
    take, begin = Road.take, Road.__init__

    def told(method: Callable[..., object]) -> Callable[..., object]:
        def called(*given: object) -> object:
            try:
                return method(*given)
            except NotReadHere as why:
                reasons.append(str(why))
                raise

        return called

    monkeypatch.setattr(Road, "take", told(take))
    monkeypatch.setattr(Road, "__init__", told(begin))
    return reasons


@with_kernels
def test_a_file_of_many_doubtful_lines_is_read_anew_by_the_statement(made: MadeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stamps without seconds are no usual form: nothing is lost or told twice when the road is left half-way."""
    from tocsin.engines.compiled import road

    monkeypatch.setattr(road, "DOUBTFUL_FREELY", 50)
    reasons = turned_back(monkeypatch)
    rows = [sat_row(n, at="2026-03-01T10:00:00Z" if n < 100 else "2026-03-01T10:00Z") for n in range(300)]
    file = made.sat("DSP_SAT_20260301_final.csv", *rows)
    receipt = made.take_in(file, means=Means(compiled=True))[0]
    assert "doubtful lines" in reasons[0]
    assert (receipt.delivery.accepted, receipt.delivery.refused, receipt.delivery.lines) == (300, 0, 300)
    assert not list(made.store.deliveries.glob("*/work"))


@with_kernels
def test_a_column_of_too_many_words_turns_the_delivery_back(made: MadeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Response codes by the hundred thousand are none."""
    from tocsin.engines.compiled import block, dictionary

    monkeypatch.setattr(block, "WORDS_UP_TO", 40)
    monkeypatch.setattr(dictionary, "WORDS_UP_TO", 40)
    reasons = turned_back(monkeypatch)
    file = made.sat("DSP_SAT_20260301_final.csv", *(sat_row(n, code=f"X{n}") for n in range(100)))
    receipt = made.take_in(file, means=Means(compiled=True))[0]
    assert len(reasons) >= 1
    assert receipt.delivery.accepted == 100


@with_kernels
def test_quoted_pieces_and_plain_ones_of_one_file_meet_again(made: MadeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quotation mark sends its piece to the statement; a row that repeats one of another piece is found."""
    reasons = turned_back(monkeypatch)
    rows = [sat_row(n) for n in range(200)]
    rows[150] = '"' + rows[10].replace(",", '","') + '"'
    receipt = made.take_in(made.sat("DSP_SAT_20260301_final.csv", *rows), means=Means(compiled=True))[0]
    assert reasons == []
    assert (receipt.delivery.accepted, receipt.delivery.duplicates) == (199, 1)
    assert [finding.first_lines for finding in receipt.findings if finding.check_id == "AT-DUP"] == [(152,)]


@with_kernels
def test_over_long_lines_and_blank_ones_keep_the_numbers_of_their_neighbours(made: MadeStore) -> None:
    """A line that is longer than a line may be stands empty in its piece, and is no blank line."""
    rows = [sat_row(n) for n in range(40)]
    rows[7], rows[9], rows[20] = sat_row(7) + "x" * 900, "", sat_row(20) + ",more"
    means = [Means(limits=Limits(max_line_bytes=500), compiled=compiled) for compiled in (True, False)]
    first = made.sat("DSP_SAT_20260301_final.csv", *rows)
    second = made.file("DSP_SAT_20260302_final.csv", first.read_bytes())
    ours, alone = made.take_in(first, means=means[0])[0], made.take_in(second, means=means[1])[0]
    assert [(f.check_id, f.count, f.first_lines) for f in ours.findings if "OUTSIDE" not in f.check_id] == [
        ("AT-BLANK", 1, ()),
        ("AT-STRUCT-LONG", 1, (22,)),
        ("AT-STRUCT-WIDE", 1, (9,)),
    ]
    assert made.accepted(ours, "line, request_id, observed_at") == made.accepted(alone, "line, request_id, observed_at")
    assert (ours.delivery.lines, ours.delivery.accepted) == (alone.delivery.lines, alone.delivery.accepted) == (40, 37)


@with_kernels
def test_small_files_are_read_compiled_where_kernels_are_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To plan a statement takes longer than to read them; what is told of them is the same."""
    from tocsin.engines.compiled.road import Road

    roads: list[str] = []
    begin = Road.__init__
    monkeypatch.setattr(Road, "__init__", lambda self, sql, *rest: (roads.append(sql.shape.name), begin(self, sql, *rest))[1])
    rows = [*(sat_row(n) for n in range(400)), sat_row(7), "wrong", sat_row(401, code="NEW"), sat_row(402).replace("4.1.1", "4.1.é")]
    found = []
    for name, are_loaded in (("before", False), ("after", True)):
        made = make_store(tmp_path / name)
        monkeypatch.setattr(volume, "is_loaded", lambda are_loaded=are_loaded: are_loaded)
        listed = [made.sat("DSP_SAT_20260301_final.csv", *rows), made.sat("DSP_SAT_20260302_final.csv", *rows[:20])]
        receipts = made.take_in(*listed, means=Means())
        found.append([(one.findings, one.delivery.accepted, made.accepted(one), made.refused(one)) for one in receipts])
        assert len(roads) == are_loaded
    assert found[0] == found[1]


def test_without_the_extra_nothing_is_lacking(made: MadeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rows by the statement; only who insists on compiled code is told what to install."""
    monkeypatch.setattr(volume, "is_installed", lambda: False)
    monkeypatch.setattr(tocsin.engines.reading, "WORTH_LOADING", 1)
    monkeypatch.setattr(tocsin.engines.reading, "WORTH_LOADED", 1)
    receipt = made.take_in(made.sat("DSP_SAT_20260301_final.csv", *(sat_row(n) for n in range(100))), means=Means())[0]
    assert receipt.delivery.accepted == 100
    with pytest.raises(EngineUnavailable, match=r"tocsin\[volume\]"):
        made.take_in(made.sat("DSP_SAT_20260302_final.csv", *(sat_row(n) for n in range(100))), means=Means(compiled=True))


def test_pieces_for_the_statement_are_gathered_by_kind() -> None:
    """Neighbours of one kind together, up to a size; nothing is lost between them."""
    lines = [Lines(first, b"a\n" * 10, 10, first % 2) for first in (2, 12, 22)]
    pieces = [*lines, Rows(b"r", 1), Rows(b"s", 2), Lines(35, b"b\n", 1)]
    assert list(gathered(pieces, size=45)) == [
        Lines(2, b"a\n" * 20, 20, 0),
        Lines(22, b"a\n" * 10, 10, 0),
        Rows(b"rs", 3),
        Lines(35, b"b\n", 1),
    ]


def unpacked(path: Path) -> tuple[int, str]:
    """How many bytes came of a file, and the reason why no more did."""
    total = 0
    try:
        for block in blocks(path, Limits(max_unpacked_bytes=2_000_000)):
            total += zlib.crc32(block, total)
    except RefusedDelivery as wrong:
        return total, str(wrong)
    return total, ""


def test_gzip_reads_alike_by_either_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole, of several members, padded, cut anywhere, damaged anywhere, too large: the same bytes and the same refusal."""
    if inflating._quick() is None:
        pytest.skip("isal is not installed: there is one reader only")
    monkeypatch.setattr(tocsin.deliveries.unpacking, "BLOCK", 10_000)
    chance = random.Random(7)
    plain = b"\n".join(b"%d,%d" % (n, chance.randrange(10**6)) for n in range(12_000))
    packed = gzip.compress(plain, mtime=0)
    files = [packed, packed * 2, packed + b"\0" * 600, packed + b"rubbish", packed[:-8], packed[:-4], packed[:-1], packed[:12], packed[:3]]
    files += [packed[: chance.randrange(len(packed))] for _ in range(10)]
    for _ in range(40):
        place = chance.randrange(len(packed))
        files.append(packed[:place] + bytes([packed[place] ^ (1 << chance.randrange(8))]) + packed[place + 1 :])
    files.append(gzip.compress(b"0" * 3_000_000))
    told = []
    for number, content in enumerate(files):
        path = tmp_path / f"{number}.gz"
        path.write_bytes(content)
        quick = unpacked(path)
        with monkeypatch.context() as patched:
            patched.setattr(inflating, "_quick", lambda: None)
            assert unpacked(path) == quick, number
        told.append(quick[1].partition(":")[0])
    assert set(told) >= {"", "the gzip is cut short", "the gzip is damaged"}
