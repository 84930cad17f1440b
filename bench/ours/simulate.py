"""The simulated estate's audit trail, drawn and written: days of September 2021 at the scale that gives about so many rows.

python -m bench.ours.simulate --rows 2_000_000 --days 2 --form parquet --out FOLDER
"""

import argparse
import json
import shutil
import time
from fractions import Fraction
from pathlib import Path

from tocsin.estate.chance import chance
from tocsin.estate.faults.fates import Fates
from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.growth import volume_of
from tocsin.estate.outbox import Outbox
from tocsin.estate.plan import Plan
from tocsin.estate.population import populate
from tocsin.estate.requests.draw import draw_requests
from tocsin.estate.senders.trail import addressed
from tocsin.estate.senders.trail_files import TrailFiles
from tocsin.vocabulary.calendar import Period

PERIOD = Period(2021, 9)
# Audit rows a message of the mix leaves, about: it only sets the scale, what was written is counted.
ROWS_A_MESSAGE = Fraction(22, 10)


def plan_of(rows: int, days: int) -> Plan:
    """The plan in which so many days have about so many rows; at most the whole network."""
    a_day = volume_of(PERIOD).messages * ROWS_A_MESSAGE / 30
    return Plan(PERIOD, min(Fraction(1), Fraction(rows) / days / a_day), 122, Plan.settled_at(PERIOD), fault_profile("usual"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--days", type=int, required=True)
    parser.add_argument("--form", choices=("csv", "parquet"), required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    shutil.rmtree(asked.out, ignore_errors=True)
    asked.out.mkdir(parents=True)
    plan = plan_of(asked.rows, asked.days)
    population, fates = populate(plan), Fates(plan)
    files = TrailFiles(plan, population, Outbox(plan, fates, asked.out / "incoming"), asked.out, asked.form)
    rows, began = 0, time.process_time()
    for day in plan.days[: asked.days]:
        for number, drawn in enumerate(draw_requests(plan, population, day)):
            told = addressed(drawn.rows.put(fault=fates.row_faults(chance(plan.seed, "row faults", day, number), len(drawn.rows))))
            files.append(told)
            rows += len(told)
        files.close_through(day - 1)
    files.close_through(plan.days[asked.days])
    cpu_s = time.process_time() - began
    size = sum(file.stat().st_size for file in asked.out.rglob("*") if file.is_file())
    shutil.rmtree(asked.out)
    print(json.dumps({"rows": rows, "cpu_s": cpu_s, "bytes": size}))


if __name__ == "__main__":
    main()
