"""tocsin doctor: is the workspace sound? Ledger against store, digests, unfinished work."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.console import Format, FormatOption, WorkspaceOption, show
from tocsin.vocabulary.errors import BadDeclaration

HEADINGS = ("what", "where", "problem", "to_do")


def command(
    workspace: WorkspaceOption = Path(),
    form: FormatOption = Format.TABLE,
    quick: Annotated[bool, typer.Option("--quick", help="Count rows only; do not read every byte again to prove the digests.")] = False,
) -> None:
    """Check a workspace: settings, Shapes, every delivery's files and digests, every run. Exit code 10 when something is wrong."""
    from tocsin.desk.month import store_of
    from tocsin.desk.signing import journal_of
    from tocsin.desk.workspace import Workspace
    from tocsin.feeds.shape_file import load_shapes
    from tocsin.reports.actions import ActionJournal
    from tocsin.reports.commentary_requests import AskingJournal
    from tocsin.reports.soundness import check_journal, check_publications, check_runs, check_store

    chosen = Workspace.open(workspace)
    shapes = load_shapes(chosen.shapes)
    key_length = len(chosen.anonymity_secret)
    complaints = [
        *check_store(store_of(chosen), prove_digests=not quick),
        *check_runs(chosen.runs, prove_digests=not quick),
        *check_journal("actions", ActionJournal(chosen.actions)),
        *check_journal("commentary", AskingJournal(chosen.commentary)),
        *check_journal("sign-offs", journal_of(chosen)),
        *check_publications(journal_of(chosen), chosen.runs),
    ]
    if complaints or form is not Format.TABLE:
        show(HEADINGS, [(c.what, c.where, c.problem, c.to_do) for c in complaints], form)
    if complaints:
        raise BadDeclaration(f"{len(complaints)} problems found in {chosen.root}.")
    typer.echo(
        f"{chosen.root}: sound. {len(shapes)} Shapes, anonymity key of {key_length} bytes, every delivery and run in order.", err=True
    )
