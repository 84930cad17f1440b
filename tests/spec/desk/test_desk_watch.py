"""tocsin watch, turn by turn, by a clock of the test's own: what is taken in when, and what is closed by it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import duckdb
import pytest
from tools.documents.feeds import plain_shape

from desk_road import AUDIT_COLUMNS, Desk, new_desk, tocsin, write_rows
from tocsin.desk.watching import Turn, Watch
from tocsin.desk.workspace import Workspace
from tocsin.engines.tables import paths
from tocsin.feeds import all_feeds
from tocsin.vocabulary.calendar import Period, parse_instant
from tocsin.vocabulary.instants import MINUTE_US, SECOND_US

OWED = """
[[expected]]
feed = "alert_stages"
sender = "CSPN"
every = "quarter_hour"
[[expected]]
feed = "alert_stages"
sender = "DSP"
every = "quarter_hour"
[[expected]]
feed = "audit_trail"
sender = "DSP"
every = "day"
"""
ALERT_COLUMNS = tuple(column.name for column in all_feeds()["alert_stages"].columns)
# The quarter-hour 08:00 to 08:15 is due an hour after its end.
SLICE, DUE = "20210810T0800", "2021-08-10T09:15:00Z"
EVERY_US = 5 * SECOND_US


@dataclass
class Clock:
    at: int

    def __call__(self) -> int:
        return self.at


@dataclass
class Watched:
    """A workspace, its watch and the clock."""

    desk: Desk
    clock: Clock
    watch: Watch

    def turns(self, count: int = 2) -> list[Turn]:
        """So many turns, one every five seconds: two are enough for what lies there already."""
        done = []
        for _ in range(count):
            done.append(self.watch.turn())
            self.clock.at += EVERY_US
        return done

    def begin_again(self) -> None:
        self.watch = Watch(Workspace.open(self.desk.root), self.clock, EVERY_US)

    def alerts(self, sender: str, *rows: tuple[str, str, str], slice_name: str = SLICE) -> Path:
        """A sender's file of a quarter-hour: (key, stage, minute:second) of each row, all of the hour of eight."""
        cells = [
            tuple(
                {"alert_key": key, "stage": stage, "observed_at": f"2021-08-10T08:{at}Z", "alert_code": "8F36", "region": "north"}.get(
                    name, ""
                )
                for name in ALERT_COLUMNS
            )
            for key, stage, at in rows
        ]
        return write_rows(self.desk.incoming / f"{sender}_AS_{slice_name}.csv", ALERT_COLUMNS, *cells)

    def trail(self, day: int, count: int = 1) -> Path:
        rows = [
            (f"U:D:{day}{n}", f"2021-08-{day:02d}T09:00:00Z", "RX_DSP", "request", "4.1.1", 1, "", "", "", "", "", "") for n in range(count)
        ]
        return write_rows(self.desk.incoming / f"DSP_SAT_202108{day:02d}_final.csv", AUDIT_COLUMNS, *rows)

    def shelf(self, slice_name: str = SLICE) -> list[tuple[str, str, int]]:
        """(sender, stage, how many) of a quarter-hour on the shelf."""
        path = self.desk.root / "store" / "slices" / "2021-08" / f"{slice_name}.parquet"
        if not path.is_file():
            return []
        return duckdb.sql(f"SELECT sender, stage, alert_count FROM read_parquet('{path}') WHERE set_aside = '' ORDER BY ALL").fetchall()


@pytest.fixture
def runs() -> Iterator[list[SimpleNamespace]]:
    """The runs that the watch asked for, in place of closes, which take seconds each and have tests of their own."""
    made: list[SimpleNamespace] = []

    def close(workspace: Workspace, period: Period, as_at: int, made_at: int, progress: object) -> SimpleNamespace:
        made.append(SimpleNamespace(period=period, as_at=as_at))
        return made[-1]

    with (
        patch("tocsin.desk.watching.close_month", close),
        patch("tocsin.desk.watching.months_of", lambda folder: [run.period.label for run in made]),
        patch("tocsin.desk.watching.read_run", lambda folder, period: next(run for run in reversed(made) if run.period == period)),
    ):
        yield made


