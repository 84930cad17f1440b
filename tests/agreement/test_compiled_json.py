"""JSON lines read in compiled code give what the decoder and the statement give: rows, refusals, counts, findings, whole refusals."""

import json
import random
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from two_roads import CELLS, LONGEST, MARCH, agree, one_database, refused_alike, shape, taken  # noqa: F401

from tocsin.estate import senders
from tocsin.feeds.shape import Shape
from tocsin.feeds.shape_file import load_shapes
from tocsin.vocabulary.errors import RefusedDelivery

pytest.importorskip("numba", reason="the extra `volume` is not installed: there is one road only")

# With its punctuation this key is longer than the reader keeps in mind.
LONG_KEY = "the instant at which the message was received, as the sender's own clock had it at the time"
TRAIL = shape(
    "audit_trail",
    format="jsonl",
    nulls=["NA", "-"],
    true_words=["true"],
    columns={
        "request_id": "id",
        "observed_at": LONG_KEY,
        "time_point": "point",
        "message_class": {"column": "flag", "values": {"true": "request", "false": "response"}},
        "srv": {"column": "srv", "when_empty": "none"},
        "command_variant": "n",
        "device_id": {"join": ["who", "id"], "with": "/"},
        "user_id": {"column": "who", "fold": "lower"},
        "scheduled_at": {"column": "when", "format": "epoch_ms"},
        "execution_at": {"column": "due", "zone": "Europe/London"},
    },
)
SAME_ALL = shape(
    "audit_trail",
    format="jsonl",
    columns={"request_id": "a", "observed_at": {"column": "b", "format": "epoch_s"}, "time_point": "c", "message_class": "c", "srv": "c"},
)
# By the name of each key the cells it may hold.
KEYS = {"id": "id", LONG_KEY: "at", "point": "point", "srv": "srv", "n": "n", "who": "who", "when": "when", "due": "due"}
GOOD = {name: CELLS[of][0][0] for name, of in KEYS.items()} | {"flag": True, "when": 1772359200000}
# Values as they are written, of every form that JSON has and some that it has not.
PLAIN = ["0", "-0", "7", "12.50", "-1", "1772359200000", "0.10", "true", "false", "null", '""', '" "', '"7"', '"NA"', '"{}:,[]"']
ODD = [
    *["01", "+1", "1.", ".5", "-", "1e3", "1E+2", "1.5e-3", "0x1", "1_0", "NaN", "Infinity", "-Infinity", "nul", "True", "nulll", "--1"],
    *[
        "[]",
        "{}",
        "[1, 2]",
        '{"a": {"b": [null]}}',
        "[" * 900 + "]" * 900,
        "[" * 1200,
        '"\\u0041"',
        '"a\\/b"',
        '"a\\"b"',
        '"a\\nb"',
        '"\\x"',
    ],
    *[
        '"é"',
        '"\u2028"',
        '"\ufeff"',
        '"a\tb"',
        '"a\x1fb"',
        '"a\x7fb"',
        '"open',
        "'a'",
        "9" * 30,
        '"' + "z" * 300 + '"',
        "tru e",
        "",
        '"a" "b"',
    ],
    *['"\\ud800"', '"\U0001f600"', "１", "1 2", "/* no */ 1", '"a",', '"a"}', '"a"}{"b":1'],
]
ODD_LINES = [
    *["", " ", "\t", "\x0c", "{}", "{ }", "[]", "1", '"id"', "null", "{", "}", "{}}", "{{}}", "{,}", "{} {}", "{}x", "é", "\ufeff{}", "//"],
    *['{"id"}', '{"id":}', '{"id" 1}', "{id: 1}", "{'id': 1}", "{1: 1}", '{"id":1,}', '{,"id":1}', '{"id":1 "n":2}', '{"id":1;"n":2}'],
    *['{"id":1,"id":2}', '{"n":null,"n":"1"}', '{"":1}', '{"é":1}', '{"i\\u0064":"a"}', '{"id\\":1}', '{"id', '{"id":"a', '{"id":"a"'],
    *['{"id":"a"}\x0b', '{"id":"a"}\u00a0', '{"id":"a"},', '{"id":"a"}]', " " * 200, "{" * 5000, '{"id":' * 2000, '"' * 77, "\\" * 70],
]
SPACES = ["", "", "", " ", "  ", "\t", " \t "]


def one_line(values: dict[str, str], comma: str = ",", colon: str = ":", edge: str = "") -> str:
    return edge + "{" + edge + comma.join(f'"{name}"{colon}{value}' for name, value in values.items()) + edge + "}" + edge


