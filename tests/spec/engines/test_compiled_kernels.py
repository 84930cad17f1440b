"""What the kernels promise: keys, words, cells and stamps as Python has them, and no byte looked at that is not theirs."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("numba", reason="the extra `volume` is not installed")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

import tocsin.engines.compiled.dictionary  # noqa: E402
import tocsin.engines.line_ends  # noqa: E402
import tocsin.estate.senders  # noqa: E402
from bounds_checked import hold_bounds  # noqa: E402
from tocsin.engines.compiled.__main__ import compiled  # noqa: E402
from tocsin.engines.compiled.block import EMPTY, TooManyWords, Words  # noqa: E402
from tocsin.engines.compiled.cut_lines import STRETCH  # noqa: E402
from tocsin.engines.compiled.dictionary import Dictionary  # noqa: E402
from tocsin.engines.compiled.kernels import keys, lines, md5, numbers, objects, octets, words  # noqa: E402
from tocsin.engines.compiled.plan import planned  # noqa: E402
from tocsin.engines.compiled.reader import Reader, Taken  # noqa: E402
from tocsin.engines.compiled.segments import Segment, segment  # noqa: E402
from tocsin.engines.json_rows import JsonRows  # noqa: E402
from tocsin.engines.line_ends import ends_and_quotes, is_plain, line_count  # noqa: E402
from tocsin.engines.pieces import NotReadHere  # noqa: E402
from tocsin.engines.row_sql import RowSql  # noqa: E402
from tocsin.feeds import all_feeds  # noqa: E402
from tocsin.feeds.feed import identifier_key  # noqa: E402
from tocsin.feeds.shape import Shape  # noqa: E402
from tocsin.feeds.shape_file import load_shapes  # noqa: E402
from tocsin.vocabulary.calendar import instant  # noqa: E402

RECEIVED_AT = 1_773_133_200_000_000
PLAIN = {
    "request_id": "id",
    "observed_at": "at",
    "time_point": {"constant": "RX_DSP"},
    "message_class": {"constant": "request"},
    "srv": "srv",
    "command_variant": "n",
}
GOOD = b"id,2026-03-01T00:00:00Z,4.1.1,1\n"


def reader(columns: dict[str, object] = PLAIN, objects_by: JsonRows | None = None) -> Reader:
    told = {"name": "s", "where": "s.toml", "feed": "audit_trail", "sender": "DSP", "pattern": "*", "columns": columns}
    sql = RowSql(all_feeds()["audit_trail"], Shape.model_validate(told), ("id", "at", "srv", "n"), RECEIVED_AT)
    return Reader(planned(sql), Words(), objects_by)


def read(content: bytes) -> Taken:
    return reader().read(2, content)


def values(taken: Taken, column: str) -> list[int]:
    assert taken.block is not None
    return taken.block.columns[column].tolist()


def test_keys_of_every_length_are_those_of_the_feed() -> None:
    """One stretch of 64 bytes up to 55 letters, two up to 119; longer identifiers are the statement's."""
    ids = [("aZ:0" * 40)[:length] for length in range(1, 122)]
    taken = read(b"".join(f"{one},2026-03-01T00:00:00Z,4.1.1,\n".encode() for one in ids))
    assert values(taken, "request_id") == [identifier_key(one) for one in ids[:119]]
    assert [line for line, _ in taken.doubtful] == [121, 122]


