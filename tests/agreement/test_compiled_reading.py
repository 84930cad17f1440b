"""The compiled road gives what the statement alone gives: the same accepted rows in the same order, refusals, counts and findings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from two_roads import CELLS, agree, one_database, shape  # noqa: F401

from tocsin.feeds.shape import Shape

pytest.importorskip("numba", reason="the extra `volume` is not installed: there is one road only")

TRAIL = shape(
    "audit_trail",
    nulls=["NA", "-"],
    columns={
        "request_id": "id",
        "observed_at": "at",
        "time_point": {"column": "point"},
        "message_class": "point",
        "srv": {"column": "srv", "when_empty": "none"},
        "command_variant": "n",
        "device_id": {"join": ["srv", "id"], "with": "/"},
        "user_id": {"column": "who", "fold": "lower"},
        "schedule_id": "who",
        "scheduled_at": {"column": "when", "format": "epoch_ms"},
        "execution_at": {"column": "due", "zone": "Europe/London"},
        "instruction_no": {"column": "n", "values": {"x": "1", "9": ""}},
        "instruction_total": {"constant": "7"},
    },
    values={"message_class": {"in": "request", "run": "scheduled"}, "time_point": {"in": "RX_DSP", "gone": ""}},
    unfold=[
        {"when": {"column": "n", "is": ["1", "2", "x"]}},
        {"when": [{"column": "who", "is": "empty"}, {"column": "n"}], "columns": {"observed_at": {"column": "due", "zone": "UTC"}}},
        {"when": {"column": "when"}, "columns": {"time_point": {"constant": "TX_USER"}, "device_id": "who"}},
    ],
)
ALERTS = shape(
    "alert_stages",
    delimiter=";",
    nulls=["NA"],
    true_words=["Held", "1"],
    false_words=["passed", "0"],
    columns={
        "alert_key": {"join": ["id", "who", "n"]},
        "observed_at": {"column": "day", "format": "%d/%m/%Y %H:%M:%S", "zone": "Europe/London"},
        "stage": {"column": "point", "fold": "lower", "values": {"in": "A", "run": "b"}},
        "alert_code": "srv",
        "device_id": "id",
        "user_id": "who",
        "throttled_count": "n",
        "is_consolidated": "flag",
        "region": {"constant": " north "},
        "device_clock": {"column": "flag", "when_empty": "reliable"},
    },
)
# A scheduled run has no identifier of its own.
RUNS = shape(
    "audit_trail",
    header=False,
    delimiter="|",
    positions=["id", "at", "point", "srv", "who", "when", "day"],
    columns={
        "request_id": {
            "join": [
                {"column": "id", "pattern": "^([^:]+):"},
                {"column": "id", "pattern": "^[^:]+:([^:]+):"},
                {"column": "id", "pattern": ":([^:]+)$"},
            ]
        },
        "observed_at": {"column": "at", "fold": "upper"},
        "time_point": {"constant": "RX_DSP"},
        "message_class": {"column": "point", "values": {"in": "request", "run": "scheduled"}},
        "srv": "srv",
        "device_id": "who",
        "schedule_id": "srv",
        "scheduled_at": {"column": "when", "format": "epoch_us"},
        "execution_at": {"column": "day", "format": "%d-%m-%Y %H:%M:%S.%f", "zone": "UTC"},
    },
)

anything = st.text(alphabet=['"', "a", " ", ",", ";", "|", "\t", "\n", "\r", "é", "\x1f", "1", "\x7f", "~"], max_size=6)


@st.composite
def line(draw: st.DrawFn, names: list[str], delimiter: str, is_wild: bool) -> str:
    doubts = draw(st.sampled_from([0, 0, 1, 4]))
    cells = [draw(st.sampled_from(CELLS[name][0] if draw(st.integers(0, 9)) >= doubts else CELLS[name][1])) for name in names]
    if draw(st.integers(0, 14)) == 0:
        cells = cells[: draw(st.integers(0, len(cells) - 1))] if draw(st.booleans()) else [*cells, "more"]
    if is_wild:
        cells = [draw(anything) if draw(st.integers(0, 9)) == 0 else cell for cell in cells]
    return delimiter.join(cells)


@st.composite
def file(draw: st.DrawFn, by: Shape) -> bytes:
    names = list(by.columns_read()) if by.header else list(by.positions)
    lines = draw(st.lists(line(names, by.delimiter, draw(st.integers(0, 3)) == 0), max_size=40))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    # Lines that repeat one another are the same row come twice.
    lines += draw(st.lists(st.sampled_from(lines), max_size=3)) if lines else []
    return (end.join([by.delimiter.join(names)] * by.header + lines) + draw(st.sampled_from(["", end, end * 2]))).encode() or b"\n"


@settings(max_examples=20)
@given(content=file(TRAIL))
def test_a_trail_of_three_rows_a_line(content: bytes) -> None:
    """Conditions, value maps, null words, joins, folds, local stamps, whole numbers by words, checks of the feed."""
    agree(content, TRAIL)


@settings(max_examples=20)
@given(content=file(ALERTS))
def test_alerts_in_local_time(content: bytes) -> None:
    """British dates near clock changes, flags, identifiers of three cells, codes in capitals."""
    agree(content, ALERTS)


@settings(max_examples=20)
@given(content=file(RUNS))
def test_runs_that_are_keyed_by_their_schedule(content: bytes) -> None:
    """No header, and no identifier: the key is made of the schedule, the SRV, the device and the planned instant."""
    agree(content, RUNS)


@pytest.mark.parametrize(("by", "unlike"), [(TRAIL, {}), (ALERTS, {}), (RUNS, {"when": 1, "day": 2})], ids=["trail", "alerts", "runs"])
def test_every_cell_among_good_ones(by: Shape, unlike: dict[str, int]) -> None:
    """One line for each cell there is, all its neighbours good: what becomes of the cell is then what becomes of the line."""
    names = list(by.columns_read()) if by.header else list(by.positions)
    good = {name: CELLS[name][0][unlike.get(name, 0)] for name in names}
    lines = [by.delimiter.join(names)] * by.header
    for name in names:
        for cell in CELLS[name][0] + CELLS[name][1]:
            # Every line another row: the second of two that are the same would tell nothing.
            own = good if name == "id" else {**good, "id": f"{good['id']}{len(lines)}"}
            lines.append(by.delimiter.join((own | {name: cell}).values()))
    assert agree("\n".join(lines).encode(), by).accepted > 30


def test_many_lines_with_every_kind_of_fault() -> None:
    """Some thousand lines over many pieces; most are read in compiled code, some are refused, some repeat others far away."""
    names = ("at", "point", "srv", "who", "when", "day")
    good = [CELLS["at"][0], ["in", "run"], CELLS["srv"][0], CELLS["who"][0], ["1772359200001000"], ["01-03-2026 10:00:00.5", ""]]
    every = [CELLS[name][0] + CELLS[name][1] for name in names]
    lines = []
    for number in range(3000):
        of = every if number % 7 == 0 else good
        cells = [some[(number // 7 * step) % len(some)] for step, some in enumerate(of, 1)]
        lines.append("|".join([f"90B3D51F:5:{number % 1400}" if number % 11 else "", *cells]))
    counts = agree("\n".join(lines).encode(), RUNS)
    assert counts.accepted > 1000
    assert counts.duplicates > 10
    assert counts.refused > 100
