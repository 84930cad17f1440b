"""JSON lines cut by the kernel: the cells that Python finds, line by line, and no byte looked at that is not theirs."""

import csv
import io
import random
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("numba", reason="the extra `volume` is not installed")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from bounds_checked import hold_bounds  # noqa: E402
from tocsin.engines.compiled.cut_objects import CutObjects  # noqa: E402
from tocsin.engines.compiled.kernels.objects import MOST_WRITTEN, number_end, text_end  # noqa: E402
from tocsin.engines.compiled.plan import Plan  # noqa: E402
from tocsin.engines.json_rows import JsonRows  # noqa: E402

KEYS = ("a", "ab", "b c", "long" * 20, "q?", "to")
LONGEST = 400
GOOD = ['"x"', '""', '"with blanks, and marks: {}[]"', "0", "-0", "12", "-3.50", "0.10", "true", "false", "null", '"' + "z" * 70 + '"']
ODD = [
    *["01", "-", "1.", ".5", "+1", "1e5", "1E-2", "NaN", "Infinity", "-Infinity", "tru", "truex", "nul", "Null", "", "[]", "{}", '{"a":1}'],
    *[
        '"a',
        'a"',
        '"\\n"',
        '"\\u0041"',
        '"\\ud800"',
        '"a\tb"',
        '"\x1f"',
        '"\x7f"',
        '"é"',
        '"\u2028"',
        "'x'",
        "[" * 60,
        "1 2",
        '"a""b"',
        "\x0c1",
    ],
]
MARKS = '{}[]:,"\\ \t-.0123456789eEtrufalsn\x00\x01\x0b\x0c\x1f\x7fé'


def cut(content: bytes, by: JsonRows) -> CutObjects:
    plan = Plan(len(by.columns), ord(","), (), (), (), (), None, None)  # type: ignore[arg-type]  # what cutting asks of a plan
    made = CutObjects(plan, by)
    made.take(np.frombuffer(content, np.uint8))
    return made


def by_kernel(content: bytes) -> tuple[dict[int, list[str]], dict[int, bytes], set[str]]:
    by = JsonRows(KEYS, "AT", LONGEST)
    found = cut(content, by)
    places = [found.cells(place) for place in range(len(KEYS))]
    cells = {
        int(line): [found.text[starts[row] : stops[row]].tobytes().decode() for starts, stops in places]
        for row, line in enumerate(found.of[: found.rows])
    }
    doubtful = dict(found.doubtful())
    assert sorted([*cells, *doubtful]) == list(range(content.count(b"\n"))) == list(range(found.lines))
    return cells, doubtful, by.seen


def by_python(lines: list[str]) -> tuple[dict[int, list[str]], set[str]]:
    """The cells of the lines that are objects; and the wanted keys they have, line by line."""
    by, told = JsonRows(KEYS, "AT", LONGEST), {}
    rows = by.rows(enumerate(lines))
    for line, _, width, check, _, *cells in csv.reader(io.StringIO(rows.content.decode(), newline="")):
        if not check and int(width) == len(KEYS):
            told[int(line)] = cells
    return told, by.seen


def held_together(lines: list[str]) -> int:
    """What the kernel reads Python reads alike; what it does not read it hands on as it came. Gives how many lines it read."""
    content = "".join(line + "\n" for line in lines).encode()
    cells, doubtful, seen = by_kernel(content)
    expected, _ = by_python(lines)
    assert {line: expected.get(line) for line in cells} == cells
    assert {line: lines[line].encode() for line in doubtful} == doubtful
    assert by_python([lines[line] for line in cells])[1] & set(KEYS) == seen
    return len(cells)


def written(rng: random.Random, doubts: float) -> str:
    """One line: a flat object, each of whose parts may be something else."""
    names = [*KEYS, "other", ""] if rng.random() < 0.7 else rng.sample([*KEYS, "other", "more"], rng.randrange(9))
    names += rng.choices([*KEYS, "other"], k=rng.random() < doubts)
    gaps = [rng.choice(["", "", " ", "\t", "  "]) if rng.random() < 0.2 else "" for _ in range(6)]
    pairs = [f'"{name}"{gaps[0]}:{gaps[1]}{rng.choice(ODD if rng.random() < doubts / 4 else GOOD)}' for name in names]
    text = f"{gaps[2]}{{{gaps[3]}" + f"{gaps[4]},{gaps[5]}".join(pairs) + f"{gaps[3]}}}{gaps[2]}"
    if rng.random() < doubts:
        place = rng.randrange(len(text) + 1)
        text = text[:place] + rng.choice(["", *MARKS]) + text[place + rng.randrange(2) :]
    if rng.random() < doubts / 4:
        text = text[: rng.randrange(len(text) + 1)]
    return text.replace("\0", "\1")


@pytest.mark.parametrize("seed", range(12))
def test_drawn_lines_have_the_cells_that_python_finds(seed: int) -> None:
    """From lines of which nearly all are beyond doubt to lines that are hardly any."""
    rng = random.Random(seed)
    read = held_together([written(rng, doubts=(0, 0.1, 0.3, 0.6)[seed % 4]) for _ in range(600)])
    # Some are too long, and some have nothing: shorter than there are keys.
    assert read > (500, 350, 150, 40)[seed % 4]


