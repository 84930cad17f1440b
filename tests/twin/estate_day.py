"""The figures of a simulated day against its truth. `python tests/twin/estate_day.py WORKSPACE MONTH`: ends with 1 where any differs."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tocsin.desk.month import period_of
from tocsin.desk.workspace import Workspace
from tocsin.reports.run_store import read_run
from twin.estate_month import compare

# What the trail and the alerts of a day tell; of the other journeys a day by itself has no files.
JOURNEYS = ("service_requests", "alerts", "alert_legs", "alert_slices", "alert_losses")


def differences(folder: Path, month: str) -> tuple[int, list[str]]:
    """How many figures of the day's journeys there are, and each that is not as the truth has it."""
    workspace = Workspace.open(folder)
    run = read_run(workspace.runs, period_of(workspace, month), None)
    found = compare(run, folder / "truth", workspace.anonymity_secret, JOURNEYS)
    return sum(figure.journey in JOURNEYS for figure in run.figures), found


if __name__ == "__main__":
    count, found = differences(Path(sys.argv[1]), sys.argv[2])
    print(f"{count} figures, {len(found)} not as the truth has them")
    print("\n".join(found[:50]))
    sys.exit(1 if found else 0)
