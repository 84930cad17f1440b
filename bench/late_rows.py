"""A late file: 10,000 audit rows of one day, and what the close after it costs, beside one that works the whole month out.

    python -m bench.late_rows --rows 20_000_000

The requests of the other jobs, spread over the thirty days of a month; of each hundred two are future-dated, and some are cancelled.
"""

import argparse
import shutil
from pathlib import Path
from typing import Any

import duckdb
from tools import markdown

from bench.generate import DATA, Dataset, generate
from bench.measure import Outcome, run
from bench.population import FIRST_DAY
from tocsin.deliveries.store import Store
from tocsin.vocabulary.instants import DAY_US, instant
from tocsin.vocabulary.service_requests import CANCELLED_FROM

MONTH_DAYS, LATE_DAY, LATE_ROWS = 30, 15, 10_000
LATE = "late"


def late_rows(data: Dataset) -> tuple[str, dict[str, Any], list[str]]:
    """The table as Markdown, the same as data, and sentences of what differs between the two closes."""
    folder = data.folder / "work" / "late-rows"
    shutil.rmtree(folder, ignore_errors=True)
    store = Store(folder / "store")
    days = [f"day-{day:02d}" for day in range(MONTH_DAYS + 1)]
    _write_month(data, store, days)
    first = _closed(folder, "standing", days)
    late, whole = _closed(folder, "standing", [*days, LATE]), _closed(folder, "whole", [*days, LATE])
    differing = _compared(late, whole)
    rewritten = len(set(late.answer["files"]) - set(first.answer["files"]))
    lines = [("the month, worked out whole", whole), ("the late file worked in", late)]
    told = [
        f"**A late file of {LATE_ROWS:,} rows of one day, in a month of {whole.answer['journeys']:,} requests**",
        "",
        *markdown.table(
            headings := ("what", "CPU s", "wall s", "peak GB"),
            [(name, f"{one.cost.cpu_s:.1f}", f"{one.cost.wall_s:.1f}", f"{one.cost.peak_gb:.2f}") for name, one in lines],
            headings[1:],
        ),
        "",
        f"{late.answer['said'][-1]}. Files written: {rewritten} of {len(late.answer['files'])}."
        f" Rows {'DIFFER' if differing else 'equal'}. Ratio {whole.cost.cpu_s / late.cost.cpu_s:.1f}.",
    ]
    data_told = {name: {**vars(one.cost), "said": one.answer["said"]} for name, one in (("whole", whole), ("late", late))}
    shutil.rmtree(folder)
    return "\n".join(told), {**data_told, "journeys": whole.answer["journeys"], "is_equal": not differing}, differing


def _write_month(data: Dataset, store: Store, days: list[str]) -> None:
    """Every pair of days of the data once more and once more, each time with other requests; the late rows in a delivery of their own."""
    shift = f"CAST(2 * {DAY_US} * (request_id % {MONTH_DAYS // 2}) AS BIGINT)"
    is_receipt = "time_point = 'RX_DSP'"
    dated = f"""CASE WHEN {is_receipt} AND request_id % 50 = 1 THEN observed_at + {DAY_US}
      WHEN {is_receipt} AND request_id % 5000 = 2 THEN {CANCELLED_FROM} END"""
    source = f"read_parquet({[str(path) for path in data.accepted]})"
    first_at = instant(FIRST_DAY)
    with duckdb.connect() as engine:
        engine.execute(f"""CREATE TEMP VIEW month AS
          SELECT * REPLACE (observed_at + {shift} AS observed_at, CAST({dated} + {shift} AS BIGINT) AS execution_at) FROM {source}""")
        for number, name in enumerate(days):
            (path := store.accepted(name)).parent.mkdir(parents=True)
            start_at = first_at + number * DAY_US
            engine.execute(f"""COPY (SELECT * REPLACE ({number + 1}::BIGINT AS delivery_no) FROM month
              WHERE observed_at >= {start_at} AND observed_at < {start_at + DAY_US} ORDER BY observed_at)
              TO '{path}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)""")
        (late := store.accepted(LATE)).parent.mkdir(parents=True)
        of_day = store.accepted(days[LATE_DAY])
        order = "ORDER BY hash(request_id, observed_at, time_point)"
        engine.execute(f"CREATE TEMP TABLE of_day AS SELECT *, row_number() OVER ({order}) AS place FROM '{of_day}'")
        for path, which in ((late, "<="), (of_day, ">")):
            engine.execute(f"""COPY (SELECT * EXCLUDE (place) FROM of_day WHERE place {which} {LATE_ROWS} ORDER BY observed_at)
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
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--folder", type=Path, default=DATA)
    asked = parser.parse_args()
    text, _, differing = late_rows(generate(asked.rows, folder=asked.folder))
    print(text)
    if differing:
        raise SystemExit("\n".join(["ANSWERS DIFFER", *differing]))


if __name__ == "__main__":
    main()