def test_each_value_in_each_place() -> None:
    """First, between others and last in its line, wanted and not: plain ones are read, odd ones handed on."""
    for values, is_read in ((GOOD, True), (ODD, False)):
        lines = []
        for value in values:
            lines += [f'{{"a":{value},"to":"x","q?":1}}', f'{{"to":1, "a": {value}, "more":"" }}', f'{{"to":true,"":null,"ab":{value}}}']
            lines += [f'{{"to":1,"else":{value}}}', f'{{"to":1 , "else" : {value}\t}} ']
        read = held_together(lines)
        # A string with DEL in it is as good as any.
        assert read == (len(lines) if is_read else 5)


@pytest.mark.parametrize(
    "line",
    [
        *[
            "",
            " ",
            "{}",
            "[]",
            "{",
            "}",
            "{}}",
            "{{}}",
            "{,}",
            '{"a"}',
            '{"a":}',
            '{"a" 1}',
            '{"a":1,}',
            '{,"a":1}',
            '{"a":1 "ab":2}',
            "null",
        ],
        *[
            '{"a":1,"a":2}',
            '{"a":null,"b":1,"a":null}',
            '{"a":1}x',
            '{"a":1},',
            '{"a":1}{"ab":2}',
            '{"a":1;"ab":2}',
            '"a":1',
            '{"a":1',
            '{"a',
        ],
        *[
            '\ufeff{"a":1}',
            '{"a":1}\u00a0',
            '{"a":1}\x0c',
            '{"\\u0061":1}',
            '{"é":1,"a":1}',
            "{a:1}",
            "{'a':1}",
            "{" * 90,
            '"' * 90,
            "\\" * 90,
        ],
        *['{"a"::1}', '{"a":1,,"ab":2}', "{:1}", '{"a":"b"c"d"}', "{" + " " * LONGEST + "}", '{"a":"' + "x" * LONGEST + '"}', '{"a\\":1}'],
    ],
)
def test_lines_that_are_handed_on(line: str) -> None:
    """Alone, and after lines whose keys are known by now."""
    assert held_together([line]) == 0
    known = '{"a":1,"ab":"2"}'
    assert held_together([known, line, known, line]) == 2


def test_an_unwanted_key_may_stand_twice() -> None:
    """Nothing is made of it."""
    assert held_together(['{"a":1,"x":2,"x":3,"ab":""}', '{"x":1,"a":1,"x":3}', '{"x":1,"a":1,"x":3}']) == 3


def test_more_ways_to_write_keys_than_are_kept_in_mind() -> None:
    """They are looked at anew, and read alike."""
    lines = [f'{{"k{n}":1,"a":"{n}",{" " * (n % 70)}"ab":{n},"k{n + 1}":""}}' for n in range(3 * MOST_WRITTEN)]
    assert held_together([*lines, *lines]) == 2 * len(lines)


def test_texts_and_numbers_end_where_they_end() -> None:
    """At every distance from the eight bytes that are looked at together, whatever stands behind."""
    for size in range(40):
        for mark in (b'"', b"\\", b"\n", b"\t", b"\x00", b"\x1f", b"\x80", b"\xff"):
            text = np.frombuffer(b"\x7f~!" + b" x[]#^_`\x21\x5b\x5d~"[size % 5 :][:1] * size + mark + b'"\\\n\x80' * 20, np.uint8)
            assert text_end(text, 0) == 3 + size
    for number, end in ((b"0", 1), (b"-0.0", 4), (b"10", 2), (b"00", -1), (b"-", -1), (b"5.", -1), (b"5.x", -1), (b".5", -1), (b"x", -1)):
        assert number_end(np.frombuffer(number + b",}\n" + bytes(20), np.uint8), 0) == end


@settings(max_examples=150)
@given(st.binary(max_size=200))
def test_no_bytes_upset_the_kernel(content: bytes) -> None:
    """Every line of anything at all is a row or a doubtful one, once."""
    by_kernel(content + b"\n" + b'{"a":1,"to":"x"}\n' + content + b"\n")


def test_more_odd_lines_than_there_is_room_for_at_first() -> None:
    """None is lost."""
    cells, doubtful, _ = by_kernel(b"\n" * 3000 + b'{"a":"x","to":null}\n' + b"{}\n" * 3000)
    assert cells == {3000: ["x", "", "", "", "", ""]}
    assert len(doubtful) == 6000


LOOKED_AT = (
    test_drawn_lines_have_the_cells_that_python_finds,
    test_lines_that_are_handed_on,
    test_more_ways_to_write_keys_than_are_kept_in_mind,
    test_no_bytes_upset_the_kernel,
    test_more_odd_lines_than_there_is_room_for_at_first,
)


def test_the_kernel_keeps_within_its_arrays(tmp_path: Path) -> None:
    hold_bounds(__file__, LOOKED_AT, tmp_path)