def told(values: dict[str, object]) -> dict[str, str]:
    return {name: json.dumps(value, ensure_ascii=False) for name, value in values.items()}


@st.composite
def drawn_line(draw: st.DrawFn, order: list[str]) -> str:
    if draw(st.integers(0, 11)) == 0:
        return draw(st.sampled_from(ODD_LINES))
    doubts = draw(st.sampled_from([0, 0, 0, 1, 3]))
    values = told(GOOD)
    for name, of in KEYS.items():
        if draw(st.integers(0, 9)) < 2 + doubts:
            values[name] = json.dumps(draw(st.sampled_from(CELLS[of][draw(st.integers(0, 9)) < doubts])), ensure_ascii=draw(st.booleans()))
    names = order if draw(st.integers(0, 7)) else draw(st.permutations(order))
    values = {name: values[name] for name in names}
    for _ in range(doubts):
        name = draw(st.sampled_from([*order, "more", "é"]))
        match draw(st.integers(0, 4)):
            case 0:
                values.pop(name, None)
            case 1:
                values[name] = draw(st.sampled_from(ODD))
            case _:
                values[name] = draw(st.sampled_from(PLAIN))
    spaced = [draw(st.sampled_from(SPACES)) for _ in range(5)] if draw(st.integers(0, 5)) == 0 else [""] * 5
    text = one_line(values, f"{spaced[0]},{spaced[1]}", f"{spaced[2]}:{spaced[3]}", spaced[4])
    match draw(st.integers(0, 30)):
        case 0:
            return text[: draw(st.integers(0, len(text)))]
        case 1:
            place = draw(st.integers(0, len(text) - 1))
            return text[:place] + draw(st.sampled_from([*'"\\{}[],: \t0-e.nté\x1f\x7f\ufeff'])) + text[place + draw(st.integers(0, 1)) :]
        case 2:
            return text[:-1] + ',"id":"once more"}'
        case 3:
            return text[:-1] + ',"more":"' + "long " * draw(st.sampled_from([500, 590, 700])) + '"}'
    return text


@st.composite
def drawn_file(draw: st.DrawFn) -> bytes:
    order = draw(st.permutations(list(GOOD)))
    lines = draw(st.lists(drawn_line(order), min_size=1, max_size=25))
    lines += draw(st.lists(st.sampled_from(lines), max_size=3))
    # Of a file without any line of all keys it is only told that one is missing.
    lines += [one_line(told(GOOD))] * (draw(st.integers(0, 5)) > 0)
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    return (draw(st.sampled_from(["", "", "\ufeff"])) + end.join(lines) + draw(st.sampled_from(["", end, end * 2]))).encode() or b"\n"


def outcome(content: bytes, compiled: bool) -> object:
    """What becomes of a file, be it why it is refused whole."""
    try:
        return taken(content, TRAIL, compiled)
    except RefusedDelivery as refused:
        return str(refused)


@settings(max_examples=25)
@given(content=drawn_file())
def test_drawn_lines(content: bytes) -> None:
    """Orders of keys, blanks, doubles, values of every form, faults of every kind."""
    assert outcome(content, compiled=True) == outcome(content, compiled=False)


def test_every_odd_thing_among_good_lines() -> None:
    """Each value in a key that is wanted and in one that is not, each line: one at a time, its neighbours good."""
    good = {name: value for name, value in told(GOOD).items() if name != "id"}

    def own(value: str | None = None, name: str = "id") -> str:
        return one_line({"id": f'"row {next(numbers)}"', **good} | ({} if value is None else {name: value}))

    numbers = count()
    lines: list[str] = []
    for odd in ODD_LINES:
        lines += [own(), odd]
    for odd in PLAIN + ODD:
        for name in ("n", "srv", "more"):
            lines += [own(odd, name), own()]
    counts = agree("\n".join(lines).encode(), TRAIL)
    assert counts.accepted > len(lines) // 2 + 40
    assert counts.refused > 80
    assert counts.blank == [line.strip() for line in lines].count("")


def test_every_cell_that_delimited_text_has() -> None:
    """What a cell says is said in JSON too, quoted, and unquoted where it is a number."""
    lines = []
    for name, of in KEYS.items():
        for cell in CELLS[of][0] + CELLS[of][1]:
            for value in (json.dumps(cell, ensure_ascii=False), cell):
                lines.append(one_line(told(GOOD) | {"id": f'"{name} {len(lines)}"'} | {name: value}))
    assert agree("\n".join(lines).encode(), TRAIL).accepted > 60


