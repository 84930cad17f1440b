"""August to October 2021 rehearsed on a simulated network: every day on which something is due, as the papers tell it. `make rehearsal`.

python -m tools.rehearsal FOLDER [--scale S] [--without FEED …] [--url sc://host:15002]

Files are taken in as they come, CSP South & Central's reports on Working Day 18, as paper 2 has it. The PMR of August is provisional until
it is complete, agreed and published; September's is published on Working Day 18, and a final report that comes two days later restates it.
The commands are those that people type; only what they print is made shorter.
"""

import argparse
import contextlib
import csv
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tocsin.desk.cli import main as command_line
from tocsin.desk.workspace import FILE
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.pmr_calendar import fits
from tocsin.reports.run_store import read_run
from tocsin.vocabulary.calendar import Period, WorkingDays, parse_instant

AUGUST, SEPTEMBER, OCTOBER = Period(2021, 8), Period(2021, 9), Period(2021, 10)
SCALE, SEED, FAULTS = "0.00002", 7, "usual"
# Quarter-hours of alerts would be most of the files, and none of what is rehearsed.
NO_SLICES = "2022-01-01"

# Finals come by Working Day 5; by the Code the report is due on 10, and CSP South & Central is ready on 18 (paper 2, domain.md 11.2).
FINALS, LEGAL, COMMON = 5, 10, 18
BLOCKER, READY_AT = "CSPCS", {"initial": "T14:00:00Z", "final": "T15:00:00Z"}
REPORTS = "provider_reports"
# The final that comes too late for September: sender, and when.
LATE_SENDER, LATE_AT = "CSPN", "2021-10-28T10:00:00Z"
SIGNATORIES = """
[sign_off]
required = ["DCC", "SECAS", "CSPN"]

[[signatory]]
name = "service.manager"
of = ["DCC"]

[[signatory]]
name = "secas"
of = ["SECAS"]

[[signatory]]
name = "csp.north"
of = ["CSPN"]
"""


@dataclass(frozen=True)
class Told:
    """One line of the rehearsal: the day, what happens, and what it shows."""

    on: str
    happens: str
    shows: str


@dataclass
class Rehearsal:
    """A workspace in which three months are worked through; `lines` tell how, `runs` keep each run's name by what it is."""

    folder: Path
    say: Callable[[Told], None]
    lines: list[Told] = field(default_factory=list)
    runs: dict[str, str] = field(default_factory=dict)
    arrivals: list[tuple[str, str]] = field(default_factory=list)
    late_file: str = ""
    # The rehearsal's clock: what is signed and published is so on its day, for readers know a month by what was published when.
    clock: int = 0

    def __call__(self, command: str, *words: object, ends: Sequence[int] = (0,)) -> str:
        """Run a command of the workspace; gives what it printed. Raises RuntimeError where it ends otherwise than it should."""
        out, err = io.StringIO(), io.StringIO()
        argv = ["tocsin", command, *(str(word) for word in words), "--workspace", str(self.folder)]
        code = 0
        clocks = [patch(f"tocsin.desk.commands.{name}.now", lambda: self.clock) for name in ("sign_off", "publish")]
        with clocks[0], clocks[1], patch.object(sys, "argv", argv), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                command_line()
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        if code not in ends:
            raise RuntimeError(f"{' '.join(argv)} ended with {code}, expected {' or '.join(map(str, ends))}: {err.getvalue()[-2000:]}")
        return out.getvalue()

    def table(self, command: str, *words: object) -> list[dict[str, str]]:
        """What a command prints as CSV."""
        return list(csv.DictReader(io.StringIO(self(command, *words, "--format", "csv"))))

    def tell(self, on: str, happens: str, shows: str) -> None:
        self.lines.append(Told(on, happens, shows))
        self.say(self.lines[-1])

    def take_in(self, until: str) -> int:
        """Take in what has come by an instant, each file at its own; gives how many files that were. Planted damage is refused (11)."""
        come = [one for one in self.arrivals if one[1] <= until]
        self.arrivals = self.arrivals[len(come) :]
        if come:
            listed = self.folder / "arrivals.csv"
            write_arrivals(listed, come)
            self("take-in", "--arrivals", listed, ends=(0, 11))
        return len(come)

    def close(self, period: Period, at: str, name: str) -> FrozenRun:
        """Take in what has come, and close a month as at that instant; the clock stands there then."""
        self.take_in(at)
        self.clock = parse_instant(at)
        self.runs[name] = self("close", period.label, "--as-at", at).split()[1].rstrip(":")
        return self.run(period, name)

    def run(self, period: Period, name: str) -> FrozenRun:
        return read_run(self.folder / "runs", period, self.runs[name])