@pytest.fixture
def watched(runs: list[SimpleNamespace], closing: Watched) -> Watched:
    """A watch over a workspace without files, closing months in name only."""
    return closing


@pytest.fixture
def closing(tmp_path: Path) -> Watched:
    """A watch over a workspace without files."""
    desk = new_desk(tmp_path / "workspace", OWED)
    for sender in ("CSPN", "DSP"):
        (desk.root / "shapes" / f"{sender.lower()}_alerts.toml").write_text(
            plain_shape(all_feeds()["alert_stages"]).replace("# ", "").replace("SENDER", sender)
        )
    clock = Clock(parse_instant("2021-08-10T08:16:00Z"))
    return Watched(desk, clock, Watch(Workspace.open(desk.root), clock, EVERY_US))


def taken(turns: list[Turn]) -> list[list[str]]:
    return [[receipt.status for receipt in turn.receipts] for turn in turns]


def closed(turns: list[Turn]) -> list[list[str]]:
    return [[one.path.stem for one in turn.slices] for turn in turns]


def test_a_file_is_taken_in_when_it_has_come_to_rest(watched: Watched) -> None:
    file = watched.alerts("CSPN", ("A1", "c", "01:00"))
    assert taken(watched.turns(1)) == [[]]
    watched.alerts("CSPN", ("A1", "c", "01:00"), ("A2", "c", "01:00"))
    assert taken(watched.turns(3)) == [[], ["accepted"], []]
    (standing,) = watched.watch._entered()
    assert (standing.file_name, standing.accepted) == (file.name, 2)


def test_a_slice_is_on_the_shelf_within_a_minute_of_its_last_file(watched: Watched) -> None:
    watched.alerts("CSPN", ("A1", "c", "01:00"), ("A1", "d", "01:02"), ("A2", "c", "14:59"))
    assert closed(watched.turns(3)) == [[], [], []] and not watched.shelf()
    appeared_at = watched.clock.at
    watched.alerts("DSP", ("A1", "e", "01:02"), ("A1", "f", "01:03"))
    while not (turn := watched.turns(1)[0]).slices:
        assert watched.clock.at - appeared_at < MINUTE_US
    (one,) = turn.slices
    assert (one.path.stem, one.state.missing, one.state.owed_count) == (SLICE, (), 2)
    assert watched.clock.at - appeared_at < MINUTE_US
    assert watched.shelf() == [("CSPN", "c", 2), ("CSPN", "d", 1), ("DSP", "e", 1), ("DSP", "f", 1)]


def test_a_slice_past_its_deadline_is_shown_with_what_is_missing(watched: Watched) -> None:
    watched.alerts("DSP", ("A1", "e", "01:02"))
    watched.turns(3)
    watched.clock.at = parse_instant(DUE) - 1
    assert SLICE not in closed(watched.turns(1))[0]
    watched.clock.at = parse_instant(DUE)
    (turn,) = watched.turns(1)
    assert [(one.path.stem, one.state.missing) for one in turn.slices if one.path.stem == SLICE] == [(SLICE, ("CSPN alert_stages",))]
    assert watched.shelf() == [("DSP", "e", 1)]
    told = json.loads((watched.desk.root / "store" / "slices" / "2021-08" / f"{SLICE}.json").read_text())
    assert (told["owed"], told["missing"]) == (2, ["CSPN alert_stages"])


def test_a_late_file_and_one_sent_again_close_their_slice_again(watched: Watched) -> None:
    watched.alerts("DSP", ("A1", "e", "01:02"))
    watched.turns()
    watched.clock.at = parse_instant(DUE)
    watched.turns(1)
    watched.alerts("CSPN", ("A1", "c", "01:00"))
    assert SLICE in closed(watched.turns())[1]
    assert watched.shelf() == [("CSPN", "c", 1), ("DSP", "e", 1)]
    watched.alerts("CSPN", ("A1", "c", "01:00"), ("A2", "c", "01:30"))
    assert SLICE in closed(watched.turns())[1]
    assert watched.shelf() == [("CSPN", "c", 2), ("DSP", "e", 1)]
    assert closed(watched.turns()) == [[], []]


