"""tocsin simulate: the deliveries of a simulated estate for a month or several, with the truth beside them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.desk.console import WorkspaceOption

if TYPE_CHECKING:
    from tocsin.estate.simulation import Simulated


def command(
    month: Annotated[str, typer.Argument(help="The month to simulate, e.g. 2021-09.")],
    workspace: WorkspaceOption = Path(),
    scale: Annotated[str, typer.Option("--scale", help="Share of the whole network, e.g. 0.0005 or 1/2000.")] = "0.0002",
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same bytes, another seed another month.")] = 7,
    until: Annotated[
        str | None, typer.Option("--until", help="Nothing sent later is written: a day (to its end) or an instant. Three weeks after.")
    ] = None,
    faults: Annotated[str, typer.Option("--faults", help="What goes wrong on the way: none, usual or hard.")] = "usual",
    form: Annotated[
        str, typer.Option("--format", help="The audit trail: csv, each sender in its own layout, or parquet, all in one.")
    ] = "csv",
    slices_from: Annotated[
        str | None, typer.Option("--slices-from", help="Quarter-hour files from this day on; the month's last day by default.")
    ] = None,
    months: Annotated[int, typer.Option("--months", help="So many months from MONTH on, one after another in one workspace.")] = 1,
    describe: Annotated[
        bool, typer.Option("--describe", help="Only draw what the month looks like, as pictures and a page; no deliveries.")
    ] = False,
) -> None:
    """Write a month of deliveries of a simulated network into incoming/, and its true figures into truth/.

    The folder becomes a workspace if it is none yet; Shapes and what each sender owes are written into it.
    """
    import time

    from tocsin.desk.estate import counting_days, needs_estate, plan_of, settle

    if describe and months != 1:
        raise typer.BadParameter("a month at a time is described; leave --months away.", param_hint="--describe")
    needs_estate()
    plan = plan_of(workspace, month, scale=scale, seed=seed, until=until, faults=faults, slices_from=slices_from)
    if describe:
        from tocsin.desk.estate_page import describe_estate

        with counting_days() as progress:
            for path in describe_estate(plan, workspace, progress):
                typer.echo(path)
        return
    from tocsin.estate.simulation import simulate

    began = time.process_time()
    with counting_days() as progress:
        simulated = simulate(plan, workspace, progress, form=form, months=months)
    settle(workspace, simulated)
    for line in what_was_written(simulated, workspace, time.process_time() - began):
        typer.echo(line)
    typer.echo(f"Next: tocsin take-in --arrivals {workspace / 'truth' / 'arrivals.csv'} --workspace {workspace}")
    for label, at in simulated.seen_until:
        typer.echo(f"      tocsin close {label} --as-at {at} --workspace {workspace}")
    typer.echo(f"      tocsin report {month} --workspace {workspace}")


def what_was_written(simulated: "Simulated", folder: Path, cpu_seconds: float) -> list[str]:
    """What a person wants to know of a simulation: how much, how fast, and what was made to go wrong."""
    import csv
    from collections import Counter

    with (folder / "truth" / "arrivals.csv").open(encoding="utf-8", newline="") as file:
        arrivals = sum(1 for _ in csv.DictReader(file))
    with (folder / "truth" / "faults.csv").open(encoding="utf-8", newline="") as file:
        planted = Counter[str]()
        for row in csv.DictReader(file):
            planted[row["kind"]] += int(row["count"])
    done = simulated.record
    of = "the month" if len(simulated.seen_until) == 1 else f"{len(simulated.seen_until)} months"
    lines = [f"{done['requests']:,} Service Requests of {of}; {done['rows']:,} audit rows drawn, {arrivals:,} files sent"]
    if simulated.is_new:
        lines.append(
            f"{cpu_seconds:,.1f} CPU s: {round(done['rows'] / cpu_seconds):,} audit rows per CPU s, all feeds and the truth included"
        )
    else:
        lines.append("This very simulation was there already; nothing was changed.")
    told = ", ".join(f"{kind} {count:,}" for kind, count in sorted(planted.items()))
    return [*lines, f"Faults planted: {told or 'none'}", f"Files: {folder / 'incoming'}    truth: {folder / 'truth'}"]