def rehearse(folder: Path, say: Callable[[Told], None], *, scale: str = SCALE, without: Sequence[str] = (), url: str = "") -> Rehearsal:
    """The three months from the first file to the published reports; `url`: a cluster on which the published run is made again too."""
    made = Rehearsal(folder, say)
    _prepare(made, scale, without)
    for working_day in (FINALS, LEGAL):
        _provisional(made, working_day)
    _august(made)
    _september(made)
    _october(made)
    _what_if(made)
    _again(made, url)
    return made


def _prepare(made: Rehearsal, scale: str, without: Sequence[str]) -> None:
    asked = ("--months", 3, "--scale", scale, "--seed", SEED, "--faults", FAULTS, "--slices-from", NO_SLICES)
    made("simulate", AUGUST.label, *asked)
    settings = made.folder / FILE
    settings.write_text(_without(settings.read_text(encoding="utf-8"), without) + SIGNATORIES, encoding="utf-8")
    deliveries = [row for row in _rows(made.folder / "truth" / "deliveries.csv") if row["feed"] not in without]
    for row in deliveries:
        if (row["feed"], row["sender"]) == (REPORTS, BLOCKER):
            row["arrives_at"] = f"{WorkingDays().working_day(Period.parse(row['slot']), COMMON)}{READY_AT[row['submission']]}"
        if tuple(row[name] for name in ("feed", "sender", "slot", "submission")) == (REPORTS, LATE_SENDER, SEPTEMBER.label, "final"):
            made.late_file, row["arrives_at"] = Path(row["file"]).name, LATE_AT
    made.arrivals = sorted(((row["file"], row["arrives_at"]) for row in deliveries), key=lambda one: (one[1], one[0]))
    made.tell("2021-08-01", "three months begin", f"{len(made.arrivals):,} files will come, of a network simulated at {scale} of its size")


def _provisional(made: Rehearsal, working_day: int) -> None:
    at = at_end_of(AUGUST, working_day)
    run = made.close(AUGUST, at, f"August, Working Day {working_day}")
    owed = made.table("owed", AUGUST.label, "--as-at", at)
    waits = ", ".join(dict.fromkeys(row["sender"] for row in owed)) or "nobody"
    missing = sum(int(row["missing"] or 0) for row in owed)
    shows = f"{_standing(run)}; {missing} file{' is' if missing == 1 else 's are'} missing; it waits for {waits}"
    made.tell(at[:10], f"August, Working Day {working_day}: closed as far as it goes", shows)
    if working_day == LEGAL:
        made.tell(at[:10], "the legal deadline", _against(AUGUST, LEGAL))


def _august(made: Rehearsal) -> None:
    at = at_end_of(AUGUST, COMMON)
    run = made.close(AUGUST, at, "August")
    made.tell(at[:10], f"August, Working Day {COMMON}: closed", f"{_standing(run)}; {_against(AUGUST, COMMON)}")
    month = AUGUST.label
    made("sign-off", "accept", month, "--of", "DCC", "--by", "service.manager")
    made("sign-off", "query", month, "--of", LATE_SENDER, "--by", "csp.north", "--comment", "Is the 14th counted twice?")
    made("publish", month, "--by", "service.manager", ends=(12,))
    made.tell(at[:10], "the DCC accepts, CSP North queries", "the report cannot be published yet")
    made("sign-off", "accept", month, "--of", LATE_SENDER, "--by", "csp.north")
    made("sign-off", "waive", month, "--of", "SECAS", "--by", "service.manager", "--comment", "No reply within five Working Days")
    _publish(made, AUGUST, at[:10])


