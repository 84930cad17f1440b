"""tocsin working-day: the date of Working Day N after a month's end."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.console import asked_period
from tocsin.vocabulary.calendar import WorkingDays


def command(
    month: Annotated[str, typer.Argument(help="The Performance Measurement Period, e.g. 2021-08.")],
    n: Annotated[int, typer.Argument(help="Which Working Day after its last day; 1 is the first.")],
    profile: Annotated[
        str | None, typer.Option(help="england_and_wales or with_scotland; the workspace's setting, else england_and_wales.")
    ] = None,
    workspace: Annotated[Path | None, typer.Option("--workspace", "-w", help="Use this workspace's profile and holiday overrides.")] = None,
) -> None:
    """Print the date of Working Day N after the month's end (the Working Day calendar is dated data)."""
    override = None
    if workspace is not None:
        from tocsin.desk.workspace import Workspace

        chosen = Workspace.open(workspace)
        profile = profile or chosen.settings.workspace.calendar_profile
        override = chosen.override("bank_holidays")
    typer.echo(WorkingDays(profile or "england_and_wales", override).working_day(asked_period(month), n).isoformat())