def test_keys_that_come_and_go_and_change_places() -> None:
    """A writer that leaves out what is empty, and one that has no order; more ways to write keys than the reader keeps in mind."""
    rng = random.Random(20260301)
    lines = []
    for number in range(800):
        names = list(GOOD)
        if number > 300:
            rng.shuffle(names)
        names = [name for name in names if name in {"id", LONG_KEY, "point", "flag"} or rng.random() < 0.7]
        gap = " " * (number // 100 * (number % 3))
        values = told(GOOD | {"id": f"row {number}", "srv": f"4.1.{number % 5}"})
        lines.append(one_line({name: values[name] for name in names}, f"{gap},", f":{gap}"))
    assert agree("\n".join(lines).encode(), TRAIL).accepted == 800


def test_a_column_read_twice_and_keys_that_begin_alike() -> None:
    """Cells of one key serve several columns; "a", "ab" and "abc" are three keys."""
    lines = [f'{{"a":"id {n}","ab":"x","b":{1772323200 + n},"abc":1,"c":"request","":0,"bc":"{n}"}}' for n in range(50)]
    assert agree("\n".join(lines).encode(), SAME_ALL).accepted == 50


def test_a_key_that_no_line_has_refuses_the_file() -> None:
    """Told with all the keys there are, those of doubtful lines too, but not those of lines that are refused."""
    good = {name: value for name, value in told(GOOD).items() if name != "srv"}
    lines = [one_line(good | {"id": f'"{n}"', "srvs": "1"}) for n in range(40)] + [one_line(good | {"id": '"40"', "é": "2"})]
    said = refused_alike("\n".join([*lines, one_line({"srv": "[]"})]).encode(), TRAIL)
    assert 'column "srv" is missing' in said and 'renamed to "srvs"' in said and "é" in said
    # In one line only, be it beyond doubt or not.
    for value in ('"4.1.1"', '"é"', "null"):
        assert agree("\n".join([*lines, one_line(good | {"srv": value})]).encode(), TRAIL).accepted > 40
    # Objects without any key are rows of nothing.
    assert agree(b"{}\n{ }\n\n" * 20, TRAIL).refused == 40
    assert "empty file" in refused_alike("\ufeff".encode(), TRAIL)


def test_a_line_as_long_as_may_be() -> None:
    """To the byte, where bytes are characters."""
    lines = []
    for number, size in enumerate((LONGEST - 1, LONGEST, LONGEST + 1)):
        text = one_line(told(GOOD) | {"id": f'"{number}"', "more": '""'})
        lines.append(text.replace('"more":""', '"more":"' + "m" * (size - len(text)) + '"'))
        # Of two bytes a letter: as many letters may be.
        lines.append(lines[-1].replace("mm", "éé").replace(f'"{number}"', f'"{number}é"'))
    counts = agree("\n".join(lines).encode(), TRAIL)
    assert (counts.accepted, counts.refused) == (3, 3)


def estate_shape() -> Shape:
    (found,) = (one for one in load_shapes(Path(senders.__file__).parent / "shapes") if one.pattern == "trilliant-trail-{day}.jsonl.gz")
    return found.model_copy(update={"format": "jsonl"})


def test_the_layout_of_the_estate() -> None:
    """S1SP-TRILLIANT's trail, in its own order of keys; one line in forty with something wrong."""
    rng, by = random.Random(7), estate_shape()
    order = (
        *("ref", "ts", "tp", "mc", "srv", "cv", "rc", "dr", "user"),
        *("device", "type", "csp_region", "sp", "exec_ts", "sched", "sched_ts", "n", "of"),
    )
    assert sorted(order) == list(by.columns_read())
    wrong = {"ref": ["", "é"], "ts": ["", "soon", "1e12", "99999999999999"], "cv": ["0", "x"], "n": ["9"], "srv": ["new"], "of": ["1"]}
    lines = []
    for number in range(3000):
        at = MARCH // 1000 + rng.randrange(86_400_000)
        row = [f"90-b3-d5-1f:{number % 2500}", str(at), "RX_DSP", "request", "4.10", "1", "", "", "90-B3-D5-1F", "00-15", "ESME", "smets1"]
        values = dict(zip(order, [*row, "DSP", "", "", "", "1", "2"], strict=True))
        if number % 40 == 0:
            name = rng.choice(list(wrong))
            values[name] = rng.choice(wrong[name])
        text = json.dumps(values, ensure_ascii=number % 80 == 0, separators=(",", ":"))
        lines.append(text[: rng.randrange(len(text))] if number % 333 == 332 else text)
    counts = agree("\n".join(lines).encode(), by)
    assert counts.accepted > 2800
    assert counts.refused > 20