def _september(made: Rehearsal) -> None:
    at = at_end_of(SEPTEMBER, COMMON)
    run = made.close(SEPTEMBER, at, "September")
    made.tell(at[:10], f"September, Working Day {COMMON}: closed", f"{_standing(run)}; {_against(SEPTEMBER, COMMON)}")
    for of, by in (("DCC", "service.manager"), ("SECAS", "secas"), (LATE_SENDER, "csp.north")):
        made("sign-off", "accept", SEPTEMBER.label, "--of", of, "--by", by)
    _publish(made, SEPTEMBER, at[:10])
    made.close(SEPTEMBER, f"{LATE_AT[:10]}T17:00:00Z", "September, restated")
    names = ("--from", made.runs["September"], "--to", made.runs["September, restated"])
    figures = made.table("compare", SEPTEMBER.label, *names)
    came = made.table("compare", SEPTEMBER.label, *names, "--deliveries")
    cause = ", ".join(dict.fromkeys(f"{row['submission']} of {row['feed']} of {row['sender']}" for row in came if row["side"] == "came"))
    first = next((row for row in figures if row["apart"]), figures[0])
    shows = f"{len(figures)} figures told otherwise, such as {first['figure']}: {first['was']}, now {first['is']}; the cause: the {cause}"
    made.tell(LATE_AT[:10], f"{made.late_file} comes; September closed again", shows)


def _october(made: Rehearsal) -> None:
    at = at_end_of(OCTOBER, COMMON)
    run = made.close(OCTOBER, at, "October")
    told = [f"{month.month} with {month.figure_count} figures" for month in run.restated.months if month.figure_count]
    shows = f"{_standing(run)}; its report restates {', '.join(told) or 'nothing'}"
    made.tell(at[:10], f"October, Working Day {COMMON}: closed", shows)


def _what_if(made: Rehearsal) -> None:
    at = at_end_of(OCTOBER, COMMON)
    for row in made.table("what-if", AUGUST.label, SEPTEMBER.label, "-d", 2, "--as-at", at):
        would = f"{row['would_be_complete_at'][:10]} (Working Day {row['would_be_working_day']})"
        was = f"{row['complete_at'][:10]} (Working Day {row['working_day']})"
        made.tell(at[:10], f"had all sent by Working Day 2, {row['period']}", f"would have been complete on {would}, and was on {was}")


def _again(made: Rehearsal, url: str) -> None:
    at = at_end_of(OCTOBER, COMMON)
    engines = [("duckdb",), *([("spark", "--url", url)] if url else [])]
    for engine in engines:
        made("reproduce", SEPTEMBER.label, "--run", made.runs["September"], "--engine", *engine)
        shows = f"all {len(made.run(SEPTEMBER, 'September').figures):,} figures are equal, byte for byte"
        made.tell(at[:10], f"September's published run made again on {engine[0]}", shows)


def _publish(made: Rehearsal, period: Period, on: str) -> None:
    digest = made("publish", period.label, "--by", "service.manager").split("Digest of its figures: ")[1].split()[0]
    made.tell(on, f"{period.label} is published", f"digest of its figures {digest[:16]}…")


def _standing(run: FrozenRun) -> str:
    filled, owed = (sum(slot.state in states for slot in run.slots) for states in (("on_time", "late"), ("on_time", "late", "missing")))
    return f"{'complete' if run.is_complete else 'provisional'}, {filled} of {owed} owed files are there"


def _against(period: Period, working_day: int) -> str:
    found = [fit for fit in fits(period, WorkingDays()) if fit.due.working_day == working_day and fit.due.name != "operative"]
    words = {
        fit.meeting.meeting: f"{'makes' if fit.makes_paper_day else 'misses'} the {fit.meeting.meeting} paper day of {fit.meeting.paper_on}"
        for fit in found
    }
    return " and ".join(words.values())


def at_end_of(period: Period, working_day: int) -> str:
    """An instant in the evening of a Working Day after a month."""
    return f"{WorkingDays().working_day(period, working_day)}T17:00:00Z"


def write_arrivals(path: Path, come: Sequence[tuple[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("file", "received_at"), *come])


def _without(settings: str, feeds: Sequence[str]) -> str:
    """The settings without the [[expected]] tables of some feeds."""
    tables = settings.split("\n\n")
    return "\n\n".join(text for text in tables if not any(f'feed = "{feed}"' in text for feed in feeds)).rstrip() + "\n"


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _print(line: Told) -> None:
    print(f"{line.on}  {line.happens}\n            {line.shows}", flush=True)


def main() -> None:
    asked: Any = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path, help="a folder that is not there yet")
    asked.add_argument("--scale", default=SCALE)
    asked.add_argument("--without", nargs="*", default=[], metavar="FEED", help="feeds to leave out, for a quicker rehearsal")
    asked.add_argument("--url", default="", help="where Spark Connect listens: the published run is made again there too")
    told = asked.parse_args()
    rehearse(told.folder, _print, scale=told.scale, without=told.without, url=told.url)


if __name__ == "__main__":
    main()
