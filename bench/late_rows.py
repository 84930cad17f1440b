"""A month of 100 million audit rows closed, and what a late file costs it: 10,000 rows of one day, beside the whole month worked out.

    python -m bench.late_rows --times 1          a month of 20 million rows: the quick look

The requests of the other jobs so many times, each time under other keys, spread over the thirty days of a month; of each hundred two are
future-dated, and some are cancelled. A run of the full size leaves its results in bench/results/late-rows.md.
"""

import argparse
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from tools import markdown

from bench.generate import DATA, Dataset, generate
from bench.measure import Outcome, run
from bench.population import FIRST_DAY
from bench.tables import at_most
from tocsin.deliveries.store import Store
from tocsin.feeds.feed import BAND_SHIFT
from tocsin.measuring.buckets import KEY_BITS
from tocsin.vocabulary.instants import DAY_US, instant
from tocsin.vocabulary.service_requests import CANCELLED_FROM

MONTH_DAYS, LATE_DAY, LATE_ROWS = 30, 15, 10_000
LATE = "late"
# 100 million rows out of the 20 million of the other jobs.
ROWS, TIMES = 20_000_000, 5
RESULTS = Path(__file__).parent / "results"


def late_rows(data: Dataset, times: int) -> tuple[str, dict[str, Any], list[str]]:
    """The table as Markdown, the same as data, and sentences of what differs between the two closes."""
    folder = data.folder / "work" / "late-rows"
    shutil.rmtree(folder, ignore_errors=True)
    store = Store(folder / "store")
    days = [f"day-{day:02d}" for day in range(MONTH_DAYS + 1)]
    _write_month(data, times, store, days)
    first = _closed(folder, "standing", days)
    late, whole = _closed(folder, "standing", [*days, LATE]), _closed(folder, "whole", [*days, LATE])
    differing = _compared(late, whole)
    rewritten = len(set(late.answer["files"]) - set(first.answer["files"]))
    lines = [("the month, worked out whole", whole), ("the late file worked in", late)]
    told = [
        f"**A late file of {LATE_ROWS:,} rows of one day, in a month of {whole.answer['rows']:,} audit rows,"
        f" {whole.answer['journeys']:,} requests**",
        "",
        *markdown.table(
            headings := ("what", "CPU s", "wall s", "peak GB"),
            [(name, f"{one.cost.cpu_s:.1f}", f"{one.cost.wall_s:.1f}", f"{one.cost.peak_gb:.2f}") for name, one in lines],
            headings[1:],
        ),
        "",
        f"{late.answer['said'][-1]}. Files written: {rewritten} of {len(late.answer['files'])}."
        f" Rows {'DIFFER' if differing else 'equal'}. Ratio {whole.cost.cpu_s / late.cost.cpu_s:.1f}.",
        "",
        at_most("peak memory", max(one.cost.peak_gb for _, one in lines), 2.2, "GB"),
    ]
    data_told = {name: {**vars(one.cost), "said": one.answer["said"]} for name, one in (("whole", whole), ("late", late))}
    shutil.rmtree(folder)
    return "\n".join(told), {**data_told, "journeys": whole.answer["journeys"], "is_equal": not differing}, differing


def _write_month(data: Dataset, times: int, store: Store, days: list[str]) -> None:
    """Every pair of days of the data once more and once more, each time with other requests; the late rows in a delivery of their own."""
    # As the intake leaves them (Feed.banded_by).
    in_order = f"ORDER BY request_id >> {BAND_SHIFT}, observed_at"
    shift = f"CAST(2 * {DAY_US} * (request_id % {MONTH_DAYS // 2}) AS BIGINT)"
    is_receipt = "time_point = 'RX_DSP'"
    dated = f"""CASE WHEN {is_receipt} AND request_id % 50 = 1 THEN observed_at + {DAY_US}
      WHEN {is_receipt} AND request_id % 5000 = 2 THEN {CANCELLED_FROM} END"""
    # Other keys, as widely spread: each bit of some of them turned.
    other = f"xor(request_id, CAST(time * {(1 << KEY_BITS) // times} AS BIGINT))"
    source = f"read_parquet({[str(path) for path in data.accepted]}) CROSS JOIN range({times}) AS times(time)"
    first_at = instant(FIRST_DAY)
    store.make()
    apart = store.root / "by-day"
    with duckdb.connect() as engine:
        engine.execute(f"""COPY (
            SELECT * EXCLUDE (time)
              REPLACE ({other} AS request_id, observed_at + {shift} AS observed_at, CAST({dated} + {shift} AS BIGINT) AS execution_at),
              (observed_at + {shift} - {first_at}) // {DAY_US} AS place
            FROM {source}
          ) TO '{apart}' (FORMAT parquet, PARTITION_BY (place))""")
        for number, name in enumerate(days):
            (path := store.accepted(name)).parent.mkdir(parents=True)
            engine.execute(f"""COPY (SELECT * REPLACE ({number + 1}::BIGINT AS delivery_no)
              FROM read_parquet('{apart}/place={number}/*', hive_partitioning = false) {in_order})
              TO '{path}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)""")
        shutil.rmtree(apart)
        (late := store.accepted(LATE)).parent.mkdir(parents=True)
        of_day = store.accepted(days[LATE_DAY])
        order = "ORDER BY hash(request_id, observed_at, time_point)"
        engine.execute(f"CREATE TEMP TABLE of_day AS SELECT *, row_number() OVER ({order}) AS place FROM '{of_day}'")
        for path, which in ((late, "<="), (of_day, ">")):
            engine.execute(f"""COPY (SELECT * EXCLUDE (place) FROM of_day WHERE place {which} {LATE_ROWS} {in_order})
              TO '{path}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)""")


def _closed(folder: Path, name: str, deliveries: list[str]) -> Outcome:
    arguments = ["--store", str(folder / "store"), "--out", str(folder / name), "--deliveries", *deliveries]
    return run("bench.ours.late_rows", arguments, folder / f"{name}-{len(deliveries)}.log")


def _compared(late: Outcome, whole: Outcome) -> list[str]:
    """A sum of hashes of whole rows, a day: equal rows in equal numbers."""
    sums = "SELECT day, count(*), sum(hash(rows)::HUGEINT)"
    sql = sums + " FROM read_parquet({files}, hive_partitioning = false) AS rows GROUP BY day ORDER BY day"
    ours, other = (duckdb.execute(sql.format(files=one.answer["files"])).fetchall() for one in (late, whole))
    return [] if ours == other else [f"late rows: {len(set(ours) ^ set(other))} days are otherwise than in the whole month"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS, help="audit rows to generate (default: 20 million)")
    parser.add_argument("--times", type=int, default=TIMES, help="how often they stand in the month (default: 5)")
    parser.add_argument("--folder", type=Path, default=DATA, help="where the data are made and used again (default: bench/data)")
    asked = parser.parse_args()
    text, data, differing = late_rows(generate(asked.rows, folder=asked.folder), asked.times)
    print(text)
    if (asked.rows, asked.times) == (ROWS, TIMES):
        (RESULTS / "late-rows.json").write_text(json.dumps(data, indent=1) + "\n")
        (RESULTS / "late-rows.md").write_text(f"Measured {datetime.now(UTC):%Y-%m-%dT%H:%MZ}.\n\n{text}\n")
    if differing:
        raise SystemExit("\n".join(["ANSWERS DIFFER", *differing]))


if __name__ == "__main__":
    main()
