"""Journeys worked out of accepted rows, as a close or a watch does it: CPU seconds of each, from the rows to the sorted Parquet file.

python -m bench.ours.happenings --job alerts --journeys alert_slices alert_legs --out FOLDER FILE…
"""

import argparse
import time
from datetime import timedelta
from pathlib import Path

from bench.happenings import STRETCHES, deliveries, feed_of
from bench.peers.arguments import tell
from bench.population import FIRST_DAY
from tocsin.engines import Relation, engine_named
from tocsin.feeds import all_feeds
from tocsin.journeys import all_journeys
from tocsin.measuring.buckets import in_bucket
from tocsin.measuring.journey import DELIVERIES, earlier_rows
from tocsin.measuring.picks import hold_picks
from tocsin.reports.journey_tables import ordered
from tocsin.vocabulary.calendar import instant


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--job", required=True)
    parser.add_argument("--journeys", nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--files", type=Path, nargs="+", required=True)
    asked = parser.parse_args()
    start_at, end_at = STRETCHES[asked.job]
    # Long after: whatever is still open by now will never be answered.
    at = in_bucket(start_at, end_at, instant(FIRST_DAY + timedelta(days=40)))
    answers = {}
    engine = engine_named("duckdb", {"threads": 2, "memory_limit": "4GB", "temp_directory": str(asked.out)})
    # The peers import their engine when they start; ours is imported by its first session, and a watch has it in memory.
    with engine.session() as session:
        session.rows("SELECT 1")
    for name in asked.journeys:
        journey, path = all_journeys()[name], asked.out / f"{name}.parquet"
        began, cpu_began = time.monotonic(), time.process_time()
        with engine.session() as session:
            for feed in all_feeds().values():
                if feed.name in journey.reads:
                    paths = tuple(str(path) for path in asked.files if feed_of(path) == feed.name)
                    session.add(Relation(feed.name, feed.stored_columns, paths))
                    # Every file of the bench is of the stretch itself.
                    session.add(Relation(earlier_rows(feed.name), feed.stored_columns))
            for read in journey.reads:
                if read in all_journeys():
                    stored = asked.out / f"{read}.parquet"
                    session.add(Relation(read, all_journeys()[read].columns, (str(stored),) if stored.is_file() else ()))
            if DELIVERIES.name in journey.reads:
                session.add_rows(DELIVERIES, [(*of, "final", end_at) for of in deliveries(asked.job)])
            for relation, facts in journey.dated(FIRST_DAY.date(), None):
                session.add_rows(relation, facts)
            hold_picks(session, journey.picks, at)
            sql = f"SELECT * FROM ({journey.sql}) AS happenings{ordered(journey)}"
            rows = session.write_parquet(sql, path, at, journey.grouped)
        answers[name] = {"rows": rows, "cpu_s": time.process_time() - cpu_began, "wall_s": time.monotonic() - began, "answer": str(path)}
    tell(answers)


if __name__ == "__main__":
    main()
