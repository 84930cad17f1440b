"""The figures of a month from its tallies, as a close makes them, or the report of its run, as `tocsin report` writes it: CPU seconds.

python -m bench.ours.pmr --step figures --tallies FOLDER --out FOLDER
python -m bench.ours.pmr --step report --tallies FOLDER --out FOLDER
"""

import argparse
from pathlib import Path

from bench.month_rhythm import PERIOD, rhythm
from bench.peers.arguments import tell
from tocsin.engines import Engine, engine_named
from tocsin.feeds import all_feeds
from tocsin.journeys import all_journeys
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.ladder import Ladder
from tocsin.measuring.presence import Presence
from tocsin.measuring.tally import Tally
from tocsin.reports.closing import JourneyTable
from tocsin.reports.counting import Counted, count_journeys
from tocsin.reports.deadlines import pmr_deadlines
from tocsin.reports.figures_digest import figures_digest
from tocsin.reports.figuring import Figured, Figuring, counters_of, make_figures
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.run_store import read_run, write_run
from tocsin.reports.texts import area_texts, assumption_lines, measure_texts, process_texts, word_lines
from tocsin.vocabulary.calendar import WorkingDays


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--step", choices=["figures", "report"], required=True)
    parser.add_argument("--tallies", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    runs = asked.out / "runs"
    engine = engine_named("duckdb", {"threads": 2, "memory_limit": "1GB", "temp_directory": str(asked.out)})
    if asked.step == "figures":
        # No table of the workspace's own.
        reference = asked.out / "reference"
        reference.mkdir(parents=True, exist_ok=True)
        run = frozen(figured(engine, asked.tallies, reference), reference)
        folder = runs / PERIOD.label / run.run_id
        folder.mkdir(parents=True, exist_ok=True)
        write_run(run, folder)
        tell({"figures": len(run.figures)})
        return
    # To make figures, nothing of what writes a PDF is loaded.
    from tocsin.reports.pmr import FORMATS, write_report

    # It reads the run that was frozen, and knows nothing else.
    kept = read_run(runs, PERIOD, None)
    written = write_report(kept, asked.out / "report", FORMATS, engine=engine)
    tell({"digest": figures_digest(kept.figures), "bytes": sum(path.stat().st_size for path in written)})


def figured(engine: Engine, tallies: Path, reference: Path) -> Figured:
    """Every figure of the month: Service Requests by the tallies given, nothing of the other journeys."""
    counted = {
        name: Counted(Tally(journey, counters_of(name, PERIOD.first_on, reference)), Ladder.of(journey), tallies)
        if name == SERVICE_REQUESTS.name
        else count_journeys(engine, JourneyTable(journey, tallies, 0, 0), counters_of(name, PERIOD.first_on, reference), tallies)
        for name, journey in all_journeys().items()
    }
    presence = {name: Presence(30, 30) for name in all_feeds()}
    return make_figures(engine, counted, Figuring(PERIOD, presence, reference, b"a secret of the bench"))


def frozen(made: Figured, reference: Path) -> FrozenRun:
    return FrozenRun(
        run_id="2021-09-20211022T000000-0000bec4",
        period=PERIOD,
        as_at=PERIOD.next().end_at,
        made_at=PERIOD.next().end_at,
        code_version="bench",
        engine="duckdb",
        parameters_digest="0" * 64,
        basis_digest="0" * 64,
        is_complete=True,
        figures=made.figures,
        days=made.days,
        incident_cube=made.incident_cube,
        open_breached=made.open_breached,
        rhythm=rhythm(made.days),
        measures=measure_texts(PERIOD, reference),
        processes=process_texts(),
        areas=area_texts(),
        assumptions=assumption_lines(PERIOD, reference),
        deadlines=pmr_deadlines(PERIOD, WorkingDays()),
        words=word_lines(PERIOD.first_on, reference),
        title="Bench",
    )


if __name__ == "__main__":
    main()