def test_a_stamp_of_the_neighbouring_quarter_hour_is_counted_where_it_lies(watched: Watched) -> None:
    """Of the file of 08:00 one row is stamped 08:15:01: it is in the slice of 08:15, whose own files come later."""
    watched.alerts("CSPN", ("A1", "c", "14:59"), ("A2", "c", "15:01"))
    watched.alerts("DSP")
    watched.turns()
    assert watched.shelf() == [("CSPN", "c", 1)]
    for sender in ("CSPN", "DSP"):
        watched.alerts(sender, slice_name="20210810T0815")
    assert "20210810T0815" in closed(watched.turns())[1]
    assert watched.shelf("20210810T0815") == [("CSPN", "c", 1)]


def test_slices_are_what_the_closed_month_says(closing: Watched) -> None:
    watched = closing
    watched.alerts("CSPN", ("A1", "c", "01:00"), ("A1", "d", "01:02"), ("A2", "c", "14:59"), ("A3", "c", "15:00"))
    watched.alerts("DSP", ("A1", "e", "01:02"), ("A1", "f", "01:03"), ("A1", "f", "01:03"))
    watched.trail(10)
    # The neighbours, of which no file came, are due as well.
    watched.clock.at = parse_instant("2021-08-10T10:00:00Z")
    (*_, turn) = watched.turns()
    assert {one.path.stem for one in turn.slices} == {"20210810T0745", SLICE, "20210810T0815"} and turn.runs
    (table,) = (watched.desk.root / "store" / "journeys" / "alert_slices").iterdir()
    month = duckdb.sql(f"SELECT * FROM read_parquet({list(paths(table))}, hive_partitioning = false) ORDER BY ALL")
    columns = ", ".join(name for name in month.columns if not name.startswith("of_"))
    slices = f"read_parquet('{watched.desk.root}/store/slices/2021-08/*.parquet')"
    assert duckdb.sql(f"SELECT {columns} FROM {slices} ORDER BY ALL").fetchall() == month.select(columns).fetchall()


def test_a_day_that_fills_makes_a_run(watched: Watched) -> None:
    watched.trail(10)
    (*_, turn) = watched.turns()
    (run,) = turn.runs
    assert (run.period.label, run.as_at) == ("2021-08", watched.clock.at - EVERY_US)
    assert not any(turn.runs for turn in watched.turns(3))
    watched.trail(9)
    assert [len(turn.runs) for turn in watched.turns()] == [0, 1]


def test_a_day_that_is_not_filled_makes_none(watched: Watched) -> None:
    """Two senders owe the day; a file of the first alone is taken in and closes nothing."""
    more = OWED + '[[expected]]\nfeed = "audit_trail"\nsender = "S1SP-SECURE"\nevery = "day"\n'
    watched.desk.settings(more)
    watched.begin_again()
    watched.trail(10)
    turns = watched.turns(3)
    assert taken(turns)[1] == ["accepted"] and not any(turn.runs for turn in turns)


def test_what_a_stopped_watch_left_open_is_closed_by_the_next(watched: Watched) -> None:
    files = [watched.alerts("CSPN", ("A1", "c", "01:00")), watched.alerts("DSP"), watched.trail(10)]
    watched.desk.take_in(*files, received_at="2021-08-10T08:16:00Z")
    watched.begin_again()
    (turn,) = watched.turns(1)
    assert SLICE in [one.path.stem for one in turn.slices] and not turn.runs
    # The files themselves are found at rest, known again, and enter nothing.
    (turn,) = watched.turns(1)
    assert len(turn.runs) == 1 and not turn.receipts
    assert [delivery.status for delivery in watched.watch._entered()] == ["accepted"] * 3
    watched.begin_again()
    assert not any(turn.slices or turn.runs or turn.receipts for turn in watched.turns(3))