def test_every_day_of_four_hundred_years_has_its_number() -> None:
    """The Gregorian calendar repeats itself after 400 years."""
    day, last, wrong = datetime(2000, 1, 1, tzinfo=UTC), datetime(2400, 1, 1, tzinfo=UTC), []
    while day < last:
        if numbers.day_number(day.year, day.month, day.day) * 86_400_000_000 != instant(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []
    for year, month, over in ((2001, 2, 29), (2100, 2, 29), (2000, 2, 30), (2001, 4, 31), (2001, 13, 1), (2001, 0, 1), (2001, 1, 0)):
        assert numbers.day_number(year, month, over) == -1


def test_words_are_numbered_as_they_come() -> None:
    """More words than the table has room for at first, of all lengths, and each of them once."""
    some = [f"{number}{'w' * (number % 250)}" for number in range(2500)]
    read_by = reader()
    taken = read_by.read(2, b"".join(b"id,2026-03-01T00:00:00Z,%s,\n" % word.encode() for word in [*some, *some]))
    assert taken.block is not None
    words_of = read_by.typed.meanings[-1].words["srv"]
    assert [words_of[number] for number in taken.block.columns["srv"]] == [*some, *some]
    assert len(words_of) == 2500


def test_words_that_begin_and_end_alike_are_told_apart() -> None:
    """As the ids of one maker do: the first sixteen bytes and the last eight of these are the same."""
    some = [
        f"{'90-B3-D5-1F-30-F1' + 'm' * place}{middle}{'m' * (rest - place)}-4.C6-A1"
        for rest in range(40)
        for place in range(rest + 1)
        for middle in "mxy"
    ]
    read_by = reader()
    taken = read_by.read(2, b"".join(b"id,2026-03-01T00:00:00Z,%s,\n" % word.encode() for word in [*some, *reversed(some)]))
    assert taken.block is not None
    words_of = read_by.typed.meanings[-1].words["srv"]
    assert [words_of[number] for number in taken.block.columns["srv"]] == [*some, *reversed(some)]
    assert len(words_of) == len(set(some))


def test_line_ends_are_counted_wherever_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block's last bytes are no whole number of eight; and there may be nothing but line ends."""
    monkeypatch.setattr(tocsin.engines.line_ends, "_LARGE", 0)
    block = bytes(random.Random(3).choice((9, 10, 11, 138)) for _ in range(9000))
    for size in (*range(20), 2039, 2040, 2041, 9000):
        assert line_count(block[:size]) == block[:size].count(b"\n")
        assert line_count(b"\n" * size) == size


def test_what_stands_in_a_block_is_seen_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """64 bytes at a time, and what is left behind them."""
    monkeypatch.setattr(tocsin.engines.line_ends, "_LARGE", 0)
    plain = b"abcdefg\n" * 25
    assert is_plain(plain)
    assert ends_and_quotes(plain) == (25, False)
    for place in range(len(plain)):
        for byte in (b"\0", b"\r", b"\x80", b"\xff", b'"', b"\n", b"\x7f", b" "):
            block = plain[:place] + byte + plain[place + 1 :]
            assert is_plain(block) == (byte in b'"\n\x7f ')
            assert ends_and_quotes(block) == (block.count(b"\n"), byte == b'"')


def test_a_column_of_too_many_words_is_none_of_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """An identifier that a feed keeps as text."""
    monkeypatch.setattr(tocsin.engines.compiled.dictionary, "WORDS_UP_TO", 1000)
    with pytest.raises(TooManyWords):
        read(b"".join(b"id,2026-03-01T00:00:00Z,word %d,\n" % number for number in range(3000)))


def test_lines_that_cannot_be_cut_are_told_with_their_number() -> None:
    """Blank, short, long, with a letter of another alphabet, and with a blank at an edge; the first line here is line 2."""
    odd = [b"", b"id,2026-03-01T00:00:00Z,4.1.1", b"id,2026-03-01T00:00:00Z,4.1.1,1,more", "é,,,".encode(), b" id,2026-03-01T00:00:00Z,,"]
    taken = read(b"".join(GOOD + one + b"\n" for one in odd))
    assert taken.doubtful == list(zip(range(3, 13, 2), odd, strict=True))
    assert taken.block is not None and taken.block.lines.tolist() == [2, 4, 6, 8, 10]
    assert taken.lines == 10


def test_more_odd_lines_than_there_is_room_for_at_first() -> None:
    """A file of nothing but line ends is no reason to lose one."""
    taken = read(b"\n" * 5000 + GOOD)
    assert len(taken.doubtful) == 5000
    assert values(taken, "request_id") == [identifier_key("id")]


def test_a_line_longer_than_a_stretch_is_read_whole() -> None:
    """A line may be as long as the contract's limit, which may be set to more than a stretch."""
    taken = read(GOOD + b"x" * (STRETCH + 10) + b",2026-03-01T00:00:00Z,4.1.1,\n" + GOOD)
    assert [line for line, _ in taken.doubtful] == [3]
    assert taken.block is not None and taken.block.lines.tolist() == [2, 4]


def test_stretches_and_pieces_make_no_difference() -> None:
    """Lines are numbered on from stretch to stretch."""
    content = b"".join(b"%d,2026-03-01T00:00:00Z,4.1.%d,%d\n" % (n, n % 7, n % 9 + 1) for n in range(60_000))
    taken = read(content)
    assert len(content) > 1.5 * STRETCH
    assert taken.block is not None and taken.block.lines.tolist() == list(range(2, 60_002))
    assert values(taken, "command_variant") == [n % 9 + 1 for n in range(60_000)]


@settings(max_examples=150)
@given(st.binary(max_size=300))
def test_no_bytes_upset_the_reader(content: bytes) -> None:
    """Every line of anything at all is a row, a line of which none is made, or a doubtful one."""
    content = content.replace(b'"', b"'") + b"\n"
    taken = read(content)
    assert taken.lines == content.count(b"\n") == lines.line_ends(np.frombuffer(content, np.uint8))
    rows = 0 if taken.block is None else len(taken.block)
    assert rows + len(taken.doubtful) + taken.passed_over == taken.lines


def test_whole_numbers_have_at_most_eighteen_digits() -> None:
    """Nineteen may still be one of 64 bits: the statement knows."""
    cells = ["0", "-0", "+5", "9" * 18, "-" + "9" * 18, "9" * 19, "1.0", "--1", "+"]
    taken = read("".join(f"id,2026-03-01T00:00:00Z,,{cell}\n" for cell in ["", *cells]).encode())
    assert values(taken, "command_variant") == [EMPTY, 0, 0, 5, 10**18 - 1, 1 - 10**18]
    assert len(taken.doubtful) == 4


@pytest.mark.parametrize(("pattern", "nth"), [("^([^/]+)/", 0), ("^[^/]+/([^/]+)/", 1), ("^[^/]+/[^/]+/([^/]+)/", 2), ("/([^/]+)$", -1)])
def test_patterns_that_ask_for_a_segment(pattern: str, nth: int) -> None:
    """Those of S1SP-8's trail, whose RequestID stands in one cell."""
    assert segment(pattern) == Segment(ord("/"), nth)


@pytest.mark.parametrize(
    "pattern", ["^([^/]+)", "^([^/]*)/", "^[^:]+/([^/]+)/", "/([^:]+)$", "^Category ([0-9])$", "([^/]+)/", "^([^.]+)."]
)
def test_other_patterns_are_the_statements(pattern: str) -> None:
    """Whatever is not known to the letter."""
    with pytest.raises(NotReadHere):
        segment(pattern)


def test_trails_and_alerts_of_every_sender_of_text_are_read_here() -> None:
    """They carry the volume. Parquet is never asked."""
    folder, others = Path(tocsin.estate.senders.__file__).parent / "shapes", set()
    for shape in load_shapes(folder):
        if shape.feed in {"audit_trail", "alert_stages"} and "parquet" not in shape.pattern:
            names = shape.positions or shape.columns_read()
            planned(RowSql(all_feeds()[shape.feed], shape, names, RECEIVED_AT))
            others.add(shape.sender)
    assert len(others) > 10


def test_a_dictionary_begins_empty() -> None:
    """Nothing is known before a cell was seen."""
    assert Dictionary().since(0) == []


def test_kernels_compiled_ahead_are_those_that_are_used() -> None:
    """Else the first large file would wait all the same: no kernel has a form for the reader that `compiled` did not make."""
    compiled()
    all_kernels = {
        f"{module.__name__}.{name}": one
        for module in (keys, lines, md5, numbers, objects, octets, words)
        for name, one in vars(module).items()
        if hasattr(one, "signatures")
    }
    before = {name: len(one.signatures) for name, one in all_kernels.items()}
    unfolded = {
        **PLAIN,
        "request_id": {"join": ["id", {"column": "srv", "pattern": "/([^/]+)$"}]},
        "scheduled_at": {"column": "at"},
        "schedule_id": "srv",
        "device_id": "id",
    }
    for columns in (PLAIN, unfolded):
        reader(columns).read(2, GOOD * 3 + b",2026-03-01T00:00:00Z,x,\n\n" + "é\n".encode())
    by = JsonRows(("id", "at", "srv", "n"), "AT", 500)
    reader(objects_by=by).read(1, b'{"id":"a","at":"2026-03-01T00:00:00Z","srv":"4.1.1","n":1}\n' * 3 + b"{}\n")
    assert {name: len(one.signatures) for name, one in all_kernels.items()} == before


LOOKED_AT = (
    test_keys_of_every_length_are_those_of_the_feed,
    test_no_bytes_upset_the_reader,
    test_words_are_numbered_as_they_come,
    test_words_that_begin_and_end_alike_are_told_apart,
    test_line_ends_are_counted_wherever_they_stand,
    test_what_stands_in_a_block_is_seen_wherever_it_stands,
    test_more_odd_lines_than_there_is_room_for_at_first,
)


def test_kernels_keep_within_their_arrays(tmp_path: Path) -> None:
    hold_bounds(__file__, LOOKED_AT, tmp_path)
