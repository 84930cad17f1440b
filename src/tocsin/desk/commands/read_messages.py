"""tocsin read-messages: DUIS XML and GBCS payloads read into audit-trail and alert rows."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.vocabulary.errors import BadDeclaration, RefusedDelivery


def command(
    files: Annotated[list[Path], typer.Argument(help="Message files (.xml, .hex) or folders of them.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for audit_trail, alerts and findings.")] = Path("messages"),
    observed_at: Annotated[
        Path | None, typer.Option("--observed-at", help="CSV of file, observed_at[, time_point, scheduled_at]: when messages were seen.")
    ] = None,
    form: Annotated[str, typer.Option("--format", "-f", help="csv or json (lines).")] = "csv",
    replace: Annotated[bool, typer.Option("--replace", help="Write over files of an earlier reading.")] = False,
) -> None:
    """Read real messages into the rows of feeds.

    A request carries no send time: without --observed-at its row is kept apart, never guessed.
    What cannot be read is a finding in findings, with file, place, what was expected and found; exit code 11 when any file could not.
    """
    from tocsin.messages.observations import read_observations
    from tocsin.messages.reading import read_files
    from tocsin.messages.written import write_rows

    paths = list(_walked(files))
    observed = read_observations(observed_at) if observed_at is not None else None
    summary = write_rows(read_files(paths, observed), out, form, replace)
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(summary.kinds.items()))
    typer.echo(f"{summary.file_count} files read: {kinds or 'none'}")
    typer.echo(f"{summary.audit_count} audit-trail rows, {summary.alert_count} alert rows, {summary.kept_apart_count} rows kept apart")
    for path in summary.written:
        typer.echo(path)
    if summary.unread_count:
        raise RefusedDelivery(f"{summary.unread_count} of {summary.file_count} files could not be read; {summary.written[-1]} says why.")


def _walked(files: list[Path]) -> list[Path]:
    """Files as named, folders walked for .xml and .hex in any case. Raises BadDeclaration for a path that is not there."""
    found: list[Path] = []
    for path in files:
        if not path.exists():
            raise BadDeclaration(f"{path}: no such file or folder.")
        found += sorted(f for f in path.rglob("*") if f.suffix.lower() in {".xml", ".hex"}) if path.is_dir() else [path]
    return found