@pytest.mark.parametrize(
    "place", ["tocsin.desk.watching.take_files_in", "tocsin.reports.slices.join_parts", "tocsin.desk.watching.close_month"]
)
def test_ctrl_c_at_any_place_leaves_nothing_half_written(watched: Watched, place: str) -> None:
    watched.alerts("CSPN", ("A1", "c", "01:00"))
    watched.alerts("DSP", ("A1", "e", "01:01"))
    watched.trail(10)
    with patch(place, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        watched.turns()
    assert watched.desk("doctor").code == 0
    assert not list((watched.desk.root / "store").rglob("*aside*"))
    watched.begin_again()
    turns = watched.turns(3)
    assert watched.shelf() == [("CSPN", "c", 1), ("DSP", "e", 1)]
    assert sum(len(turn.runs) for turn in turns) == 1


def no_sleep(at_most: int) -> Callable[[float], None]:
    slept = iter(range(at_most))

    def sleep(seconds: float) -> None:
        if next(slept, None) is None:
            raise KeyboardInterrupt

    return sleep


def test_the_command_ends_with_once_when_nothing_waits(watched: Watched) -> None:
    desk = watched.desk
    write_rows(desk.incoming / "DSP_SAT_20210811_final.csv", AUDIT_COLUMNS)
    (desk.incoming / "strange.bin").write_text("?")
    said = desk("watch", "--once", "--every", "0.1", "--slices-only")
    assert said.code == 11 and "refused: 1 file;" in said.err
    assert "DSP_SAT_20210811_final.csv: accepted: 0 rows accepted" in said.out and "no Shape fits" in said.out
    assert desk("watch", "--once", "--every", "0.1", "--slices-only").out.count("accepted") == 0


def test_ctrl_c_ends_the_command_with_130(watched: Watched) -> None:
    with patch("tocsin.desk.commands.watch.time.sleep", no_sleep(1)):
        said = watched.desk("watch")
    assert (said.code, "nothing is ever half-written" in said.err) == (130, True)


def test_a_wrong_shape_is_said_once_and_tried_again(watched: Watched) -> None:
    watched.alerts("CSPN", ("A1", "c", "01:00"))
    (watched.desk.root / "shapes" / "broken.toml").write_text("feed = ")
    with (
        patch("tocsin.desk.commands.watch.time.sleep", no_sleep(3)),
        patch("tocsin.deliveries.resting.Resting.look", lambda self, files, at: files),
    ):
        said = watched.desk("watch")
    assert (said.code, said.err.count("BadDeclaration")) == (130, 1)
    assert tocsin("watch", "--workspace", watched.desk.root, "--once", "--every", "0.1").code == 10


def test_a_slice_whose_file_was_withdrawn_leaves_the_shelf_until_it_is_due(watched: Watched) -> None:
    watched.clock.at = parse_instant("2021-08-10T08:16:00Z")
    watched.alerts("CSPN", ("A1", "c", "01:00"))
    watched.alerts("DSP", ("A1", "e", "01:02"))
    watched.turns()
    assert watched.shelf() == [("CSPN", "c", 1), ("DSP", "e", 1)]
    (wrong,) = [one.delivery_id for one in watched.watch._entered() if one.sender == "CSPN"]
    said = watched.desk("withdraw", wrong, "--reason", "test data", "--at", "2021-08-10T08:20:00Z")
    assert said.code == 0, said.err
    watched.clock.at = parse_instant("2021-08-10T08:21:00Z")
    assert closed(watched.turns(1)) == [[]] and watched.shelf() == []
    watched.clock.at = parse_instant(DUE)
    (turn,) = watched.turns(1)
    assert (SLICE, ("CSPN alert_stages",)) in [(one.path.stem, one.state.missing) for one in turn.slices]
    assert watched.shelf() == [("DSP", "e", 1)]


def test_a_month_whose_file_was_withdrawn_gets_a_run_without_it(watched: Watched, runs: list[SimpleNamespace]) -> None:
    watched.trail(10)
    watched.turns()
    assert len(runs) == 1
    (wrong,) = [one.delivery_id for one in watched.watch._entered()]
    assert watched.desk("withdraw", wrong, "--reason", "test data", "--at", "2021-08-10T08:20:00Z").code == 0
    watched.clock.at = parse_instant("2021-08-10T08:21:00Z")
    assert [len(turn.runs) for turn in watched.turns(3)] == [1, 0, 0]
    watched.begin_again()
    assert not any(turn.runs or turn.receipts for turn in watched.turns(3))
