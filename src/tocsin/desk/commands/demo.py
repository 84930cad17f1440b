"""tocsin demo: a simulated month with everything in it, taken in as it arrived, closed and reported."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tocsin.desk.workspace import Workspace

MONTH = "2021-09"
# At this scale everything together stays within three minutes on two cores; quarter-hour files come on the month's last day.
SCALE, SEED, FAULTS = "0.0002", 7, "usual"


def command(
    folder: Annotated[Path, typer.Argument(help="Where the workspace is made; an earlier demo there is used again.")] = Path("demo"),
    scale: Annotated[str, typer.Option("--scale", help="Share of the whole network.")] = SCALE,
) -> None:
    """Simulate September 2021 with the usual faults, take the files in as they arrived, close the month and write its report.

    The report says on its first page that the network behind it is simulated. For a month of real records: tocsin demo-real.
    """
    import time

    from tocsin.desk.commands.simulate import what_was_written
    from tocsin.desk.estate import counting_days, needs_estate, plan_of, settle

    needs_estate()
    from tocsin.desk.estate_page import describe_estate
    from tocsin.estate.simulation import simulate

    plan = plan_of(folder, MONTH, scale=scale, seed=SEED, until=None, faults=FAULTS, slices_from=None)
    began = time.process_time()
    with counting_days() as progress:
        simulated = simulate(plan, folder, progress)
    workspace = settle(folder, simulated)
    for line in what_was_written(simulated, folder, time.process_time() - began):
        typer.echo(line)
    with counting_days() as progress:
        page, *_ = describe_estate(plan, folder, progress)
    typer.echo(f"What the month looks like: {page}")

    _take_in(workspace)
    _close_and_report(workspace, plan.until_at)
    typer.echo(f"\nThe true figures: {folder / 'truth'}    what was made to go wrong: {folder / 'truth' / 'faults.csv'}")
    typer.echo(f"Next: tocsin figures {MONTH} -m cpm_1 -w {folder}    tocsin slots {MONTH} -w {folder}    tocsin trace cpm_5 -w {folder}")


def _take_in(workspace: "Workspace") -> None:
    from collections import Counter

    from tocsin.desk.arrivals import read_arrivals
    from tocsin.desk.console import counting_lines, now
    from tocsin.desk.month import take_listed_in

    arrivals = read_arrivals(workspace.root / "truth" / "arrivals.csv", workspace.incoming, now())
    with counting_lines([arrival.file for arrival in arrivals]) as progress:
        receipts = take_listed_in(workspace, arrivals, progress)
    came = Counter(receipt.status for receipt in receipts)
    rows = sum(receipt.delivery.accepted for receipt in receipts if receipt.status == "accepted")
    typer.echo(f"Taken in: {', '.join(f'{count:,} files {status}' for status, count in sorted(came.items()))}; {rows:,} rows accepted")


def _close_and_report(workspace: "Workspace", as_at: int) -> None:
    from tocsin.desk.console import now, telling_steps
    from tocsin.desk.month import close_month, engine_of, period_of
    from tocsin.reports.pmr import write_report
    from tocsin.reports.run_store import folder_of

    period = period_of(workspace, MONTH)
    with telling_steps() as step:
        run = close_month(workspace, period, as_at, now(), step)
        step("writing the report")
        written = write_report(run, folder_of(workspace.runs, period, run.run_id) / "report", engine=engine_of(workspace))
    typer.echo(f"\n{MONTH}: run {run.run_id}, {len(run.figures):,} figures")
    for path in written:
        typer.echo(f"  {path}")
